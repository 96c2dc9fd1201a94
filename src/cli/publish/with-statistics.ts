import type { ColumnsOfTable, FeatureStore } from '#core/ports.js'
import type { Publication } from '#core/publication.js'
import { tellingColumns } from '#styles/suggest/telling-columns.js'

/** Milliseconds that asking what columns hold may take of a start. */
const patience = 5_000

/**
 * Publications of tables that have no style of their own, with what their columns hold: of hidden ones nothing is asked. What cannot be found out is
 * unknown, and the default style serves.
 */
export async function withStatistics(
  publications: readonly Publication[],
  store: FeatureStore,
  signal?: AbortSignal,
): Promise<readonly Publication[]> {
  const asked = publications.map(askedOf)
  const tables = asked.filter(table => table !== undefined)
  if (tables.length === 0) return publications
  const until = AbortSignal.timeout(patience)
  const stop = signal ? AbortSignal.any([signal, until]) : until
  const lists = await store.columnStatistics(tables, stop).catch(() => [])
  signal?.throwIfAborted()
  const statistics = new Map(tables.map((table, i) => [table, lists[i]]))
  return publications.map((publication, i) => {
    const { found } = publication
    const list = asked[i] && statistics.get(asked[i])
    return found.kind === 'table' && list && list.length > 0 ? { ...publication, found: { ...found, statistics: list } } : publication
  })
}

function askedOf({ found, settings }: Publication): ColumnsOfTable | undefined {
  if (found.kind !== 'table' || settings.styles?.length) return undefined
  const { schema, table, kind, columns, geometries, estimatedCount, isReadable } = found.description
  if (geometries.length === 0 || !isReadable) return undefined
  const telling = tellingColumns(columns.filter(({ name }) => !settings.hidden?.includes(name)))
  return telling.length === 0 ? undefined : { schema, table, kind, columns: telling, estimatedCount: found.count ?? estimatedCount }
}
