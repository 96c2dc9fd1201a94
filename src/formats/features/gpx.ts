import type { FeatureHead, FeatureTable } from '#core/feature-table.js'
import { EwkbCursor } from '#geo/ewkb-cursor.js'
import { linearise } from '#geo/linearise.js'
import type { ColumnKind } from '#rows/batch.js'
import { type RowView, rowView } from '#rows/row-view.js'
import { escapeXml } from '#xml/write.js'
import { TextSink } from '../text-sink.js'
import type { CollectionFormat, WriteOptions } from './collection-format.js'
import { decimalsOfHeight } from './wkt.js'
import { xmlName } from './xml-name.js'

/**
 * GPX 1.1 in WGS 84: points as waypoints (one for each point of a multipoint), lines as tracks with a segment for each part. Columns called as elements of
 * GPX are those, `nom` and the like also fill `name`; all others are in `extensions`, in the namespace in which GDAL keeps them. Heights become `ele`,
 * measures have no place; points without a place are left out.
 */
export const gpx: CollectionFormat = {
  names: ['gpx'],
  title: 'GPX',
  mediaTypes: ['application/gpx+xml'],
  extension: 'gpx',
  isText: true,
  isStreamed: true,
  crs: 'EPSG:4326',
  obstacle(head) {
    if (!head.geometry) return 'it holds points and lines and these features have none; CSV (f=csv) would work'
    return elementFor(head)
      ? undefined
      : `it holds points and lines and these are of type ${head.geometry.type}; GeoJSON (f=geojson) would work`
  },
  write: writeGpx,
}

type GpxElement = 'wpt' | 'trk'

const elementOfType: Readonly<Record<string, GpxElement>> = {
  POINT: 'wpt',
  MULTIPOINT: 'wpt',
  LINESTRING: 'trk',
  MULTILINESTRING: 'trk',
  CIRCULARSTRING: 'trk',
  COMPOUNDCURVE: 'trk',
  MULTICURVE: 'trk',
}

function elementFor({ geometry }: FeatureHead): GpxElement | undefined {
  return geometry && elementOfType[geometry.type.toUpperCase()]
}

/** Bytes after which a piece is handed on. */
const pieceBytes = 128 * 1024
/** A tenth of a millimetre on the ground. */
const decimalsOfDegrees = 9
/** How far chords may leave arcs: about a centimetre. */
const tolerance = 1e-7

async function* writeGpx(table: FeatureTable, { decimals = decimalsOfDegrees }: WriteOptions): AsyncGenerator<Uint8Array, void> {
  const element = elementFor(table) ?? 'trk'
  const sink = new TextSink(pieceBytes + 16_384)
  sink.ascii('<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Arpent" xmlns="http://www.topografix.com/GPX/1/1" ')
  sink.ascii('xmlns:ogr="http://osgeo.org/gdal"><metadata><name>').text(escapeXml(table.title)).ascii('</name></metadata>\n')
  const attributes = attributesWriter(table, element)
  const put = element === 'wpt' ? putWaypoints : putTrack
  const shape = table.schema.columns.length - 1
  for await (const batch of table.batches) {
    const row = rowView(batch)
    for (let i = 0; i < batch.count; i++) {
      const bytes = row.at(i).bytes(shape)
      put(sink, bytes && new EwkbCursor(linearise(bytes, tolerance)), decimals, height => attributes(sink, row, height))
      if (sink.length > pieceBytes) yield sink.take()
    }
  }
  sink.ascii('</gpx>\n')
  yield sink.take()
}

type PutAttributes = (height: number) => void

function putWaypoints(sink: TextSink, cursor: EwkbCursor | undefined, decimals: number, putAttributes: PutAttributes): void {
  if (!cursor) return
  cursor.header(0)
  const isMany = cursor.kind === 'MultiPoint'
  for (let left = isMany ? cursor.count(9) : 1; left > 0; left--) {
    if (isMany) cursor.header(1)
    const height = putPosition(sink, cursor, 'wpt', decimals)
    if (height === undefined) continue
    putAttributes(height)
    sink.ascii('</wpt>\n')
  }
}

