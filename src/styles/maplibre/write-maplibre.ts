import type { Filter } from '#filters/filter.js'
import { newNotes } from '../notes.js'
import type { Rule, Style, StylePass } from '../style.js'
import type { StyleNote } from '../style-error.js'
import { UnreadPart } from '../unread-part.js'
import type { Json } from './write-expression.js'
import { writeFilter } from './write-filter.js'
import { writeSymbolizer } from './write-symbolizer.js'
import { zoomsOfScales } from './zoom.js'

/** What the layers are drawn from. */
export interface MapLibreTarget {
  /** Id of the source, in the style that the layers become part of. */
  readonly source: string
  /** Layer of its tiles; absent for GeoJSON. */
  readonly sourceLayer?: string
}

/** A layer of the MapLibre Style Specification. */
export interface LayerJson {
  readonly id: string
  readonly type: string
  readonly source: string
  readonly 'source-layer'?: string
  readonly minzoom?: number
  readonly maxzoom?: number
  readonly filter?: Json
  readonly layout?: Readonly<Record<string, Json>>
  readonly paint?: Readonly<Record<string, Json>>
}

/**
 * Layers of the MapLibre Style Specification that draw a style, in drawing order. Marks other than circles and pictures are named as images
 * (`icon-image`), which the style has to bring in its sprite. What MapLibre cannot show is in `notes`.
 */
export function writeMapLibre(
  style: Style,
  { source, sourceLayer }: MapLibreTarget,
): { layers: readonly LayerJson[]; notes: readonly StyleNote[] } {
  const notes = newNotes()
  const ids = new Set<string>()
  const layers = style.passes.flatMap((pass, i) => {
    const place = pass.name ?? `pass ${i + 1}`
    if (pass.transformation && pass.transformation.kind !== 'heatmap') {
      notes.add(`the transformation ${pass.transformation.kind}: the source has to do it`, place)
      return []
    }
    if (pass.blend && pass.blend !== 'normal') notes.add(`the blend mode ${pass.blend} is not written`, place)
    return pass.rules.flatMap((rule, k) => {
      const where = rule.name || `rule ${k + 1} of ${place}`
      const filter = filterOf(pass, k, message => notes.add(message, where))
      if (filter === undefined) return []
      return rule.symbolizers
        .flatMap(symbolizer => writeSymbolizer(symbolizer, pass, message => notes.add(message, where)))
        .map(
          ({ type, layout, paint }): LayerJson => ({
            id: unique(rule.name || pass.name || type, ids),
            type,
            source,
            ...(sourceLayer !== undefined && type !== 'raster' && type !== 'hillshade' && { 'source-layer': sourceLayer }),
            ...zoomsOfScales(rule),
            ...(filter !== true && { filter }),
            ...(layout && Object.keys(layout).length > 0 && { layout }),
            ...(paint && Object.keys(paint).length > 0 && { paint }),
          }),
        )
    })
  })
  return { layers, notes: notes.list() }
}

function unique(name: string, ids: Set<string>): string {
  let id = name
  for (let i = 2; ids.has(id); i++) id = `${name} ${i}`
  ids.add(id)
  return id
}

/** Of a rule, and that those before it do not hold where only the first counts. Undefined when it cannot be written. */
function filterOf(pass: StylePass, index: number, note: (message: string) => void): Json | undefined {
  const rule = pass.rules[index]
  const others = rule.isElse ? pass.rules.filter(other => !other.isElse) : pass.isFirstMatch ? pass.rules.slice(0, index) : []
  try {
    const types = rule.geometryTypes?.map(type => ({ point: 'Point', line: 'LineString', polygon: 'Polygon' })[type])
    const parts = [
      ...(types ? [['in', ['geometry-type'], ['literal', types]] as Json] : []),
      ...(rule.filter ? [writeFilter(rule.filter)] : []),
      ...others.filter(other => overlaps(other, rule)).map(without),
    ]
    return parts.length === 0 ? true : parts.length === 1 ? parts[0] : ['all', ...parts]
  } catch (error) {
    if (!(error instanceof UnreadPart)) throw error
    note(`left out, because MapLibre has no counterpart of ${error.message}`)
    return undefined
  }
}

const without = ({ filter }: Rule): Json => (filter ? ['!', writeFilter(filter as Filter)] : false)

function overlaps(a: Rule, b: Rule): boolean {
  const [least, most] = [
    (rule: Rule) => rule.minScaleDenominator ?? 0,
    (rule: Rule) => rule.maxScaleDenominator ?? Number.POSITIVE_INFINITY,
  ]
  return least(a) < most(b) && least(b) < most(a)
}
