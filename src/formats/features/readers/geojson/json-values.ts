import { brokenFile } from '../reader.js'

/**
 * A piece of a JSON text: an element of the top-level array `features` of an object, or a whole top-level value. Of an object with
 * `features`, the value comes last and its `features` is empty.
 */
export interface JsonPiece {
  readonly kind: 'element' | 'value'
  readonly bytes: Buffer
  /** Position of its first byte in the text. */
  readonly at: number
}

/** One feature, or one object without `features`, may be as long as this: V8 holds no text beyond 512 MB. */
const maxPieceBytes = 256 * 1024 * 1024
/** Deeper than any geometry collection or attribute; a bound for the parsers behind. */
const maxDepth = 128

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

/**
 * Cuts a JSON text, or a sequence of them (one per line, or RFC 8142 with record separators), into pieces small enough to parse, with
 * memory for one piece. Finds only where values end: what is inside is for JSON.parse to judge. Hot: every byte of the file passes here.
 */
export async function* jsonValues(chunks: AsyncIterable<Buffer>, label: string): AsyncGenerator<JsonPiece[]> {
  const cutter = jsonCutter(label)
  for await (const chunk of chunks) yield cutter.push(chunk)
  cutter.end()
}

function jsonCutter(label: string) {
  let at = 0 // position of the chunk's first byte in the text
  let depth = 0
  let isInString = false
  let isEscaped = false
  let isInFeatures = false
  // pieces under way: the element of `features`, and the value around it
  let element: Buffer[] = []
  let value: Buffer[] = []
  let elementAt = -1
  let valueAt = -1
  let heldBytes = 0
  // the last string at depth 1, while it may still be the key `features`
  let key: number[] = []
  let isKeyOpen = false

  const fail = (what: string, position: number) => brokenFile(label, `byte ${position + 1}: ${what}`)
  const hold = (pieces: Buffer[], bytes: Buffer, position: number) => {
    if (bytes.length === 0) return
    heldBytes += bytes.length
    if (heldBytes > maxPieceBytes) throw fail(`a single feature or value is longer than ${maxPieceBytes / 1048576} MB.`, position)
    pieces.push(bytes)
  }
  const take = (pieces: Buffer[]) => {
    for (const piece of pieces) heldBytes -= piece.length
    return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)
  }

  const push = (chunk: Buffer): JsonPiece[] => {
    const found: JsonPiece[] = []
    const n = chunk.length
    if (at === 0 && (chunk.subarray(0, 4).includes(0) || (chunk[0] >= 0xfe && chunk[1] >= 0xfe)))
      throw fail('this is no UTF-8; saved as UTF-8 it would have worked.', at)
    let start = 0 // of what is not held yet: belongs to the element if there is one, else to the value
    for (let i = 0; i < n; i++) {
      const byte = chunk[i]
      if (isInString) {
        if (isEscaped) isEscaped = false
        else if (byte === backslash) isEscaped = true
        else if (byte === quote) {
          isInString = false
          isKeyOpen = false
        }
        if (isKeyOpen && key.length < 9) key.push(byte)
        continue
      }
      if (byte === quote) {
        if (depth === 0) throw fail('a text stands where an object should (GeoJSON is an object in braces).', at + i)
        isInString = true
        if (depth === 1) {
          key = []
          isKeyOpen = true
        } else if (isInFeatures && depth === 2) throw fail('a text stands where a feature should.', at + i)
      } else if (byte === 0x7b || byte === 0x5b) {
        if (depth === 0) {
          if (byte === 0x5b) throw fail('an array stands where an object should (GeoJSON is an object in braces).', at + i)
          valueAt = at + i
          start = i
          key = []
        } else if (isInFeatures && depth === 2) {
          elementAt = at + i
          start = i
        } else if (depth === 1 && byte === 0x5b && isFeatures(key)) {
          isInFeatures = true
          hold(value, chunk.subarray(start, i + 1), at + i)
        }
        depth++
        if (depth > maxDepth) throw fail(`nested deeper than ${maxDepth} levels.`, at + i)
      } else if (byte === 0x7d || byte === 0x5d) {
        depth--
        if (depth < 0) throw fail('a closing bracket that nothing opened.', at + i)
        if (isInFeatures && depth === 2) {
          hold(element, chunk.subarray(start, i + 1), at + i)
          found.push({ kind: 'element', bytes: take(element), at: elementAt })
          element = []
          elementAt = -1
          start = i + 1
        } else if (isInFeatures && depth === 1) {
          isInFeatures = false
          key = []
          start = i
        } else if (depth === 0) {
          hold(value, chunk.subarray(start, i + 1), at + i)
          found.push({ kind: 'value', bytes: take(value), at: valueAt })
          value = []
          valueAt = -1
        }
      } else if (depth === 0 || (isInFeatures && depth === 2)) {
        // between values: white space, record separators, a byte order mark at the start, commas between features
        const isBetween = isSpace(byte) || (depth === 0 ? byte === 0x1e || (at + i < 3 && byte >= 0xbb) : byte === comma)
        if (!isBetween) throw fail(depth === 0 ? 'what stands there is no JSON object.' : 'what stands there is no feature.', at + i)
      }
    }
    if (elementAt >= 0) hold(element, chunk.subarray(Math.max(start, 0)), at + n)
    else if (depth > 0 && !isInFeatures) hold(value, chunk.subarray(start), at + n)
    at += n
    return found
  }

  const end = () => {
    if (depth > 0)
      throw fail(
        `the file ends in the middle of ${elementAt >= 0 ? 'a feature' : isInFeatures ? 'the features' : 'an object'}: it is truncated.`,
        at,
      )
  }
  return { push, end }
}

function isFeatures(key: readonly number[]): boolean {
  return key.length === 8 && String.fromCharCode(...key) === 'features'
}
