import type { Filter } from '#filters/filter.js'
import { type ChosenValues, chooseValues } from './choose-values.js'
import type { Dimension, Span } from './dimension.js'
import { dimensionFilter, spansOf } from './dimension-filter.js'
import { floorTime } from './iso-time.js'
import type { StyledLayer } from './queries.js'

/** A layer with only what has the chosen values of one of its dimensions: rows, files of a mosaic, or cells. */
export function narrowLayer(layer: StyledLayer, { carrier }: Dimension, values: ChosenValues): StyledLayer {
  if (values.kind === 'all') return layer
  switch (carrier.kind) {
    case 'files':
      return { ...layer, times: spansOf(values).map(({ from, to }) => ({ from: floorTime(from, carrier.precision), to })) }
    case 'band': {
      const { band, scale, offset } = carrier
      const stored = spansOf(values).map(({ from, to }) => [(from - offset) / scale, (to - offset) / scale])
      const spans = stored.map(ends => widened(Math.min(...ends), Math.max(...ends))).sort((a, b) => a.from - b.from)
      return { ...layer, shown: { band, spans } }
    }
    default: {
      const filter = dimensionFilter(carrier, values)
      return filter ? filtered(layer, filter) : layer
    }
  }
}

/** A layer as it is shown where nothing is asked of its dimensions; those without a default stay whole. */
export function shownByDefault(layer: StyledLayer): StyledLayer {
  return (layer.collection.dimensions ?? []).reduce(
    (left, dimension) =>
      dimension.default ? narrowLayer(left, dimension, chooseValues(dimension, undefined, dimension.name).values) : left,
    layer,
  )
}

/** By what is lost where a value is stored in single precision, or scaled: 0.1 is meant by 0.1. */
const widened = (from: number, to: number): Span => ({ from: from - Math.abs(from) * 2 ** -24, to: to + Math.abs(to) * 2 ** -24 })

function filtered(layer: StyledLayer, filter: Filter): StyledLayer {
  return { ...layer, filter: layer.filter ? { kind: 'and', all: [layer.filter, filter] } : filter }
}
