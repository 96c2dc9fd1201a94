import type { FeatureHead, FeatureTable } from '#core/feature-table.js'
import { EwkbCursor } from '#geo/ewkb-cursor.js'
import { linearise } from '#geo/linearise.js'
import { rowView } from '#rows/row-view.js'
import { TextSink } from '../text-sink.js'
import type { CollectionFormat, WriteOptions } from './collection-format.js'
import { srsOf } from './srs.js'
import { decimalsOfHeight } from './wkt.js'

/**
 * DXF of AutoCAD release 12 (AC1009), which every CAD program reads and which needs no handles nor tables of objects, so that it can be written as the
 * rows come. Points are POINT, lines and rings POLYLINE (rings closed), 3D where there are heights, on one layer named after the collection. Attributes
 * and measures have no place, nor has what lies nowhere; parts of a geometry are entities of their own.
 */
export const dxf: CollectionFormat = {
  names: ['dxf'],
  title: 'DXF',
  mediaTypes: ['image/vnd.dxf', 'application/dxf'],
  extension: 'dxf',
  isText: true,
  isStreamed: true,
  obstacle: ({ geometry }) => (geometry ? undefined : 'it is a drawing and these features have no geometry; CSV (f=csv) would work'),
  write: writeDxf,
}

/** Bytes after which a piece is handed on. */
const pieceBytes = 128 * 1024

/** How coordinates are written. */
interface Drawing {
  readonly layer: string
  readonly decimals: number
}

async function* writeDxf(table: FeatureTable, { decimals }: WriteOptions): AsyncGenerator<Uint8Array, void> {
  const srs = srsOf(table.geometry?.crs)
  const drawing = { layer: layerName(table.id), decimals: decimals ?? srs?.decimals ?? 3 }
  const tolerance = srs?.tolerance ?? 0.01
  const sink = new TextSink(pieceBytes + 16_384)
  putHead(sink, table, drawing)
  const shape = table.schema.columns.length - 1
  for await (const batch of table.batches) {
    const row = rowView(batch)
    for (let i = 0; i < batch.count; i++) {
      const bytes = row.at(i).bytes(shape)
      if (bytes) putGeometry(sink, new EwkbCursor(linearise(bytes, tolerance)), drawing, 0)
      if (sink.length > pieceBytes) yield sink.take()
    }
  }
  sink.ascii('  0\nENDSEC\n  0\nEOF\n')
  yield sink.take()
}

/** Pairs of a group code and a value, each on a line of its own. */
function putPairs(sink: TextSink, pairs: readonly (readonly [code: number, value: string | number])[]): void {
  for (const [code, value] of pairs) sink.ascii(`${String(code).padStart(3)}\n${value}\n`)
}

function putHead(sink: TextSink, { geometry }: FeatureHead, { layer }: Drawing): void {
  const section = (name: string) => [[0, 'SECTION'] as const, [2, name] as const]
  const end = [0, 'ENDSEC'] as const
  const extent = geometry?.extent
  const corner = (name: string, x: number, y: number) => [[9, name] as const, [10, x] as const, [20, y] as const, [30, 0] as const]
  putPairs(sink, [
    ...section('HEADER'),
    [9, '$ACADVER'],
    [1, 'AC1009'],
    ...(extent ? [...corner('$EXTMIN', extent[0], extent[1]), ...corner('$EXTMAX', extent[2], extent[3])] : []),
    end,
    ...section('TABLES'),
    ...[[0, 'TABLE'] as const, [2, 'LTYPE'] as const, [70, 1] as const],
    ...[[0, 'LTYPE'] as const, [2, 'CONTINUOUS'] as const, [70, 0] as const, [3, 'Solid line'] as const],
    ...[[72, 65] as const, [73, 0] as const, [40, '0.0'] as const, [0, 'ENDTAB'] as const],
    ...[[0, 'TABLE'] as const, [2, 'LAYER'] as const, [70, 1] as const],
    ...[[0, 'LAYER'] as const, [2, layer] as const, [70, 0] as const, [62, 7] as const, [6, 'CONTINUOUS'] as const],
    [0, 'ENDTAB'],
    end,
    ...section('ENTITIES'),
  ])
}

function putGeometry(sink: TextSink, cursor: EwkbCursor, drawing: Drawing, depth: number): void {
  cursor.header(depth)
  switch (cursor.kind) {
    case 'Point':
      cursor.need(8 * cursor.stride)
      if (Number.isNaN(cursor.view.getFloat64(cursor.position, cursor.isLittleEndian))) cursor.position += 8 * cursor.stride
      else putPosition(sink, cursor, 'POINT', drawing)
      break
    case 'LineString':
      putPath(sink, cursor, drawing, false)
      break
    case 'Polygon':
      for (let left = cursor.count(4); left > 0; left--) putPath(sink, cursor, drawing, true)
      break
    default:
      for (let left = cursor.count(9); left > 0; left--) putGeometry(sink, cursor, drawing, depth + 1)
  }
}

/** A bit of group 70: the last vertex is joined to the first; the vertices have heights of their own. */
const [closedFlag, threeDimensionalFlag] = [1, 8]

function putPath(sink: TextSink, cursor: EwkbCursor, drawing: Drawing, isRing: boolean): void {
  const size = 8 * cursor.stride
  const count = cursor.count(size)
  if (count === 0) return
  const flags = (isRing ? closedFlag : 0) + (cursor.hasZ ? threeDimensionalFlag : 0)
  putPairs(sink, [
    [0, 'POLYLINE'],
    [8, drawing.layer],
    [66, 1],
    [10, '0.0'],
    [20, '0.0'],
    [30, '0.0'],
    [70, flags],
  ])
  // the last position of a ring repeats its first
  const written = isRing && count > 1 ? count - 1 : count
  for (let i = 0; i < written; i++) {
    putPosition(sink, cursor, 'VERTEX', drawing)
    if (cursor.hasZ) sink.ascii(' 70\n32\n')
  }
  cursor.position += (count - written) * size
  putPairs(sink, [
    [0, 'SEQEND'],
    [8, drawing.layer],
  ])
}

function putPosition(sink: TextSink, cursor: EwkbCursor, name: 'POINT' | 'VERTEX', { layer, decimals }: Drawing): void {
  const { view, position, isLittleEndian, hasZ, stride } = cursor
  cursor.need(8 * stride)
  cursor.position += 8 * stride
  sink.ascii(`  0\n${name}\n  8\n${layer}\n 10\n`).fixed(view.getFloat64(position, isLittleEndian), decimals, '0')
  sink.ascii('\n 20\n').fixed(view.getFloat64(position + 8, isLittleEndian), decimals, '0')
  sink
    .ascii('\n 30\n')
    .fixed(hasZ ? view.getFloat64(position + 16, isLittleEndian) : 0, decimalsOfHeight, '0')
    .byte(0x0a)
}

/** Release 12 allows 31 capital letters, digits, `$`, `-` and `_`. */
function layerName(id: string): string {
  const plain = id.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase()
  return plain.replace(/[^A-Z0-9$_-]/g, '_').slice(0, 31) || '0'
}
