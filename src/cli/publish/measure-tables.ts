import type { FeatureSource } from '#core/atlas.js'
import { isUsable } from '#core/collection-extent.js'
import type { FeatureStore, TableDescription } from '#core/ports.js'
import type { TableFound } from '#core/publication.js'
import type { Bbox } from '#geo/bbox.js'
import { inParallel } from './in-parallel.js'

/** Rows that are scanned for an extent without a second thought. */
const cheapRows = 200_000
/** Milliseconds that scanning for extents may take in all: a start is not to wait for views over slow joins. */
const patience = 8_000
const atOnce = 4

type Measure = Pick<TableFound, 'extents' | 'count'>

/**
 * Exact extents of the tables that have no estimated one and are small enough, as far as the time goes; with `withCounts`, for stores that nobody else
 * writes to, their exact numbers of rows, too. What fails is simply unknown.
 */
export async function measureTables(
  store: string,
  tables: readonly TableDescription[],
  features: FeatureStore,
  { withCounts = false, signal }: { readonly withCounts?: boolean; readonly signal?: AbortSignal } = {},
): Promise<ReadonlyMap<TableDescription, Measure>> {
  const measures = new Map<TableDescription, Measure>()
  const wanting = tables.filter(
    table =>
      table.isReadable && table.estimatedCount <= cheapRows && (withCounts || table.geometries.some(({ extent }) => !isUsable(extent))),
  )
  if (wanting.length === 0) return measures
  const until = AbortSignal.timeout(patience)
  const stop = signal ? AbortSignal.any([signal, until]) : until
  await inParallel(wanting, atOnce, async table => {
    const extents = new Map<string, Bbox>()
    for (const geometry of table.geometries) {
      if (stop.aborted || isUsable(geometry.extent) || geometry.srid === 0) continue
      const extent = await features.extent(sourceOf(store, table, geometry.name), geometry.name, stop).catch(() => undefined)
      if (extent) extents.set(geometry.name, extent)
    }
    const query = { source: sourceOf(store, table), columns: [], key: false }
    const count = withCounts && !stop.aborted ? await features.count(query, stop).catch(() => undefined) : undefined
    measures.set(table, { ...(extents.size > 0 && { extents }), ...(count !== undefined && { count }) })
  })
  signal?.throwIfAborted()
  return measures
}

/** A table as stores are asked about it, before it is a collection. */
export function sourceOf(store: string, { schema, table, columns, geometries, key }: TableDescription, geometry?: string): FeatureSource {
  return { kind: 'features', store, schema, table, columns, geometries, ...(geometry !== undefined && { geometry }), key }
}
