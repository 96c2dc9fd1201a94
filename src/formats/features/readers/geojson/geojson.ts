import type { FeatureFile, FeatureLayer, LayerColumn, LayerGeometry, LayerRows, LayerValue } from '#core/ports.js'
import type { ColumnKind } from '#rows/batch.js'
import { columnNames, freeName, printable } from '../column-names.js'
import { guessCrs } from '../crs/crs-guess.js'
import { geometryIntake } from '../geometry/geometry-intake.js'
import { declaredDimensions, declaredType, profileNotes } from '../geometry/geometry-profile.js'
import { leftOutCounter } from '../left-out.js'
import { batchBytes, batchRows, brokenFile, type FeatureReader, type OpenOptions, type PlainFile } from '../reader.js'
import { kindOrText } from './column-guess.js'
import { geojsonFeatures } from './geojson-features.js'
import { GeometryFault, geojsonEncoder } from './geojson-geometry.js'
import { emptyScan, type GeojsonScan, scanFeature } from './geojson-scan.js'

/** RFC 7946, its sequences (RFC 8142 and one object per line), and the `crs` member of GeoJSON 2008. Read twice: columns first, then rows. */
export const geojson = {
  name: 'GeoJSON',
  extensions: ['.geojson', '.json', '.geojsonl', '.geojsons', '.ndjson', '.jsonl', '.geojsonseq'],
  open: openGeojson,
} satisfies FeatureReader

async function openGeojson(file: PlainFile, { signal, onScan }: OpenOptions): Promise<FeatureFile> {
  if (file.bytes === 0) throw brokenFile(file.label, 'is empty.')
  const scan = emptyScan()
  let isAnything = false
  for await (const { features, places, collections, latinCount, share } of geojsonFeatures(file, signal)) {
    for (const [i, feature] of features.entries()) atFeature(file.label, scan.count + 1, places[i], () => scanFeature(scan, feature))
    for (const collection of collections) scan.crsName ??= crsNameOf(collection)
    scan.latinCount += latinCount
    onScan?.(share)
    isAnything ||= features.length > 0 || collections.length > 0
  }
  if (!isAnything) throw brokenFile(file.label, 'holds no JSON object.')
  return { layers: [describeLayer(file, scan)], close: async () => {} }
}

/** A fault of a feature gets its place: ordinal and byte. */
function atFeature<T>(label: string, ordinal: number, byte: number, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof GeometryFault) throw brokenFile(label, `feature ${ordinal} at byte ${byte + 1}: ${error.message}.`)
    throw error
  }
}

/** GeoJSON 2008, 3.1: `{ "type": "name", "properties": { "name": … } }`; old programs write `{ "type": "EPSG", "properties": { "code": … } }`. */
function crsNameOf({ crs }: Readonly<Record<string, unknown>>): string | undefined {
  const properties = (crs as { properties?: { name?: unknown; code?: unknown } } | null | undefined)?.properties
  if (typeof properties?.name === 'string') return properties.name
  return properties?.code === undefined ? undefined : `EPSG:${properties.code}`
}

