import { setMaxListeners } from 'node:events'
import { bandState, type EncodedImage, type FeatureLayerJob, type MapBand, type MapJob } from '#core/queries.js'
import { pixelBytesOf } from '#formats/images/join-png.js'
import { rulesOf } from '#styles/style.js'
import { joinImages } from './join-images.js'
import { kindOf, type MapCosts } from './map-costs.js'

export type Draw = (job: MapJob, signal?: AbortSignal) => Promise<EncodedImage>

export interface BandOptions {
  readonly draw: Draw
  /** Threads that have nothing to do now. */
  readonly idle: () => number
  readonly costs: MapCosts
}

/** Drawing that takes less is not worth the second message and the fetching of what crosses the border twice. */
const worthMilliseconds = 6
/** What a message more and another query take, about. */
const seamMilliseconds = 1
/** Of so many maps one is drawn in the way that was slower, bands or not: maps and machines change. */
const triedAgain = 40
/** Rows of the least band. */
const leastRows = 64

/**
 * Draws maps of features that are known to take long in as many bands as threads are idle, the last of which to end encodes the map. What a kind of map takes (layers
 * and scale) is learned from those before, both ways: bands fetch and walk twice what crosses their border, so that long lines are better left whole. A band is the same, pixel for pixel, as that part of the whole.
 */
export function drawInBands({ draw, idle, costs }: BandOptions): Draw {
  let [begun, running] = [0, 0]
  /** Asked when a map begins, and again when it ends: whether no other was drawn meanwhile. */
  const aloneFromNow = () => {
    const [before, isFirst] = [begun, running === 1]
    return () => isFirst && begun === before
  }
  const whole = async (job: MapJob, kind: string, signal?: AbortSignal) => {
    const isAlone = aloneFromNow()
    const image = await draw(job, signal)
    costs.learnFrom(kind, image, isAlone())
    return image
  }
  const parts = async (job: MapJob, kind: string, count: number, signal?: AbortSignal) => {
    // when one fails, nobody waits for the others
    const failed = new AbortController()
    const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
    // each band listens, while it waits and while it is drawn
    setMaxListeners(0, stop)
    const isAlone = aloneFromNow()
    const all = (answers: readonly (EncodedImage | Promise<EncodedImage>)[]) =>
      Promise.all(answers).catch(error => {
        failed.abort()
        throw error
      })
    const bands = bandsOf(job, count)
    const drawn = await all(bands.map(band => draw({ ...job, band }, stop)))
    const longest = Math.max(...drawn.map(({ timings }) => timings.draw))
    costs.learnFromBands(kind, drawn)
    // beside other maps bands only show that these took the processor
    if (isAlone()) costs.learn(kind, { inBands: longest }, true)
    const states = new Int32Array(bands[0].states)
    const settled = states.indexOf(bandState.encoded)
    if (settled < 0) {
      // two, where one was drawn again after its thread died: both of the whole map
      const image = drawn.find(({ bytes }) => bytes.length > 0) ?? drawn[0]
      return { ...image, timings: { ...image.timings, draw: longest } }
    }
    const pixelBytes = pixelBytesOf(drawn[settled].bytes)
    // those that could not be sure of it
    const encoded = await all(
      drawn.map((image, i) =>
        states[i] === bandState.encoded ? image : draw({ ...job, layers: [], band: { ...bands[i], pixelBytes } }, stop),
      ),
    )
    const encode = Math.max(...encoded.map(({ timings }) => timings.encode ?? 0))
    return { ...encoded[0], ...joinImages(encoded), timings: { ...encoded[0].timings, draw: longest, encode } }
  }
  let asked = 0
  const choose: Draw = (job, signal) => {
    if (!isBandable(job)) return draw(job, signal)
    const kind = kindOf(job)
    const count = Math.min(idle(), Math.floor(job.height / leastRows))
    if (count < 2) return whole(job, kind, signal)
    const { whole: alone = 0, inBands } = costs.of(kind)
    if (alone <= worthMilliseconds) return whole(job, kind, signal)
    const isFaster = inBands === undefined || inBands + seamMilliseconds < alone
    const isTry = ++asked % triedAgain === 0
    return isFaster !== isTry ? parts(job, kind, count, signal) : whole(job, kind, signal)
  }
  return async (job, signal) => {
    begun++
    running++
    try {
      return await choose(job, signal)
    } finally {
      running--
    }
  }
}

const isPixels = (mediaType: string) => mediaType.startsWith('image/') && mediaType !== 'image/svg+xml'

/** Maps of features whose passes look at each feature for itself. */
function isBandable({ layers, mediaType }: MapJob): boolean {
  return isPixels(mediaType) && layers.length > 0 && layers.every(layer => layer.kind === 'features' && isLocal(layer))
}

const isLocal = ({ style }: FeatureLayerJob) =>
  style.passes.every(({ transformation }) => !transformation) &&
  !rulesOf(style).some(({ symbolizers }) => symbolizers.some(({ kind }) => kind === 'text'))

/** `count` bands from top to bottom. */
function bandsOf({ width, height }: MapJob, count: number): readonly MapBand[] {
  const [pixels, states] = [new SharedArrayBuffer(width * height * 4), new SharedArrayBuffer(count * 4)]
  return Array.from({ length: count }, (_, index) => {
    const [top, end] = [Math.round((index * height) / count), Math.round(((index + 1) * height) / count)]
    return { top, height: end - top, pixels, states, index }
  })
}
