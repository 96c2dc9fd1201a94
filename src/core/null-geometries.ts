import type { FeatureSource } from './atlas.js'
import type { FeatureStore } from './ports.js'

/** Tells whether any row of a table may be without its geometry. */
export type NullWatch = (store: FeatureStore, source: FeatureSource, edits: number, signal?: AbortSignal) => Promise<boolean>

/** Milliseconds that a version of a table is believed, and that looking for a row without geometry may keep a request waiting. */
const [believed, patience] = [1000, 50]
const mostKept = 5000

interface Known {
  asked: number
  version: string | undefined
  /** Of that version; undefined while nobody knows. */
  hasNulls?: boolean
}

/**
 * Features without geometry are in every box, but a condition that says so makes the database read its whole index. So a table is looked through once
 * after each change of its rows, at most a second late; until that is done, and where changes cannot be told, there may be some.
 */
export function createNullWatch(now: () => number = Date.now): NullWatch {
  const tables = new Map<string, Known>()

  return async (store, source, edits, signal) => {
    const geometry = source.geometries.find(({ name }) => name === source.geometry)
    if (!geometry?.isNullable) return false
    if (!store.version) return true
    const key = JSON.stringify([source.store, source.schema, source.table, geometry.name])
    const before = tables.get(key)
    if (before && before.asked + believed > now() && before.version?.endsWith(` ${edits}`)) return before.hasNulls ?? true
    const version = await store.version(source, signal)
    const known: Known = { asked: now(), version: version === undefined ? undefined : `${version} ${edits}` }
    if (before && before.version === known.version && before.hasNulls !== undefined) known.hasNulls = before.hasNulls
    tables.delete(key)
    tables.set(key, known)
    if (tables.size > mostKept) tables.delete(tables.keys().next().value!)
    if (known.version === undefined || known.hasNulls !== undefined) return known.hasNulls ?? true
    const { restriction: _, ...whole } = source
    const nulls = {
      source: whole,
      columns: [],
      key: false,
      filter: { kind: 'isNull', operand: { kind: 'property', name: geometry.name } },
    } as const
    const found = store.count(nulls, undefined, 1).then(
      count => {
        known.hasNulls = count > 0
      },
      () => {},
    )
    await Promise.race([found, new Promise(resolve => setTimeout(resolve, patience).unref())])
    return known.hasNulls ?? true
  }
}
