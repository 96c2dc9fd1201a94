import { propertiesOf, renamed } from '#filters/properties.js'
import { type Style, type Symbolizer, withSymbolizers } from '#styles/style.js'
import type { FeatureSource } from './atlas.js'

/** A style as it can be drawn over a table. */
export interface FittedStyle {
  readonly style: Style
  /** Names in the style that the table has no column for. */
  readonly missing: readonly string[]
}

/**
 * Names the columns that a style reads as the table does: exactly, else whatever the case, else without a prefix or path (`ns:nom`, `commune/nom`).
 * What reads a column that is not there is null.
 */
export function fitStyle(style: Style, source: FeatureSource): FittedStyle {
  const nameOf = columnFinder(source)
  const missing = propertiesOf(style).filter(name => nameOf(name) === undefined)
  const ownGeometry = (symbolizer: Symbolizer): Symbolizer => {
    if (!('geometry' in symbolizer) || symbolizer.geometry?.column === undefined) return symbolizer
    const { column, ...geometry } = symbolizer.geometry
    const found = source.geometries.find(({ name }) => name === nameOf(column))?.name
    const isOwn = found === undefined || found === source.geometry
    return { ...symbolizer, geometry: isOwn ? geometry : { ...geometry, column: found } }
  }
  return { style: withSymbolizers(renamed(style, nameOf), ownGeometry), missing }
}

/** Finds columns and geometry columns by the names that clients and styles have for them. */
export function columnFinder({ columns, geometries, geometry }: FeatureSource): (name: string) => string | undefined {
  const names = [...columns, ...geometries].map(({ name }) => name)
  const exact = new Set(names)
  // the first of several that differ in case only
  const folded = new Map([...names].reverse().map(name => [name.toLowerCase(), name]))
  const find = (name: string) => (exact.has(name) ? name : folded.get(name.toLowerCase()))
  return name => (name === '' ? geometry : (find(name) ?? find(name.replace(/^.*[:/.]/, ''))))
}
