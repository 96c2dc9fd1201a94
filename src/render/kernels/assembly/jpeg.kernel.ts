// Part of a baseline JPEG (ITU-T T.81) of three components, to RGBA: what lies before it is only led over, what lies behind is not read. The
// pixels are those of libjpeg-turbo with its quick transform, to the bit. Whatever is not plain is left to libjpeg-turbo: `decode` says false.
//
// Memory: from `__heap_base` the entropy-coded data and zeros behind it, then three planes of samples, two rows of samples, the pixels.
import { putRgb, putYcc, widen, widenBetween } from './jpeg-colors'
import { BAD, beginBits, buildHuffman, definitionAt, isOverrun, isSpent, readAc, readDc, skipAc } from './jpeg-huffman'
import { AHEAD, intervals, startOf, unstuff } from './jpeg-stream'
import { clear, places, setSteps, stepsAt, transform, transformFlat } from './jpeg-transform'

export { buildHuffman, definitionAt, setSteps, stepsAt }

/** More than 6 blocks can take: damage is noticed after each MCU. */
const SPARE: usize = 4096
const block = memory.data(128, 16)
const input: usize = (__heap_base + 15) & ~15

// The image: its size, samples of the first component for one of the others, tables, MCUs between restarts.
let width: i32 = 0
let height: i32 = 0
let across: i32 = 1
let down: i32 = 1
let isYcc = true
let restart: i32 = 0
/** Tables of each component: quantisation, DC, AC. */
const tables = memory.data(3 * 4, 16)
/** Of each component: the last DC coefficient, the plane, its stride. */
const previous = memory.data(3 * 4, 16)
let plane0: usize = 0
let plane1: usize = 0
let plane2: usize = 0
let stride0: usize = 0
let stride1: usize = 0
let pixels: usize = 0
let pixelStride: usize = 0

function room(end: usize): bool {
  const missing = <i32>((end + 65535) >> 16) - memory.size()
  return missing <= 0 || memory.grow(missing) >= 0
}

/** Where the data of a scan belong; 0 when there is no memory for them. */
export function inputAt(bytes: i32): usize {
  return room(input + AHEAD + <usize>bytes + SPARE) ? input + AHEAD : 0
}

/** The image whose parts are decoded next; tables are set apart. `ratioX`, `ratioY`: samples of luminance for one of chrominance, 1 or 2. */
export function setImage(w: i32, h: i32, ratioX: i32, ratioY: i32, ycc: bool, interval: i32): void {
  width = w
  height = h
  across = ratioX
  down = ratioY
  isYcc = ycc
  restart = interval
}

/** Which tables a component has. */
export function setTables(component: i32, steps: i32, dc: i32, ac: i32): void {
  const at = tables + ((<usize>component) << 2)
  store<u8>(at, <u8>steps)
  store<u8>(at, <u8>dc, 1)
  store<u8>(at, <u8>(ac + 4), 2)
}

/** Where the pixels of the part are, row by row, `pixelStrideOf` bytes apart. */
export function pixelsAt(): usize {
  return pixels
}

export function strideOf(): usize {
  return pixelStride
}

/** Reads a block of `component` to `to`, or over it where that is 0. */
function readBlock(component: i32, to: usize, stride: usize): bool {
  const own = tables + ((<usize>component) << 2)
  const difference = readDc(load<u8>(own, 1))
  if (difference === BAD) return false
  const at = previous + ((<usize>component) << 2)
  const dc = load<i32>(at) + difference
  store<i32>(at, dc)
  if (to === 0) return skipAc(load<u8>(own, 2)) !== BAD
  store<i16>(block, <i16>dc)
  const used = readAc(load<u8>(own, 2), block, places)
  if (used === BAD) return false
  if (used === 0) transformFlat(block, load<u8>(own), to, stride)
  else transform(block, load<u8>(own), to, stride)
  return true
}

/** Reads one MCU, to the planes at its place among those that are wanted, or over it. */
function readMcu(isWanted: bool, column: i32, row: i32): bool {
  for (let y = 0; y < down; y++)
    for (let x = 0; x < across; x++) {
      const to = isWanted ? plane0 + (<usize>(row * down + y) * stride0 + <usize>(column * across + x)) * 8 : 0
      // rows of blocks are 8 rows of samples
      if (!readBlock(0, to, stride0)) return false
    }
  const offset = (<usize>row * stride1 + <usize>column) * 8
  return readBlock(1, isWanted ? plane1 + offset : 0, stride1) && readBlock(2, isWanted ? plane2 + offset : 0, stride1)
}

/** Goes on at the beginning of an interval. */
function enter(interval: i32): bool {
  if (interval >= intervals) return false
  beginBits(input + startOf(interval), input + startOf(interval + 1))
  memory.fill(previous, 0, 12)
  return true
}

/**
 * Decodes `columns` x `rows` pixels from `left`, `top`, which lie in the image, out of `bytes` of data at `inputAt`. False for damage in what was
 * read, for what does not end where it should, and when there is no memory.
 */
