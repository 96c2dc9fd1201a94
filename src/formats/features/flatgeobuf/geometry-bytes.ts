import type { FeatureGeometry } from '#core/feature-table.js'
import { Problem } from '#core/problem.js'
import { type EwkbCursor, leastPartBytes, leastRingBytes } from '#geo/ewkb-cursor.js'
import { geometryCodes } from '#geo/geometry.js'
import type { RowView } from '#rows/row-view.js'
import type { LittleSink } from '../little-sink.js'

/** Slots of the table `Geometry` in FlatGeobuf's schema (t and tm, 4 and 5, are not used). */
const [ends, xy, z, m, type, parts] = [0, 1, 2, 3, 6, 7]

/** FlatGeobuf's code of a declared type, which is WKB's; 0: each feature says its own. */
export function geometryCode(declared: string): number {
  return Object.entries(geometryCodes).find(([kind]) => kind.toUpperCase() === declared.toUpperCase())?.[1] ?? 0
}

/**
 * A function that appends the geometry whose EWKB the cursor stands before, as the table `Geometry`, and returns where that begins. Every kind of
 * PostGIS has its like, curves included. Empty points, triangles and TIN have none that GDAL could read: undefined, and nothing is appended; within
 * collections they are empty collections. Hot.
 */
export function geometryWriter(geometry: FeatureGeometry): (sink: LittleSink, cursor: EwkbCursor, row: RowView) => number | undefined {
  const code = geometryCode(geometry.type)
  const hasZ = geometry.dimensions.includes('z')
  const hasM = geometry.dimensions.includes('m')

  const put = (sink: LittleSink, cursor: EwkbCursor, depth: number): number => {
    // slots of what follows, those for z and m where the file has them
    const ordinates = (1 << xy) | (hasZ ? 1 << z : 0) | (hasM ? 1 << m : 0)
    const own = depth > 0 || code === 0 ? 1 << type : 0
    if (depth > 0 && isUnsayable(cursor)) {
      skipUnsayable(cursor)
      const table = putTable(sink, (1 << parts) | own, geometryCodes.GeometryCollection)
      sink.align(4)
      refer(sink, table, parts)
      sink.u32(0)
      return table
    }
    switch (cursor.kind) {
      case 'Point': {
        const table = putTable(sink, ordinates | own, cursor.code)
        putOrdinates(sink, table, [cursor.position], [1], cursor)
        cursor.position += 8 * cursor.stride
        return table
      }
      case 'LineString':
      case 'CircularString': {
        const count = cursor.count(8 * cursor.stride)
        const table = putTable(sink, ordinates | own, cursor.code)
        putOrdinates(sink, table, [cursor.position], [count], cursor)
        cursor.position += count * 8 * cursor.stride
        return table
      }
      case 'Polygon':
      case 'Triangle':
        return putRuns(sink, cursor, ordinates | own, cursor.count(leastRingBytes), false)
      case 'MultiPoint':
      case 'MultiLineString':
      // triangles one after the other, as GDAL has them
      case 'Tin':
        return putRuns(sink, cursor, ordinates | own, cursor.count(leastPartBytes), true)
      default: {
        const { code: wholeCode } = cursor
        const count = cursor.count(leastPartBytes)
        const table = putTable(sink, (1 << parts) | own, wholeCode)
        sink.align(4)
        refer(sink, table, parts)
        const vector = sink.at + 4
        sink.u32(count)
        sink.zeros(4 * count)
        for (let i = 0; i < count; i++) {
          cursor.header(depth + 1)
          const at = put(sink, cursor, depth + 1)
          sink.view.setUint32(vector + 4 * i, at - vector - 4 * i, true)
        }
        return table
      }
    }
  }

  /** Rings, or points and lines with heads of their own: their positions one after the other, and where each ends. */
  const putRuns = (sink: LittleSink, cursor: EwkbCursor, slots: number, count: number, areParts: boolean): number => {
    const { code: wholeCode } = cursor
    const starts: number[] = []
    const counts: number[] = []
    let isPoints = false
    for (let i = 0; i < count; i++) {
      if (areParts) cursor.header(1)
      isPoints = cursor.kind === 'Point'
      if (areParts && cursor.kind === 'Triangle' && cursor.count(leastRingBytes) === 0) continue
      const length = isPoints ? (Number.isNaN(firstOrdinate(cursor)) ? 0 : 1) : cursor.count(8 * cursor.stride)
      starts.push(cursor.position)
      counts.push(length)
      cursor.position += 8 * cursor.stride * (isPoints ? 1 : length)
    }
    // GDAL wants them of every multilinestring
    const hasEnds = counts.length > 1 ? !isPoints : wholeCode === geometryCodes.MultiLineString
    const table = putTable(sink, slots | (hasEnds ? 1 << ends : 0), wholeCode)
    if (hasEnds) {
      sink.align(4)
      refer(sink, table, ends)
      sink.u32(counts.length)
      let end = 0
      for (const length of counts) {
        end += length
        sink.u32(end)
      }
    }
    putOrdinates(sink, table, starts, counts, cursor)
    return table
  }

  const putOrdinates = (
    sink: LittleSink,
    table: number,
    starts: readonly number[],
    counts: readonly number[],
    cursor: EwkbCursor,
  ): void => {
    const { bytes, view, stride, isLittleEndian } = cursor
    const total = counts.reduce((sum, count) => sum + count, 0)
    vector(sink, table, xy, 2 * total)
    for (let run = 0; run < starts.length; run++) {
      const start = starts[run]
      const end = start + 8 * stride * counts[run]
      if (stride === 2 && isLittleEndian) sink.copy(bytes, start, end)
      else
        for (let at = start; at < end; at += 8 * stride) {
          sink.f64(view.getFloat64(at, isLittleEndian))
          sink.f64(view.getFloat64(at + 8, isLittleEndian))
        }
    }
    const putOther = (slot: number, offset: number) => {
      vector(sink, table, slot, total)
      for (let run = 0; run < starts.length; run++)
        for (let i = 0; i < counts[run]; i++)
          sink.f64(offset < 0 ? Number.NaN : view.getFloat64(starts[run] + 8 * (i * stride + offset), isLittleEndian))
    }
    if (hasZ) putOther(z, cursor.hasZ ? 2 : -1)
    if (hasM) putOther(m, cursor.hasM ? (cursor.hasZ ? 3 : 2) : -1)
  }

  return (sink, cursor, row) => {
    cursor.header(0)
    if (code !== 0 && cursor.code !== code)
      throw new Problem(
        'invalid-data',
        `The geometry of feature ${row.text(0)} is a ${cursor.kind}, and its column is declared ${geometry.type}.`,
      )
    return isUnsayable(cursor) ? undefined : put(sink, cursor, 0)
  }
}

