import type { FeatureTable } from '#core/feature-table.js'
import type { CollectionFormat, WriteOptions } from './collection-format.js'
import { featurePieces, pieceSink } from './feature-pieces.js'
import { geometryIndex, jsonNumbers, propertiesWriter, putGeometry, putId } from './geojson-members.js'

const common = {
  isText: true,
  isStreamed: true,
  hasObjects: true,
  // a sequence has no member that could name another one
  crs: 'EPSG:4326',
} satisfies Partial<CollectionFormat>

/** GeoJSON text sequences (RFC 8142): each feature begins with a record separator and ends with a line feed. Longitude and latitude, WGS 84. */
export const geojsonSequence: CollectionFormat = {
  ...common,
  names: ['geojsonseq', 'geojsons'],
  title: 'GeoJSON text sequence',
  mediaTypes: ['application/geo+json-seq'],
  extension: 'geojsons',
  write: (table, options) => writeLines(table, options, '\x1e'),
}

/** The same without separators: one feature a line. */
export const geojsonLines: CollectionFormat = {
  ...common,
  names: ['geojsonl', 'ndjson', 'jsonl'],
  title: 'GeoJSON, one feature a line',
  mediaTypes: ['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines'],
  extension: 'geojsonl',
  write: (table, options) => writeLines(table, options, ''),
}

async function* writeLines(table: FeatureTable, options: WriteOptions, separator: string): AsyncGenerator<Uint8Array, void> {
  const sink = pieceSink()
  const numbers = jsonNumbers(table, options)
  const putProperties = propertiesWriter(table, numbers)
  const shape = geometryIndex(table)
  yield* featurePieces(sink, table, row => {
    sink.ascii(`${separator}{"type":"Feature"`)
    putId(sink, row, table)
    putGeometry(sink, row, shape, numbers)
    putProperties(sink, row)
    sink.ascii('}\n')
  })
  yield sink.take()
}
