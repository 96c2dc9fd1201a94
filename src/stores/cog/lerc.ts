import { decode, getBlobInfo, load } from 'lerc'
import { Problem } from '#core/problem.js'
import type { TiffLayout } from './tiff-layout.js'

/** Compiled once, when the first block needs this module. */
await load()

const typeNumbers: Readonly<Record<string, number>> = {
  int8: 0,
  uint8: 1,
  int16: 2,
  uint16: 3,
  int32: 4,
  uint32: 5,
  float32: 6,
  float64: 7,
}

/**
 * Decodes a LERC block to pixel-interleaved samples as libtiff writes them: what the mask hides is NaN in floats, and an alpha band that
 * is all or nothing is the mask itself. Its size is checked before anything is allocated.
 */
export function decodeLerc(blob: Uint8Array, layout: TiffLayout, height: number): Uint8Array {
  const bands = layout.samples / layout.planes
  const info = getBlobInfo(blob)
  const isAlphaMask = info.depthCount === bands - 1
  if (
    info.width !== layout.blockWidth ||
    info.height < height ||
    info.height > layout.blockHeight ||
    info.bandCount !== 1 ||
    (info.depthCount !== bands && !isAlphaMask) ||
    info.dataType !== typeNumbers[layout.sampleType]
  )
    throw new Problem(
      'invalid-data',
      `a LERC block is ${info.width} x ${info.height} with ${info.depthCount} bands of type ${info.dataType} instead of what the image says`,
    )
  const { pixels, mask } = decode(blob, { returnInterleaved: true })
  const [samples] = pixels
  if (mask && !isAlphaMask && layout.sampleType.startsWith('float'))
    for (let i = 0; i < mask.length; i++) if (mask[i] === 0) samples.fill(Number.NaN, i * bands, (i + 1) * bands)
  if (!isAlphaMask) return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
  const out = new Uint8Array(info.width * info.height * bands)
  for (let i = 0, from = 0, to = 0; to < out.length; i++) {
    for (let b = 0; b < bands - 1; b++) out[to++] = samples[from++]
    out[to++] = mask?.[i] === 0 ? 0 : 255
  }
  return out
}
