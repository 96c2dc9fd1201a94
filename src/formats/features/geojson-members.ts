import type { FeatureColumn, FeatureTable } from '#core/feature-table.js'
import type { RowColumn } from '#rows/batch.js'
import type { RowView } from '#rows/row-view.js'
import type { TextSink } from '../text-sink.js'
import type { WriteOptions } from './collection-format.js'
import { putValue } from './geojson.js'
import { type GeoJsonNumbers, putGeoJsonGeometry } from './geojson-geometry.js'
import { isList, listJson } from './list-json.js'
import { srsOf } from './srs.js'

/** How the coordinates of a table are written in JSON. */
export function jsonNumbers(
  { geometry }: FeatureTable,
  { decimals, isFlipped }: Pick<WriteOptions, 'decimals' | 'isFlipped'>,
): GeoJsonNumbers {
  const srs = srsOf(geometry?.crs)
  return { decimals: decimals ?? srs?.decimals ?? 3, tolerance: srs?.tolerance ?? 0.01, isFlipped: isFlipped ?? false }
}

/** Puts `,"id":…` of a row that has one: a number where ids are. */
export function putId(sink: TextSink, row: RowView, { hasNumericIds }: Pick<FeatureTable, 'hasNumericIds'>): void {
  const id = row.text(0)
  if (id !== null) sink.ascii(',"id":').text(hasNumericIds ? id : JSON.stringify(id))
}

/** Index of the geometry in the rows of a table; -1 where it has none. */
export function geometryIndex({ schema, geometry }: Pick<FeatureTable, 'schema' | 'geometry'>): number {
  return geometry ? schema.columns.length - 1 : -1
}

/** Puts `,"geometry":…` of a row: null where there is none. */
export function putGeometry(sink: TextSink, row: RowView, index: number, numbers: GeoJsonNumbers): void {
  sink.ascii(',"geometry":')
  const bytes = index < 0 ? undefined : row.bytes(index)
  if (bytes) putGeoJsonGeometry(sink, bytes, numbers)
  else sink.ascii('null')
}

/** Puts what a row has in column `index`, which is told as `column` says: an array as a list, all else as `putValue` does. */
export function putAttribute(
  sink: TextSink,
  column: FeatureColumn,
  stored: RowColumn,
  row: RowView,
  index: number,
  numbers: GeoJsonNumbers,
): void {
  const text = isList(column) ? row.text(index) : null
  if (text === null) putValue(sink, stored, row, index, numbers)
  else sink.text(listJson(text, column))
}

/** Puts `,"properties":{…}` of a row. JSON that is a value takes one line. */
export function propertiesWriter({ schema, columns }: FeatureTable, numbers: GeoJsonNumbers): (sink: TextSink, row: RowView) => void {
  const names = columns.map(({ name }, i) => `${i ? ',' : ''}${JSON.stringify(name)}:`)
  return (sink, row) => {
    sink.ascii(',"properties":{')
    for (let i = 0; i < names.length; i++) {
      const column = schema.columns[i + 1]
      sink.text(names[i])
      // a line break that is not escaped is a space between tokens
      if (column.kind === 'json' && !row.isNull(i + 1)) sink.text(String(row.value(i + 1)).replace(/[\r\n]+/g, ' '))
      else putAttribute(sink, columns[i], column, row, i + 1, numbers)
    }
    sink.byte(0x7d)
  }
}
