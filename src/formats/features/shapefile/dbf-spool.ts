import { type FileHandle, open } from 'node:fs/promises'
import type { RowView } from '#rows/row-view.js'
import { LittleSink } from '../little-sink.js'
import { type DbfField, mostBytes } from './dbf-fields.js'

/** A DBF whose widths are known only when every row was seen: rows go to a temporary file, fields with their lengths, until then. */
export interface DbfSpool {
  readonly count: () => number
  /** Bytes of the DBF if `row` were in it. */
  sizeWith(row: RowView): number
  /** Adds the row that was last asked about by `sizeWith`. */
  add(): void
  /** To be awaited between batches. */
  flush(): Promise<void>
  /** The whole DBF, in UTF-8. */
  bytes(): AsyncGenerator<Uint8Array, void>
  readonly size: () => number
  close(): Promise<void>
}

const pieceBytes = 128 * 1024
const noValue = 0xffff

export async function dbfSpool(path: string, fields: readonly DbfField[]): Promise<DbfSpool> {
  const file = await open(path, 'w+')
  const sink = new LittleSink(2 * pieceBytes)
  let [widths, wanted] = [fields.map(leastWidth), fields.map(leastWidth)]
  let count = 0
  let rowStart = 0
  const head = () => 33 + 32 * fields.length
  const length = (of: readonly number[]) => of.reduce((sum, width) => sum + width, 1)
  const size = () => head() + count * length(widths) + 1
  const flush = async () => {
    // a row that was asked about and went to another file is not in this one
    await file.writeFile(sink.bytes.subarray(0, rowStart))
    sink.at = rowStart = 0
  }
  return {
    count: () => count,
    sizeWith(row) {
      sink.at = rowStart
      for (let i = 0; i < fields.length; i++) {
        const text = fields[i].read(row)
        sink.u16(noValue)
        if (text === null) wanted[i] = widths[i]
        else {
          const start = sink.at
          const bytes = Math.min(sink.text(text), mostBytes)
          sink.at = start + (bytes < mostBytes ? bytes : wholeCharacters(sink.bytes, start))
          sink.view.setUint16(start - 2, sink.at - start, true)
          wanted[i] = Math.max(widths[i], sink.at - start)
        }
      }
      return head() + (count + 1) * length(wanted) + 1
    },
    add() {
      rowStart = sink.at
      const kept = widths
      widths = wanted
      wanted = kept
      count++
    },
    flush,
    size,
    bytes: () => dbfBytes(file, fields, widths, count),
    close: () => file.close(),
  }
}

function leastWidth({ type, width }: DbfField): number {
  return width ?? (type === 'C' || type === 'big' ? 1 : 8)
}

/** Bytes, up to `mostBytes`, that are whole characters of UTF-8. */
function wholeCharacters(bytes: Uint8Array, start: number): number {
  let end = start + mostBytes
  while (end > start && (bytes[end] & 0xc0) === 0x80) end--
  return end - start
}

/** Head (dBase III), records, end. */
async function* dbfBytes(
  file: FileHandle,
  fields: readonly DbfField[],
  widths: readonly number[],
  count: number,
): AsyncGenerator<Uint8Array, void> {
  const isLeft = fields.map(({ type }, i) => type === 'C' || type === 'L' || type === 'D' || isText(type, widths[i]))
  const sink = new LittleSink(2 * pieceBytes)
  putHead(sink, fields, widths, count)
  const chunk = Buffer.allocUnsafeSlow(pieceBytes)
  let [filled, at, position] = [0, 0, 0]
  /** Bytes from `at` on, at least `length` unless the file ends. */
  const load = async (length: number) => {
    if (filled - at >= length) return
    chunk.copyWithin(0, at, filled)
    filled -= at
    at = 0
    const { bytesRead } = await file.read(chunk, filled, chunk.length - filled, position)
    position += bytesRead
    filled += bytesRead
  }
  const mostRow = fields.length * (2 + mostBytes)
  for (let row = 0; row < count; row++) {
    if (filled - at < mostRow) await load(mostRow)
    sink.u8(0x20)
    for (let i = 0; i < fields.length; i++) {
      const length = chunk.readUInt16LE(at)
      at += 2
      if (length === noValue) spaces(sink, widths[i])
      else {
        if (!isLeft[i]) spaces(sink, widths[i] - length)
        sink.copy(chunk, at, at + length)
        if (isLeft[i]) spaces(sink, widths[i] - length)
        at += length
      }
    }
    if (sink.at > pieceBytes) yield sink.take()
  }
  sink.u8(0x1a)
  yield sink.take()
}

/** A whole number of more than 18 characters would be read as a double. */
const isText = (type: DbfField['type'], width: number) => type === 'big' && width > 18

function putHead(sink: LittleSink, fields: readonly DbfField[], widths: readonly number[], count: number): void {
  sink.u8(3)
  // the day of the last change: nobody knows it better than the file system
  for (const part of [70, 1, 1]) sink.u8(part)
  sink.u32(count)
  sink.u16(33 + 32 * fields.length)
  sink.u16(widths.reduce((sum, width) => sum + width, 1))
  sink.zeros(20)
  for (const [i, { name, type, decimals = 0 }] of fields.entries()) {
    const start = sink.at
    sink.zeros(32)
    sink.bytes.write(name, start, 'latin1')
    sink.bytes[start + 11] = (type === 'big' ? (isText(type, widths[i]) ? 'C' : 'N') : type).charCodeAt(0)
    sink.bytes[start + 16] = widths[i]
    sink.bytes[start + 17] = decimals
  }
  sink.u8(0x0d)
}

function spaces(sink: LittleSink, count: number): void {
  sink.room(count)
  for (let i = 0; i < count; i++) sink.bytes[sink.at++] = 0x20
}
