import { readSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'

/** A feature in a temporary file of records: its box (four doubles: minX, minY, maxX, maxY), and 16 bytes for whoever writes them. */
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
