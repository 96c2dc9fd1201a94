// PNG from RGBA pixels (W3C PNG, third edition): rows without filter, matches found pixel by pixel, palette or RGB where the image allows.
import { colorCount, countColors, indexOf, isOpaque, palette } from './colors'
import { beginDeflate, endDeflate, isOutOfMemory, literal, literals, makeRoom, match, prepareDeflate } from './deflate'

const WINDOW: i32 = 32768
const HASHED: i32 = 8192
/** Where a colour stood last, by its hash: row and column in 16 bits each, negative for none. */
const hashes = memory.data(8192 * 4, 16)
/** Four tables: what a byte does to the sum, and what it does with one, two, three bytes behind it. */
const crcs = memory.data(4 * 256 * 4, 16)
let isPrepared = false
let out: usize = 0
let pixels: usize = 0
/** Bytes of a pixel in the file: 1 (palette), 3 or 4. */
let depth: i32 = 4
let adlerA: u32 = 1
let adlerB: u32 = 0

function prepare(): void {
  if (isPrepared) return
  isPrepared = true
  prepareDeflate()
  for (let i: u32 = 0; i < 256; i++) {
    let c = i
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
    store<u32>(crcs + ((<usize>i) << 2), c)
  }
  for (let i: usize = 0; i < 3 * 1024; i += 4) {
    const c = load<u32>(crcs + i)
    store<u32>(crcs + i + 1024, load<u32>(crcs + ((<usize>(c & 255)) << 2)) ^ (c >>> 8))
  }
}

function room(end: usize): bool {
  const have = (<usize>memory.size()) << 16
  return end <= have || memory.grow(<i32>((end - have + 0xffff) >> 16)) >= 0
}

/** Where `count` pixels belong; 0 when there is no memory for them. */
export function pixelsAt(count: i32): usize {
  pixels = (__heap_base + 15) & ~15
  // behind the last pixel, reading the next one must be harmless; the head of the file fits, too
  out = pixels + ((<usize>count) << 2) + 16
  return room(out + 4096) ? pixels : 0
}

export function outputAt(): usize {
  return out
}

function crcOf(from: usize, end: usize): u32 {
  let crc: u32 = 0xffffffff
  for (; from + 4 <= end; from += 4) {
    crc ^= load<u32>(from)
    crc =
      load<u32>(crcs + ((<usize>(crc & 255)) << 2), 3072) ^
      load<u32>(crcs + ((<usize>((crc >>> 8) & 255)) << 2), 2048) ^
      load<u32>(crcs + ((<usize>((crc >>> 16) & 255)) << 2), 1024) ^
      load<u32>(crcs + ((<usize>(crc >>> 24)) << 2))
  }
  for (; from < end; from++) crc = load<u32>(crcs + ((<usize>((crc ^ <u32>load<u8>(from)) & 255)) << 2)) ^ (crc >>> 8)
  return ~crc
}

function big(at: usize, value: u32): void {
  store<u32>(at, bswap<u32>(value))
}

/** Ends the chunk whose length field is at `start`, its data ending at `end`; returns the address behind it. */
function closeChunk(start: usize, end: usize): usize {
  big(start, <u32>(end - start - 8))
  big(end, crcOf(start + 4, end))
  return end + 4
}

/** Signature, IHDR, and PLTE with tRNS where there is a palette. */
function head(width: i32, height: i32): usize {
  store<u64>(out, 0x0a1a0a0d474e5089)
  let at = out + 8
  big(at + 4, 0x49484452)
  big(at + 8, width)
  big(at + 12, height)
  store<u8>(at + 16, colorCount == 1 ? 1 : 8)
  store<u8>(at + 17, depth == 1 ? 3 : depth == 3 ? 2 : 6)
  store<u8>(at + 18, 0)
  store<u8>(at + 19, 0)
  store<u8>(at + 20, 0)
  at = closeChunk(at, at + 21)
  if (depth != 1) return at
  big(at + 4, 0x504c5445)
  let end = at + 8
  for (let i = 0; i < colorCount; i++, end += 3) store<u32>(end, load<u32>(palette + ((<usize>i) << 2)))
  at = closeChunk(at, end)
  if (isOpaque) return at
  big(at + 4, 0x74524e53)
  end = at + 8
  for (let i = 0; i < colorCount; i++, end++) store<u8>(end, load<u8>(palette + ((<usize>i) << 2), 3))
  return closeChunk(at, end)
}

function pixelAt(i: i32): u32 {
  return load<u32>(pixels + ((<usize>i) << 2))
}

/** Of the four pixels at `p` how many, from the first on, are those at `q`. */
function alike(p: usize, q: usize): i32 {
  return ctz<i32>(~i32x4.bitmask(i32x4.eq(v128.load(p), v128.load(q))))
}

/** The same of up to `most` pixels; reads up to three more. */
function common(p: usize, q: usize, most: i32): i32 {
  for (let k = 0; k < most; k += 4, p += 16, q += 16) {
    const n = alike(p, q)
    if (n < 4) return min<i32>(most, k + n)
  }
  return most
}

function sum(byte: u32): void {
  adlerA += byte
  adlerB += adlerA
}

function sumRow(row: i32, width: i32): void {
  // the filter byte is 0
  adlerB += adlerA
  let k = 0
  while (k < width) {
    // sums of 1024 pixels stay below 2^32
    const end = min<i32>(width, k + 1024)
    if (depth > 1) k = sumFours(row, k, end)
    for (; k < end; k++) sumPixel(pixelAt(row + k))
    adlerA %= 65521
    adlerB %= 65521
  }
}

