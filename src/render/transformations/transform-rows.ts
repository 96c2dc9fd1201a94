import { affineOfMap } from '#geo/affine.js'
import type { RowBatch, RowColumn, RowSchema } from '#rows/batch.js'
import { ByteSink } from '#rows/byte-sink.js'
import { oids } from '#rows/pg-types.js'
import { columnIndex, RowView } from '#rows/row-view.js'
import { type Binning, type Clustering, computedColumns, type StylePass } from '#styles/style.js'
import type { Locate } from '../kernels/draw-kernel.js'
import type { MapFrame } from '../place-source.js'
import type { Placement } from '../placement.js'
import type { RowCompiler } from '../row-compiler.js'
import { createBins } from './bins.js'
import { type CloudSource, eachCloudPoint } from './cloud-points.js'
import { createClusters } from './cluster.js'
import { pixelEwkb } from './pixel-ewkb.js'
import { unitsPerPixel } from './units.js'
import { weightOf } from './weight-of.js'

/** Makes clusters or bins of the rows of one layer as they come. */
export interface RowTransformer {
  /** `locate` answers with pixels of the frame, and with nothing for points that do not count. */
  take(batch: RowBatch, locate: Locate): void
  /** Rows with `@id` first, the geometry in pixels of the frame, the columns asked for (null but for single points of clusters), the computed ones last. */
  finish(): RowBatch | undefined
}

export interface TransformOptions extends CloudSource {
  /** Lengths are pixels of the map. */
  readonly transformation: Clustering | Binning
  readonly frame: MapFrame
  readonly sort?: StylePass['sort']
  readonly compilerFor: (schema: RowSchema) => RowCompiler
}

/** Rows whose coordinates are pixels of the map. */
export const pixelPlacement: Placement = { kind: 'affine', originX: 0, originY: 0, pixelsPerX: 1, pixelsPerY: 1 }

/** A row to be, in whole absolute units. */
interface CloudRow {
  readonly x: number
  readonly y: number
  readonly ring?: readonly number[]
  readonly count: number
  readonly value?: number
  /** Row that lends its attributes, among those kept. */
  readonly kept?: number
}

/** Opens a transformer for the rows of one run. Taking a batch throws `FilterError` where the weight does not suit its schema. */
export function rowTransformer(options: TransformOptions): RowTransformer {
  const { compilerFor, transformation } = options
  const kept = { bytes: new ByteSink(4096), offsets: [0] }
  let schema: RowSchema | undefined
  let weight = (_: RowView): number => 1
  const gathered = transformation.kind === 'cluster' ? gatherClusters(transformation) : gatherBins(transformation)
  return {
    take(batch, locate) {
      if (batch.schema !== schema) {
        schema = batch.schema
        weight = weightOf('weight' in transformation ? transformation.weight : undefined, compilerFor(schema))
      }
      eachCloudPoint(batch, options, locate, (x, y, row, index) => {
        if (!gathered.add(x, y, weight(row))) return
        kept.bytes.bytes(batch.bytes.subarray(batch.offsets[index], batch.offsets[index + 1]))
        kept.offsets.push(kept.bytes.length)
      })
    },
    finish() {
      if (!schema) return undefined
      const count = kept.offsets.length - 1
      const lenders = new RowView({ schema, count, bytes: kept.bytes.take(), offsets: Int32Array.from(kept.offsets) })
      return batchOf(gathered.finish(), lenders, schema, options)
    },
  }
}

interface Gathered {
  /** True where the row is to be kept: the next in turn. */
  add(x: number, y: number, weight: number): boolean
  finish(): readonly CloudRow[]
}

function gatherClusters({ distance }: Clustering): Gathered {
  const clusters = createClusters(distance)
  return {
    add: (x, y) => clusters.add(x, y) >= 0,
    finish: () => clusters.finish().map(({ x, y, count, stack }) => ({ x, y, count, ...(count === 1 && { kept: stack }) })),
  }
}

function gatherBins({ shape, size }: Binning): Gathered {
  const bins = createBins(shape, size)
  return {
    add(x, y, weight) {
      bins.add(x, y, weight)
      return false
    },
    finish: () => bins.finish(),
  }
}

function batchOf(rows: readonly CloudRow[], lenders: RowView, schema: RowSchema, options: TransformOptions): RowBatch {
  const { frame, geometry, sort = [], transformation } = options
  const [x0, dxColumn, dxRow, y0, dyColumn, dyRow] = affineOfMap(frame.bbox, frame.width, frame.height, frame.angle)
  const corner = { x: options.phase[0] * unitsPerPixel, y: options.phase[1] * unitsPerPixel }
  const ewkb = pixelEwkb(corner)
  const inPixels = ({ x, y }: CloudRow) => [(x - corner.x) / unitsPerPixel, (y - corner.y) / unitsPerPixel] as const
  const hidden = ['@id', ...computedColumns[transformation.kind]]
  const passed = schema.columns.filter(({ name }) => !hidden.includes(name))
  const indices = passed.map(({ name }) => columnIndex(schema.columns, name))
  const columns = [
    idColumn,
    ...passed,
    ...computedColumns[transformation.kind].map(name => (name === 'count' ? countColumn : double(name))),
  ]
  const sink = new ByteSink(rows.length * 64)
  const offsets = new Int32Array(rows.length + 1)
  const computed: Readonly<Record<string, (row: CloudRow) => number>> = {
    count: ({ count }) => count,
    value: ({ value = 0 }) => value,
    x(row) {
      const [column, line] = inPixels(row)
      return x0 + column * dxColumn + line * dxRow
    },
    y(row) {
      const [column, line] = inPixels(row)
      return y0 + column * dyColumn + line * dyRow
    },
  }
  const put = (field: Uint8Array | undefined) => {
    sink.int32(field ? field.length : -1)
    if (field) sink.bytes(field)
  }
  for (const [i, row] of sorted(rows, sort, computed).entries()) {
    const idStart = sink.length
    sink.int32(0)
    sink.patchInt32(idStart, sink.text(`${row.x} ${row.y}`))
    if (row.kept !== undefined) lenders.at(row.kept)
    for (const [at, { name, kind }] of passed.entries()) {
      if (name === geometry) put(row.ring ? ewkb.polygon(row.ring) : ewkb.point(row))
      // other geometries are not in pixels
      else put(row.kept === undefined || kind === 'geometry' ? undefined : lenders.bytes(indices[at]))
    }
    for (const name of computedColumns[transformation.kind]) {
      if (name === 'count') {
        sink.int32(4)
        sink.int32(row.count)
      } else {
        sink.int32(8)
        sink.float64(computed[name](row))
      }
    }
    offsets[i + 1] = sink.length
  }
  return { schema: { columns }, count: rows.length, bytes: sink.take(), offsets }
}

const idColumn: RowColumn = { name: '@id', oid: oids.text, kind: 'text' }
const countColumn: RowColumn = { name: 'count', oid: oids.int4, kind: 'integer' }
const double = (name: string): RowColumn => ({ name, oid: oids.float8, kind: 'double' })

/** By computed columns; others are not the rows' any more. */
function sorted(
  rows: readonly CloudRow[],
  sort: NonNullable<StylePass['sort']>,
  computed: Readonly<Record<string, (row: CloudRow) => number>>,
): readonly CloudRow[] {
  const keys = sort.filter(({ property }) => Object.hasOwn(computed, property))
  if (keys.length === 0) return rows
  return [...rows].sort((a, b) => {
    for (const { property, descending } of keys) {
      const order = computed[property](a) - computed[property](b)
      if (order !== 0) return descending ? -order : order
    }
    return 0
  })
}
