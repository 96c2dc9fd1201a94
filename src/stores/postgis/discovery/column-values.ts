import { type Kysely, sql } from 'kysely'
import type { AttributeColumn, FeatureSource } from '#core/atlas.js'
import type { ColumnValues } from '#core/ports.js'
import { isNumeric } from '#rows/column-statistics.js'
import { quoted } from '../identifiers.js'
import { tableSql } from '../sql.js'

/** See `FeatureStore.columnValues`: the first and the last by the index, where there is one; all by one scan, where they are wanted. */
export async function columnValues(
  db: Kysely<unknown>,
  table: Pick<FeatureSource, 'schema' | 'table'>,
  column: AttributeColumn,
  most: number,
): Promise<ColumnValues> {
  const form = formOf(column)
  const from = `FROM ${tableSql(table)} WHERE ${form.isUsable}`
  const ends = async () => {
    const text = `SELECT ${form.value(`min(${form.column})`)} AS least, ${form.value(`max(${form.column})`)} AS greatest ${from}`
    const { least, greatest } = (await sql<{ least: number | null; greatest: number | null }>`${sql.raw(text)}`.execute(db)).rows[0]!
    return { ...(least !== null && { least }), ...(greatest !== null && { greatest }) }
  }
  const all = async () => {
    const text = `SELECT DISTINCT ${form.value(form.column)} AS value ${from} LIMIT ${most + 1}`
    const { rows } = await sql<{ value: number | string }>`${sql.raw(text)}`.execute(db)
    if (rows.length > most) return {}
    return { values: rows.map(({ value }) => value).sort((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : 0)) }
  }
  return { ...(form.isOrdered && (await ends())), ...(most > 0 && (await all())) }
}

function formOf({ name, kind }: AttributeColumn) {
  const column = quoted(name)
  if (kind === 'date' || kind === 'timestamp' || kind === 'timestamptz')
    return {
      column,
      isOrdered: true,
      isUsable: `isfinite(${column})`,
      value: (one: string) => `floor(extract(epoch FROM ${one}) * 1000)::float8`,
    }
  if (isNumeric(kind)) {
    const finite = `${column}::float8 > '-Infinity' AND ${column}::float8 < 'Infinity'`
    return {
      column,
      isOrdered: true,
      isUsable: kind === 'integer' || kind === 'bigint' ? `${column} IS NOT NULL` : finite,
      value: (one: string) => `(${one})::float8`,
    }
  }
  return { column, isOrdered: false, isUsable: `${column} IS NOT NULL`, value: (one: string) => `(${one})::text` }
}
