import type { AttributeColumn, FeatureSource, GeometryColumn, RowKey } from '#core/atlas.js'
import type {
  ColumnsOfTable,
  DiscoverOptions,
  FeatureLayer,
  FeatureStore,
  LoadOptions,
  LoadSummary,
  LoadTarget,
  RowStream,
  TableDescription,
} from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { problemOfFilter } from '#core/problem-of-filter.js'
import type { FeatureQuery, TextSearch } from '#core/queries.js'
import { restrictedQuery } from '#core/restriction.js'
import { compileFilter } from '#filters/compile-filter.js'
import type { Filter } from '#filters/filter.js'
import { FilterError } from '#filters/filter-error.js'
import { wordsOf } from '#filters/fold-text.js'
import { prepareFilter } from '#filters/prepare-filter.js'
import { settleFilter } from '#filters/settle-filter.js'
import { type Bbox, unionBbox } from '#geo/bbox.js'
import { ewkbBbox, readEwkb, writeEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'
import type { RowBatch, RowColumn, RowSchema } from '#rows/batch.js'
import { statisticsOf } from '#rows/column-statistics.js'
import type { FieldInput } from '#rows/pg-field-writer.js'
import { parseTimestamp } from '#rows/pg-time.js'
import { oidOfKind, oids } from '#rows/pg-types.js'
import { RowBuilder } from '#rows/row-builder.js'
import { columnIndex, type RowView, rowView } from '#rows/row-view.js'

/** A table in memory: rows hold the attributes in the order of `columns`, then the geometries (WKB) in that of `geometries`. */
export interface MemoryTable {
  readonly schema: string
  readonly table: string
  readonly kind?: TableDescription['kind']
  readonly comment?: string
  readonly columns: readonly AttributeColumn[]
  readonly geometries: readonly GeometryColumn[]
  /** Without it the position of the row stands in, as `ctid` does in a database. */
  readonly key?: RowKey
  readonly rows: readonly (readonly FieldInput[])[]
}

export interface MemoryStoreOptions {
  /** Rows per batch; small ones show who forgets that there is more than one. */
  readonly batchRows?: number
}

/** A value as `columnValues` gives it, in a list; nothing where there is none, or it is infinite. */
function heldValue({ kind }: AttributeColumn, value: FieldInput | undefined): (number | string)[] {
  if (value === null || value === undefined) return []
  if (kind === 'text') return [String(value)]
  const isMoment = kind === 'date' || kind === 'timestamp' || kind === 'timestamptz'
  const number = isMoment
    ? Date.parse(/T.*(Z|[+-]\d\d:?\d\d)$/.test(String(value)) ? String(value) : `${value}Z`.replace(/^([\d-]+)Z$/, '$1'))
    : Number(value)
  return Number.isFinite(number) ? [number] : []
}

/** A feature store over arrays that keeps the whole promise of the port, so that protocols can be tested without a database. */
export function memoryStore(id: string, tables: readonly MemoryTable[], { batchRows = 100 }: MemoryStoreOptions = {}): FeatureStore {
  const held = new Map(tables.map(table => [nameOf(table), stored(table)]))
  let isClosed = false
  const open = (signal?: AbortSignal) => {
    signal?.throwIfAborted()
    if (isClosed) throw new Problem('unavailable', `Store ${id} is closed.`)
  }
  const tableOf = (source: { schema: string; table: string }) => {
    const table = held.get(nameOf(source))
    if (!table) throw new Problem('not-found', `There is no table ${nameOf(source)}.`)
    return table
  }

  return {
    id,
    async discover(options: DiscoverOptions, signal?: AbortSignal) {
      open(signal)
      return [...held.values()].map(({ description }) => description).filter(description => isWanted(description, options))
    },
    async find(asked: FeatureQuery, signal?: AbortSignal): Promise<RowStream> {
      open(signal)
      const query = restrictedQuery(asked)
      const table = tableOf(query.source)
      const schema = schemaOf(table, query)
      const rows = await select(table, query)
      const { offset = 0, limit = rows.length } = query
      return { schema, batches: batchesOf(table.batch, schema, rows.slice(offset, offset + limit), batchRows, signal) }
    },
    async count(asked: FeatureQuery, signal?: AbortSignal) {
      open(signal)
      const query = restrictedQuery(asked)
      return (await select(tableOf(query.source), query)).length
    },
    async extent(source: FeatureSource, geometry: string, signal?: AbortSignal) {
      open(signal)
      return extentOf(tableOf(source).batch, geometry)
    },
    async columnStatistics(tables: readonly ColumnsOfTable[], signal?: AbortSignal) {
      open(signal)
      return tables.map(({ columns, ...name }) => {
        const { table } = tableOf(name)
        const at = (column: string) => table.columns.findIndex(({ name }) => name === column)
        return columns.map(column =>
          statisticsOf(
            column,
            table.rows.map(row => row[at(column.name)]),
            true,
          ),
        )
      })
    },
    async columnValues(source: Pick<FeatureSource, 'schema' | 'table'>, column: AttributeColumn, most: number, signal?: AbortSignal) {
      open(signal)
      const { table } = tableOf(source)
      const at = table.columns.findIndex(({ name }) => name === column.name)
      const held = table.rows.flatMap(row => heldValue(column, row[at]))
      const numbers = held.filter(value => typeof value === 'number').sort((a, b) => a - b)
      const values = [...new Set(numbers.length > 0 ? numbers : held)]
      return {
        ...(numbers.length > 0 && { least: numbers[0], greatest: numbers.at(-1)! }),
        ...(most > 0 && values.length <= most && { values }),
      }
    },
    async invalidGeometries(source: FeatureSource, geometry: string, signal?: AbortSignal) {
      open(signal)
      return invalidIn(tableOf(source).batch, geometry)
    },
    async load(target: LoadTarget, layer: FeatureLayer, options: LoadOptions): Promise<LoadSummary> {
      open(options.signal)
      const existing = held.get(nameOf(target))
      if (existing && target.mode === 'create') throw new Problem('conflict', `Table ${nameOf(target)} exists already.`)
      const table = await loaded(target, layer, options, target.mode === 'append' ? existing?.table : undefined)
      held.set(nameOf(target), stored(table))
      return { rows: table.rows.length - (target.mode === 'append' ? (existing?.table.rows.length ?? 0) : 0), notes: layer.notes }
    },
    async drop(schema: string, table: string) {
      open()
      held.delete(nameOf({ schema, table }))
    },
    async ping(signal?: AbortSignal) {
      open(signal)
    },
    async close() {
      isClosed = true
    },
  }
}

/** The source through which a table of a memory store is asked for. */
export function memorySource(store: string, table: MemoryTable): FeatureSource {
  const { schema, columns, geometries, key = { kind: 'ctid' } } = table
  const source = { kind: 'features' as const, store, schema, table: table.table, columns, geometries, key }
  return geometries.length ? { ...source, geometry: geometries[0].name } : source
}

interface StoredTable {
  readonly table: MemoryTable
  /** Every row: `@id`, attributes, geometries. */
  readonly batch: RowBatch
  readonly description: TableDescription
}

function stored(table: MemoryTable): StoredTable {
  const { columns, geometries, rows, key = { kind: 'ctid' } } = table
  const named: RowColumn[] = [
    ...columns.map(({ name, kind }) => ({ name, kind, oid: oidOfKind[kind] })),
    ...geometries.map(({ name }) => ({ name, kind: 'geometry' as const, oid: 0 })),
  ]
  const builder = new RowBuilder({ columns: [{ name: '@id', kind: 'text', oid: oids.text }, ...named] })
  for (const [i, row] of rows.entries()) builder.row([idOf(key, named, row, i), ...row])
  const batch = builder.take()
  const { schema, kind = 'table', comment } = table
  const description = {
    schema,
    table: table.table,
    kind,
    columns,
    geometries: geometries.map(column => ({ ...column, ...maybe('extent', column.extent ?? extentOf(batch, column.name)) })),
    key,
    estimatedCount: rows.length,
    isReadable: true,
    isWritable: true,
    ...maybe('comment', comment),
  }
  return { table, batch, description }
}

/** The parts of a composed key joined by dots; `~` and dots inside them are escaped. */
function idOf(key: RowKey, columns: readonly RowColumn[], row: readonly FieldInput[], index: number): string | null {
  if (key.kind === 'none') return null
  if (key.kind === 'ctid') return `0-${index + 1}`
  const parts = key.columns.map(name => String(row[columnIndex(columns, name)]))
  return parts.length === 1 ? parts[0] : parts.map(part => part.replaceAll('~', '~0').replaceAll('.', '~1')).join('.')
}

function isWanted({ schema, table, geometries }: TableDescription, options: DiscoverOptions): boolean {
  if (options.schemas && !options.schemas.includes(schema)) return false
  if (options.table !== undefined && options.table !== table) return false
  return geometries.length > 0 || options.withoutGeometry === true
}

function schemaOf({ batch }: StoredTable, { columns, key }: FeatureQuery): RowSchema {
  const wanted = key ? ['@id', ...columns] : columns
  return { columns: wanted.map(name => batch.schema.columns[indexOf(batch, name)]) }
}

function indexOf({ schema }: RowBatch, name: string): number {
  const index = columnIndex(schema.columns, name)
  if (index < 0) throw new Problem('unknown-property', `There is no property ${name}.`, { locator: name })
  return index
}

/** Row numbers that a query selects, in its order. */
async function select({ batch }: StoredTable, query: FeatureQuery): Promise<number[]> {
  const { filter, sort = [], source, after, isPaged, offset, search } = query
  const view = rowView(batch)
  const isSelected = filter ? await predicate(batch, filter, source) : () => true
  const isFound = search ? finder(batch, search) : () => true
  const rows = Array.from({ length: batch.count }, (_, i) => i).filter(i => isSelected(view.at(i)) && isFound(view.at(i)))
  const keys = sort.map(({ column, descending }) => ({ column: indexOf(batch, column), sign: descending ? -1 : 1 }))
  const { key } = source
  const last = keys.at(-1)?.sign ?? 1
  const names = 'columns' in key ? key.columns : []
  if (sort.length > 0 || isPaged || offset || after) keys.push(...names.map(name => ({ column: indexOf(batch, name), sign: last })))
  const inOrder = (a: RowView, b: RowView) => {
    for (const { column, sign } of keys) {
      const order = compare(a.columns[column].kind, a.value(column), b.value(column))
      if (order) return sign * order
    }
    return 0
  }
  const other = rowView(batch)
  rows.sort((a, b) => inOrder(view.at(a), other.at(b)) || last * (a - b))
  if (!after) return rows
  if (key.kind === 'none') return rows.slice(Number(after.at(-1)))
  const place = placeOf(batch, query, names)
  const row = Number(/^0-(\d+)$/.exec(after.at(-1) ?? '')?.[1]) - 1
  return rows.filter(i => (inOrder(view.at(i), place) || last * (i - row)) > 0)
}

/** As `TextSearch` says, but for stems. */
function finder(batch: RowBatch, { columns, anyOf }: TextSearch): (row: RowView) => boolean {
  const places = columns.map(name => indexOf(batch, name))
  return row => {
    const words = places.flatMap(place => wordsOf(row.text(place) ?? ''))
    return anyOf.some(all => all.every(word => words.some(one => one.startsWith(word))))
  }
}

/** A row that is where `after` says: it has the columns of the order only. */
function placeOf({ schema }: RowBatch, { after = [], sort = [] }: FeatureQuery, key: readonly string[]): RowView {
  const id = after.at(-1) ?? ''
  const parts = key.length === 1 ? [id] : id.split('.').map(part => part.replaceAll('~1', '.').replaceAll('~0', '~'))
  const values = new Map<string, string | null>([
    ...key.map((name, i) => [name, parts[i] ?? null] as const),
    ...sort.map(({ column }, i) => [column, after[i] ?? null] as const),
  ])
  if (after.length !== sort.length + 1)
    throw new Problem('invalid-parameter', 'There is no such place; begin with the first page.', { locator: 'cursor' })
  try {
    return rowView(new RowBuilder(schema).row(schema.columns.map(({ name }) => values.get(name))).take())
  } catch (cause) {
    throw new Problem('invalid-parameter', 'There is no such place; begin with the first page.', { locator: 'cursor', cause })
  }
}

/** A decimal as a whole number, exactly: 30 places are enough for tests. */
const scaled = (text: string) => {
  const [whole = '', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(30, '0'))
}

/** Nulls come last, and first when descending, as PostgreSQL has it. */
function compare(kind: RowColumn['kind'], a: unknown, b: unknown): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  if (kind === 'numeric' && [a, b].every(one => /^-?\d+(\.\d+)?$/.test(String(one)))) [a, b] = [scaled(String(a)), scaled(String(b))]
  if (kind === 'date' || kind === 'timestamp' || kind === 'timestamptz')
    [a, b] = [parseTimestamp(String(a), false), parseTimestamp(String(b), false)]
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : Number(a > b)
  if (kind === 'numeric' || kind === 'double') {
    const [x, y] = [Number(a), Number(b)]
    return Number.isNaN(x) || Number.isNaN(y) ? Number(Number.isNaN(x)) - Number(Number.isNaN(y)) : x < y ? -1 : Number(x > y)
  }
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  return Number(a) < Number(b) ? -1 : Number(Number(a) > Number(b))
}

