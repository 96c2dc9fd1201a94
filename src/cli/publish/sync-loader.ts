import { basename } from 'node:path'
import { syncFiles } from '#core/load-features.js'
import type { FeatureStore, LoadRecord, LoadRecords } from '#core/ports.js'
import { recordsInMemory } from '#core/records-in-memory.js'
import { fingerprint, openFeatureFile } from '#formats/features/readers/index.js'
import { type ProgressOutput, startProgress } from '../progress.js'
import type { FileLoader, Loaded } from './load-files.js'

/** Schema that files and imports go into. */
const schema = 'public'

/** Schema of files that no record will know after this process: nothing in it outlives the next start. */
const fleeting = 'untracked'

/** A loader whose progress goes to `output`. Archives are unpacked in `scratch`, the system's temporary folder when absent. */
export function syncLoader(output: ProgressOutput, scratch?: string): FileLoader {
  const known = new Map<string, Map<string, LoadRecord>>()
  return async (store, kept, files, signal) => {
    if (!known.has(store.id)) await dropFleeting(store, signal)
    // while state is out of reach, what it said last still holds
    const memory = kept ? new Map((await kept.list()).map(record => [record.path, record])) : (known.get(store.id) ?? new Map())
    known.set(store.id, memory)
    const records = kept ?? recordsInMemory(memory)
    const progress = startProgress(output)
    try {
      const outcomes = await syncFiles(files, {
        store,
        records,
        schema: kept ? schema : fleeting,
        fingerprint,
        ...(signal && { signal }),
        open: (path, signal) =>
          openFeatureFile(path, {
            ...(scratch !== undefined && { scratch }),
            ...(signal && { signal }),
            onScan: share => progress.update(`${basename(path)}, looking through it`, share, Math.round(share * 100), 'of 100'),
          }),
        onProgress: ({ path, layer, rows, share }) => progress.update(`${basename(path)}, ${layer}`, share, rows, 'rows'),
      })
      if (kept) known.set(store.id, new Map((await kept.list()).map(record => [record.path, record])))
      const present = outcomes.filter(({ kind }) => kind !== 'withdrawn')
      return {
        tables: present.flatMap(({ tables, problem }) =>
          tables.map(table => ({ ...table, ...(problem && { outdated: problem.message }) })),
        ),
        failed: present.flatMap(({ path, tables, problem }) => (problem && tables.length === 0 ? [{ path, error: problem }] : [])),
        others: [...(await followers(records, present)), ...(kept ? await fleetingTables(store, signal) : [])],
      }
    } finally {
      progress.clear()
    }
  }
}

/** Tables that follow files which are not among the ones published now: another folder was served from this database before. */
async function followers(records: LoadRecords, present: readonly { readonly path: string }[]): Promise<Loaded['others']> {
  const paths = new Set(present.map(({ path }) => path))
  return (await records.list()).filter(({ path }) => !paths.has(path.slice(0, path.lastIndexOf('#'))))
}

const fleetingTables = (store: FeatureStore, signal?: AbortSignal) => store.discover({ schemas: [fleeting], withoutGeometry: true }, signal)

/** What a process before this one left. */
async function dropFleeting(store: FeatureStore, signal?: AbortSignal): Promise<void> {
  for (const { schema, table } of await fleetingTables(store, signal)) await store.drop?.(schema, table)
}
