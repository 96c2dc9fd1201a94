import { EwkbCursor, leastPartBytes, leastRingBytes } from '#geo/ewkb-cursor.js'
import { linearise } from '#geo/linearise.js'
import type { LittleSink } from './little-sink.js'

/**
 * Appends a geometry as little-endian ISO WKB (OGC 06-103r4, 8.2): type codes in thousands instead of flags, no SRID; without measures, on demand. Throws
 * `EwkbError`. Hot.
 */
export function putIsoWkb(sink: LittleSink, ewkb: Uint8Array, isWithoutM = false): void {
  // plain x,y in little endian is ISO already
  if (ewkb.length > 5 && ewkb[0] === 1 && ewkb[4] === 0 && ewkb[3] === 0) sink.copy(ewkb)
  else putGeometry(sink, new EwkbCursor(ewkb), 0, isWithoutM)
}

function putGeometry(sink: LittleSink, cursor: EwkbCursor, depth: number, isWithoutM: boolean): void {
  cursor.header(depth)
  sink.u8(1)
  sink.u32(cursor.code + (cursor.hasZ ? 1000 : 0) + (cursor.hasM && !isWithoutM ? 2000 : 0))
  const size = 8 * cursor.stride
  switch (cursor.kind) {
    case 'Point':
      putPositions(sink, cursor, 1, isWithoutM)
      break
    case 'LineString':
    case 'CircularString':
      putPositions(sink, cursor, putCount(sink, cursor, size), isWithoutM)
      break
    case 'Polygon':
    case 'Triangle':
      for (let left = putCount(sink, cursor, leastRingBytes); left > 0; left--)
        putPositions(sink, cursor, putCount(sink, cursor, size), isWithoutM)
      break
    default:
      for (let left = putCount(sink, cursor, leastPartBytes); left > 0; left--) putGeometry(sink, cursor, depth + 1, isWithoutM)
  }
}

function putCount(sink: LittleSink, cursor: EwkbCursor, leastBytes: number): number {
  const count = cursor.count(leastBytes)
  sink.u32(count)
  return count
}

function putPositions(sink: LittleSink, cursor: EwkbCursor, count: number, isWithoutM: boolean): void {
  const { bytes, view, position, stride, isLittleEndian } = cursor
  const end = position + 8 * stride * count
  cursor.need(end - position)
  if (cursor.hasM && isWithoutM) {
    const kept = stride - 1
    for (let at = position; at < end; at += 8 * stride) for (let k = 0; k < kept; k++) sink.f64(view.getFloat64(at + 8 * k, isLittleEndian))
  } else if (isLittleEndian) sink.copy(bytes, position, end)
  else for (let at = position; at < end; at += 8) sink.f64(view.getFloat64(at, false))
  cursor.position = end
}

/** Which WKB codes a format knows: 1 to `most`. */
export type MostCode = 7 | 12

/**
 * The geometry made of kinds whose WKB code is at most `most` (7: the simple ones; 12: curves, too), itself where it is so: TIN and polyhedral surfaces
 * become multipolygons, triangles polygons, and beyond 7 curves lines within `tolerance`. Throws `EwkbError`.
 */
export function knownKinds(ewkb: Uint8Array, most: MostCode, tolerance: number): Uint8Array {
  const cursor = new EwkbCursor(ewkb)
  cursor.header(0)
  if (cursor.code < 7 || (cursor.code !== 7 && cursor.code <= most)) return ewkb
  return cursor.code === 7 && !holdsOther(cursor, most, 0) ? ewkb : linearise(ewkb, tolerance)
}

/** Of a collection whose header was just read. */
function holdsOther(cursor: EwkbCursor, most: number, depth: number): boolean {
  const skip = (positions: number) => {
    cursor.position += 8 * cursor.stride * positions
  }
  const count = () => cursor.count(8 * cursor.stride)
  let found = false
  for (let left = cursor.count(leastPartBytes); left > 0; left--) {
    cursor.header(depth + 1)
    if (cursor.code > most) return true
    switch (cursor.kind) {
      case 'Point':
        skip(1)
        break
      case 'LineString':
      case 'CircularString':
        skip(count())
        break
      case 'Polygon':
        for (let rings = cursor.count(leastRingBytes); rings > 0; rings--) skip(count())
        break
      default:
        found ||= holdsOther(cursor, most, depth + 1)
    }
    if (found) return true
  }
  return false
}
