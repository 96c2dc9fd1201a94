import { chooseValues, type PutInValue } from '#core/choose-values.js'
import type { Dimension } from '#core/dimension.js'
import { narrowLayer } from '#core/narrow-layer.js'
import type { StyledLayer } from '#core/queries.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import type { WmsVersion } from './versions.js'

/** Warnings of one answer: of many layers with many values each, the first ones. */
const mostWarnings = 20
/** Characters of one warning; a default may be a long list. */
const longestWarning = 300

/** The parameter of a dimension (OGC 06-042, C.3.2 and C.3.3): TIME, ELEVATION, DIM_SCENARIO. */
export function parameterOf(dimension: string): string {
  const name = dimension.toUpperCase()
  return name === 'TIME' || name === 'ELEVATION' ? name : `DIM_${name}`
}

/** Units as a version knows them: CRS:88 came with 1.3.0, before it the datum, NAVD88, had its number of EPSG alone (OGC 01-068r3, C.2). */
export const unitsIn = ({ units }: Dimension, { number }: WmsVersion): string =>
  number === '1.1.1' && units === 'CRS:88' ? 'EPSG:5103' : units

/** Layers with what a request asks of their dimensions, and the headers that say what was put in. */
export interface NarrowedLayers {
  readonly layers: readonly StyledLayer[]
  readonly headers: Readonly<Record<string, string>>
}

/**
 * What TIME, ELEVATION and DIM_… leave of `layers`; layers without that dimension stay whole (OGC 06-042, C.3.5). Throws `missing-dimension`,
 * `invalid-dimension`, with the parameter as locator.
 */
export function narrowedLayers(layers: readonly StyledLayer[], kvp: Kvp, version: WmsVersion): NarrowedLayers {
  const putIn: PutInValue[] = []
  const narrowed = layers.map(layer =>
    (layer.collection.dimensions ?? []).reduce((left, dimension) => {
      const parameter = parameterOf(dimension.name)
      const choice = chooseValues(dimension, kvp.get(parameter), parameter)
      putIn.push(...choice.putIn)
      return narrowLayer(left, dimension, choice.values)
    }, layer),
  )
  return { layers: narrowed, headers: warningHeader(putIn, version) }
}

/** `Warning: 99 Default value used: time=2000-01-01T00:00:00Z ISO8601` (OGC 06-042, C.4.3 and C.4.4). */
function warningHeader(putIn: readonly PutInValue[], version: WmsVersion): Readonly<Record<string, string>> {
  const texts = putIn.map(({ kind, dimension, value }) => {
    const said = kind === 'default' ? 'Default' : 'Nearest'
    const text = printable(`99 ${said} value used: ${dimension.name}=${value}`).slice(0, longestWarning)
    return `${text} ${printable(unitsIn(dimension, version))}`.trim()
  })
  return texts.length === 0 ? {} : { warning: [...new Set(texts)].slice(0, mostWarnings).join(', ') }
}

/** Headers are of ASCII, and of one line. */
const printable = (text: string) => text.replace(/[^\x20-\x7e]/g, '?')
