import { arcThrough, visitExtremes } from './arc.js'
import type { Bbox } from './bbox.js'
import { EwkbCursor, leastPartBytes, leastRingBytes } from './ewkb-cursor.js'
import type { Dimensions, GeometryKind } from './geometry.js'

/** Kind and dimensions, from the header alone. Throws `EwkbError`. */
export function ewkbType(bytes: Uint8Array): { readonly kind: GeometryKind; readonly dimensions: Dimensions } {
  const cursor = new EwkbCursor(bytes)
  cursor.header(0)
  return { kind: cursor.kind, dimensions: cursor.dimensions }
}

/** The SRID written in the header; 0 when there is none. Throws `EwkbError`. */
export function ewkbSrid(bytes: Uint8Array): number {
  const cursor = new EwkbCursor(bytes)
  cursor.header(0)
  return cursor.srid ?? 0
}

/** The box of a geometry, arcs included, without decoding it; undefined when it has no finite position. Throws `EwkbError`. */
export function ewkbBbox(bytes: Uint8Array): Bbox | undefined {
  const box = new Box()
  scan(new EwkbCursor(bytes), box, 0)
  return box.minX <= box.maxX ? [box.minX, box.minY, box.maxX, box.maxY] : undefined
}

class Box {
  minX = Number.POSITIVE_INFINITY
  minY = Number.POSITIVE_INFINITY
  maxX = Number.NEGATIVE_INFINITY
  maxY = Number.NEGATIVE_INFINITY

  add(x: number, y: number): void {
    if (x - x !== 0 || y - y !== 0) return // NaN or infinite
    if (x < this.minX) this.minX = x
    if (x > this.maxX) this.maxX = x
    if (y < this.minY) this.minY = y
    if (y > this.maxY) this.maxY = y
  }
}

function scan(cursor: EwkbCursor, box: Box, depth: number): void {
  cursor.header(depth)
  const size = 8 * cursor.stride
  switch (cursor.kind) {
    case 'Point':
      scanPath(cursor, box, 1)
      break
    case 'LineString':
      scanPath(cursor, box, cursor.count(size))
      break
    case 'CircularString':
      scanArcs(cursor, box, cursor.count(size))
      break
    case 'Polygon':
    case 'Triangle':
      for (let left = cursor.count(leastRingBytes); left > 0; left--) scanPath(cursor, box, cursor.count(size))
      break
    default:
      for (let left = cursor.count(leastPartBytes); left > 0; left--) scan(cursor, box, depth + 1)
  }
}

function scanPath(cursor: EwkbCursor, box: Box, count: number): void {
  const { view, isLittleEndian } = cursor
  const size = 8 * cursor.stride
  cursor.need(count * size)
  const end = cursor.position + count * size
  for (let at = cursor.position; at < end; at += size) box.add(view.getFloat64(at, isLittleEndian), view.getFloat64(at + 8, isLittleEndian))
  cursor.position = end
}

function scanArcs(cursor: EwkbCursor, box: Box, count: number): void {
  const { view, isLittleEndian, position } = cursor
  const size = 8 * cursor.stride
  scanPath(cursor, box, count)
  const x = (i: number) => view.getFloat64(position + i * size, isLittleEndian)
  const y = (i: number) => view.getFloat64(position + i * size + 8, isLittleEndian)
  for (let i = 0; i + 2 < count; i += 2) {
    const arc = arcThrough(x(i), y(i), x(i + 1), y(i + 1), x(i + 2), y(i + 2))
    if (arc) visitExtremes(arc, (ex, ey) => box.add(ex, ey))
  }
}
