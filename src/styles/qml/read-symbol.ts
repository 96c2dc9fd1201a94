import { entryOf } from '#filters/entry-of.js'
import { attributeOf, childOf, childrenOf, type XmlElement } from '#xml/read.js'
import type { ColorValue } from '../color-value.js'
import type { GeometryChoice, Symbolizer } from '../style.js'
import { times } from '../values.js'
import { dataDefinedOf, valueOfDataDefined } from './data-defined.js'
import { noteEffects } from './effects.js'
import { fillLayers } from './fill-layers.js'
import { lineLayers } from './line-layers.js'
import { markerLayers } from './marker-layers.js'
import { textsOf } from './options.js'
import { qmlColor } from './qml-color.js'
import { openLayer, type SymbolLayer, type SymbolScope } from './symbol-layer.js'

/** What a layer of a symbol draws, and on which level when symbols are drawn level by level. */
export interface Drawn {
  readonly level: number
  readonly symbolizer: Symbolizer
}

/** Symbols within symbols. */
const deepest = 8

/** All that a symbol draws, in drawing order. What is not kept is in the notes. */
export function readSymbol(element: XmlElement, outer: SymbolScope): readonly Drawn[] {
  if (outer.depth > deepest) {
    outer.notes.add(`symbols within symbols deeper than ${deepest} are left out`, outer.place)
    return []
  }
  const note = (message: string) => outer.notes.add(message, outer.place)
  const alpha = Number(attributeOf(element, 'alpha') ?? 1)
  const defined = dataDefinedOf(element, new Map()).find(({ name }) => name === 'alpha')
  const computed = defined && valueOfDataDefined(defined, note)
  const own = times(outer.opacity, computed ? times(computed, 0.01) : Number.isFinite(alpha) ? alpha : 1)
  const symbolColor = firstColor(element)
  const scope: SymbolScope = { ...outer, opacity: own, depth: outer.depth + 1, ...(symbolColor && { symbolColor }) }
  return childrenOf(element, 'layer').flatMap(layer => {
    if (attributeOf(layer, 'enabled') === '0') return []
    const opened = openLayer(layer, scope)
    noteEffects(layer, opened.note)
    const symbolizers = drawnBy(opened)
    if (symbolizers.length > 0) opened.finish()
    const { geometry } = scope
    return symbolizers.map(symbolizer => ({
      level: opened.level,
      symbolizer:
        geometry && symbolizer.kind !== 'raster' ? { ...symbolizer, geometry: { ...geometry, ...symbolizer.geometry } } : symbolizer,
    }))
  })
}

function firstColor(symbol: XmlElement): ColorValue | undefined {
  const layer = childOf(symbol, 'layer')
  const texts = layer && textsOf(layer)
  const text = texts?.get('line_color') ?? texts?.get('color')
  return text === undefined ? undefined : qmlColor(text)
}

const handlers: Readonly<Record<string, (layer: SymbolLayer) => readonly Symbolizer[]>> = Object.assign(
  Object.create(null),
  fillLayers(readWithin),
  lineLayers(readWithin),
  markerLayers(readWithin),
  { GeometryGenerator: generated },
)

function drawnBy(layer: SymbolLayer): readonly Symbolizer[] {
  const handler = handlers[layer.kind]
  if (handler) return handler(layer)
  layer.note('is not drawn')
  return []
}

/** Symbolizers of the symbols of a layer. */
export type ReadWithin = (layer: SymbolLayer, change?: Partial<SymbolScope>) => readonly Symbolizer[]

function readWithin(layer: SymbolLayer, change: Partial<SymbolScope> = {}): readonly Symbolizer[] {
  return layer.subSymbols.flatMap(symbol => readSymbol(symbol, { ...layer.scope, ...change }).map(({ symbolizer }) => symbolizer))
}

const parts: Readonly<Record<string, GeometryChoice['part']>> = {
  centroid: 'centroid',
  point_on_surface: 'interior',
  pole_of_inaccessibility: 'interior',
  boundary: 'boundary',
  exterior_ring: 'boundary',
  start_point: 'start',
  end_point: 'end',
  nodes_to_points: 'vertices',
}

/** Geometries that are a part of the feature's own. */
function generated(layer: SymbolLayer): readonly Symbolizer[] {
  const text = (layer.text('geometryModifier') ?? '').trim()
  layer.text('SymbolType')
  layer.text('units')
  const [, name] = /^(\w+)\s*\(\s*[$@]geometry\s*(?:,\s*[\d.]+\s*)?\)$/i.exec(text) ?? []
  const part = name === undefined ? undefined : entryOf(parts, name.toLowerCase())
  if (part) return readWithin(layer, { geometry: { part } })
  if (/^[$@]geometry$/i.test(text)) return readWithin(layer)
  layer.note(`geometries made by ${text.slice(0, 80)} are not drawn`)
  return []
}
