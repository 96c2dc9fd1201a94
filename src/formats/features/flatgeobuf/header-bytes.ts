import { Builder } from 'flatbuffers'
import { Column } from 'flatgeobuf/lib/mjs/flat-geobuf/column.js'
import { Crs } from 'flatgeobuf/lib/mjs/flat-geobuf/crs.js'
import type { GeometryType } from 'flatgeobuf/lib/mjs/flat-geobuf/geometry-type.js'
import { Header } from 'flatgeobuf/lib/mjs/flat-geobuf/header.js'
import type { FeatureTable } from '#core/feature-table.js'
import type { Bbox } from '#geo/bbox.js'
import { crsOf } from '#geo/crs.js'
import { crsWkt } from '#geo/crs-wkt.js'
import { geometryCode } from './geometry-bytes.js'
import { columnType } from './property-bytes.js'

/** Version 3.0 of the format. */
const magic = Uint8Array.of(0x66, 0x67, 0x62, 0x03, 0x66, 0x67, 0x62, 0x01)

/** What of a file is known only when its features were seen. */
export interface KnownFeatures {
  readonly count: number
  readonly bbox?: Bbox
  /** Items of a node of the index; absent: there is none. */
  readonly nodeSize?: number
}

/** All of a file before its index and its features: the magic bytes and the head. A count of 0 says that it is not known. */
export function headerBytes(table: FeatureTable, { count, bbox, nodeSize = 0 }: KnownFeatures): Uint8Array {
  const { schema, columns, geometry, id, title } = table
  const builder = new Builder(4096)
  const columnOffsets = columns.map((column, i) => putColumn(builder, column, columnType(column, schema.columns[i + 1].oid)))
  const columnsVector = Header.createColumnsVector(builder, columnOffsets)
  const crs = geometry?.crs && putCrs(builder, geometry.crs)
  const envelope = bbox && Header.createEnvelopeVector(builder, Float64Array.from(bbox))
  const [nameAt, titleAt] = [builder.createString(id), builder.createString(title)]
  Header.startHeader(builder)
  Header.addName(builder, nameAt)
  Header.addTitle(builder, titleAt)
  if (envelope) Header.addEnvelope(builder, envelope)
  Header.addGeometryType(builder, (geometry ? geometryCode(geometry.type) : 0) as GeometryType)
  Header.addHasZ(builder, geometry?.dimensions.includes('z') ?? false)
  Header.addHasM(builder, geometry?.dimensions.includes('m') ?? false)
  Header.addColumns(builder, columnsVector)
  Header.addFeaturesCount(builder, BigInt(count))
  Header.addIndexNodeSize(builder, nodeSize)
  if (crs) Header.addCrs(builder, crs)
  Header.finishSizePrefixedHeaderBuffer(builder, Header.endHeader(builder))
  return Buffer.concat([magic, builder.asUint8Array()])
}

function putColumn(
  builder: Builder,
  { name, comment, isNullable, nativeType, kind }: FeatureTable['columns'][number],
  type: number,
): number {
  const nameAt = builder.createString(name)
  const description = comment ? builder.createString(comment) : 0
  const [, width] = kind === 'text' ? (/^(?:character varying|character|varchar|char)\((\d+)\)$/.exec(nativeType) ?? []) : []
  Column.startColumn(builder)
  Column.addName(builder, nameAt)
  Column.addType(builder, type)
  if (description) Column.addDescription(builder, description)
  if (width) Column.addWidth(builder, Number(width))
  Column.addNullable(builder, isNullable)
  return Column.endColumn(builder)
}

function putCrs(builder: Builder, code: string): number {
  const crs = crsOf(code)
  const [authority, number] = (crs?.code ?? code).split(':')
  const org = builder.createString(authority)
  const text = /^\d+$/.test(number) ? 0 : builder.createString(number)
  const name = crs ? builder.createString(crs.name) : 0
  const wkt = crsWkt(code, 'ogc')
  const wktAt = wkt ? builder.createString(wkt) : 0
  Crs.startCrs(builder)
  Crs.addOrg(builder, org)
  if (text) Crs.addCodeString(builder, text)
  else Crs.addCode(builder, Number(number))
  if (name) Crs.addName(builder, name)
  if (wktAt) Crs.addWkt(builder, wktAt)
  return Crs.endCrs(builder)
}
