import { basename } from 'node:path'
import { syncFiles } from '#core/load-features.js'
import type { FeatureStore, StateStore } from '#core/ports.js'
import { fingerprint, openFeatureFile } from '#formats/features/readers/index.js'
import { type ProgressOutput, startProgress } from '../progress.js'
import type { FileLoader, Loaded } from './load-files.js'

/** Schema of the embedded database that files and imports go into. */
const schema = 'public'

/** A loader whose progress goes to `output`. Archives are unpacked in `scratch`, the system's temporary folder when absent. */
export function syncLoader(output: ProgressOutput, scratch?: string): FileLoader {
  return async (store, files, signal) => {
    const state = stateOf(store)
    await state?.migrate()
    const progress = startProgress(output)
    try {
      const outcomes = await syncFiles(files, {
        store,
        ...(state && { state }),
        schema,
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
      const kept = outcomes.filter(({ kind }) => kind !== 'withdrawn')
      return {
        tables: kept.flatMap(({ tables, problem }) => tables.map(table => ({ ...table, ...(problem && { outdated: problem.message }) }))),
        failed: kept.flatMap(({ path, tables, problem }) => (problem && tables.length === 0 ? [{ path, error: problem }] : [])),
        others: await followers(state, kept),
      }
    } finally {
      progress.clear()
    }
  }
}

/** Tables that follow files which are not among the ones published now: another folder was served from this database before. */
async function followers(state: StateStore | undefined, kept: readonly { readonly path: string }[]): Promise<Loaded['others']> {
  const paths = new Set(kept.map(({ path }) => path))
  const records = (await state?.loads()) ?? []
  return records.filter(({ path }) => !paths.has(path.slice(0, path.lastIndexOf('#'))))
}

/** The memory of a store, where it has one. */
export function stateOf(store: FeatureStore & Partial<StateStore>): StateStore | undefined {
  const { migrate, loads, recordLoad, forgetLoad } = store
  return migrate && loads && recordLoad && forgetLoad ? { migrate, loads, recordLoad, forgetLoad } : undefined
}