export function decode(bytes: i32, left: i32, top: i32, columns: i32, rows: i32): bool {
  if (!unstuff(input, <usize>bytes, SPARE)) return false
  const mcuX = 8 * across
  const mcuY = 8 * down
  const mcus = (width + mcuX - 1) / mcuX
  const mcuRows = (height + mcuY - 1) / mcuY
  if (intervals !== (restart ? (mcus * mcuRows + restart - 1) / restart : 1)) return false
  // one sample of chrominance more on each side is mixed in
  const x0 = max(0, left - (across - 1)) / mcuX
  const y0 = max(0, top - (down - 1)) / mcuY
  const x1 = min(mcus - 1, (left + columns - 1 + (across - 1)) / mcuX)
  const y1 = min(mcuRows - 1, (top + rows - 1 + (down - 1)) / mcuY)
  if (!layOut(bytes, x1 - x0 + 1, y1 - y0 + 1, rows)) return false
  clear(block)
  const last = y1 * mcus + x1
  let mcu = 0
  if (restart) mcu = ((y0 * mcus + x0) / restart) * restart
  if (!enter(restart ? mcu / restart : 0)) return false
  let x = mcu % mcus
  let y = mcu / mcus
  const first = mcu
  for (; mcu <= last; mcu++) {
    if (restart && mcu > first && mcu % restart === 0 && !(isSpent() && enter(mcu / restart))) return false
    if (!readMcu(y >= y0 && x >= x0 && x <= x1, x - x0, y - y0) || isOverrun()) return false
    if (++x === mcus) {
      x = 0
      y++
    }
  }
  if (mcu === mcus * mcuRows && !isSpent()) return false
  replicate(x0, x1, y1 - y0 + 1)
  paint(left, top, columns, rows, x0 * mcuX, y0 * mcuY)
  return true
}

/** Makes room behind the data for planes of `mcus` x `mcuRows`, with 16 bytes around their rows, and for `rows` of pixels. */
function layOut(bytes: i32, mcus: i32, mcuRows: i32, rows: i32): bool {
  stride0 = <usize>(mcus * across * 8 + 48) & ~15
  stride1 = <usize>(mcus * 8 + 48) & ~15
  const start = (input + <usize>bytes + SPARE + 15) & ~15
  plane0 = start + 16
  plane1 = plane0 + stride0 * <usize>(mcuRows * down * 8)
  plane2 = plane1 + stride1 * <usize>(mcuRows * 8)
  wide1 = plane2 + stride1 * <usize>(mcuRows * 8)
  wide2 = wide1 + stride0 + 16
  pixels = wide2 + stride0 + 16
  pixelStride = stride0 * 4
  return room(pixels + pixelStride * <usize>rows + 64)
}

let wide1: usize = 0
let wide2: usize = 0

/** Repeats the samples of chrominance at both edges of the image. */
function replicate(x0: i32, x1: i32, mcuRows: i32): void {
  if (across === 1) return
  const end = (width + 1) / 2 - x0 * 8
  for (let y = 0, row: usize = 0; y < mcuRows * 8; y++, row += stride1) {
    for (let k = 0; k < 2; k++) {
      const at = (k ? plane2 : plane1) + row
      if (x0 === 0) store<u8>(at - 1, load<u8>(at))
      if (end <= (x1 - x0 + 1) * 8) store<u8>(at + <usize>end, load<u8>(at + <usize>end - 1))
    }
  }
}

/** Makes pixels of the planes, whose first sample is that of `originX`, `originY`. */
function paint(left: i32, top: i32, columns: i32, rows: i32, originX: i32, originY: i32): void {
  // from an even column on, so that samples of chrominance begin there
  const from = (left - originX) & ~1
  const end = left - originX + columns
  const count = <usize>(end - from)
  const lastRow = (height + down - 1) / down - 1
  let to = pixels
  for (let y = top; y < top + rows; y++, to += pixelStride) {
    const luma = plane0 + <usize>(y - originY) * stride0 + <usize>from
    const near = y / down
    let offset = <usize>(near - originY / down) * stride1 + <usize>(from / across)
    let blue = plane1 + offset
    let red = plane2 + offset
    if (across === 2) {
      if (down === 2) {
        const far = min(lastRow, max(0, near + ((y & 1) << 1) - 1))
        offset = <usize>(far - originY / down) * stride1 + <usize>(from / across)
        widenBetween(blue, plane1 + offset, wide1, wide1 + count)
        widenBetween(red, plane2 + offset, wide2, wide2 + count)
      } else {
        widen(blue, wide1, wide1 + count)
        widen(red, wide2, wide2 + count)
      }
      blue = wide1
      red = wide2
    }
    if (isYcc) putYcc(luma, blue, red, to, to + (count << 2))
    else putRgb(luma, blue, red, to, to + (count << 2))
  }
}
