import type { FeatureColumn, FeatureTable } from '#core/feature-table.js'
import { Problem } from '#core/problem.js'
import { type Bbox, unionBbox } from '#geo/bbox.js'
import type { CollectionFormat, WriteOptions } from '../collection-format.js'
import { isList, listJson } from '../list-json.js'
import { type HeldFeature, type HeldValue, holdFeatures, holdingObstacle, mostHeldFeatures } from './hold-features.js'

/**
 * TopoJSON 1.0 in WGS 84: lines that neighbours share are there once. Made as a whole, so for a bounded number of features. x and y are whole numbers of a
 * grid: of a millimetre, or of as many steps across all as `quantization=` says. No heights, no measures; what lies nowhere has the type null; whole
 * numbers beyond 2^53 are texts.
 */
export const topojson: CollectionFormat = {
  names: ['topojson'],
  title: 'TopoJSON',
  mediaTypes: ['application/topo+json'],
  extension: 'topojson',
  isText: true,
  hasObjects: true,
  isStreamed: false,
  crs: 'EPSG:4326',
  parameters: ['quantization'],
  mostFeatures: mostHeldFeatures,
  obstacle({ geometry, count }, options) {
    quantizationOf(options)
    return geometry ? holdingObstacle(count) : 'it is a topology and these features have no geometry; CSV (f=csv) would work'
  },
  write: writeTopoJson,
}

/** Bytes of a piece. */
const pieceBytes = 128 * 1024
/** Degrees; on the ground 1.1 mm at most, so that no position is moved by more than half of that in each direction. */
const gridStep = 1e-8

async function* writeTopoJson(table: FeatureTable, options: WriteOptions): AsyncGenerator<Uint8Array, void> {
  const asked = quantizationOf(options)
  const held = await holdFeatures(table, 'TopoJSON')
  const columns = new Map(table.columns.map(column => [column.name, column]))
  const features = held.map(feature => ({
    type: 'Feature' as const,
    ...idOf(feature, table),
    geometry: feature.geometry,
    properties: Object.fromEntries(Object.entries(feature.properties).map(([name, value]) => [name, jsonValue(value, columns.get(name))])),
  }))
  const collection = { type: 'FeatureCollection' as const, features }
  const { topology } = await import('topojson-server')
  const text = Buffer.from(JSON.stringify(topology({ [table.id]: collection }, asked ?? stepsAcross(held))))
  for (let start = 0; start < text.length; start += pieceBytes) yield text.subarray(start, start + pieceBytes)
}

/** Steps across all as a request wants them. Throws `invalid-parameter`. */
function quantizationOf({ parameters }: WriteOptions): number | undefined {
  const text = parameters.get('quantization')
  if (!text) return undefined
  const steps = Number(text)
  if (Number.isInteger(steps) && steps >= 2 && steps <= 1e12) return steps
  throw new Problem(
    'invalid-parameter',
    `quantization=${text.slice(0, 40)} is no number of steps across all; a whole one from 2 to 1e12 would work.`,
    { locator: 'quantization' },
  )
}

/** As many as make steps of `gridStep` along the longer side. */
function stepsAcross(held: readonly HeldFeature[]): number {
  let box: Bbox | undefined
  const visit = (coordinates: unknown): void => {
    if (!Array.isArray(coordinates)) return
    const [x, y] = coordinates
    if (typeof x === 'number' && typeof y === 'number') box = unionBbox(box, [x, y, x, y])
    else for (const inner of coordinates) visit(inner)
  }
  const visitGeometry = (geometry: HeldFeature['geometry']): void => {
    if (geometry?.type === 'GeometryCollection') geometry.geometries.forEach(visitGeometry)
    else visit(geometry?.coordinates)
  }
  for (const { geometry } of held) visitGeometry(geometry)
  const size = box ? Math.max(box[2] - box[0], box[3] - box[1]) : 0
  return Math.max(2, Math.ceil(size / gridStep) + 1)
}

function idOf({ id }: HeldFeature, { hasNumericIds }: FeatureTable): { id?: string | number } {
  if (id === null) return {}
  return { id: hasNumericIds && Number.isSafeInteger(Number(id)) ? Number(id) : id }
}

function jsonValue(value: HeldValue, column: FeatureColumn | undefined): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'string' || !column) return value
  if (isList(column)) return JSON.parse(listJson(value, column))
  return column.kind === 'json' ? JSON.parse(value) : value
}
