import { setImmediate as macrotask } from 'node:timers/promises'
import type { ByteWriter, SchemaElement } from 'hyparquet-writer'
import type { FeatureHead, FeatureTable } from '#core/feature-table.js'
import type { Bbox } from '#geo/bbox.js'
import { crsProjjson } from '#geo/crs-projjson.js'
import { ewkbBbox } from '#geo/ewkb.js'
import { type RowView, rowView } from '#rows/row-view.js'
import type { CollectionFormat } from '../collection-format.js'
import { knownKinds, putIsoWkb } from '../iso-wkb.js'
import { LittleSink } from '../little-sink.js'
import { srsOf } from '../srs.js'
import { geoMetadata } from './geo-metadata.js'
import { type ParquetColumn, parquetColumn } from './parquet-columns.js'

/**
 * GeoParquet 1.1 in row groups that are written as they fill, Snappy-compressed, the footer last: ISO WKB, a box for each feature as `covering`, PROJJSON,
 * and the logical types of Parquet. WKB there has simple kinds without measures only: curves become lines.
 */
export const geoparquet: CollectionFormat = {
  names: ['parquet', 'geoparquet'],
  title: 'GeoParquet',
  mediaTypes: ['application/vnd.apache.parquet', 'application/x-parquet', 'application/parquet'],
  extension: 'parquet',
  isKept: true,
  isText: false,
  isStreamed: true,
  obstacle,
  write: writeParquet,
}

function obstacle({ geometry, columns }: FeatureHead): string | undefined {
  if (geometry?.crs && !crsProjjson(geometry.crs))
    return `GeoParquet cannot say here that coordinates are in ${geometry.crs}; another CRS, GeoPackage or FlatGeobuf would work`
  return columns.length || geometry ? undefined : 'there is no column to write; CSV would work'
}

/** A row group: enough rows to compress and skip well, few enough to be made at once in little memory and time. */
const groupRows = 20_000
const groupBytes = 24 * 1024 * 1024
const pieceBytes = 256 * 1024

async function* writeParquet(table: FeatureTable): AsyncGenerator<Uint8Array, void> {
  const columns = parquetColumns(table)
  const shape = table.geometry && shapeColumns(table)
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer')
  const writer = new ByteWriter(1 << 20)
  const schema: SchemaElement[] = [
    { name: 'schema', num_children: columns.length + (shape ? 2 : 0) },
    ...columns.map(({ element }) => element),
    ...(shape?.schema ?? []),
  ]
  const parquet = new ParquetWriter({ writer, schema, codec: 'SNAPPY', createdBy: 'Arpent' })
  let values: unknown[][] = columns.map(() => [])
  let count = 0
  let bytes = 0
  const group = () => {
    parquet.write({
      columnData: [
        ...columns.map(({ element, hasStatistics }, i) => ({ name: element.name, data: values[i], statistics: hasStatistics })),
        ...(shape?.take() ?? []),
      ],
      rowGroupSize: count,
    })
    values = columns.map(() => [])
    count = bytes = 0
    return takeFrom(writer)
  }
  for await (const batch of table.batches) {
    const row = rowView(batch)
    for (let i = 0; i < batch.count; i++) {
      row.at(i)
      for (let k = 0; k < columns.length; k++) values[k].push(columns[k].read(row) ?? null)
      shape?.add(row)
      bytes += batch.offsets[i + 1] - batch.offsets[i]
      if (++count < groupRows && bytes < groupBytes) continue
      yield* group()
      await macrotask() // a group is made at one go: let the server breathe
    }
  }
  if (count) yield* group()
  if (shape) parquet.kvMetadata = [{ key: 'geo', value: shape.metadata() }]
  parquet.finish()
  yield* takeFrom(writer)
}

/** What the writer has gathered, in pieces; it starts anew. */
function* takeFrom(writer: ByteWriter): Generator<Uint8Array, void> {
  const all = Uint8Array.from(new Uint8Array(writer.buffer, 0, writer.index))
  writer.index = 0
  for (let at = 0; at < all.length; at += pieceBytes) yield all.subarray(at, at + pieceBytes)
}

function parquetColumns({ columns, schema, geometry }: FeatureTable): ParquetColumn[] {
  const taken = new Set(geometry ? [geometry.name] : [])
  return columns.map((column, i) => {
    let name = column.name
    for (let n = 2; taken.has(name); n++) name = `${column.name}_${n}`
    taken.add(name)
    return parquetColumn(name, column, schema.columns[i + 1], i + 1)
  })
}

interface BoxValue {
  readonly xmin: number
  readonly ymin: number
  readonly xmax: number
  readonly ymax: number
}

/** The column of the geometry and that of its boxes. */
function shapeColumns(table: FeatureTable) {
  const geometry = table.geometry!
  const field = table.schema.columns.length - 1
  const taken = new Set([...table.columns.map(({ name }) => name), geometry.name])
  let covering = 'bbox'
  for (let n = 2; taken.has(covering); n++) covering = `bbox_${n}`
  const tolerance = srsOf(geometry.crs)?.tolerance ?? 0.01
  const sink = new LittleSink(4096)
  const codes = new Set<number>()
  let all: Bbox | undefined
  let [shapes, boxes]: [(Uint8Array | null)[], (BoxValue | null)[]] = [[], []]
  const schema: SchemaElement[] = [
    { name: geometry.name, type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
    { name: covering, num_children: 4, repetition_type: 'OPTIONAL' },
    ...(['xmin', 'ymin', 'xmax', 'ymax'] as const).map((name): SchemaElement => ({ name, type: 'DOUBLE', repetition_type: 'REQUIRED' })),
  ]
  return {
    schema,
    add(row: RowView): void {
      const ewkb = row.bytes(field)
      if (!ewkb) {
        shapes.push(null)
        boxes.push(null)
        return
      }
      const known = knownKinds(ewkb, 7, tolerance)
      sink.at = 0
      putIsoWkb(sink, known, true)
      codes.add(sink.view.getUint32(1, true))
      const box = ewkbBbox(known)
      shapes.push(Uint8Array.from(sink.bytes.subarray(0, sink.at)))
      boxes.push(box ? { xmin: box[0], ymin: box[1], xmax: box[2], ymax: box[3] } : null)
      if (box) all = all ? [Math.min(all[0], box[0]), Math.min(all[1], box[1]), Math.max(all[2], box[2]), Math.max(all[3], box[3])] : box
    },
    take() {
      const data = [
        { name: geometry.name, data: shapes, statistics: false },
        { name: covering, data: boxes },
      ]
      shapes = []
      boxes = []
      return data
    },
    metadata: () => geoMetadata(geometry, covering, { codes, box: all }),
  }
}
