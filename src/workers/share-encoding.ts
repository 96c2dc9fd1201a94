import { halfState, type MapBand } from '#core/queries.js'
import type { EncodeOptions, ImageFormat, Picture } from '#formats/images/index.js'
import { joinPng, pixelBytesOf } from '#formats/images/join-png.js'

/**
 * Encodes a picture, its lower rows only where nobody else has taken them meanwhile: see `halfState` for who encodes what. Undefined, and nothing taken,
 * where the upper rows do not settle how pixels are written: then it is encoded as a whole. So it is, too, where the sharing began in another thread, which died.
 */
export function shareEncoding(
  { top, height, pixels, states }: MapBand,
  { width, height: all, rgba }: Picture,
  { encodeBand }: ImageFormat,
  options: EncodeOptions,
): Uint8Array | undefined {
  const state = new Int32Array(states, 0, 1)
  const { undrawn, offered, kept, halved } = halfState
  if (!encodeBand || Atomics.load(state, 0) !== undrawn) return void Atomics.store(state, 0, kept)
  const [middle, end] = [top * width * 4, all * width * 4]
  new Uint8Array(pixels, middle, end - middle).set(rgba.subarray(middle, end))
  Atomics.store(state, 0, offered)
  Atomics.notify(state, 0)
  const upper = encodeBand({ width, height: top, rgba: rgba.subarray(0, middle) }, { top: 0, height: all }, options)
  const isKept = Atomics.compareExchange(state, 0, offered, kept) === offered
  if (upper.length === 0) return undefined
  if (isKept) {
    const pixelBytes = pixelBytesOf(upper)
    const lower = encodeBand({ width, height, rgba: rgba.subarray(middle, end) }, { top, height: all, pixelBytes }, options)
    return joinPng([upper, lower])
  }
  Atomics.store(state, 0, halved)
  return upper
}
