import type { Notes } from '../notes.js'
import { StyleError } from '../style-error.js'
import type { MapLibreLayer } from './layer.js'

/** Most characters, values, levels and layers of a style. */
const limits = { characters: 8e6, values: 500_000, depth: 100, layers: 5000 }

/** The layers of a style with the values of those they refer to (`ref`). Throws StyleError. */
export function layersOf(document: unknown, notes: Notes) {
  const style = typeof document === 'string' ? parsed(document) : document
  checkSize(style)
  if (!isRecord(style) || !Array.isArray(style.layers)) throw new StyleError('The style has no list of layers, as a MapLibre style does.')
  if (style.version !== 8) notes.add(`version ${JSON.stringify(style.version)?.slice(0, 20)} is read as 8`)
  if (style.layers.length > limits.layers) throw new StyleError(`The style has more than the ${limits.layers} layers allowed here.`)
  for (const key of ['terrain', 'light', 'sky', 'projection', 'fog', 'imports'])
    if (style[key] !== undefined) notes.add(`${key} is not kept`)
  const byId = new Map<unknown, Record<string, unknown>>()
  for (const layer of style.layers) if (isRecord(layer)) byId.set(layer.id, layer)
  return {
    name: typeof style.name === 'string' ? style.name : undefined,
    sources: isRecord(style.sources) ? style.sources : {},
    layers: style.layers.flatMap((layer, i) => settled(layer, i, byId, notes)),
  }
}

function parsed(text: string): unknown {
  if (text.length > limits.characters) throw new StyleError(`The style has more than the ${limits.characters} characters allowed here.`)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new StyleError(`The style is no JSON: ${(error as Error).message.slice(0, 200)}`)
  }
}

/** Without recursion: the depth is what is in question. An object that holds itself counts as too deep. */
function checkSize(document: unknown): void {
  let values = 0
  let level: unknown[] = [document]
  for (let depth = 0; level.length > 0; depth++) {
    values += level.length
    if (values > limits.values) throw new StyleError(`The style has more than the ${limits.values} values allowed here.`)
    if (depth > limits.depth) throw new StyleError(`The style is nested deeper than the ${limits.depth} levels allowed here.`)
    level = level.flatMap(value => (typeof value === 'object' && value !== null ? Object.values(value) : []))
  }
}

const known = new Set([
  'id',
  'type',
  'source',
  'source-layer',
  'minzoom',
  'maxzoom',
  'filter',
  'layout',
  'paint',
  'ref',
  'metadata',
  'interactive',
])

function settled(layer: unknown, index: number, byId: ReadonlyMap<unknown, Record<string, unknown>>, notes: Notes): MapLibreLayer[] {
  const id = isRecord(layer) && typeof layer.id === 'string' ? layer.id : `layer ${index + 1}`
  const reject = (why: string) => {
    notes.add(why, id)
    return []
  }
  if (!isRecord(layer)) return reject('it is no object and is not drawn')
  for (const key of Object.keys(layer)) if (!known.has(key)) notes.add(`${key} of a layer is not known here`, id)
  const parent = layer.ref === undefined ? layer : byId.get(layer.ref)
  if (!parent) return reject('not drawn, because the layer it refers to is not there')
  if (parent.ref !== undefined) return reject('not drawn, because the layer it refers to refers to another')
  const { type, source, 'source-layer': sourceLayer, minzoom, maxzoom, filter, layout } = parent
  if (typeof type !== 'string') return reject('not drawn, because it has no type')
  const zoom = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined)
  return [
    {
      id,
      type,
      ...(typeof source === 'string' && { source }),
      ...(typeof sourceLayer === 'string' && { 'source-layer': sourceLayer }),
      minzoom: zoom(minzoom),
      maxzoom: zoom(maxzoom),
      filter,
      layout: isRecord(layout) ? layout : {},
      paint: isRecord(layer.paint) ? layer.paint : {},
    },
  ]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
