import type { RasterSample } from '#core/encoders.js'
import type { RowColumn } from '#rows/batch.js'
import type { RowView } from '#rows/row-view.js'
import { TextSink } from '../text-sink.js'
import type { FeatureFormat } from './feature-format.js'
import { type FeatureRow, type FoundFeatures, featureId, featureRows, isSample, sampleFields } from './feature-rows.js'
import { type GeoJsonNumbers, putGeoJsonGeometry } from './geojson-geometry.js'
import { type Srs, srsOf } from './srs.js'

/** A GeoJSON feature collection, coordinates x,y in the CRS of the set; a `crs` member (GeoJSON 2008, 3) names it where it is not CRS84. */
export const geojson: FeatureFormat = {
  name: 'GeoJSON',
  mediaTypes: ['application/json', 'application/geo+json'],
  encode(sets) {
    const sink = new TextSink()
    const codes = new Set(sets.flatMap(set => (isSample(set) || !set.crs ? [] : [set.crs])))
    const common = codes.size === 1 ? srsOf([...codes][0]) : undefined
    beginFeatures(sink, common)
    let count = 0
    for (const set of sets) count += isSample(set) ? putSample(sink, set, count) : putFeatures(sink, set, count, !common)
    endFeatures(sink, count)
    return sink.take()
  },
}

/** All of a collection before its features. `srs`: of all of them, where they have one in common. */
export function beginFeatures(sink: TextSink, srs: Srs | undefined): void {
  sink.ascii('{"type":"FeatureCollection"')
  if (srs) putCrs(sink, srs)
  sink.ascii(',"features":[')
}

/** All of a collection behind its features. */
export function endFeatures(sink: TextSink, count: number): void {
  sink.ascii(`],"numberReturned":${count}}`)
}

/** Appends features to a collection that has `before` of them; returns how many. */
export function putFeatures(sink: TextSink, set: FoundFeatures, before: number, namesCrs: boolean): number {
  const srs = srsOf(set.crs)
  const numbers = srs ?? { decimals: 3, tolerance: 0.01 }
  let count = 0
  for (const feature of featureRows(set)) {
    if (before + count++) sink.byte(0x2c)
    putFeature(sink, featureId(set, feature.id), feature, numbers)
    if (namesCrs && srs) putCrs(sink, srs)
    sink.byte(0x7d)
  }
  return count
}

/** All of a feature but its closing brace. */
function putFeature(
  sink: TextSink,
  id: string | undefined,
  { row, geometry, properties, columns }: FeatureRow,
  numbers: GeoJsonNumbers,
): void {
  sink.ascii('{"type":"Feature"')
  if (id !== undefined) sink.ascii(',"id":').text(JSON.stringify(id))
  sink.ascii(',"geometry":')
  const shape = geometry < 0 ? undefined : row.bytes(geometry)
  if (shape) putGeoJsonGeometry(sink, shape, numbers)
  else sink.ascii('null')
  sink.ascii(',"properties":')
  putProperties(sink, { row, properties, columns }, numbers)
}

/** The attributes of a feature as an object. */
export function putProperties(
  sink: TextSink,
  { row, properties, columns }: Pick<FeatureRow, 'row' | 'properties' | 'columns'>,
  numbers: GeoJsonNumbers,
): void {
  sink.byte(0x7b)
  for (const [i, index] of properties.entries()) {
    if (i) sink.byte(0x2c)
    sink.text(`${JSON.stringify(columns[index].name)}:`)
    putValue(sink, columns[index], row, index, numbers)
  }
  sink.byte(0x7d)
}

/** A value as JSON: numbers with every digit they have, JSON as it is, further geometries as GeoJSON, bytes in base 64, the rest as text. */
export function putValue(sink: TextSink, { kind }: RowColumn, row: RowView, index: number, numbers: GeoJsonNumbers): void {
  const value = row.value(index)
  if (value === null) sink.ascii('null')
  else if (kind === 'json') sink.text(String(value))
  else if (kind === 'geometry' && value instanceof Uint8Array) putGeoJsonGeometry(sink, value, numbers)
  else if (typeof value === 'number') sink.ascii(Number.isFinite(value) ? String(value) : 'null')
  else if (typeof value === 'bigint' || typeof value === 'boolean') sink.ascii(String(value))
  else if (kind === 'numeric') sink.ascii(/^[-\d.]+$/.test(String(value)) ? String(value) : 'null')
  else sink.text(JSON.stringify(row.text(index)))
}

function putSample(sink: TextSink, sample: RasterSample, before: number): number {
  const { collection, values } = sample
  if (values.length === 0) return 0
  if (before) sink.byte(0x2c)
  sink.text(`{"type":"Feature","id":${JSON.stringify(collection.id)},"geometry":null,"properties":`)
  sink.text(`${JSON.stringify(Object.fromEntries(sampleFields(sample).map(({ name, value }) => [name, value])))}}`)
  return 1
}

function putCrs(sink: TextSink, { urn }: Srs): void {
  if (!urn.endsWith(':CRS84')) sink.ascii(`,"crs":{"type":"name","properties":{"name":${JSON.stringify(urn)}}}`)
}
