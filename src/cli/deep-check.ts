import { isAbsolute, join, parse } from 'node:path'
import type { Atlas, FeatureSource, Finding } from '#core/atlas.js'
import { steadyNow } from '#core/clock.js'
import type { FeatureStore, Stores } from '#core/ports.js'
import { toProblem } from '#core/problem.js'
import type { TableCures } from '#core/publication.js'
import { shellWord } from '#core/shell-word.js'
import { inParallel } from './publish/in-parallel.js'

/** A page above this many bytes is not encoded before its head is sent (the page buffer). */
const pageBuffer = 8_000_000
/** Seconds a table may be scanned for invalid geometries. */
const patience = 30
/** Milliseconds all scans may take together. */
const allPatience = 600_000

/** `atlas` with what only a look at the rows shows: invalid geometries, and first pages of many megabytes. Scans within bounds of time. */
export async function checkRows(
  atlas: Atlas,
  stores: Stores,
  cures: (store: string) => TableCures | undefined,
  signal?: AbortSignal,
): Promise<Atlas> {
  const until = steadyNow() + allPatience
  const found = new Map<string, readonly Finding[]>()
  const named = new Map(atlas.verdicts.map(({ source, collection }) => [collection, source]))
  await inParallel([...atlas.collections.values()], 2, async collection => {
    const { source } = collection
    if (source.kind !== 'features') return
    const store = stores.features(source.store)
    const seconds = Math.min(patience, Math.max(1, (until - steadyNow()) / 1000))
    const cureOf = (geometry: string) =>
      cures(source.store)?.makeValid(source.schema, source.table, geometry) ?? cureOfFile(named.get(collection.id) ?? '')
    const invalid = await findInvalid(source, store, cureOf, limited(seconds, signal))
    const page = await findGiantPage(source, atlas.limits.items, store, limited(seconds, signal))
    found.set(collection.id, [...invalid, ...page])
  })
  const verdicts = atlas.verdicts.map(verdict => {
    const more = found.get(verdict.collection ?? '') ?? []
    return more.length > 0 ? { ...verdict, findings: [...verdict.findings, ...more] } : verdict
  })
  return { ...atlas, verdicts }
}

async function findInvalid(
  source: FeatureSource,
  store: FeatureStore,
  cureOf: (geometry: string) => string | undefined,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { geometry } = source
  if (geometry === undefined) return []
  try {
    const { count, firstId } = await store.invalidGeometries(source, geometry, signal)
    if (count === 0) return []
    const first = firstId === undefined ? '' : `, the first in feature ${firstId}`
    const message = `${count} ${count === 1 ? 'geometry is' : 'geometries are'} not valid${first}: drawing and filtering may go wrong there.`
    const cure = cureOf(geometry)
    return [{ severity: 'warning', code: 'invalid-geometries', message, ...(cure !== undefined && { cure }) }]
  } catch (error) {
    return [notChecked('Geometries were not checked', error)]
  }
}

/** A copy of the file with valid geometries; undefined for what is no file, or has a name that cannot be pasted. */
function cureOfFile(source: string): string | undefined {
  if (!isAbsolute(source) || /\p{Cc}/u.test(source)) return undefined
  const { dir, name, ext } = parse(source)
  const packed = { '.zip': '/vsizip/', '.gz': '/vsigzip/' }[ext.toLowerCase()] ?? ''
  return `ogr2ogr -makevalid ${shellWord(join(dir, `${name.replace(/\..*$/, '')}-valid.gpkg`))} ${shellWord(packed + source)}`
}

async function findGiantPage(source: FeatureSource, items: number, store: FeatureStore, signal: AbortSignal): Promise<Finding[]> {
  try {
    const columns = [...source.columns.map(({ name }) => name), ...(source.geometry === undefined ? [] : [source.geometry])]
    const query = { source, columns, key: source.key.kind !== 'none', limit: items }
    let [bytes, rows] = [0, 0]
    for await (const batch of (await store.find(query, signal)).batches) {
      bytes += batch.bytes.byteLength
      rows += batch.count
      if (bytes > pageBuffer) break
    }
    if (bytes <= pageBuffer) return []
    const fitting = Math.max(1, Math.floor((rows * pageBuffer) / bytes))
    const message = `The first ${rows} features take ${Math.round(bytes / 1e6)} MB: clients that ask for no number wait long.`
    return [{ severity: 'warning', code: 'giant-first-page', message, cure: `in the config: limits: { items: ${fitting} }` }]
  } catch (error) {
    return [notChecked('The first page was not measured', error)]
  }
}

/** Throws on when the whole check was stopped. */
function notChecked(what: string, error: unknown): Finding {
  const { kind, message } = toProblem(error)
  if (kind === 'cancelled') throw error
  return {
    severity: 'info',
    code: 'not-checked',
    message: `${what}: ${kind === 'deadline' ? `it takes longer than ${patience} s.` : message}`,
  }
}

function limited(seconds: number, signal: AbortSignal | undefined): AbortSignal {
  const timeout = AbortSignal.timeout(seconds * 1000)
  return signal ? AbortSignal.any([signal, timeout]) : timeout
}
