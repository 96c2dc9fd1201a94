import type { FeatureStore, LoadRecords } from '#core/ports.js'

/** A table that a file (or a layer of one) was loaded into. */
export interface LoadedTable {
  /** Absolute path of the file. */
  readonly path: string
  /** Name the collection's id and title are made of. */
  readonly name: string
  readonly schema: string
  readonly table: string
  readonly notes: readonly string[]
  /** Why a newer version of the file could not be loaded: the table holds the one before. */
  readonly outdated?: string
}

/** What came of loading files. */
export interface Loaded {
  readonly tables: readonly LoadedTable[]
  readonly failed: readonly { readonly path: string; readonly error: unknown }[]
  /** Tables of files that are not published now. */
  readonly others: readonly { readonly schema: string; readonly table: string }[]
}

/**
 * Brings a store up to date with files: new and changed ones are loaded, unchanged ones are not, tables of files that are gone are dropped.
 * A broken file does not stop the others. Without `records`, what was loaded is known only as long as the process runs.
 */
export type FileLoader = (
  store: FeatureStore,
  records: LoadRecords | undefined,
  files: readonly string[],
  signal?: AbortSignal,
) => Promise<Loaded>
