import { halfState, type MapBand } from '#core/queries.js'
import type { EncodeOptions, ImageFormat, Picture } from '#formats/images/index.js'
import { joinPng, pixelBytesOf } from '#formats/images/join-png.js'

/** Of the rows of a map that are left to the thread that draws it: the other thread has to be woken, and while it is, this one may still be drawing. */
const shareLeft = { late: 0.6, early: 0.54 } as const

/** The first of the rows that are offered when all are drawn; `isEarly`: when those above are still to be drawn. */
export const firstOffered = (height: number, isEarly: boolean) => Math.ceil(height * (isEarly ? shareLeft.early : shareLeft.late))

/**
 * Offers the rows of a picture from `top` on, which are done, to whoever encodes them meanwhile: see `halfState`. False, and nothing offered, where the
 * sharing began in another thread, which died.
 */
export function offerLower({ pixels, states }: MapBand, top: number, { width, height, rgba }: Picture): boolean {
  const state = new Int32Array(states)
  if (Atomics.load(state, 0) !== halfState.undrawn) return false
  const [middle, end] = [top * width * 4, height * width * 4]
  new Uint8Array(pixels, middle, end - middle).set(rgba.subarray(middle, end))
  Atomics.store(state, topIndex, top)
  Atomics.store(state, 0, halfState.offered)
  Atomics.notify(state, 0)
  return true
}

/** Where in the states of a map it stands which rows were offered, and how many bytes they take. */
export const topIndex = 2
export const stateBytes = 12

/**
 * Encodes a picture, its lower rows only where nobody else has taken them meanwhile; they are offered first where that has not been done (`isOffered`).
 * Undefined, and nothing taken, where the upper rows do not settle how pixels are written, or nothing could be offered: then it is encoded as a whole.
 */
export function shareEncoding(
  lower: MapBand,
  picture: Picture,
  { encodeBand }: ImageFormat,
  options: EncodeOptions,
  isOffered = false,
): Uint8Array | undefined {
  const { width, height: all, rgba } = picture
  const state = new Int32Array(lower.states)
  const { offered, kept, halved } = halfState
  if (!encodeBand || !(isOffered || offerLower(lower, lower.top, picture))) return void Atomics.store(state, 0, kept)
  const top = Atomics.load(state, topIndex)
  const middle = top * width * 4
  const upper = encodeBand({ width, height: top, rgba: rgba.subarray(0, middle) }, { top: 0, height: all }, options)
  const isKept = Atomics.compareExchange(state, 0, offered, kept) === offered
  if (upper.length === 0) return undefined
  if (isKept) {
    const pixelBytes = pixelBytesOf(upper)
    const rest = encodeBand({ width, height: all - top, rgba: rgba.subarray(middle) }, { top, height: all, pixelBytes }, options)
    return joinPng([upper, rest])
  }
  Atomics.store(state, 0, halved)
  return upper
}
