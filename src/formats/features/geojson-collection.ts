import type { FeatureTable } from '#core/feature-table.js'
import { rowView } from '#rows/row-view.js'
import { TextSink } from '../text-sink.js'
import type { CollectionFormat, Link, Page, WriteOptions } from './collection-format.js'
import { putValue } from './geojson.js'
import { type GeoJsonNumbers, putGeoJsonGeometry } from './geojson-geometry.js'
import { srsOf } from './srs.js'

/**
 * GeoJSON (RFC 7946) as OGC API Features writes it (OGC 17-069r4, 7.16): a collection with `numberReturned`, `timeStamp` and links behind its features, or
 * one feature. Coordinates are in the CRS of the table.
 */
export const geojsonCollection: CollectionFormat = {
  names: ['geojson', 'json'],
  title: 'GeoJSON',
  mediaTypes: ['application/geo+json', 'application/json'],
  extension: 'geojson',
  isText: true,
  isDocument: true,
  isStreamed: true,
  write: writeGeoJson,
}

/** Bytes after which a piece is handed on. */
const pieceBytes = 128 * 1024

async function* writeGeoJson(table: FeatureTable, options: WriteOptions): AsyncGenerator<Uint8Array, void> {
  const { page } = options
  const sink = new TextSink(pieceBytes + 16_384)
  const put = featureWriter(table, options)
  if (!page?.isSingle) putHead(sink, table, page)
  let count = 0
  for await (const batch of table.batches) {
    const row = rowView(batch)
    for (let i = 0; i < batch.count; i++) {
      if (count++) sink.byte(0x2c)
      put(sink, row.at(i))
      if (!page?.isSingle) sink.byte(0x7d)
      if (sink.length > pieceBytes) yield sink.take()
    }
  }
  if (page?.isSingle) {
    sink.ascii(',"links":').text(JSON.stringify([...page.links, ...page.lastLinks()]))
    sink.byte(0x7d)
  } else putFoot(sink, count, page)
  yield sink.take()
}

function putHead(sink: TextSink, { geometry }: FeatureTable, page: Page | undefined): void {
  sink.ascii('{"type":"FeatureCollection"')
  const srs = srsOf(geometry?.crs)
  // a reader of RFC 7946 passes over it; GDAL and OpenLayers do what it says
  if (srs && page === undefined && !srs.urn.endsWith(':CRS84'))
    sink.ascii(`,"crs":{"type":"name","properties":{"name":${JSON.stringify(srs.urn)}}}`)
  sink.ascii(',"features":[')
}

function putFoot(sink: TextSink, count: number, page: Page | undefined): void {
  sink.ascii(`],"numberReturned":${count}`)
  if (page) {
    const { numberMatched, numberEstimated, timeStamp } = page
    if (numberMatched !== undefined) sink.ascii(`,"numberMatched":${numberMatched}`)
    if (numberEstimated !== undefined) sink.ascii(`,"numberEstimated":${numberEstimated}`)
    sink.ascii(`,"timeStamp":${JSON.stringify(timeStamp)},"links":`)
    sink.text(JSON.stringify([...page.links, ...page.lastLinks()] satisfies readonly Link[]))
  }
  sink.byte(0x7d)
}

/** Puts all of a feature but its closing brace. What is the same for every row is made once. */
function featureWriter(
  table: FeatureTable,
  { decimals, isFlipped }: WriteOptions,
): (sink: TextSink, row: ReturnType<typeof rowView>) => void {
  const { schema, columns, geometry, hasNumericIds } = table
  const srs = srsOf(geometry?.crs)
  const numbers: GeoJsonNumbers = {
    decimals: decimals ?? srs?.decimals ?? 3,
    tolerance: srs?.tolerance ?? 0.01,
    isFlipped: isFlipped ?? false,
  }
  const shape = geometry ? schema.columns.length - 1 : -1
  const names = columns.map(({ name }, i) => `${i ? ',' : ''}${JSON.stringify(name)}:`)
  return (sink, row) => {
    sink.ascii('{"type":"Feature"')
    const id = row.text(0)
    if (id !== null) sink.ascii(',"id":').text(hasNumericIds ? id : JSON.stringify(id))
    sink.ascii(',"geometry":')
    const bytes = shape < 0 ? undefined : row.bytes(shape)
    if (bytes) putGeoJsonGeometry(sink, bytes, numbers)
    else sink.ascii('null')
    sink.ascii(',"properties":{')
    for (let i = 0; i < names.length; i++) {
      sink.text(names[i])
      putValue(sink, schema.columns[i + 1], row, i + 1, numbers)
    }
    sink.byte(0x7d)
  }
}
