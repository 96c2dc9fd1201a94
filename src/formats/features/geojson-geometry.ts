import { EwkbCursor } from '#geo/ewkb-cursor.js'
import { linearise } from '#geo/linearise.js'
import type { TextSink } from '../text-sink.js'

/** How coordinates are written. */
export interface GeoJsonNumbers {
  readonly decimals: number
  /** How far chords may leave the arcs they replace: GeoJSON has no curves. */
  readonly tolerance: number
  /** Written y,x: where the name of the CRS that was asked for says so. */
  readonly isFlipped?: boolean
}

type Positions = Required<Pick<GeoJsonNumbers, 'decimals' | 'isFlipped'>>

const [comma, open, close] = [0x2c, 0x5b, 0x5d]

/**
 * Appends a geometry (RFC 7946, 3.1) straight from EWKB: x,y or x,y,z; M has no place there. An empty point, which GeoJSON cannot
 * say, is `null`. Throws `EwkbError`.
 */
export function putGeoJsonGeometry(sink: TextSink, ewkb: Uint8Array, { decimals, tolerance, isFlipped = false }: GeoJsonNumbers): void {
  putGeometry(sink, new EwkbCursor(linearise(ewkb, tolerance)), { decimals, isFlipped }, 0)
}

function putGeometry(sink: TextSink, cursor: EwkbCursor, style: Positions, depth: number): void {
  cursor.header(depth)
  const { kind } = cursor
  if (kind === 'Point' && isEmptyPoint(cursor)) {
    cursor.position += 8 * cursor.stride
    sink.ascii('null')
    return
  }
  sink.ascii(`{"type":"${kind}",`)
  if (kind === 'GeometryCollection') {
    sink.ascii('"geometries":[')
    const count = cursor.count(9)
    for (let i = 0; i < count; i++) {
      if (i) sink.byte(comma)
      putGeometry(sink, cursor, style, depth + 1)
    }
    sink.ascii(']}')
    return
  }
  sink.ascii('"coordinates":')
  putCoordinates(sink, cursor, style)
  sink.byte(0x7d)
}

/** Coordinates of the geometry whose header was just read. */
function putCoordinates(sink: TextSink, cursor: EwkbCursor, style: Positions): void {
  switch (cursor.kind) {
    case 'Point':
      putPosition(sink, cursor, style)
      break
    case 'LineString':
      putPositions(sink, cursor, style)
      break
    case 'Polygon':
      putList(sink, cursor.count(4), () => putPositions(sink, cursor, style))
      break
    default:
      putParts(sink, cursor, style)
  }
}

function putParts(sink: TextSink, cursor: EwkbCursor, style: Positions): void {
  let written = 0
  sink.byte(open)
  for (let left = cursor.count(9); left > 0; left--) {
    cursor.header(1)
    if (cursor.kind === 'Point' && isEmptyPoint(cursor)) {
      cursor.position += 8 * cursor.stride
      continue
    }
    if (written++) sink.byte(comma)
    putCoordinates(sink, cursor, style)
  }
  sink.byte(close)
}

function putPositions(sink: TextSink, cursor: EwkbCursor, style: Positions): void {
  putList(sink, cursor.count(8 * cursor.stride), () => putPosition(sink, cursor, style))
}

function putPosition(sink: TextSink, cursor: EwkbCursor, style: Positions): void {
  const { view, position, isLittleEndian, stride } = cursor
  const { decimals, isFlipped } = style
  cursor.need(8 * stride)
  sink.byte(open).fixed(view.getFloat64(isFlipped ? position + 8 : position, isLittleEndian), decimals)
  sink.byte(comma).fixed(view.getFloat64(isFlipped ? position : position + 8, isLittleEndian), decimals)
  if (cursor.hasZ) sink.byte(comma).fixed(view.getFloat64(position + 16, isLittleEndian), decimalsOfHeight)
  sink.byte(close)
  cursor.position += 8 * stride
}

/** Heights are metres, whatever x and y are. */
const decimalsOfHeight = 3

function putList(sink: TextSink, count: number, put: () => void): void {
  sink.byte(open)
  for (let i = 0; i < count; i++) {
    if (i) sink.byte(comma)
    put()
  }
  sink.byte(close)
}

function isEmptyPoint(cursor: EwkbCursor): boolean {
  cursor.need(8 * cursor.stride)
  return Number.isNaN(cursor.view.getFloat64(cursor.position, cursor.isLittleEndian))
}