async function predicate({ schema }: RowBatch, filter: Filter, source: FeatureSource): Promise<(row: RowView) => boolean | null> {
  try {
    const settled = settleFilter(filter, source)
    await prepareFilter(settled)
    return compileFilter(settled, schema)
  } catch (error) {
    throw error instanceof FilterError ? problemOfFilter(error) : error
  }
}

function boxOf(view: RowView, column: number): Bbox | undefined {
  const bytes = view.bytes(column)
  return bytes && ewkbBbox(bytes)
}

async function* batchesOf(
  batch: RowBatch,
  schema: RowSchema,
  rows: readonly number[],
  size: number,
  signal?: AbortSignal,
): AsyncGenerator<RowBatch> {
  const view = rowView(batch)
  const columns = schema.columns.map(({ name }) => indexOf(batch, name))
  const builder = new RowBuilder(schema)
  for (let start = 0; start < rows.length; start += size) {
    signal?.throwIfAborted()
    for (const row of rows.slice(start, start + size)) {
      view.at(row)
      builder.row(columns.map(column => view.value(column)))
    }
    yield builder.take()
  }
}

function extentOf(batch: RowBatch, geometry: string): Bbox | undefined {
  const view = rowView(batch)
  const column = indexOf(batch, geometry)
  let extent: Bbox | undefined
  for (let i = 0; i < batch.count; i++) {
    const box = boxOf(view.at(i), column)
    if (box) extent = unionBbox(extent, box)
  }
  return extent
}

