import type { Filter } from '#filters/filter.js'
import { type Notes, newNotes } from '../notes.js'
import type { FillSymbolizer, Rule, Style, StylePass, Symbolizer, Transformation } from '../style.js'
import type { StyleNote } from '../style-error.js'
import { UnreadPart } from '../unread-part.js'
import { readColorRelief, readHeatmap, readHillshade, readRaster } from './draw-rasters.js'
import { besideStyle, type IconAddress, readCircle, readFill, readLine } from './draw-shapes.js'
import { readSymbol } from './draw-symbols.js'
import { type LayerProperties, type MapLibreLayer, readLayer } from './layer.js'
import { readFilter } from './read-filter.js'
import { sortOf } from './sort-key.js'
import { layersOf } from './style-layers.js'
import { scalesOfZooms } from './zoom.js'

/** How a style is read. */
export interface MapLibreOptions {
  /** Where the pictures of the sprite are; `sprites/NAME.png` beside the style when absent. */
  readonly iconAddress?: IconAddress
}

/** What a style draws. */
export interface MapLibreStyle {
  readonly name?: string
  /** One style for each source and layer of it, in the order they are first drawn. */
  readonly layers: readonly { readonly source: string; readonly sourceLayer?: string; readonly style: Style }[]
  /** What the map is filled with before anything is drawn. */
  readonly background?: FillSymbolizer
  readonly notes: readonly StyleNote[]
}

/**
 * Reads a style of the MapLibre Style Specification (version 8, and what Mapbox GL had before it), as text or as parsed JSON. A layer becomes a pass;
 * sizes in CSS pixels become as many of ours. Throws StyleError for what is no style or larger than is read; what has no counterpart is in `notes`.
 */
export function readMapLibre(json: unknown, { iconAddress = besideStyle }: MapLibreOptions = {}): MapLibreStyle {
  const notes = newNotes()
  const { name, layers, sources } = layersOf(json, notes)
  const styles = new Map<string, { source: string; sourceLayer?: string; passes: StylePass[] }>()
  let background: FillSymbolizer | undefined
  let last: string | undefined
  for (const layer of layers) {
    const passes = readPasses(layer, notes, iconAddress)
    if (layer.type === 'background') {
      const fill = passes[0]?.rules[0]?.symbolizers[0]
      if (background || styles.size > 0) notes.add('a background that is not the first layer is drawn first all the same', layer.id)
      if (passes[0]?.rules.length > 1) notes.add('a background that changes with the zoom has one look for all', layer.id)
      if (fill?.kind === 'fill') background ??= fill
      continue
    }
    if (passes.length === 0) continue
    const { source = '', 'source-layer': sourceLayer } = layer
    if (!Object.hasOwn(sources, source)) notes.add('the source is not among those of the style', layer.id)
    const key = JSON.stringify([source, sourceLayer])
    const style = styles.get(key) ?? { source, ...(sourceLayer !== undefined && { sourceLayer }), passes: [] }
    if (styles.has(key) && last !== key)
      notes.add('layers of several sources alternate: each source is drawn as a whole', sourceLayer ?? source)
    styles.set(key, style)
    style.passes.push(...passes)
    last = key
  }
  return {
    ...(name !== undefined && { name }),
    layers: [...styles.values()].map(({ passes, ...of }) => ({ ...of, style: { ...(name !== undefined && { name }), passes } })),
    ...(background && { background }),
    notes: notes.list(),
  }
}

type Drawn = readonly Symbolizer[] | { readonly raster: Symbolizer; readonly transformation: Transformation }
type Draw = (properties: LayerProperties, icon: IconAddress, zoom: number) => Drawn

const drawn: Readonly<Record<string, Draw>> = Object.assign(Object.create(null), {
  background: (properties: LayerProperties, icon: IconAddress) => readFill(properties, icon, 'background'),
  fill: (properties: LayerProperties, icon: IconAddress) => readFill(properties, icon),
  'fill-extrusion'(properties: LayerProperties, icon: IconAddress) {
    properties.note('fill-extrusion: buildings are drawn flat')
    return readFill(properties, icon, 'fill-extrusion')
  },
  line: readLine,
  circle: readCircle,
  symbol: readSymbol,
  raster: (properties: LayerProperties, _: IconAddress, zoom: number) => [readRaster(properties, zoom)],
  hillshade: (properties: LayerProperties, _: IconAddress, zoom: number) => [readHillshade(properties, zoom)],
  'color-relief': (properties: LayerProperties, _: IconAddress, zoom: number) => [readColorRelief(properties, zoom)],
  heatmap: (properties: LayerProperties, _: IconAddress, zoom: number) => readHeatmap(properties, zoom),
} satisfies Record<string, Draw>)

const blends = { normal: undefined, multiply: 'multiply', screen: 'screen', overlay: 'overlay', 'plus-lighter': 'add' } as const

