import type { Atlas, Collection, FeatureSource, Finding } from '#core/atlas.js'
import type { FeatureStore, Stores } from '#core/ports.js'
import { inParallel } from './publish/in-parallel.js'

/** A page above this many bytes is not encoded before its head is sent (the page buffer). */
const pageBuffer = 8_000_000
/** Seconds a table may be scanned for invalid geometries. */
const patience = 30
/** Milliseconds all scans may take together. */
const allPatience = 600_000

/** `atlas` with what only a look at the rows shows: invalid geometries, and first pages of many megabytes. Scans within bounds of time. */
export async function checkRows(atlas: Atlas, stores: Stores, signal?: AbortSignal): Promise<Atlas> {
  const until = Date.now() + allPatience
  const found = new Map<string, readonly Finding[]>()
  await inParallel([...atlas.collections.values()], 2, async collection => {
    const { source } = collection
    if (source.kind !== 'features') return
    const store = stores.features(source.store)
    const seconds = Math.min(patience, Math.max(1, (until - Date.now()) / 1000))
    const invalid = await findInvalid(collection, source, store, seconds, signal)
    const page = await findGiantPage(source, atlas.limits.items, store, seconds, signal)
    found.set(collection.id, [...invalid, ...page])
  })
  const verdicts = atlas.verdicts.map(verdict => {
    const more = found.get(verdict.collection ?? '') ?? []
    return more.length > 0 ? { ...verdict, findings: [...verdict.findings, ...more] } : verdict
  })
  return { ...atlas, verdicts }
}

async function findInvalid(
  { id }: Collection,
  source: FeatureSource,
  store: FeatureStore,
  seconds: number,
  signal?: AbortSignal,
): Promise<Finding[]> {
  if (source.geometry === undefined) return []
  try {
    const { count, firstId } = await store.invalidGeometries(source, source.geometry, limited(seconds, signal))
    if (count === 0) return []
    const first = firstId === undefined ? '' : `, the first in feature ${firstId}`
    const message = `${count} geometries of ${id} are not valid${first}: they may be drawn and filtered wrongly.`
    return [{ severity: 'warning', code: 'invalid-geometries', message }]
  } catch {
    signal?.throwIfAborted()
    return [
      {
        severity: 'info',
        code: 'not-checked',
        message: `Geometries were not checked: it takes longer than ${Math.round(seconds)} s, or the store does not answer.`,
      },
    ]
  }
}

async function findGiantPage(
  source: FeatureSource,
  items: number,
  store: FeatureStore,
  seconds: number,
  signal?: AbortSignal,
): Promise<Finding[]> {
  try {
    const columns = [...source.columns.map(({ name }) => name), ...(source.geometry === undefined ? [] : [source.geometry])]
    const query = { source, columns, key: source.key.kind !== 'none', limit: items }
    let [bytes, rows] = [0, 0]
    for await (const batch of (await store.find(query, limited(seconds, signal))).batches) {
      bytes += batch.bytes.byteLength
      rows += batch.count
      if (bytes > pageBuffer) break
    }
    if (bytes <= pageBuffer) return []
    const fitting = Math.max(1, Math.floor((rows * pageBuffer) / bytes))
    const message = `The first ${rows} features take ${Math.round(bytes / 1e6)} MB: clients that ask for no number wait long.`
    return [{ severity: 'warning', code: 'giant-first-page', message, cure: `in the config: limits: { items: ${fitting} }` }]
  } catch {
    signal?.throwIfAborted()
    return [{ severity: 'info', code: 'not-checked', message: 'The first page was not measured: the store does not answer in time.' }]
  }
}

function limited(seconds: number, signal: AbortSignal | undefined): AbortSignal {
  const timeout = AbortSignal.timeout(seconds * 1000)
  return signal ? AbortSignal.any([signal, timeout]) : timeout
}
