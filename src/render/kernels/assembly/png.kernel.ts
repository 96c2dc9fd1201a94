// PNG from RGBA pixels (W3C PNG, third edition): rows without filter, matches found pixel by pixel, palette or RGB where the image allows.
import { colorCount, countColors, indexOf, isOpaque, palette } from './colors'
import { beginDeflate, endDeflate, flushDeflate, isOutOfMemory, literal, literals, makeRoom, match, prepareDeflate } from './deflate'
import { big, closeChunk, prepareChunks } from './png-chunks'

const WINDOW: i32 = 32768
const HASHED: i32 = 8192
/** Where a colour stood last, by its hash: row and column in 16 bits each, negative for none. */
const hashes = memory.data(8192 * 4, 16)
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
  prepareChunks()
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

/** Signature, IHDR, and PLTE with tRNS where there is a palette. */
function head(width: i32, height: i32): usize {
  store<u64>(out, 0x0a1a0a0d474e5089)
  let at = out + 8
  big(at + 4, 0x49484452)
  big(at + 8, width)
  big(at + 12, height)
  store<u8>(at + 16, depth == 1 && colorCount == 1 ? 1 : 8)
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
          const q = start + ((<usize>(at - above * width)) << 2)
          distance = d
          // most are but one pixel; that is soon guessed, and the next need not wait
          if (load<u32>(q) == color) {
            if (load<u32>(q, 4) != load<u32>(p, 4)) length = 1
            else length = common(p, q, min<i32>(most, width - at))
          }
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

/** Looks at the colours of the pixels at `pixelsAt`. */
function begin(count: i32, isKnown: bool): void {
  prepare()
  // the look-ahead of the last pixel
  store<u32>(pixels + ((<usize>count) << 2), 0)
  countColors(pixels, count, isKnown)
  memory.fill(hashes, 0xff, (<usize>HASHED) << 2)
  adlerA = 1
  adlerB = 0
}

/** Begins the chunk of the pixels with the head of zlib's form: deflate with a window of 32 KB. Returns where the data go on. */
function beginData(at: usize, hasHead: bool): usize {
  big(at + 4, 0x49444154)
  if (!hasHead) return at + 8
  store<u16>(at + 8, 0x0178)
  return at + 10
}

function rowsOf(width: i32, height: i32): void {
  for (let y = 0; y < height; y++) {
    row(y, width)
    sumRow(y * width, width)
  }
}

/** Encodes the pixels (RGBA, straight alpha; `isKnown`: all of them opaque) at `pixelsAt`; returns the length of the file at `outputAt`, 0 when memory did not suffice. */
export function encode(width: i32, height: i32, isKnown: bool): i32 {
  begin(width * height, isKnown)
  depth = colorCount <= 256 ? 1 : isOpaque ? 3 : 4
  const data = head(width, height)
  beginDeflate(beginData(data, true))
  if (colorCount == 1) flat(width, height)
  else rowsOf(width, height)
  let end = endDeflate()
  if (isOutOfMemory || !room(end + 64)) return 0
  big(end, (adlerB << 16) | adlerA)
  end = closeChunk(data, end + 4)
  big(end + 4, 0x49454e44)
  return <i32>(closeChunk(end, end + 8) - out)
}

/**
 * Encodes `rows` rows at `pixelsAt` of an image of `height` as a piece of its file: what `encode` makes of them, in a chunk of their own; without the sum
 * of all bytes and the end of the file. Behind it lie the sum of its own bytes, how many they are, u32 each, and the bytes of a pixel, u8. `asked`: bytes
 * of a pixel that another band has settled on; where that is 0, and nothing is settled by this one, there may be a palette, and it is not encoded.
 * Returns the length of all that at `outputAt`; 0 when it was not encoded, -1 when memory did not suffice.
 */
export function encodeBand(width: i32, rows: i32, height: i32, isFirst: bool, isLast: bool, isKnown: bool, asked: i32): i32 {
  begin(width * rows, isKnown)
  const isSettled = colorCount > 256 && (isKnown || !isOpaque)
  if (!asked && !isSettled) return 0
  depth = asked ? asked : isOpaque ? 3 : 4
  const data = isFirst ? head(width, height) : out
  beginDeflate(beginData(data, isFirst))
  rowsOf(width, rows)
  let end = isLast ? endDeflate() : flushDeflate()
  if (isOutOfMemory || !room(end + 64)) return -1
  end = closeChunk(data, end)
  big(end, (adlerB << 16) | adlerA)
  big(end + 4, rows * (width * depth + 1))
  store<u8>(end + 8, <u8>depth)
  return <i32>(end + 9 - out)
}
