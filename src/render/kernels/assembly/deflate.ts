// Deflate (RFC 1951) from tokens: matches and literals are collected with their frequencies, and written as one dynamic block when there are enough.
import { buildCodes } from './huffman'

/** Tokens of a block. */
const BLOCK: i32 = 32768
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
const tokens = memory.data(32768 * 4, 16)

const MATCH: u32 = 0x80000000
const TRIPLE: u32 = 0x40000000

let tokenCount: i32 = 0
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
  tokenCount = 0
  memory.fill(literalFrequencies, 0, 288 * 4)
  memory.fill(distanceFrequencies, 0, 32 * 4)
}

function count(base: usize, symbol: i32): void {
  const at = base + ((<usize>symbol) << 2)
  store<u32>(at, load<u32>(at) + 1)
}

function push(token: u32): void {
  if (tokenCount == BLOCK) writeBlock(false)
  store<u32>(tokens + ((<usize>tokenCount) << 2), token)
  tokenCount++
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
  push(MATCH | (length << 16) | (distance - 1))
  count(literalFrequencies, 257 + <i32>load<u8>(lengthSymbol + length))
  count(distanceFrequencies, distanceSymbol(distance))
}

function put(value: u32, size: i32): void {
  bits |= (<u64>value) << (<u64>bitCount)
  bitCount += size
  if (bitCount >= 32) {
    store<u32>(out, <u32>bits)
    out += 4
    bits >>= 32
    bitCount -= 32
  }
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

function putTokens(): void {
  const end = tokens + ((<usize>tokenCount) << 2)
  for (let t = tokens; t < end; t += 4) {
    const token = load<u32>(t)
    if (token & MATCH) {
      const length = (token >>> 16) & 0x1ff
      const symbol = load<u8>(lengthSymbol + length)
      putCode(literalCodes, 257 + <i32>symbol)
      const extra = <i32>load<u8>(lengthExtra + symbol)
      if (extra) put(length - load<u16>(lengthBase + ((<usize>symbol) << 1)), extra)
      const before = token & 0x7fff
      const far = distanceSymbol(before + 1)
      putCode(distanceCodes, far)
      if (far >= 4) put(before & ((1 << ((far >> 1) - 1)) - 1), (far >> 1) - 1)
    } else {
      putCode(literalCodes, token & 255)
      if (token & TRIPLE) {
        putCode(literalCodes, (token >>> 8) & 255)
        putCode(literalCodes, (token >>> 16) & 255)
      }
    }
  }
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
  for (; bitCount > 0; bitCount -= 8) {
    store<u8>(out++, <u8>bits)
    bits >>= 8
  }
  bitCount = 0
  return out
}