/** Of the geometry whose header was read. */
function isUnsayable(cursor: EwkbCursor): boolean {
  if (cursor.kind === 'Point') return Number.isNaN(firstOrdinate(cursor))
  if (cursor.kind !== 'Triangle' && cursor.kind !== 'Tin') return false
  cursor.need(4)
  return cursor.view.getUint32(cursor.position, cursor.isLittleEndian) === 0
}

function skipUnsayable(cursor: EwkbCursor): void {
  cursor.position += cursor.kind === 'Point' ? 8 * cursor.stride : 4
}

/** NaN: an empty point. */
function firstOrdinate(cursor: EwkbCursor): number {
  cursor.need(8 * cursor.stride)
  return cursor.view.getFloat64(cursor.position, cursor.isLittleEndian)
}

/** Appends a vtable and a table with the slots of the set bits, all zero but the type; returns where the table begins. */
function putTable(sink: LittleSink, slots: number, code: number): number {
  const length = 32 - Math.clz32(slots)
  sink.align(4)
  if (length & 1) sink.u16(0)
  const vtable = sink.at
  sink.zeros(4 + 2 * length)
  const table = sink.at
  sink.u32(table - vtable)
  for (let slot = 0; slot < length; slot++) {
    if (!(slots & (1 << slot))) continue
    sink.view.setUint16(vtable + 4 + 2 * slot, sink.at - table, true)
    sink.u32(slot === type ? code : 0)
  }
  sink.view.setUint16(vtable, 4 + 2 * length, true)
  sink.view.setUint16(vtable + 2, sink.at - table, true)
  return table
}

/** Says in the table that what belongs to the slot begins here. */
function refer(sink: LittleSink, table: number, slot: number): void {
  const vtable = table - sink.view.getUint32(table, true)
  const at = table + sink.view.getUint16(vtable + 4 + 2 * slot, true)
  sink.view.setUint32(at, sink.at - at, true)
}

/** Begins a vector of doubles. */
function vector(sink: LittleSink, table: number, slot: number, count: number): void {
  sink.room(8 * count + 16)
  while ((sink.at + 4) & 7) sink.u8(0)
  refer(sink, table, slot)
  sink.u32(count)
}
