// Deflate (RFC 1951) from tokens: matches and literals are collected with their frequencies, and written as one dynamic block when there are enough.
import { buildCodes } from './huffman'

/** Tokens of a block. */
const BLOCK: i32 = 32768
/** Tokens added between two calls of `makeRoom`, at most. */
const MOST_AT_ONCE: i32 = 4
/** A block never takes more: 48 bits a token, and its code tables. */
const BLOCK_BYTES: usize = 32768 * 6 + 1024
const LITERALS: i32 = 286
const DISTANCES: i32 = 30
const END: i32 = 256

/** Symbol of each match length, less 257. */
const lengthSymbol = memory.data(260, 16)
const lengthBase = memory.data(32 * 2, 16)
const lengthExtra = memory.data(32, 16)
const literalFrequencies = memory.data(288 * 4, 16)
const distanceFrequencies = memory.data(32 * 4, 16)
const literalCodes = memory.data(288 * 4, 16)
const distanceCodes = memory.data(32 * 4, 16)
const lengths = memory.data(320 * 2, 16)
const lengthFrequencies = memory.data(19 * 4, 16)
const lengthCodes = memory.data(19 * 4, 16)
/** Order in which code lengths of the code length alphabet are sent (RFC 1951, 3.2.7). */
const lengthOrder = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15])
/** Of each match length its code with the extra bits behind it, as (bits << 8 | how many). */
const lengthWords = memory.data(259 * 4, 16)
/** Literals: one byte, or three with TRIPLE. Matches: symbol of the distance << 23 | (length - 3) << 15 | (distance - 1). */
const tokens = memory.data(32768 * 4, 16)

const MATCH: u32 = 0x80000000
const TRIPLE: u32 = 0x40000000

/** Address of the next token. */
let next: usize = 0
let bits: u64 = 0
let bitCount: i32 = 0
let out: usize = 0
export let isOutOfMemory: bool = false

/** Fills the tables of match lengths; once an instance. */
export function prepareDeflate(): void {
  let length = 3
  for (let symbol = 0; symbol < 28; symbol++) {
    const extra = symbol < 8 ? 0 : (symbol - 4) >> 2
    store<u16>(lengthBase + ((<usize>symbol) << 1), <u16>length)
    store<u8>(lengthExtra + symbol, <u8>extra)
    for (let k = 0; k < 1 << extra && length < 258; k++) {
      store<u8>(lengthSymbol + length, <u8>symbol)
      length++
    }
  }
  store<u8>(lengthSymbol + 258, 28)
  store<u16>(lengthBase + 56, 258)
  store<u8>(lengthExtra + 28, 0)
}

export function beginDeflate(at: usize): void {
  out = at
  bits = 0
  bitCount = 0
  isOutOfMemory = false
  clearTokens()
}

function clearTokens(): void {
  next = tokens
  memory.fill(literalFrequencies, 0, 288 * 4)
  memory.fill(distanceFrequencies, 0, 32 * 4)
}

function count(base: usize, symbol: i32): void {
  const at = base + ((<usize>symbol) << 2)
  store<u32>(at, load<u32>(at) + 1)
}

/** To be called before tokens are added: there is room for as many as a pixel can be. */
export function makeRoom(): void {
  if (next > tokens + ((<usize>(BLOCK - MOST_AT_ONCE)) << 2)) writeBlock(false)
}

function push(token: u32): void {
  store<u32>(next, token)
  next += 4
}

function distanceSymbol(distance: i32): i32 {
  if (distance <= 2) return distance - 1
  const v = distance - 1
  const top = 31 - clz<i32>(v)
  return (top << 1) | ((v >> (top - 1)) & 1)
}

/** One byte as it is. */
export function literal(byte: u32): void {
  push(byte)
  count(literalFrequencies, byte)
}

/** Three bytes as they are, the first lowest. */
export function literals(three: u32): void {
  push(TRIPLE | three)
  count(literalFrequencies, three & 255)
  count(literalFrequencies, (three >>> 8) & 255)
  count(literalFrequencies, (three >>> 16) & 255)
}

/** `length` bytes (3 to 258) again from `distance` (1 to 32768) before. */
export function match(length: i32, distance: i32): void {
  const far = distanceSymbol(distance)
  push(MATCH | (far << 23) | ((length - 3) << 15) | (distance - 1))
  count(literalFrequencies, 257 + <i32>load<u8>(lengthSymbol + length))
  count(distanceFrequencies, far)
}

/** Whole bytes are stored with what lies behind them; less than a byte stays. */
function put(value: u32, size: i32): void {
  bits |= (<u64>value) << (<u64>bitCount)
  bitCount += size
  store<u64>(out, bits)
  out += bitCount >> 3
  bits >>= bitCount & ~7
  bitCount &= 7
}

function putCode(codes: usize, symbol: i32): void {
  const code = load<u32>(codes + ((<usize>symbol) << 2))
  put(code >>> 8, code & 255)
}

