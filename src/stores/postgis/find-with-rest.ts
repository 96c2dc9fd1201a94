import type { RowStream } from '#core/ports.js'
import { problemOfFilter } from '#core/problem-of-filter.js'
import type { FeatureQuery } from '#core/queries.js'
import { compileFilter, type Truth } from '#filters/compile-filter.js'
import type { Filter } from '#filters/filter.js'
import { FilterError } from '#filters/filter-error.js'
import { prepareFilter } from '#filters/prepare-filter.js'
import { hasIds, propertiesOfFilter } from '#filters/walk.js'
import type { RowBatch, RowSchema } from '#rows/batch.js'
import { type RowView, rowView } from '#rows/row-view.js'
import { withoutFirst } from '#rows/without-first.js'
import { splitForSql } from './filter-sql.js'

type Find = (query: FeatureQuery, signal?: AbortSignal) => Promise<RowStream>

/**
 * `find` for any filter: what of it the database does not do is looked at here, row by row as they come, and the page is counted after that. Rows
 * that turn out wrong have crossed the wire; the box of a map is among what the database does.
 */
export async function findWithRest(find: Find, query: FeatureQuery, signal?: AbortSignal): Promise<RowStream> {
  const { pushed, rest } = query.filter ? splitForSql(query.filter, query.source) : {}
  if (!rest) return find(query, signal)
  const wider = widened(query, pushed, rest)
  const found = await find(wider, signal)
  const schema: RowSchema = { columns: found.schema.columns.slice(wider.key && !query.key ? 1 : 0).slice(0, width(query)) }
  const isChosen = await compiled(rest, found.schema)
  return { schema, batches: chosenRows(found, schema, isChosen, query, wider.key && !query.key) }
}

/** The exact number of rows that a filter selects of which the database does only a part. Undefined where it does all. */
export async function countWithRest(find: Find, query: FeatureQuery, most?: number, signal?: AbortSignal): Promise<number | undefined> {
  if (!query.filter || !splitForSql(query.filter, query.source).rest) return undefined
  const { limit: _, offset: __, sort: ___, simplify: ____, after: _____, isPaged: ______, ...all } = query
  const { batches } = await findWithRest(find, { ...all, columns: [], key: false, ...(most !== undefined && { limit: most + 1 }) }, signal)
  let count = 0
  for await (const batch of batches) count += batch.count
  return count
}

const width = ({ columns, key }: FeatureQuery) => columns.length + (key ? 1 : 0)

/** The query without its page, and with the columns that `rest` looks at behind its own. */
function widened(query: FeatureQuery, pushed: Filter | undefined, rest: Filter): FeatureQuery {
  const { filter: _, limit: __, offset, simplify, ...asked } = query
  const names = propertiesOfFilter(rest)
  const isOfGeometry = query.source.geometries.some(({ name }) => names.includes(name))
  return {
    ...asked,
    columns: [...query.columns, ...names.filter(name => !query.columns.includes(name))],
    key: query.key || hasIds(rest),
    ...(pushed && { filter: pushed }),
    // a page that does not begin at the start needs one order from page to page
    ...(offset && { isPaged: true }),
    ...(simplify !== undefined && !isOfGeometry && { simplify }),
  }
}

async function compiled(rest: Filter, schema: RowSchema): Promise<(row: RowView) => Truth> {
  try {
    await prepareFilter(rest)
    return compileFilter(rest, schema)
  } catch (error) {
    throw error instanceof FilterError ? problemOfFilter(error) : error
  }
}

/** Rows are chosen by where they begin: what is left out lies in the gaps between them, as do columns that nobody asked for. */
async function* chosenRows(
  { batches }: RowStream,
  schema: RowSchema,
  isChosen: (row: RowView) => Truth,
  { limit = Number.POSITIVE_INFINITY, offset = 0 }: FeatureQuery,
  hasExtraId: boolean,
): AsyncGenerator<RowBatch, void> {
  let [skipped, left] = [0, limit]
  if (left <= 0) return
  for await (const batch of batches) {
    const view = rowView(batch)
    const starts: number[] = []
    for (let row = 0; row < batch.count && starts.length < left; row++) {
      if (isChosen(view.at(row)) !== true) continue
      if (skipped < offset) skipped++
      else starts.push(batch.offsets[row])
    }
    left -= starts.length
    const chosen = { ...batch, schema, count: starts.length, offsets: Int32Array.from([...starts, batch.offsets[batch.count]]) }
    if (chosen.count > 0) yield hasExtraId ? withoutFirst(chosen, schema) : chosen
    if (left <= 0) return
  }
}
