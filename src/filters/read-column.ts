import type { RowBatch, RowColumn } from '#rows/batch.js'
import type { RowView } from '#rows/row-view.js'
import type { Scalar } from './expression.js'
import type { Exact } from './numbers.js'

/** The type `character(n)`, whose values are filled up with spaces that count for nothing. */
const bpchar = 1042
/** The type `real`. */
export const float4 = 700
const dayMicros = 86_400_000_000n
const infiniteDay = { last: 0x7fffffff, first: -0x80000000 }

/** A column as text. */
export function readText({ oid }: RowColumn, index: number): (row: RowView) => string | null {
  if (oid !== bpchar) return row => row.text(index)
  return row => row.text(index)?.replace(/ +$/, '') ?? null
}

/** An integer or decimal column as it is. */
export function readExact(index: number): (row: RowView) => Exact | null {
  return row => row.value(index) as Exact | null
}

/** A numeric column as a double. */
export function readNumber(index: number): (row: RowView) => number | null {
  return row => (row.isNull(index) ? null : row.number(index))
}

/** As `compileExpression` gives it: numbers as numbers as long as nothing is lost, else as text. */
export function readScalar(column: RowColumn, index: number): (row: RowView) => Scalar {
  const text = readText(column, index)
  switch (column.kind) {
    case 'integer':
    case 'double':
    case 'boolean':
      return row => row.value(index) as Scalar
    case 'bigint':
    case 'numeric':
      return row => {
        const value = row.value(index)
        if (value === null || typeof value === 'number') return value
        const [exact, number] = [String(value), Number(value)]
        return String(number) === exact && !Number.isNaN(number) ? number : exact
      }
    default:
      return text
  }
}

/** A date or timestamp column as microseconds since 2000, UTC. */
export function readInstant({ kind }: RowColumn, index: number): (row: RowView) => bigint | null {
  let batch: RowBatch | undefined
  let view: DataView | undefined
  return row => {
    if (row.isNull(index)) return null
    if (batch !== row.batch || !view) {
      batch = row.batch
      view = new DataView(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength)
    }
    if (kind !== 'date') return view.getBigInt64(row.start(index))
    const days = view.getInt32(row.start(index))
    if (days === infiniteDay.last) return 0x7fffffffffffffffn
    return days === infiniteDay.first ? -0x8000000000000000n : BigInt(days) * dayMicros
  }
}

/** Whether a text column has exactly these bytes: no text is decoded. Null when it is null. */
export function readIsText(text: string, index: number): (row: RowView) => boolean | null {
  const wanted = Buffer.from(text)
  return row => {
    const length = row.length(index)
    if (length < 0) return null
    if (length !== wanted.length) return false
    const { bytes } = row.batch
    const start = row.start(index)
    for (let i = 0; i < length; i++) if (bytes[start + i] !== wanted[i]) return false
    return true
  }
}