/** Code lengths of both alphabets, runs shortened (RFC 1951, 3.2.7): symbol and extra bits as byte pairs. Returns how many. */
function shortenRuns(all: i32): i32 {
  let n = 0
  memory.fill(lengthFrequencies, 0, 19 * 4)
  for (let i = 0; i < all; ) {
    const length = lengthAt(i)
    let run = 1
    while (i + run < all && lengthAt(i + run) == length) run++
    let symbol = length,
      extra = 0,
      taken = 1
    if (length == 0 && run >= 3) {
      taken = min<i32>(run, 138)
      symbol = taken < 11 ? 17 : 18
      extra = taken < 11 ? taken - 3 : taken - 11
    } else if (i > 0 && lengthAt(i - 1) == length && run >= 3) {
      taken = min<i32>(run, 6)
      symbol = 16
      extra = taken - 3
    }
    store<u8>(lengths + ((<usize>n) << 1), <u8>symbol)
    store<u8>(lengths + ((<usize>n) << 1) + 1, <u8>extra)
    count(lengthFrequencies, symbol)
    n++
    i += taken
  }
  return n
}

function lengthAt(i: i32): i32 {
  const code = i < LITERALS ? literalCodes + ((<usize>i) << 2) : distanceCodes + ((<usize>(i - LITERALS)) << 2)
  return <i32>(load<u32>(code) & 255)
}

function putTables(): void {
  const n = shortenRuns(LITERALS + DISTANCES)
  buildCodes(lengthFrequencies, 19, lengthCodes, 7)
  put(LITERALS - 257, 5)
  put(DISTANCES - 1, 5)
  put(15, 4)
  for (let i = 0; i < 19; i++) put(load<u32>(lengthCodes + ((<usize>load<u8>(lengthOrder + i)) << 2)) & 255, 3)
  for (let i = 0; i < n; i++) {
    const symbol = <i32>load<u8>(lengths + ((<usize>i) << 1))
    putCode(lengthCodes, symbol)
    if (symbol >= 16) put(load<u8>(lengths + ((<usize>i) << 1) + 1), symbol == 16 ? 2 : symbol == 17 ? 3 : 7)
  }
}

function fillLengthWords(): void {
  for (let length = 3; length <= 258; length++) {
    const symbol = <usize>load<u8>(lengthSymbol + length)
    const code = load<u32>(literalCodes + ((257 + symbol) << 2))
    const size = code & 255
    const word = (code >>> 8) | ((length - load<u16>(lengthBase + (symbol << 1))) << size)
    store<u32>(lengthWords + ((<usize>length) << 2), (word << 8) | (size + load<u8>(lengthExtra + symbol)))
  }
}

/** Hot path: no token has more than 48 bits, so that they fit behind less than a byte. */
function putTokens(): void {
  fillLengthWords()
  let held = bits,
    size = <u64>bitCount,
    to = out
  for (let t = tokens; t < next; t += 4) {
    const token = load<u32>(t)
    if (token & MATCH) {
      const length = load<u32>(lengthWords + (((<usize>(token >>> 15) & 255) + 3) << 2))
      held |= (<u64>(length >>> 8)) << size
      size += length & 255
      const far = (token >>> 23) & 31
      const code = load<u32>(distanceCodes + ((<usize>far) << 2))
      held |= (<u64>(code >>> 8)) << size
      size += code & 255
      const extra = max<i32>((<i32>far >> 1) - 1, 0)
      held |= (<u64>(token & 0x7fff & ((1 << extra) - 1))) << size
      size += extra
    } else {
      const code = load<u32>(literalCodes + ((<usize>(token & 255)) << 2))
      held |= (<u64>(code >>> 8)) << size
      size += code & 255
      if (token & TRIPLE) {
        const second = load<u32>(literalCodes + ((<usize>((token >>> 8) & 255)) << 2))
        held |= (<u64>(second >>> 8)) << size
        size += second & 255
        const third = load<u32>(literalCodes + ((<usize>((token >>> 16) & 255)) << 2))
        held |= (<u64>(third >>> 8)) << size
        size += third & 255
      }
    }
    store<u64>(to, held)
    to += <usize>(size >> 3)
    held >>= size & ~7
    size &= 7
  }
  bits = held
  bitCount = <i32>size
  out = to
}

function writeBlock(isLast: bool): void {
  const end = out + BLOCK_BYTES
  const have = (<usize>memory.size()) << 16
  if (end > have && memory.grow(<i32>((end - have + 0xffff) >> 16) + (memory.size() >> 2)) < 0) isOutOfMemory = true
  if (!isOutOfMemory) {
    count(literalFrequencies, END)
    // a block without matches still names one distance
    count(distanceFrequencies, 0)
    buildCodes(literalFrequencies, LITERALS, literalCodes, 15)
    buildCodes(distanceFrequencies, DISTANCES, distanceCodes, 15)
    put(isLast ? 5 : 4, 3)
    putTables()
    putTokens()
    putCode(literalCodes, END)
  }
  clearTokens()
}

/** Ends the stream on a whole byte; returns the address behind it. */
export function endDeflate(): usize {
  writeBlock(true)
  if (isOutOfMemory) return out
  // the last bits have been stored already
  if (bitCount > 0) out++
  bitCount = 0
  return out
}

/** Ends a part of a stream on a whole byte, so that another may follow: an empty stored block (RFC 1951, 3.2.4). Returns the address behind it. */
export function flushDeflate(): usize {
  writeBlock(false)
  if (isOutOfMemory) return out
  put(0, 3)
  if (bitCount > 0) out++
  bitCount = 0
  bits = 0
  store<u32>(out, 0xffff0000)
  out += 4
  return out
}