/** x,y order whatever the form of the name says: that is how every program writes GeoJSON. */
function crsCode(name: string): string | undefined {
  if (/CRS:?84h?$/i.test(name)) return 'EPSG:4326'
  const match = /^(?:urn:(?:x-)?ogc:def:crs:)?(EPSG|IGNF|ESRI)(?:[:/][\d.]*)?[:/]([A-Z0-9]+)$/i.exec(
    name.replace(/^https?:\/\/www\.opengis\.net\/def\/crs\//i, ''),
  )
  return match ? `${match[1].toUpperCase()}:${match[2].toUpperCase()}` : undefined
}

function describeLayer(file: PlainFile, scan: GeojsonScan): FeatureLayer {
  const hasId = scan.id.seen > 0 && !scan.columns.has('id')
  const raw = [...(hasId ? ['id'] : []), ...scan.columns.keys()]
  const named = columnNames(raw)
  const notes = [...named.notes, ...profileNotes(scan.geometry)]
  if (scan.latinCount > 0) notes.push(`Not UTF-8, as GeoJSON must be: ${scan.latinCount} features were read as Windows-1252.`)
  const kinds: ColumnKind[] = [...(hasId ? [kindOrText(scan.id.kind)] : []), ...[...scan.columns.values()].map(kindOrText)]
  const columns = named.names.map((name, i) => ({ name, kind: kinds[i] }))
  const crs = layerCrs(scan, notes)
  const geometry: LayerGeometry | undefined =
    scan.geometry.count > 0 || scan.count === 0
      ? {
          name: freeName('geom', named.names),
          type: declaredType(scan.geometry),
          dimensions: declaredDimensions(scan.geometry),
          ...(crs ? { crs } : {}),
        }
      : undefined
  const isKey = hasId && scan.id.isUnique && scan.id.seen === scan.count
  return {
    name: file.stem,
    columns,
    ...(geometry ? { geometry } : {}),
    ...(isKey ? { key: columns[0].name } : {}),
    count: scan.count,
    notes,
    read: signal => readRows(file, { columns, sources: raw, hasId, geometry, notes, signal }),
  }
}

function layerCrs(scan: GeojsonScan, notes: string[]): string | undefined {
  const named = scan.crsName === undefined ? undefined : crsCode(scan.crsName)
  if (named) return named
  if (scan.crsName !== undefined) notes.push(`The coordinate reference system “${printable(scan.crsName)}” is not known.`)
  if (!scan.bbox) return 'EPSG:4326'
  const guess = guessCrs(scan.bbox)
  // RFC 7946, 4: without a crs member it is WGS 84, so that degrees are no guess
  if (guess && guess.crs !== 'EPSG:4326') notes.push(guess.note)
  if (!guess) notes.push('The coordinates are not degrees, as GeoJSON without “crs” must be; --crs names their system.')
  return guess?.crs
}

interface Reading {
  readonly columns: readonly LayerColumn[]
  /** Names of the properties, by column. */
  readonly sources: readonly string[]
  readonly hasId: boolean
  readonly geometry: LayerGeometry | undefined
  readonly notes: string[]
  readonly signal: AbortSignal | undefined
}

async function* readRows(file: PlainFile, { columns, sources, hasId, geometry, notes, signal }: Reading): AsyncGenerator<LayerRows> {
  const leaveOut = leftOutCounter(notes)
  const take = geometry && geometryIntake(file.label, geometry, leaveOut)
  const encode = geojsonEncoder(geometry?.dimensions === 'xyz')
  const write = columns.map(column => valueWriter(column.kind))
  const values = sources.map(source => (source in Object.prototype ? ownProperty(source) : plainProperty(source)))
  let ordinal = 0
  let bytes = 0
  let rows: LayerValue[][] = []
  for await (const { features, places, share } of geojsonFeatures(file, signal)) {
    for (const [i, feature] of features.entries()) {
      ordinal++
      const place = () => `feature ${ordinal}`
      const properties = (feature.properties ?? {}) as Readonly<Record<string, unknown>>
      const row: LayerValue[] = []
      for (let c = 0; c < columns.length; c++) row.push(write[c](hasId && c === 0 ? feature.id : values[c](properties)))
      if (take) {
        const wkb = feature.geometry ? atFeature(file.label, ordinal, places[i], () => encode(feature.geometry)) : null
        row.push(wkb && take(wkb, place))
        bytes += wkb?.length ?? 0
      }
      rows.push(row)
      if (rows.length < batchRows && bytes < batchBytes) continue
      yield { rows, progress: share }
      rows = []
      bytes = 0
    }
  }
  if (rows.length > 0) yield { rows, progress: 1 }
}

type Properties = Readonly<Record<string, unknown>>
const plainProperty = (name: string) => (properties: Properties) => properties[name]
/** For names that every object inherits, like “constructor”. */
const ownProperty = (name: string) => (properties: Properties) => (Object.hasOwn(properties, name) ? properties[name] : undefined)

function valueWriter(kind: ColumnKind): (value: unknown) => LayerValue {
  return value => {
    if (value === undefined || value === null) return null
    if (kind === 'json' || typeof value === 'object') return jsonText(value)
    if (kind === 'text') return withoutNul(String(value))
    return value as LayerValue
  }
}

function jsonText(value: unknown): string {
  const text = JSON.stringify(value)
  // what JSON.stringify escapes so: zero, and halves of surrogate pairs; the database's JSON takes neither
  return text.replace(/(?<=(?:^|[^\\])(?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g, '\ufffd')
}

/** PostgreSQL's texts cannot hold the character 0. */
const withoutNul = (text: string) => (text.includes('\0') ? text.replaceAll('\0', '') : text)
