import { mostTexts } from '#core/build-dimensions.js'
import type { ColumnValues, FeatureStore } from '#core/ports.js'
import type { Publication } from '#core/publication.js'
import { inParallel } from './in-parallel.js'

/** Rows of a table up to which its different values are counted; of more, the first and the last are asked for. */
const countedRows = 1_000_000
/** Milliseconds that asking what dimensions hold may take in all. */
const patience = 8_000
const atOnce = 4

/**
 * Publications of tables with what the columns of their dimensions hold now. What the operator has said is not asked for; what cannot be found out is
 * as it was before.
 */
export async function withDimensions(
  publications: readonly Publication[],
  store: FeatureStore,
  signal?: AbortSignal,
): Promise<readonly Publication[]> {
  if (!publications.some(({ settings }) => settings.dimensions)) return publications
  const until = AbortSignal.timeout(patience)
  const stop = signal ? AbortSignal.any([signal, until]) : until
  const known = new Map<Publication, ReadonlyMap<string, ColumnValues>>()
  await inParallel(publications, atOnce, async publication => {
    const values = await valuesOf(publication, store, stop)
    if (values) known.set(publication, values)
  })
  signal?.throwIfAborted()
  return publications.map(publication => {
    const { found } = publication
    const values = known.get(publication)
    if (found.kind !== 'table' || !values) return publication
    return { ...publication, found: { ...found, values: new Map([...(found.values ?? []), ...values]) } }
  })
}

async function valuesOf(
  { found, settings }: Publication,
  store: FeatureStore,
  stop: AbortSignal,
): Promise<ReadonlyMap<string, ColumnValues> | undefined> {
  if (found.kind !== 'table' || !settings.dimensions) return undefined
  const { description } = found
  const values = new Map<string, ColumnValues>()
  for (const { place, extent } of settings.dimensions) {
    const names = place.kind === 'column' ? [place.column] : place.kind === 'columns' ? [place.start, place.end] : []
    for (const name of names) {
      const column = description.columns.find(each => each.name === name)
      const isText = column?.kind === 'text'
      // texts have to be known to be asked for, whatever the operator says
      if (!column || stop.aborted || (extent !== undefined && !isText)) continue
      const isCounted = place.kind === 'column' && (isText || (found.count ?? description.estimatedCount) <= countedRows)
      const held = await store.columnValues(description, column, isCounted ? mostTexts : 0, stop).catch(() => undefined)
      if (held) values.set(name, held)
    }
  }
  return values
}
