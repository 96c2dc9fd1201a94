import { promisify } from 'node:util'
import { deflate, type ZlibOptions } from 'node:zlib'
import type { SampleArray } from '#core/ports.js'
import { grayJpeg, type Load, startJpeg } from '#formats/images/jpeg.js'
import { webp } from '#formats/images/webp.js'
import { blockSide, type CogBlock, type CogSpec } from './cog-spec.js'

const deflated = promisify<Uint8Array, ZlibOptions, Buffer>(deflate)

/** Quality of photographs: they are looked at, not measured in. */
const photoQuality = 85

/** Turns the pixels of a block into the bytes a TIFF stores. */
export type BlockEncoder = (block: CogBlock) => Promise<Uint8Array>

/** `load` brings packages; a test may have none. */
export function blockEncoder(
  { compression, blockSide: side = blockSide, deflateLevel: level = 6 }: Pick<CogSpec, 'compression' | 'blockSide' | 'deflateLevel'>,
  load?: Load,
): BlockEncoder {
  if (compression === 'deflate') return async ({ bands }) => deflated(predicted(bands, side), { level })
  const { encode } = compression === 'webp' ? webp : startJpeg(load)
  return async ({ bands, mask }) => {
    const rgba = new Uint8Array(side * side * 4).fill(255)
    for (const [b, band] of bands.entries()) for (let i = 0; i < band.length; i++) rgba[i * 4 + b] = band[i]
    if (mask) spread(new Uint32Array(rgba.buffer), mask, side)
    const picture = { width: side, height: side, rgba }
    return (bands.length === 1 ? grayJpeg : encode)(picture, { quality: photoQuality })
  }
}

/**
 * Gives what is masked colours between those of the pixels beside it in its row that are not, or else those of the next row: lossy compression
 * would let black, or any other step at the edge, bleed into the picture.
 */
function spread(pixels: Uint32Array, mask: Uint8Array, side: number): void {
  const rows: number[] = []
  for (let y = 0; y < side; y++) {
    const end = (y + 1) * side
    let last = -1
    for (let i = y * side; i < end; i++) {
      if (mask[i] === 0) continue
      if (last < 0) pixels.fill(pixels[i], y * side, i)
      else if (i - last > 1) mix(pixels, last, i)
      last = i
    }
    if (last < 0) continue
    pixels.fill(pixels[last], last + 1, end)
    rows.push(y)
  }
  for (let y = 0, next = 0; y < side; y++) {
    if (rows[next] === y) next++
    else {
      const from = rows[Math.max(0, next - 1)] * side
      pixels.copyWithin(y * side, from, from + side)
    }
  }
}

/** What lies between two pixels of a row goes evenly from the one colour to the other. */
function mix(pixels: Uint32Array, first: number, last: number): void {
  const [from, to] = [pixels[first], pixels[last]]
  for (let i = first + 1; i < last; i++) {
    const share = (i - first) / (last - first)
    const channel = (shift: number) => {
      const [a, b] = [(from >>> shift) & 0xff, (to >>> shift) & 0xff]
      return Math.round(a + (b - a) * share) << shift
    }
    pixels[i] = (0xff000000 | channel(16) | channel(8) | channel(0)) >>> 0
  }
}

/** One bit a pixel, 1 where there is something. */
export async function encodeMask(mask: Uint8Array | undefined, side: number): Promise<Uint8Array> {
  const bits = new Uint8Array((side * side) / 8)
  if (mask) for (let i = 0; i < mask.length; i++) bits[i >> 3] |= (mask[i] === 0 ? 0 : 1) << (7 - (i & 7))
  else bits.fill(255)
  return deflated(bits, {})
}

/** 3 for floating point, 2 for whole numbers (TIFF 6.0, section 14; Adobe's technical note 3). */
export const predictorFor = (samples: SampleArray): 2 | 3 => (samples instanceof Float32Array || samples instanceof Float64Array ? 3 : 2)

function predicted(bands: readonly SampleArray[], side: number): Uint8Array {
  return predictorFor(bands[0]) === 3 ? floatingPoint(bands, side) : differences(bands, side)
}

/** Pixel-interleaved, each sample less the one to its left. */
function differences(bands: readonly SampleArray[], side: number): Uint8Array {
  const count = bands.length
  const Samples = bands[0].constructor as new (length: number) => Uint8Array
  const out = new Samples(side * side * count)
  for (let b = 0; b < count; b++) {
    const band = bands[b]
    for (let i = 0; i < band.length; i++) out[i * count + b] = i % side === 0 ? band[i] : band[i] - band[i - 1]
  }
  return new Uint8Array(out.buffer)
}

/** Per row: the bytes of all samples, most significant first, in planes; then each byte less the one `bands` before. */
function floatingPoint(bands: readonly SampleArray[], side: number): Uint8Array {
  const [count, size] = [bands.length, bands[0].BYTES_PER_ELEMENT]
  const rowSamples = side * count
  const out = new Uint8Array(side * rowSamples * size)
  const bytes = bands.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength))
  for (let y = 0; y < side; y++) {
    const row = out.subarray(y * rowSamples * size, (y + 1) * rowSamples * size)
    for (let x = 0; x < side; x++)
      for (let b = 0; b < count; b++) {
        const from = (y * side + x) * size
        for (let k = 0; k < size; k++) row[k * rowSamples + x * count + b] = bytes[b][from + size - 1 - k]
      }
    for (let i = row.length - 1; i >= count; i--) row[i] -= row[i - count]
  }
  return out
}
