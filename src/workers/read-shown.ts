import type { ShownValues, Span } from '#core/dimension.js'
import type { Pixels, RasterStore, SampleArray } from '#core/ports.js'

/** `store` with holes where a band has other values than those shown. Values are looked at as they are stored: nothing comes ready to be drawn. */
export function readingShown(store: RasterStore, { band, spans }: ShownValues): RasterStore {
  const { readColors: _, colorsNow: _c, encodedBlock: _e, blockNow: _n, ...rest } = store
  return {
    ...rest,
    read: async (file, level, window, signal) => {
      const pixels = await store.read(file, level, window, signal)
      return pixels.width === 0 ? pixels : { ...pixels, mask: maskOf(pixels, pixels.bands[band], spans) }
    },
  }
}

/** Hot. */
function maskOf({ width, height, mask }: Pixels, samples: SampleArray, spans: readonly Span[]): Uint8Array {
  const shown = new Uint8Array(width * height)
  // neighbours mostly are in the same span
  let near = spans[0]
  for (let i = 0; i < shown.length; i++) {
    if (mask !== undefined && mask[i] === 0) continue
    const value = samples[i]
    if (near === undefined || value < near.from || value > near.to) {
      const found = spanAt(spans, value)
      if (!found) continue
      near = found
    }
    shown[i] = 255
  }
  return shown
}

/** The span of a rising list that holds a value. */
function spanAt(spans: readonly Span[], value: number): Span | undefined {
  let [low, high] = [0, spans.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const span = spans[middle]
    if (value < span.from) high = middle - 1
    else if (value > span.to) low = middle + 1
    else return span
  }
  return undefined
}