function sumPixel(color: u32): void {
  if (depth == 1) sum(indexOf(color))
  else {
    sum(color & 255)
    sum((color >>> 8) & 255)
    sum((color >>> 16) & 255)
    if (depth == 4) sum(color >>> 24)
  }
}

/** Four pixels at once: of their bytes the sum, and the sum of each times the number of bytes from it on. Returns where it stopped. */
function sumFours(row: i32, from: i32, end: i32): i32 {
  const bytes = 4 * depth
  const wanted = i32x4.splat(depth == 4 ? -1 : 0xffffff)
  const ones = i16x8.splat(1)
  const early = depth == 4 ? i16x8(16, 15, 14, 13, 12, 11, 10, 9) : i16x8(12, 11, 10, 0, 9, 8, 7, 0)
  const late = depth == 4 ? i16x8(8, 7, 6, 5, 4, 3, 2, 1) : i16x8(6, 5, 4, 0, 3, 2, 1, 0)
  let sums = i32x4.splat(0),
    before = i32x4.splat(0),
    weighed = i32x4.splat(0)
  let k = from
  for (; k + 4 <= end; k += 4) {
    const four = v128.and(v128.load(pixels + ((<usize>(row + k)) << 2)), wanted)
    const low = i16x8.extend_low_i8x16_u(four),
      high = i16x8.extend_high_i8x16_u(four)
    before = i32x4.add(before, sums)
    sums = i32x4.add(sums, i32x4.dot_i16x8_s(i16x8.add(low, high), ones))
    weighed = i32x4.add(weighed, i32x4.add(i32x4.dot_i16x8_s(low, early), i32x4.dot_i16x8_s(high, late)))
  }
  adlerB += adlerA * <u32>((k - from) * depth) + <u32>bytes * total(before) + total(weighed)
  adlerA += total(sums)
  return k
}

function total(four: v128): u32 {
  return i32x4.extract_lane(four, 0) + i32x4.extract_lane(four, 1) + i32x4.extract_lane(four, 2) + i32x4.extract_lane(four, 3)
}

function putPixel(color: u32): void {
  if (depth == 1) literal(indexOf(color))
  else {
    literals(color & 0xffffff)
    if (depth == 4) literal(color >>> 24)
  }
}

/** One row: the longer of a run and a repeat of the row above; else what stood at the last place of the same colour, and what follows it. */
function row(y: i32, width: i32): void {
  const start = pixels + ((<usize>(y * width)) << 2)
  const rowBytes = width * depth + 1
  const pitch = (<usize>width) << 2
  const longest = 258 / depth
  const isNear = y > 0 && rowBytes <= WINDOW
  const isHashed = width <= 0x10000
  makeRoom()
  literal(0)
  for (let x = 0; x < width; ) {
    const p = start + ((<usize>x) << 2)
    const color = load<u32>(p)
    const most = min<i32>(width - x, longest)
    let length = 0,
      distance = depth
    if (x > 0) length = common(p, p - 4, most)
    if (isNear && length < most) {
      const n = common(p, p - pitch, most)
      if (n > length) {
        length = n
        distance = rowBytes
      }
    }
    const hash = hashes + ((<usize>((color * 0x9e3779b1) >>> 19)) << 2)
    if (length == 0) {
      const j = load<i32>(hash)
      if (j >= 0) {
        const above = y - (j >>> 16),
          at = j & 0xffff
        const d = above * rowBytes + (x - at) * depth
        if (d <= WINDOW) {
          length = common(p, start + ((<usize>(at - above * width)) << 2), min<i32>(most, width - at))
          distance = d
        }
      }
    }
    if (isHashed) store<i32>(hash, (y << 16) | x)
    makeRoom()
    if (length * depth >= 3) {
      match(length * depth, distance)
      x += length
    } else {
      putPixel(color)
      x++
    }
  }
}

/** A single colour: one bit a pixel, all of them 0. */
function flat(width: i32, height: i32): void {
  let left = <u64>height * <u64>((width + 7) / 8 + 1)
  adlerA = 1
  adlerB = <u32>(left % 65521)
  literal(0)
  for (left--; left > 0; ) {
    makeRoom()
    const n = <i32>min<u64>(left, 258)
    if (n < 3) literal(0)
    else match(n, 1)
    left -= n < 3 ? 1 : n
  }
}

/** Encodes the pixels (RGBA, straight alpha; `isKnown`: all of them opaque) at `pixelsAt`; returns the length of the file at `outputAt`, 0 when memory did not suffice. */
export function encode(width: i32, height: i32, isKnown: bool): i32 {
  prepare()
  // the look-ahead of the last pixel
  store<u32>(pixels + ((<usize>(width * height)) << 2), 0)
  countColors(pixels, width * height, isKnown)
  depth = colorCount <= 256 ? 1 : isOpaque ? 3 : 4
  memory.fill(hashes, 0xff, (<usize>HASHED) << 2)
  const data = head(width, height)
  big(data + 4, 0x49444154)
  // zlib: deflate with a window of 32 KB
  store<u16>(data + 8, 0x0178)
  beginDeflate(data + 10)
  adlerA = 1
  adlerB = 0
  if (colorCount == 1) flat(width, height)
  else {
    for (let y = 0; y < height; y++) {
      row(y, width)
      sumRow(y * width, width)
    }
  }
  let end = endDeflate()
  if (isOutOfMemory || !room(end + 64)) return 0
  big(end, (adlerB << 16) | adlerA)
  end = closeChunk(data, end + 4)
  big(end + 4, 0x49454e44)
  return <i32>(closeChunk(end, end + 8) - out)
}
