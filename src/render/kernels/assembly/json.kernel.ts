// Rows as JSON text: what the host says once (words, and which column follows them) is written for every row. What is rare, the host writes (`put`).
//
// Memory: from `__heap_base` the template, then the rows, where each begins, where the fields of the row at hand are, and the output, which grows.
import {
  integerAt,
  putBooleanField,
  putDateField,
  putDoubleField,
  putIntegerField,
  putNumericField,
  putTimeField,
  putTimestampField,
  putUnsignedField,
  putUuidField,
} from './fields'
import { put } from './host'
import { putGeometry, setNumbers as setGeometryNumbers } from './json-geometry'
import { putPlain, putText } from './json-text'
import { putByte, putBytes, room } from './output'

/** Bytes of an entry of the template: kind, column, words before a value, words instead of none; where words are, counted from the template. */
const ENTRY: usize = 24

let template: usize = 0
let entries: usize = 0
let columns: usize = 0
let tail: usize = 0
let tailLength: usize = 0
let input: usize = 0
let offsets: usize = 0
let fields: usize = 0
let output: usize = 0
/** Behind what is written, while the host writes and afterwards. */
let current: usize = 0

/** Makes room for a template, rows, and the rest. */
export function layOut(templateBytes: i32, inputBytes: i32, rows: i32, columnCount: i32): void {
  template = (__heap_base + 15) & ~15
  input = (template + <usize>templateBytes + 31) & ~15
  offsets = (input + <usize>inputBytes + 31) & ~15
  fields = offsets + ((<usize>rows + 4) << 2)
  columns = <usize>columnCount
  output = fields + (columns << 3) + 16
  current = output
  room(output, 65536)
}
export function templateAt(): usize {
  return template
}
export function inputAt(): usize {
  return input
}
export function offsetsAt(): usize {
  return offsets
}
export function outputAt(): usize {
  return output
}
/** Bytes written by `write`. */
export function written(): i32 {
  return <i32>(current - output)
}

/** How many entries there are from the beginning of the template, and where the words behind the last are. */
export function useTemplate(count: i32, tailAt: i32, length: i32): void {
  entries = <usize>count
  tail = template + <usize>tailAt
  tailLength = <usize>length
}

export function setNumbers(decimals: i32, isFlipped: bool): void {
  setGeometryNumbers(decimals, isFlipped)
}

/** Room for so many bytes of the host, which count as written. */
export function claim(bytes: i32): usize {
  const at = current
  room(at, <usize>bytes)
  current += <usize>bytes
  return at
}

/**
 * Writes rows `from` to `count` until there are `limit` bytes; returns the first row that is not written. `hasComma`: there is one in front of the first.
 * A row that breaks off is asked of the host, which throws.
 */
export function write(from: i32, count: i32, limit: i32, hasComma: bool): i32 {
  let to = output
  const enough = output + <usize>limit
  let row = from
  for (; row < count && to < enough; row++) {
    const broken = locate(row)
    if (broken >= 0) {
      put(row, broken)
      unreachable()
    }
    room(to, 8)
    if (hasComma) to = putByte(to, 0x2c)
    hasComma = true
    for (let i: usize = 0; i < entries; i++) to = putEntry(to, row, template + i * ENTRY)
    room(to, tailLength + 8)
    to = putBytes(to, tail, tailLength)
  }
  current = to
  return row
}

/** Finds the fields of a row; the number of the column where it breaks off, or -1. */
function locate(row: i32): i32 {
  let at = input + <usize>load<u32>(offsets + ((<usize>row) << 2))
  const end = input + <usize>load<u32>(offsets + ((<usize>row + 1) << 2))
  for (let i: usize = 0; i < columns; i++) {
    if (at + 4 > end) return <i32>i
    const length = integerAt(at)
    at += 4
    store<u32>(fields + (i << 3), <u32>at)
    store<i32>(fields + (i << 3), length, 4)
    if (length > 0) {
      if (<usize>length > end - at) return <i32>i
      at += <usize>length
    }
  }
  return -1
}

function putEntry(to: usize, row: i32, entry: usize): usize {
  const column = load<i32>(entry, 4)
  const field = fields + ((<usize>column) << 3)
  const length = load<i32>(field, 4)
  const words: usize = length < 0 ? 16 : 8
  const wordsLength = <usize>load<u32>(entry + words, 4)
  room(to, wordsLength + 80)
  to = putBytes(to, template + <usize>load<u32>(entry + words), wordsLength)
  if (length < 0) return to
  const next = putField(to, load<i32>(entry), <usize>load<u32>(field), length)
  if (next != 0) return next
  current = to
  put(row, column)
  return current
}

/** The order is that of `fieldKinds` in the host. */
function putField(to: usize, kind: i32, at: usize, length: i32): usize {
  switch (kind) {
    case 1:
      return putText(to, at, <usize>length)
    case 2:
      return putIntegerField(to, at, length)
    case 3:
      return putUnsignedField(to, at, length)
    case 4:
      return putDoubleField(to, at, length)
    case 5:
      return putNumericField(to, at, length)
    case 6:
      return putBooleanField(to, at, length)
    case 7:
      return putDateField(to, at, length)
    case 8:
      return putTimeField(to, at, length)
    case 9:
      return putTimestampField(to, at, length, false)
    case 10:
      return putTimestampField(to, at, length, true)
    case 11:
      return putUuidField(to, at, length)
    case 12:
      return putGeometry(to, at, length)
    case 13:
      return putPlain(to, at, <usize>length)
    case 14:
      return length > 0 ? putPlain(to, at + 1, <usize>length - 1) : 0
    default:
      return 0
  }
}
