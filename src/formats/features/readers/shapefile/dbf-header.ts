import { printable } from '../column-names.js'
import { brokenFile } from '../reader.js'
import type { WindowedFile } from '../windowed-file.js'

/** Head of a dBase table (levels III to 7's common part, and FoxPro). */
export interface DbfHeader {
  readonly rows: number
  readonly firstRow: number
  readonly rowBytes: number
  readonly languageDriver: number
  readonly fields: readonly DbfField[]
}

export interface DbfField {
  /** Bytes of the name: their encoding is known later. */
  readonly name: Buffer
  readonly type: string
  /** Of the field in a row, whose first byte is the deletion mark. */
  readonly at: number
  readonly bytes: number
  readonly decimals: number
}

/** Reads and checks the head: sizes must agree with each other and with the length of the file. */
export async function readDbfHeader(file: WindowedFile, label: string): Promise<DbfHeader> {
  const head = await file.load(0, 32)
  if (!head) throw brokenFile(label, `is no dBase table: its ${file.bytes} bytes are fewer than a head has.`)
  const rows = head.readUInt32LE(4)
  const firstRow = head.readUInt16LE(8)
  const rowBytes = head.readUInt16LE(10)
  const languageDriver = head[29]
  const list = await file.load(32, firstRow - 32)
  if (firstRow < 33 || rowBytes < 1 || !list) throw brokenFile(label, 'is no dBase table: the sizes in its head make no sense.')
  const fields: DbfField[] = []
  let at = 1
  for (let i = 0; i + 32 <= list.length && list[i] !== 0x0d; i += 32) {
    const type = String.fromCharCode(list[i + 11])
    // character fields may be longer than 255: the second byte is in the place of the decimals
    const bytes = list[i + 16] + (type === 'C' ? list[i + 17] * 256 : 0)
    const nul = list.indexOf(0, i)
    const name = list.subarray(i, nul >= 0 && nul < i + 11 ? nul : i + 11)
    fields.push({ name: Buffer.from(name), type, at, bytes, decimals: type === 'C' ? 0 : list[i + 17] })
    at += bytes
    if (at > rowBytes)
      throw brokenFile(
        label,
        `head: field ${fields.length} “${printable(name.toString('latin1'))}” ends beyond the row of ${rowBytes} bytes.`,
      )
  }
  const missing = firstRow + rows * rowBytes - file.bytes
  if (missing > 0)
    throw brokenFile(label, `is truncated: its head announces ${rows} rows of ${rowBytes} bytes, of which ${missing} bytes are missing.`)
  return { rows, firstRow, rowBytes, languageDriver, fields }
}
