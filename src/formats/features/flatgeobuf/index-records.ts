import { readSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'

/** A feature in the temporary file of records: its box (four doubles), where it begins and how long it is (two doubles). */
export const recordBytes = 48

/** A reader of records by number, until the next is read. Of the operating system's cache: a system call is quicker than a promise. */
export function recordReader(file: FileHandle): (index: number) => DataView {
  const record = Buffer.allocUnsafeSlow(recordBytes)
  const view = new DataView(record.buffer)
  return index => {
    readSync(file.fd, record, 0, recordBytes, index * recordBytes)
    return view
  }
}
