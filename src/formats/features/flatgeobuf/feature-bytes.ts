import type { FeatureTable } from '#core/feature-table.js'
import { EwkbCursor } from '#geo/ewkb-cursor.js'
import type { RowView } from '#rows/row-view.js'
import type { LittleSink } from '../little-sink.js'
import { geometryWriter } from './geometry-bytes.js'
import { columnType, propertyWriter } from './property-bytes.js'

/**
 * A function that appends one feature as FlatGeobuf has it, its size before it: a flatbuffer written from front to back, so that nothing is made
 * per feature and coordinates are copied as they lie. Aligned to 8 bytes, like everything before it. Throws `EwkbError`, `ValueError`, Problems.
 */
export function featureWriter(table: Pick<FeatureTable, 'schema' | 'columns' | 'geometry'>): (sink: LittleSink, row: RowView) => void {
  const { schema, columns, geometry } = table
  const shape = geometry ? schema.columns.length - 1 : -1
  const putGeometry = geometry && geometryWriter(geometry)
  const properties = columns.map((column, i) => {
    const stored = schema.columns[i + 1]
    return propertyWriter(stored, columnType(column, stored.oid), i)
  })
  return (sink, row) => {
    const start = sink.at
    const ewkb = shape < 0 ? undefined : row.bytes(shape)
    sink.zeros(8) // size, root
    // vtable of Feature: geometry, properties
    sink.u16(8)
    sink.u16(12)
    sink.u16(ewkb ? 4 : 0)
    sink.u16(8)
    const table = sink.at
    sink.view.setUint32(start + 4, table - start - 4, true)
    sink.u32(8) // back to the vtable
    sink.zeros(8)
    if (ewkb && putGeometry) {
      const at = putGeometry(sink, new EwkbCursor(ewkb), row)
      if (at !== undefined) sink.view.setUint32(table + 4, at - table - 4, true)
      else sink.view.setUint16(start + 12, 0, true)
    }
    sink.align(4)
    const vector = sink.at
    sink.view.setUint32(table + 8, vector - table - 8, true)
    sink.u32(0)
    for (let i = 0; i < properties.length; i++) if (!row.isNull(i + 1)) properties[i](sink, row)
    sink.view.setUint32(vector, sink.at - vector - 4, true)
    sink.align(8)
    sink.view.setUint32(start, sink.at - start - 4, true)
  }
}
