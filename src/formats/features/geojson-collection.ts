import type { FeatureTable } from '#core/feature-table.js'
import { pieceMemoryBytes, takePieceMemory } from '../piece-memory.js'
import { TextSink } from '../text-sink.js'
import type { CollectionFormat, Link, Page, WriteOptions } from './collection-format.js'
import { putValue } from './geojson.js'
import type { GeoJsonNumbers } from './geojson-geometry.js'
import { putAttribute } from './geojson-members.js'
import { type JsonRows, jsonRows, type TemplatePart } from './json-rows.js'
import { isList } from './list-json.js'
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
  hasObjects: true,
  isStreamed: true,
  write: writeGeoJson,
}

/** Bytes after which a piece is handed on: what the kernel writes at once has room behind them. */
const pieceBytes = pieceMemoryBytes - 160 * 1024

async function* writeGeoJson(table: FeatureTable, options: WriteOptions): AsyncGenerator<Uint8Array, void> {
  const { page } = options
  const sink = new TextSink(takePieceMemory)
  const put = featureWriter(table, options)
  if (!page?.isSingle) putHead(sink, table, options)
  let count = 0
  for await (const batch of table.batches) {
    for (const _ of put(sink, batch, count > 0)) if (sink.length > pieceBytes) yield sink.take()
    count += batch.count
  }
  if (page?.isSingle) {
    sink.ascii(',"links":').text(JSON.stringify([...page.links, ...page.lastLinks()]))
    sink.byte(0x7d)
  } else putFoot(sink, count, page)
  yield sink.take()
}

function putHead(sink: TextSink, { geometry }: FeatureTable, { isFlipped }: WriteOptions): void {
  sink.ascii('{"type":"FeatureCollection"')
  const srs = srsOf(geometry?.crs)
  // a reader of RFC 7946 passes over it; GDAL, OpenLayers and mviewer do what it says, and take coordinates for x,y
  if (srs && !isFlipped && !srs.urn.endsWith(':CRS84'))
    sink.ascii(`,"crs":{"type":"name","properties":{"name":${JSON.stringify(srs.urn)}}}`)
  sink.ascii(',"features":[')
}

function putFoot(sink: TextSink, count: number, page: Page | undefined): void {
  sink.ascii(`],"numberReturned":${count}`)
  if (page) {
    const { numberEstimated, timeStamp } = page
    const numberMatched = page.numberMatched()
    if (numberMatched !== undefined) sink.ascii(`,"numberMatched":${numberMatched}`)
    else if (numberEstimated !== undefined) sink.ascii(`,"numberEstimated":${numberEstimated}`)
    sink.ascii(`,"timeStamp":${JSON.stringify(timeStamp)},"links":`)
    sink.text(JSON.stringify([...page.links, ...page.lastLinks()] satisfies readonly Link[]))
  }
  sink.byte(0x7d)
}

/** Writes features; of a single one all but its closing brace. What is the same for every row is made once. */
function featureWriter({ schema, columns, geometry, hasNumericIds }: FeatureTable, { decimals, isFlipped, page }: WriteOptions): JsonRows {
  const srs = srsOf(geometry?.crs)
  const numbers: GeoJsonNumbers = {
    decimals: decimals ?? srs?.decimals ?? 3,
    tolerance: srs?.tolerance ?? 0.01,
    isFlipped: isFlipped ?? false,
  }
  const parts: TemplatePart[] = []
  const feature = '{"type":"Feature"'
  parts.push({ column: 0, before: `${feature},"id":`, missing: feature, isPlain: hasNumericIds })
  // words for which no value has come yet
  let words = ',"geometry":'
  if (geometry) {
    parts.push({ column: schema.columns.length - 1, before: words, missing: `${words}null` })
    words = ''
  } else words += 'null'
  words += ',"properties":{'
  for (const [i, column] of columns.entries()) {
    words += `${i ? ',' : ''}${JSON.stringify(column.name)}:`
    parts.push({ column: i + 1, before: words, missing: `${words}null`, isAsked: isList(column) })
    words = ''
  }
  return jsonRows(schema.columns, { parts, tail: `${words}}${page?.isSingle ? '' : '}'}` }, numbers, (sink, row, column) => {
    if (column === 0 && row.text(0) !== null) sink.text(hasNumericIds ? row.text(0)! : JSON.stringify(row.text(0)))
    else if (column > 0 && column <= columns.length) putAttribute(sink, columns[column - 1], schema.columns[column], row, column, numbers)
    else putValue(sink, schema.columns[column], row, column, numbers)
  })
}
