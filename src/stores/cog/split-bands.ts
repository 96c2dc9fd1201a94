import type { SampleArray } from '#core/ports.js'
import { sampleArray } from '#core/sample-array.js'
import type { TiffLayout } from './tiff-layout.js'
import { unpackBits } from './unpack-bits.js'

/** A block that is not much more than its samples may be kept as it is; part of something larger would keep that alive. */
const greatestWaste = 1.1

/**
 * Decoded bytes (machine byte order, rows of whole bytes) to one array per band they hold, horizontal differences (predictor 2: TIFF 6.0,
 * section 14) summed up on the way. `bytes` may become part of the result. Hot.
 */
export function splitBands(bytes: Uint8Array, layout: TiffLayout, height: number): SampleArray[] {
  const { blockWidth: width, bits, sampleType } = layout
  const count = layout.samples / layout.planes
  const isDifferenced = layout.predictor === 2
  const length = width * height
  if (bits % 8 !== 0) {
    const bands = Array.from({ length: count }, () => sampleArray(sampleType, length))
    unpackBits(bytes, bits, width, height, bands)
    return bands
  }
  const size = bits / 8
  const isAligned = bytes.byteOffset % size === 0
  if (count === 1 && !isDifferenced && isAligned && sampleType !== 'float16' && bytes.buffer.byteLength <= length * size * greatestWaste)
    return [sampleArray(sampleType, length, bytes.buffer, bytes.byteOffset)]
  const source = isAligned ? bytes : bytes.slice()
  return Array.from({ length: count }, (_, band) => {
    const words =
      size === 8 ? wide(source, count, band, width, length, isDifferenced) : narrow(source, size, count, band, width, length, isDifferenced)
    return sampleType === 'float16' ? fromHalf(words as Uint16Array) : sampleArray(sampleType, length, words.buffer, 0)
  })
}

/** Samples of up to 32 bits, as integers. */
function narrow(bytes: Uint8Array, size: number, stride: number, band: number, width: number, length: number, isDifferenced: boolean) {
  const at = [bytes.buffer, bytes.byteOffset, length * stride] as const
  if (size === 1) {
    const to = new Uint8Array(length)
    if (isDifferenced) sumBytes(new Uint8Array(...at), to, stride, band, width)
    else pickBytes(new Uint8Array(...at), to, stride, band)
    return to
  }
  if (size === 2) {
    const to = new Uint16Array(length)
    if (isDifferenced) sumShorts(new Uint16Array(...at), to, stride, band, width)
    else pickWords(new Uint16Array(...at), to, stride, band)
    return to
  }
  const to = new Int32Array(length)
  if (isDifferenced) sumLongs(new Int32Array(...at), to, stride, band, width)
  else pickWords(new Int32Array(...at), to, stride, band)
  return to
}

/** Samples of 64 bits, as pairs of integers of which the lower one comes first or last, as this machine has it. */
function wide(bytes: Uint8Array, stride: number, band: number, width: number, length: number, isDifferenced: boolean) {
  const from = new Uint32Array(bytes.buffer, bytes.byteOffset, length * stride * 2)
  const to = new Uint32Array(length * 2)
  const lower = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 0 : 1
  for (let i = 0, at = band * 2, [low, high] = [0, 0]; i < length; i++, at += stride * 2) {
    if (!isDifferenced || i % width === 0) [low, high] = [0, 0]
    const sum = low + from[at + lower]
    high = (high + from[at + 1 - lower] + (sum > 0xffffffff ? 1 : 0)) >>> 0
    low = sum >>> 0
    to[i * 2 + lower] = low
    to[i * 2 + 1 - lower] = high
  }
  return to
}

// The same few lines for each width: one function for all would be compiled for none.

function pickBytes(from: Uint8Array, to: Uint8Array, stride: number, band: number) {
  for (let i = 0, at = band; i < to.length; i++, at += stride) to[i] = from[at]
}

function pickWords<A extends Uint16Array | Int32Array>(from: A, to: A, stride: number, band: number) {
  if (stride === 1) to.set(from)
  else for (let i = 0, at = band; i < to.length; i++, at += stride) to[i] = from[at]
}

function sumBytes(from: Uint8Array, to: Uint8Array, stride: number, band: number, width: number) {
  for (let row = 0, at = band; row < to.length; row += width)
    for (let i = row, sum = 0; i < row + width; i++, at += stride) {
      sum = (sum + from[at]) | 0
      to[i] = sum
    }
}

function sumShorts(from: Uint16Array, to: Uint16Array, stride: number, band: number, width: number) {
  for (let row = 0, at = band; row < to.length; row += width)
    for (let i = row, sum = 0; i < row + width; i++, at += stride) {
      sum = (sum + from[at]) | 0
      to[i] = sum
    }
}

function sumLongs(from: Int32Array, to: Int32Array, stride: number, band: number, width: number) {
  for (let row = 0, at = band; row < to.length; row += width)
    for (let i = row, sum = 0; i < row + width; i++, at += stride) {
      sum = (sum + from[at]) | 0
      to[i] = sum
    }
}

/** IEEE 754 binary16 to binary32. */
function fromHalf(halves: Uint16Array): Float32Array {
  const floats = new Float32Array(halves.length)
  const bits = new Uint32Array(floats.buffer)
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i]
    const magnitude = half & 0x7fff
    if (magnitude < 0x400) floats[i] = half & 0x8000 ? -magnitude * 2 ** -24 : magnitude * 2 ** -24
    else bits[i] = ((half & 0x8000) << 16) | ((magnitude << 13) + (magnitude >= 0x7c00 ? 0x70000000 : 0x38000000))
  }
  return floats
}