/** Rings that are not closed or have fewer than four corners: as much of validity as needs no topology. */
function invalidIn(batch: RowBatch, geometry: string): { count: number; firstId?: string } {
  const view = rowView(batch)
  const column = indexOf(batch, geometry)
  const ids: string[] = []
  for (let i = 0; i < batch.count; i++) {
    const bytes = view.at(i).bytes(column)
    if (bytes && hasBadRing(readEwkb(bytes))) ids.push(view.text(0) ?? '')
  }
  return { count: ids.length, ...maybe('firstId', ids[0]) }
}

function hasBadRing(geometry: Geometry): boolean {
  const stride = geometry.dimensions.length
  if ('parts' in geometry) return geometry.parts.some(hasBadRing)
  if (!('rings' in geometry)) return false
  return geometry.rings.some(ring => ring.length < 4 * stride || ring[0] !== ring.at(-stride) || ring[1] !== ring.at(1 - stride))
}

async function loaded(target: LoadTarget, layer: FeatureLayer, options: LoadOptions, before?: MemoryTable): Promise<MemoryTable> {
  const crs = target.crs ?? layer.geometry?.crs
  const srid = Number(crs?.match(/^EPSG:(\d+)$/)?.[1] ?? 0)
  const geometries = layer.geometry ? [{ ...layer.geometry, srid, isIndexed: true, isNullable: true, ...maybe('crs', crs) }] : []
  const rows: FieldInput[][] = []
  for await (const chunk of layer.read(options.signal)) {
    options.signal?.throwIfAborted()
    for (const row of chunk.rows) rows.push(row.map((value, i) => (i === layer.columns.length && value ? withSrid(value, srid) : value)))
    options.onProgress?.(rows.length, chunk.progress)
  }
  const { schema, table, comment } = target
  const key: RowKey = layer.key ? { kind: 'primary', columns: [layer.key] } : { kind: 'ctid' }
  const columns = layer.columns.map(({ name, kind }) => ({ name, kind, nativeType: kind, isNullable: true }))
  const made = { schema, table, columns, geometries, key, rows, ...maybe('comment', comment) }
  return before ? { ...before, rows: [...before.rows, ...rows] } : made
}

function withSrid(value: FieldInput, srid: number): FieldInput {
  return value instanceof Uint8Array ? writeEwkb(readEwkb(value), { srid }) : value
}

function nameOf({ schema, table }: { readonly schema: string; readonly table: string }): string {
  return `${schema}.${table}`
}

function maybe<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V })
}