function putTrack(sink: TextSink, cursor: EwkbCursor | undefined, decimals: number, putAttributes: PutAttributes): void {
  sink.ascii('<trk>')
  putAttributes(Number.NaN)
  if (cursor) {
    cursor.header(0)
    const isMany = cursor.kind === 'MultiLineString'
    for (let left = isMany ? cursor.count(9) : 1; left > 0; left--) {
      if (isMany) cursor.header(1)
      let count = cursor.count(8 * cursor.stride)
      if (count === 0) continue
      sink.ascii('<trkseg>')
      for (; count > 0; count--) {
        const height = putPosition(sink, cursor, 'trkpt', decimals)
        if (height !== undefined) putHeight(sink, height).ascii('</trkpt>')
      }
      sink.ascii('</trkseg>')
    }
  }
  sink.ascii('</trk>\n')
}

/** Begins the element of a position; its height, or NaN where it has none. Nothing is written of an empty point. */
function putPosition(sink: TextSink, cursor: EwkbCursor, name: 'wpt' | 'trkpt', decimals: number): number | undefined {
  const { view, position, isLittleEndian, stride, hasZ } = cursor
  cursor.need(8 * stride)
  cursor.position += 8 * stride
  const longitude = view.getFloat64(position, isLittleEndian)
  if (Number.isNaN(longitude)) return undefined
  sink.ascii(`<${name} lat="`).fixed(view.getFloat64(position + 8, isLittleEndian), decimals)
  sink.ascii('" lon="').fixed(longitude, decimals).ascii('">')
  return hasZ ? view.getFloat64(position + 16, isLittleEndian) : Number.NaN
}

function putHeight(sink: TextSink, height: number): TextSink {
  return Number.isFinite(height) ? sink.ascii('<ele>').fixed(height, decimalsOfHeight).ascii('</ele>') : sink
}

/** Elements that a column may fill, in the order of the schema of GPX 1.1 (wptType, trkType). */
const ownElements = {
  wpt: ['ele', 'time', 'name', 'cmt', 'desc', 'src', 'sym', 'type'],
  trk: ['name', 'cmt', 'desc', 'src', 'type'],
} as const

/** Columns that also fill an element when none is called like it. */
const alsoFilledBy: Readonly<Record<string, readonly string[]>> = {
  name: ['nom', 'libelle', 'libellé', 'label', 'title', 'titre'],
  desc: ['description', 'descriptif'],
}

const kindsFor: Readonly<Record<string, readonly ColumnKind[]>> = {
  ele: ['integer', 'bigint', 'double', 'numeric'],
  time: ['timestamp', 'timestamptz'],
}

type PutRow = (sink: TextSink, row: RowView, height: number) => void

function attributesWriter({ columns, geometry }: FeatureTable, element: GpxElement): PutRow {
  const attributes = columns.map(({ name, kind }, i) => ({ name, lower: name.toLowerCase(), kind, index: i + 1 }))
  const hasHeight = geometry?.dimensions.includes('z') ?? false
  const own = ownElements[element].flatMap(target => {
    if (target === 'ele' && hasHeight) return []
    const names = [target as string, ...(alsoFilledBy[target] ?? [])]
    const fitting = attributes.filter(({ kind }) => kindsFor[target]?.includes(kind) ?? true)
    const column = names.flatMap(name => fitting.filter(({ lower }) => lower === name))[0]
    return column ? [{ target, isMoved: column.lower === target, index: column.index }] : []
  })
  const moved = new Set(own.flatMap(({ index, isMoved }) => (isMoved ? [index] : [])))
  const others = attributes.filter(({ index }) => !moved.has(index)).map(({ name, index }) => ({ tag: `ogr:${xmlName(name)}`, index }))
  return (sink, row, height) => {
    putHeight(sink, height)
    for (const { target, index } of own) {
      const text = row.text(index)
      const isNumber = target !== 'ele' || Number.isFinite(Number(text))
      if (text !== null && isNumber && !(target === 'time' && text.endsWith('infinity'))) putElement(sink, target, text)
    }
    let count = 0
    for (const { tag, index } of others) {
      const text = row.text(index)
      if (text === null) continue
      if (count++ === 0) sink.ascii('<extensions>')
      putElement(sink, tag, text)
    }
    if (count > 0) sink.ascii('</extensions>')
  }
}

function putElement(sink: TextSink, tag: string, text: string): void {
  sink.byte(0x3c).text(tag).byte(0x3e).text(escapeXml(text)).ascii('</').text(tag).byte(0x3e)
}
