import { EwkbCursor } from '#geo/ewkb-cursor.js'
import { linearise } from '#geo/linearise.js'
import type { TextSink } from '../text-sink.js'

/** A tenth of a millimetre on the ground. */
const decimals = 9
const decimalsOfHeight = 3
/** How far chords may leave arcs: about a centimetre. */
const tolerance = 1e-7

/** Appends a geometry in longitude and latitude (OGC 07-147r2, 10), heights where it has some; nothing for an empty one. Throws `EwkbError`. */
export function putKmlGeometry(sink: TextSink, ewkb: Uint8Array): void {
  putGeometry(sink, new EwkbCursor(linearise(ewkb, tolerance)), 0)
}

function putGeometry(sink: TextSink, cursor: EwkbCursor, depth: number): void {
  cursor.header(depth)
  switch (cursor.kind) {
    case 'Point':
      putPoint(sink, cursor)
      return
    case 'LineString':
      putPath(sink, cursor, 'LineString')
      return
    case 'Polygon':
      putPolygon(sink, cursor)
      return
    default:
      sink.ascii('<MultiGeometry>')
      for (let left = cursor.count(9); left > 0; left--) putGeometry(sink, cursor, depth + 1)
      sink.ascii('</MultiGeometry>')
  }
}

function putPoint(sink: TextSink, cursor: EwkbCursor): void {
  cursor.need(8 * cursor.stride)
  if (Number.isNaN(cursor.view.getFloat64(cursor.position, cursor.isLittleEndian))) {
    cursor.position += 8 * cursor.stride
    return
  }
  sink.ascii('<Point><coordinates>')
  putPosition(sink, cursor)
  sink.ascii('</coordinates></Point>')
}

function putPath(sink: TextSink, cursor: EwkbCursor, name: 'LineString' | 'LinearRing'): void {
  const count = cursor.count(8 * cursor.stride)
  if (count === 0) return
  sink.ascii(`<${name}><coordinates>`)
  for (let i = 0; i < count; i++) {
    if (i > 0) sink.byte(0x20)
    putPosition(sink, cursor)
  }
  sink.ascii(`</coordinates></${name}>`)
}

function putPolygon(sink: TextSink, cursor: EwkbCursor): void {
  const rings = cursor.count(4)
  if (rings === 0) return
  sink.ascii('<Polygon>')
  for (let i = 0; i < rings; i++) {
    const name = i === 0 ? 'outerBoundaryIs' : 'innerBoundaryIs'
    sink.ascii(`<${name}>`)
    putPath(sink, cursor, 'LinearRing')
    sink.ascii(`</${name}>`)
  }
  sink.ascii('</Polygon>')
}

function putPosition(sink: TextSink, cursor: EwkbCursor): void {
  const { view, position, isLittleEndian, stride, hasZ } = cursor
  cursor.need(8 * stride)
  sink.fixed(view.getFloat64(position, isLittleEndian), decimals).byte(0x2c)
  sink.fixed(view.getFloat64(position + 8, isLittleEndian), decimals)
  if (hasZ) sink.byte(0x2c).fixed(view.getFloat64(position + 16, isLittleEndian), decimalsOfHeight)
  cursor.position += 8 * stride
}
