import { setMaxListeners } from 'node:events'
import { type EncodedImage, halfState, type MapBand, type MapJob } from '#core/queries.js'
import { hasPalette } from '#formats/images/join-png.js'
import type { BandOptions, Draw } from './draw-in-bands.js'
import { joinImages } from './join-images.js'
import { kindOf } from './map-costs.js'
import { firstOffered, stateBytes, topIndex } from './share-encoding.js'

/** Encoding that takes less is not worth a copy of the pixels and another message. */
const worthMilliseconds = 1.5
/** Room for pixels that is kept for the next map. */
const keptBytes = 16e6

/**
 * Has maps that one thread draws encoded by two: while that thread writes the upper half, an idle one writes the lower, whose pixels are in memory that
 * both see. Only PNGs that are known to take long, and only while a thread is idle; where none is any more when the map is drawn, the first does it all.
 */
export function encodeInHalves({ draw, idle, costs }: BandOptions): Draw {
  let kept: SharedArrayBuffer | undefined
  const roomFor = (bytes: number) => {
    const room = kept && kept.byteLength >= bytes ? kept : new SharedArrayBuffer(bytes)
    kept = undefined
    return room
  }
  const inHalves: Draw = async (job, signal) => {
    const lower = lowerHalf(job, roomFor(job.width * job.height * 4))
    const state = new Int32Array(lower.states)
    // when one fails, nobody waits for the other
    const failed = new AbortController()
    const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
    setMaxListeners(0, stop)
    const rest = whenOffered(state).then(isOffered => {
      if (!isOffered || idle() === 0 || Atomics.compareExchange(state, 0, halfState.offered, halfState.taken) !== halfState.offered) return
      // what settles the first half: see `encodeBand` in `png.kernel.ts`
      const pixelBytes = job.background.isTransparent ? 4 : 3
      const top = Atomics.load(state, topIndex)
      return draw({ ...job, layers: [], band: { ...lower, top, height: job.height - top, pixelBytes } }, stop)
    })
    // heard of below, where it matters
    rest.catch(() => {})
    try {
      const image = await draw({ ...job, lower }, stop)
      const isHalf = Atomics.load(state, 0) === halfState.halved
      const other = isHalf ? await rest : undefined
      if (lower.pixels.byteLength <= keptBytes && (isHalf || Atomics.load(state, 0) === halfState.kept)) kept = lower.pixels
      return other ? joined(image, other) : image
    } catch (error) {
      failed.abort()
      throw error
    } finally {
      // nobody offers any more
      Atomics.compareExchange(state, 0, halfState.undrawn, halfState.kept)
      Atomics.notify(state, 0)
    }
  }
  return async (job, signal) => {
    if (job.band || job.mediaType !== 'image/png') return draw(job, signal)
    const kind = kindOf(job)
    const isWorth = (costs.of(kind).encode ?? 0) >= worthMilliseconds && idle() > 1
    const image = await (isWorth ? inHalves(job, signal) : draw(job, signal))
    if (!isWorth || hasPalette(image.bytes)) costs.learn(kind, { encode: hasPalette(image.bytes) ? 0 : image.timings.encode })
    return image
  }
}

/** The lower half of a map, to be put in `pixels`. */
function lowerHalf({ height }: MapJob, pixels: SharedArrayBuffer): MapBand {
  const top = firstOffered(height, false)
  return { top, height: height - top, pixels, states: new SharedArrayBuffer(stateBytes), index: 1 }
}

/** Whether the lower half is offered, once that is known. */
async function whenOffered(state: Int32Array<SharedArrayBuffer>): Promise<boolean> {
  await Atomics.waitAsync(state, 0, halfState.undrawn).value
  return Atomics.load(state, 0) === halfState.offered
}

function joined(upper: EncodedImage, lower: EncodedImage): EncodedImage {
  const encode = Math.max(upper.timings.encode ?? 0, lower.timings.encode ?? 0)
  return { ...upper, ...joinImages([upper, lower]), timings: { ...upper.timings, encode } }
}
