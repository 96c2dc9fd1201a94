import type { FeatureTable } from '#core/feature-table.js'
import type { ColumnKind } from '#rows/batch.js'
import type { RowView } from '#rows/row-view.js'
import { escapeXml } from '#xml/write.js'
import { kmlOpening } from '../map-data/kml.js'
import { putKmlGeometry } from '../map-data/kml-geometry.js'
import type { TextSink } from '../text-sink.js'
import { zipStream } from '../zip-stream.js'
import type { CollectionFormat, WriteOptions } from './collection-format.js'
import { featurePieces, pieceSink } from './feature-pieces.js'
import { geometryIndex } from './geojson-members.js'
import { descriptionColumn, nameColumn } from './naming-columns.js'
import { xmlName } from './xml-name.js'

const common = { isStreamed: true, crs: 'EPSG:4326' } satisfies Partial<CollectionFormat>

/**
 * KML 2.2 (OGC 07-147r2): a placemark for each feature, its attributes as typed data of one schema. Coordinates are longitude, latitude and, where they have
 * one, height. What an empty geometry, a measure or a further geometry says is left out.
 */
export const kml: CollectionFormat = {
  ...common,
  names: ['kml'],
  title: 'KML',
  // the last is the first in an address whose plus sign was not escaped
  mediaTypes: ['application/vnd.google-earth.kml+xml', 'application/vnd.google-earth.kml xml'],
  extension: 'kml',
  isText: true,
  write: table => writeKml(table),
}

/** The same as `doc.kml` in an archive (OGC 07-147r2, annex C). */
export const kmz: CollectionFormat = {
  ...common,
  names: ['kmz'],
  title: 'KMZ',
  mediaTypes: ['application/vnd.google-earth.kmz'],
  extension: 'kmz',
  isText: false,
  write: (table, _: WriteOptions) => zipStream([{ name: 'doc.kml', content: writeKml(table) }]),
}

/** Types of OGC 07-147r2, 9.11; whatever they have no word for, or less room, is a text. */
const types: Partial<Record<ColumnKind, string>> = { integer: 'int', double: 'double', numeric: 'double', boolean: 'bool' }

async function* writeKml(table: FeatureTable): AsyncGenerator<Uint8Array, void> {
  const sink = pieceSink()
  const put = placemarkWriter(table)
  const schema = xmlName(table.id)
  sink.text(`${kmlOpening}<Document><name>${escapeXml(table.title)}</name>\n<Schema id="${schema}" name="${escapeXml(table.id)}">`)
  for (const { name, kind } of table.columns)
    if (kind !== 'geometry') sink.text(`<SimpleField type="${types[kind] ?? 'string'}" name="${escapeXml(name)}"/>`)
  sink.ascii('</Schema>\n')
  yield* featurePieces(sink, table, row => put(sink, row))
  sink.ascii('</Document></kml>\n')
  yield sink.take()
}

function placemarkWriter(table: FeatureTable): (sink: TextSink, row: RowView) => void {
  const { id: collection, columns } = table
  const shape = geometryIndex(table)
  const named = nameColumn(columns)
  const described = descriptionColumn(columns)
  const fields = columns.flatMap(({ name, kind }, i) =>
    kind === 'geometry' ? [] : [{ index: i + 1, opening: `<SimpleData name="${escapeXml(name)}">` }],
  )
  const data = `<ExtendedData><SchemaData schemaUrl="#${xmlName(collection)}">`
  return (sink, row) => {
    const id = row.text(0)
    const name = (named === undefined ? null : row.text(named + 1)) ?? id
    const description = described === undefined ? null : row.text(described + 1)
    sink.text(id === null ? '<Placemark>' : `<Placemark id="${xmlName(`${collection}.${id}`)}">`)
    if (name !== null) sink.text(`<name>${escapeXml(name)}</name>`)
    if (description !== null) sink.text(`<description>${escapeXml(description)}</description>`)
    if (fields.length > 0) {
      sink.text(data)
      for (const { index, opening } of fields) {
        // GDAL takes no other word for true
        const text = row.columns[index].kind === 'boolean' ? digitOf(row.value(index)) : row.text(index)
        if (text !== null) sink.text(opening).text(escapeXml(text)).ascii('</SimpleData>')
      }
      sink.ascii('</SchemaData></ExtendedData>')
    }
    const geometry = shape < 0 ? undefined : row.bytes(shape)
    if (geometry) putKmlGeometry(sink, geometry)
    sink.ascii('</Placemark>\n')
  }
}

const digitOf = (value: unknown) => (value === null ? null : value ? '1' : '0')
