import { EwkbCursor } from './ewkb-cursor.js'
import type { IntoArray } from './patched-transform.js'

/**
 * Brings the positions of a geometry, WKB or EWKB of either byte order, into another CRS where they lie: x and y are overwritten, Z and M stay. A SRID
 * is left alone, and empty points stay empty. False, and the geometry spoilt, where a position has no image. `alongPaths` moves the vertices of lines and
 * polygons (see `patchedTransform`), `atPoints` points. Throws EwkbError. Hot path.
 */
export function reprojectEwkb(ewkb: Uint8Array, atPoints: IntoArray, alongPaths = atPoints): boolean {
  return reprojectPart(new EwkbCursor(ewkb), atPoints, alongPaths, 0)
}

function reprojectPart(cursor: EwkbCursor, atPoints: IntoArray, alongPaths: IntoArray, depth: number): boolean {
  cursor.header(depth)
  switch (cursor.kind) {
    case 'Point':
      return isEmptyPoint(cursor) || reprojectPath(cursor, atPoints, 1)
    case 'LineString':
    case 'CircularString':
      return reprojectPath(cursor, alongPaths, cursor.count(8 * cursor.stride))
    case 'Polygon':
    case 'Triangle': {
      for (let left = cursor.count(4); left > 0; left--) {
        if (!reprojectPath(cursor, alongPaths, cursor.count(8 * cursor.stride))) return false
      }
      return true
    }
    default: {
      for (let left = cursor.count(9); left > 0; left--) if (!reprojectPart(cursor, atPoints, alongPaths, depth + 1)) return false
      return true
    }
  }
}

const image = new Float64Array(2)

function reprojectPath(cursor: EwkbCursor, into: IntoArray, count: number): boolean {
  const { view, isLittleEndian, stride } = cursor
  cursor.need(8 * stride * count)
  let at = cursor.position
  for (let i = 0; i < count; i++, at += 8 * stride) {
    if (!into(view.getFloat64(at, isLittleEndian), view.getFloat64(at + 8, isLittleEndian), image, 0)) return false
    view.setFloat64(at, image[0], isLittleEndian)
    view.setFloat64(at + 8, image[1], isLittleEndian)
  }
  cursor.position = at
  return true
}

/** Steps over it, if so. */
function isEmptyPoint(cursor: EwkbCursor): boolean {
  const { view, position, isLittleEndian, stride } = cursor
  cursor.need(8 * stride)
  if (!Number.isNaN(view.getFloat64(position, isLittleEndian))) return false
  cursor.position += 8 * stride
  return true
}
