import type { FileHandle } from 'node:fs/promises'

/** A feature in the temporary file of records: its box (four doubles), where it begins and how long it is (two doubles). */
export const recordBytes = 48

const windowRecords = 1024

/** A reader of records by number. Neighbours come from one window; a sorted table is one long neighbourhood. */
export function recordReader(file: FileHandle): (index: number) => Promise<DataView> {
  const window = Buffer.allocUnsafeSlow(windowRecords * recordBytes)
  const view = new DataView(window.buffer)
  let first = -1
  return async index => {
    const wanted = Math.floor(index / windowRecords)
    if (wanted !== first) {
      await file.read(window, 0, window.length, wanted * window.length)
      first = wanted
    }
    return new DataView(view.buffer, (index - wanted * windowRecords) * recordBytes, recordBytes)
  }
}
