import { type DatabaseError, readDatabaseError } from './database-error.js'
import type { MessageReader } from './message-reader.js'

/** A column of a result, as RowDescription tells it. */
export interface Field {
  readonly name: string
  readonly oid: number
}

/** What the backend has said so far in answer to one statement. Rows stay in the reader. */
export class Answer {
  fields: readonly Field[] | undefined
  error: DatabaseError | undefined
  /** As in `INSERT 0 5`. */
  tag = ''
  isBound = false
  /** At the end: no transaction is open. */
  isOutside = true

  /** Takes every whole message there is; true once the backend is ready for the next statement. */
  consume(reader: MessageReader): boolean {
    while (reader.next()) {
      switch (reader.type) {
        case 0x44: // D: DataRow
          reader.keepRow()
          break
        case 0x54: // T: RowDescription
          this.fields = readFields(reader.bytes, reader.start)
          break
        case 0x6e: // n: NoData
          this.fields = []
          break
        case 0x43: // C: CommandComplete
          this.tag = reader.bytes.toString('utf8', reader.start, reader.end - 1)
          break
        case 0x45: // E: ErrorResponse
          this.error ??= readDatabaseError(reader.bytes, reader.start)
          break
        case 0x32: // 2: BindComplete
          this.isBound = true
          break
        case 0x5a: // Z: ReadyForQuery
          this.isOutside = reader.bytes[reader.start] === 0x49
          return true
      }
    }
    return false
  }
}

/** Rows that a COPY loaded, from its tag `COPY 5`. */
export const copiedRows = (tag: string): number => Number(tag.split(' ')[1] ?? 0)

function readFields(bytes: Buffer, start: number): readonly Field[] {
  const fields: Field[] = []
  let at = start + 2
  for (let left = bytes.readInt16BE(start); left > 0; left--) {
    const zero = bytes.indexOf(0, at)
    fields.push({ name: bytes.toString('utf8', at, zero), oid: bytes.readUInt32BE(zero + 7) })
    at = zero + 19
  }
  return fields
}