/** One pass, with a rule for each range of zooms in which nothing changes that our model cannot compute; of heatmaps a pass for each. */
function readPasses(layer: MapLibreLayer, notes: Notes, icon: IconAddress): readonly StylePass[] {
  const draw = drawn[layer.type]
  if (!draw) {
    notes.add(`layers of the type ${JSON.stringify(layer.type)} are not drawn`, layer.id)
    return []
  }
  const filter = filterOf(layer, notes)
  if (filter === 'unread') return []
  const reader = readLayer(layer, notes)
  const steps = perZoom.has(layer.type) ? wholeZooms(layer) : reader.steps
  const ends = [layer.minzoom, ...steps, layer.maxzoom]
  const passes: StylePass[] = []
  const rules: Rule[] = []
  let common: Omit<StylePass, 'rules'> = { name: layer.id }
  for (let i = 0; i + 1 < ends.length; i++) {
    const [from, to] = [ends[i], ends[i + 1]]
    const zoom = ((from ?? 0) + (to ?? 24)) / 2
    const properties = reader.at(zoom)
    if (properties.word('visibility', ['visible', 'none']) === 'none') {
      properties.note('hidden layers are left out')
      continue
    }
    const result = draw(properties, icon, zoom)
    const symbolizers = 'raster' in result ? [result.raster] : result
    common = { name: layer.id, ...wholeOf(layer, properties) }
    if (symbolizers.length === 0) continue
    const rule: Rule = { name: layer.id, ...scalesOfZooms(from, to), ...typed(filter), symbolizers }
    if ('raster' in result) passes.push({ ...common, rules: [rule], transformation: result.transformation })
    else rules.push(rule)
  }
  reader.finish()
  return rules.length > 0 ? [{ ...common, rules: joined(rules) }] : joinedPasses(passes)
}

/** Opacity, mixing and order of a layer as a whole. */
function wholeOf({ type }: MapLibreLayer, properties: LayerProperties): Partial<StylePass> {
  const opacity = type === 'fill' || type === 'line' ? properties.number(`${type}-layer-opacity`, 1) : 1
  if (typeof opacity === 'object') properties.note(`${type}-layer-opacity is left at 1: it is computed`)
  const mode = ['fill', 'line', 'raster'].includes(type)
    ? properties.word(`${type}-layer-blend`, Object.keys(blends) as (keyof typeof blends)[])
    : 'normal'
  const sort = sortOf(type, properties)
  return {
    ...(typeof opacity === 'number' && opacity !== 1 && { opacity }),
    ...(blends[mode] && { blend: blends[mode] }),
    ...(sort && { sort }),
  }
}

function filterOf(layer: MapLibreLayer, notes: Notes): Filter | undefined | 'unread' {
  if (layer.filter === undefined || layer.filter === null) return undefined
  try {
    return readFilter(layer.filter)
  } catch (error) {
    if (!(error instanceof UnreadPart)) throw error
    notes.add(`not drawn, because its filter cannot be read: ${error.message}`, layer.id)
    return 'unread'
  }
}

const types = {
  Point: 'point',
  MultiPoint: 'point',
  LineString: 'line',
  MultiLineString: 'line',
  Polygon: 'polygon',
  MultiPolygon: 'polygon',
} as const

/** Geometry types that a filter asks for beside all else are those of the rule. */
function typed(filter: Filter | undefined): Pick<Rule, 'filter' | 'geometryTypes'> {
  if (!filter) return {}
  const all = filter.kind === 'and' ? filter.all : [filter]
  const asked = all.find(one => one.kind === 'in' && one.operand.kind === 'call' && one.operand.name === 'geometryType')
  if (asked?.kind !== 'in') return { filter }
  const names = asked.values.map(value => (value.kind === 'literal' ? types[value.value as keyof typeof types] : undefined))
  const rest = all.filter(one => one !== asked)
  return {
    geometryTypes: [...new Set(names.filter(name => name !== undefined))],
    ...(rest.length > 0 && { filter: rest.length === 1 ? rest[0] : { kind: 'and', all: rest } }),
  }
}

/** Layers with numbers of which our model has one for the whole map. */
const perZoom = new Set(['heatmap', 'raster', 'hillshade', 'color-relief'])

function wholeZooms({ minzoom = 0, maxzoom = 24, paint }: MapLibreLayer): number[] {
  if (Object.values(paint).every(value => typeof value !== 'object' || !JSON.stringify(value).includes(paintsByZoom(value)))) return []
  return Array.from({ length: 23 }, (_, i) => i + 1).filter(zoom => zoom > minzoom && zoom < maxzoom)
}

const paintsByZoom = (value: unknown) => (Array.isArray(value) ? '["zoom"]' : '"stops"')

/** Neighbouring rules that say the same are one. */
function joined(rules: readonly Rule[]): Rule[] {
  const result: Rule[] = []
  for (const rule of rules) {
    const before = result.at(-1)
    const meets = before && before.minScaleDenominator !== undefined && before.minScaleDenominator === rule.maxScaleDenominator
    if (!meets || JSON.stringify(before.symbolizers) !== JSON.stringify(rule.symbolizers)) result.push(rule)
    else {
      const { minScaleDenominator: _, ...open } = before
      const least = rule.minScaleDenominator
      result[result.length - 1] = { ...open, ...(least !== undefined && { minScaleDenominator: least }) }
    }
  }
  return result
}

function joinedPasses(passes: readonly StylePass[]): StylePass[] {
  const groups: StylePass[] = []
  for (const pass of passes) {
    const before = groups.at(-1)
    if (before && JSON.stringify(before.transformation) === JSON.stringify(pass.transformation))
      groups[groups.length - 1] = { ...before, rules: joined([...before.rules, ...pass.rules]) }
    else groups.push(pass)
  }
  return groups
}
