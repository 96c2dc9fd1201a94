import { EwkbCursor } from '#geo/ewkb-cursor.js'
import type { GeometryKind } from '#geo/geometry.js'
import type { TextSink } from '../text-sink.js'

const [comma, open, close, space] = [0x2c, 0x28, 0x29, 0x20]

/** Heights are metres, whatever x and y are: millimetres. */
export const decimalsOfHeight = 3

/** What a part of each kind is when nothing is said before its bracket (ISO 19125-1; ISO/IEC 13249-3 for curves). */
const plainParts: Partial<Record<GeometryKind, GeometryKind>> = {
  MultiPoint: 'Point',
  MultiLineString: 'LineString',
  MultiPolygon: 'Polygon',
  CompoundCurve: 'LineString',
  CurvePolygon: 'LineString',
  MultiCurve: 'LineString',
  MultiSurface: 'Polygon',
  PolyhedralSurface: 'Polygon',
  Tin: 'Triangle',
}

/**
 * Appends a geometry as WKT (OGC 06-103r4, 7) straight from EWKB, curves as curves: `POINT Z (1 2 3)`, `POLYGON EMPTY`. x and y have `decimals` at most,
 * heights three, measures all the digits they have. Throws `EwkbError`.
 */
export function putWkt(sink: TextSink, ewkb: Uint8Array, decimals: number): void {
  putTagged(sink, new EwkbCursor(ewkb), decimals, 0)
}

function putTagged(sink: TextSink, cursor: EwkbCursor, decimals: number, depth: number): void {
  cursor.header(depth)
  putName(sink, cursor)
  putBody(sink, cursor, decimals, depth)
}

function putName(sink: TextSink, { kind, hasZ, hasM }: EwkbCursor): void {
  sink.ascii(kind.toUpperCase()).byte(space)
  if (hasZ || hasM) sink.ascii(hasZ ? (hasM ? 'ZM ' : 'Z ') : 'M ')
}

function putBody(sink: TextSink, cursor: EwkbCursor, decimals: number, depth: number): void {
  switch (cursor.kind) {
    case 'Point':
      cursor.need(8 * cursor.stride)
      putPositions(sink, cursor, Number.isNaN(cursor.view.getFloat64(cursor.position, cursor.isLittleEndian)) ? -1 : 1, decimals)
      break
    case 'LineString':
    case 'CircularString':
      putPositions(sink, cursor, cursor.count(8 * cursor.stride), decimals)
      break
    case 'Polygon':
    case 'Triangle':
      putList(sink, cursor.count(4), () => putPositions(sink, cursor, cursor.count(8 * cursor.stride), decimals))
      break
    default: {
      const plain = plainParts[cursor.kind]
      putList(sink, cursor.count(9), () => {
        cursor.header(depth + 1)
        if (cursor.kind !== plain) putName(sink, cursor)
        putBody(sink, cursor, decimals, depth + 1)
      })
    }
  }
}

/** A count of -1: the one position there is stands for none. */
function putPositions(sink: TextSink, cursor: EwkbCursor, count: number, decimals: number): void {
  const size = 8 * cursor.stride
  if (count < 0) cursor.position += size
  putList(sink, Math.max(0, count), () => {
    putPosition(sink, cursor, decimals)
    cursor.position += size
  })
}

function putPosition(sink: TextSink, cursor: EwkbCursor, decimals: number): void {
  const { view, position, isLittleEndian, hasZ, stride } = cursor
  for (let axis = 0; axis < stride; axis++) {
    if (axis) sink.byte(space)
    putOrdinate(sink, view.getFloat64(position + 8 * axis, isLittleEndian), axis, hasZ, decimals)
  }
}

/** Appends one number of a position: `axis` 0 and 1 are x and y, 2 is the height where there is one. */
export function putOrdinate(sink: TextSink, value: number, axis: number, hasZ: boolean, decimals: number): void {
  if (axis < 2) sink.fixed(value, decimals, 'nan')
  else if (axis === 2 && hasZ) sink.fixed(value, decimalsOfHeight, 'nan')
  else sink.ascii(String(value))
}

function putList(sink: TextSink, count: number, put: () => void): void {
  if (count === 0) {
    sink.ascii('EMPTY')
    return
  }
  sink.byte(open)
  for (let i = 0; i < count; i++) {
    if (i) sink.byte(comma)
    put()
  }
  sink.byte(close)
}
