import { type Kysely, sql } from 'kysely'
import type { AttributeColumn } from '#core/atlas.js'
import type { ColumnsOfTable } from '#core/ports.js'
import {
  boundsOf,
  type ColumnStatistics,
  commonValueOf,
  isNumeric,
  longestCommonText,
  mostCommonValues,
  statisticsOf,
} from '#rows/column-statistics.js'
import { quoted } from '../identifiers.js'
import { DatabaseError } from '../wire/database-error.js'

/** Rows that ANALYZE looks at with the default target of 100: of tables up to here it knows every row. */
const rowsAnalysed = 30_000
/** Rows looked at where the planner knows nothing: in views, foreign tables and tables never analysed. */
const sampleRows = 1_000
/** Milliseconds that a view may take for its first rows, and all views together: a start is not to wait for hundreds of slow ones. */
const patience = 250
const patienceInAll = 2_000

interface Asked {
  readonly table: ColumnsOfTable
  readonly column: AttributeColumn
}

interface StatisticsRow {
  readonly place: number
  /** Of the parts of a table, too. */
  readonly inherited: boolean
  readonly null_share: number
  readonly distinct: number
  readonly common: readonly string[] | null
  /** `{0.5,0.25}`, and so the bounds: taken apart here, faster than by the driver. */
  readonly shares: string | null
  readonly bounds: string | null
}

/** See `FeatureStore.columnStatistics`: one statement for all tables, and one for each of the few that the planner knows nothing of. */
export async function columnStatistics(
  db: Kysely<unknown>,
  tables: readonly ColumnsOfTable[],
  signal?: AbortSignal,
): Promise<readonly (readonly ColumnStatistics[])[]> {
  const asked = tables.flatMap(table => table.columns.map((column): Asked => ({ table, column })))
  if (asked.length === 0) return tables.map(() => [])
  const byPlace = new Map<number, StatisticsRow>()
  for (const row of await plannerStatistics(db, asked)) if (row.inherited || !byPlace.has(row.place)) byPlace.set(row.place, row)
  const known = new Map<ColumnsOfTable, ColumnStatistics[]>()
  for (const [place, { table, column }] of asked.entries()) {
    const row = byPlace.get(place)
    if (!row) continue
    const list = known.get(table) ?? []
    list.push(fromPlanner(column, table, row))
    known.set(table, list)
  }
  const unknown = tables.filter(table => table.columns.length > 0 && !known.has(table) && table.estimatedCount !== 0)
  const until = performance.now() + patienceInAll
  for (const table of unknown) {
    signal?.throwIfAborted()
    if (performance.now() > until) break
    known.set(table, await sampled(db, table))
  }
  return tables.map(table => known.get(table)?.filter(column => !isPadded(table, column)) ?? [])
}

/** What `pg_stats` shows to this user: only what may be selected, and nothing of tables whose rows are guarded. */
async function plannerStatistics(db: Kysely<unknown>, asked: readonly Asked[]): Promise<readonly StatisticsRow[]> {
  // long lists are cut here, so that thousands of tables stay some megabytes
  const { rows } = await sql<StatisticsRow>`
    SELECT w.place::int4 - 1 AS place, s.inherited, s.null_frac::float8 AS null_share,
      CASE WHEN s.n_distinct < 0 THEN -s.n_distinct * greatest(w.count, 1) ELSE s.n_distinct END::float8 AS distinct,
      (s.most_common_vals::text::text[])[1:${sql.lit(mostCommonValues)}] AS common,
      s.most_common_freqs[1:${sql.lit(mostCommonValues)}]::text AS shares,
      CASE WHEN w.numeric THEN s.histogram_bounds::text END AS bounds
    FROM unnest(${asked.map(({ table }) => table.schema)}::text[], ${asked.map(({ table }) => table.table)}::text[],
        ${asked.map(({ column }) => column.name)}::text[], ${asked.map(({ table }) => table.estimatedCount)}::float8[],
        ${asked.map(({ column }) => isNumeric(column.kind))}::bool[]) WITH ORDINALITY AS w (sch, tab, col, count, numeric, place)
      JOIN pg_stats s ON s.schemaname = w.sch AND s.tablename = w.tab AND s.attname = w.col`.execute(db)
  return rows
}

function fromPlanner(column: AttributeColumn, { estimatedCount }: ColumnsOfTable, row: StatisticsRow): ColumnStatistics {
  const { name, kind } = column
  const shares = numbersOf(row.shares)
  const common = (row.common ?? []).flatMap((text, i) => {
    const value = commonValueOf(kind, text)
    return value === undefined || text.length > longestCommonText ? [] : [{ value, share: shares[i] ?? 0 }]
  })
  const distinct = Math.round(row.distinct)
  const bounds = boundsOf(numbersOf(row.bounds).filter(Number.isFinite))
  const isWhole = estimatedCount <= rowsAnalysed && common.length >= distinct
  return { name, kind, nullShare: row.null_share, distinct, common, isWhole, bounds }
}

/** Numbers of an array as PostgreSQL writes it. */
const numbersOf = (text: string | null): readonly number[] => (text ? text.slice(1, -1).split(',').map(Number) : [])

/** What the first rows of a table say of its columns; nothing where they do not come soon, or not at all. */
async function sampled(db: Kysely<unknown>, { schema, table, columns }: ColumnsOfTable): Promise<ColumnStatistics[]> {
  const list = columns.map(({ name, kind }, i) => {
    const value = isNumeric(kind) || kind === 'boolean' ? quoted(name) : `left(${quoted(name)}::text, ${longestCommonText + 1})`
    return `${value} AS "${i}"`
  })
  const text = `SELECT ${list.join(', ')} FROM ${quoted(schema)}.${quoted(table)} LIMIT ${sampleRows}`
  try {
    const rows = await impatiently(db, async () => (await sql<Record<string, unknown>>`${sql.raw(text)}`.execute(db)).rows)
    return columns.map((column, i) =>
      statisticsOf(
        column,
        rows.map(row => row[i]),
        rows.length < sampleRows,
      ),
    )
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.severity !== 'ERROR') throw error
    return []
  }
}

/** `work` within the time a sample may take, in a transaction that ends with it. */
async function impatiently<T>(db: Kysely<unknown>, work: () => Promise<T>): Promise<T> {
  await sql`BEGIN READ ONLY`.execute(db)
  try {
    await sql`SET LOCAL statement_timeout = ${sql.lit(patience)}`.execute(db)
    return await work()
  } finally {
    await sql`ROLLBACK`.execute(db)
  }
}

/** `character(n)` is filled up with blanks, which some comparisons see and others do not. */
function isPadded({ columns }: ColumnsOfTable, { name, common }: ColumnStatistics): boolean {
  const type = columns.find(column => column.name === name)?.nativeType ?? ''
  const length = Number(/^character\((\d+)\)/.exec(type)?.[1] ?? 0)
  return common.some(({ value }) => String(value).trimEnd().length < length)
}
