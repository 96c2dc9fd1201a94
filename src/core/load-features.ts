import { freeTableName, tableNameOf } from './load-table-name.js'
import type { FeatureFile, FeatureLayer, FeatureStore, LoadRecord, LoadRecords, LoadTarget } from './ports.js'
import { Problem, toProblem } from './problem.js'

/** What loading needs from the rooms above. */
export interface LoadContext {
  /** Where the tables go; it must be able to `load`. */
  readonly store: FeatureStore
  /** What was loaded from where into `store`. */
  readonly records: LoadRecords
  readonly open: (path: string, signal?: AbortSignal) => Promise<FeatureFile>
  /** Changes when the content of the file does; undefined when there is no such file. */
  readonly fingerprint: (path: string) => Promise<string | undefined>
  /** Schema of the tables. */
  readonly schema: string
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: LoadProgress) => void
}

export interface LoadProgress {
  readonly path: string
  readonly layer: string
  readonly rows: number
  /** Of this layer, 0 to 1. */
  readonly share: number | undefined
}

/** A layer and the table it is in. */
export interface LoadedLayer {
  readonly path: string
  /** As the file calls it: what a collection's id and title are made of. */
  readonly name: string
  readonly schema: string
  readonly table: string
  readonly rows: number
  readonly notes: readonly string[]
}

export interface FileOutcome {
  /** `withdrawn`: the file is gone, and its tables were dropped. */
  readonly kind: 'loaded' | 'unchanged' | 'withdrawn' | 'failed'
  readonly path: string
  /** Of a failed file: what an earlier load left in place, untouched. */
  readonly tables: readonly LoadedLayer[]
  /** Why a file failed. */
  readonly problem?: Problem
}

/**
 * Makes the tables of a store follow files: loads the new ones, replaces what changed, leaves what did not, and drops the tables of files
 * that no longer exist. One file is loaded whole or not at all, and a broken one never stops the others; a first load is announced in the
 * records, so that one that was cut off is done over and not again beside itself. Stops (throws) only when cancelled or when a store does not
 * answer.
 */
export async function syncFiles(paths: readonly string[], context: LoadContext): Promise<readonly FileOutcome[]> {
  const { store, schema, signal } = context
  const records = await context.records.list()
  const tables = await store.discover({ schemas: [schema], withoutGeometry: true }, signal)
  const taken = new Set([
    ...tables.map(table => table.table),
    ...records.filter(record => record.schema === schema).map(record => record.table),
  ])
  const outcomes: FileOutcome[] = []
  const gone = [...new Set(records.map(record => fileOf(record.path)))].filter(path => !paths.includes(path))
  for (const path of gone) {
    if ((await context.fingerprint(path)) !== undefined) continue
    const mine = records.filter(record => fileOf(record.path) === path)
    for (const record of mine) {
      await withdraw(record, context)
      if (record.schema === schema) taken.delete(record.table)
    }
    outcomes.push({ kind: 'withdrawn', path, tables: mine.map(layerOf) })
  }
  for (const path of paths) {
    signal?.throwIfAborted()
    const mine = records.filter(record => fileOf(record.path) === path)
    const held = mine.filter(record => tables.some(table => table.schema === record.schema && table.table === record.table))
    outcomes.push(await syncFile(path, { mine, isHeld: mine.length > 0 && held.length === mine.length, taken }, context))
  }
  return outcomes
}

interface FileMemory {
  /** What was loaded from this file before. */
  readonly mine: readonly LoadRecord[]
  /** All of it is still there. */
  readonly isHeld: boolean
  /** Names of tables in the schema. */
  readonly taken: Set<string>
}

async function syncFile(path: string, { mine, isHeld, taken }: FileMemory, context: LoadContext): Promise<FileOutcome> {
  const loaded = mine.filter(record => !isAnnounced(record))
  const before = loaded.map(layerOf)
  const announced: LoadRecord[] = []
  try {
    const fingerprint = await context.fingerprint(path)
    if (fingerprint === undefined) throw new Problem('not-found', 'The file does not exist or may not be read.')
    if (isHeld && mine.every(record => record.fingerprint === fingerprint)) return { kind: 'unchanged', path, tables: before }
    const choose = (layer: FeatureLayer): LoadTarget => {
      const known = mine.find(record => record.path === recordPath(path, layer.name))
      const table = known?.table ?? freeTableName(tableNameOf(layer.name), name => taken.has(name))
      taken.add(table)
      return { schema: known?.schema ?? context.schema, table, mode: known ? 'replace' : 'create' }
    }
    const announce = async (targets: readonly ChosenTarget[]) => {
      for (const { layer, target } of targets.filter(({ target }) => target.mode === 'create')) {
        const { schema, table } = target
        const record = { path: recordPath(path, layer.name), fingerprint: '', schema, table, rows: 0, notes: [] }
        await context.records.put(record)
        announced.push(record)
      }
    }
    const tables = await loadFile(path, choose, context, announce)
    for (const { name, schema, table, rows, notes } of tables)
      await context.records.put({ path: recordPath(path, name), fingerprint, schema, table, rows, notes })
    for (const record of mine) if (!tables.some(({ name }) => recordPath(path, name) === record.path)) await withdraw(record, context)
    return { kind: 'loaded', path, tables }
  } catch (error) {
    const problem = toProblem(error)
    if (problem.kind === 'cancelled' || problem.kind === 'unavailable') throw error
    for (const record of announced) await context.records.forget(record.path)
    for (const record of mine.filter(isAnnounced)) await withdraw(record, context)
    return { kind: 'failed', path, tables: before, problem }
  }
}

export interface ImportOptions {
  /** Name of the table (and of the collection); of several layers each adds its own behind it. */
  readonly as?: string
  /** CRS of the file's coordinates, whatever it says. */
  readonly crs?: string
  readonly mode: LoadTarget['mode']
  /** Tables that files of the same command took before: a namesake gets a number instead of replacing them. Grows. */
  readonly taken?: Set<string>
}

/**
 * Loads one file on demand, whole or not at all. The tables are the operator's from then on: they do not follow the file, and stay when it
 * is gone. Throws Problems: `conflict` when a table exists and the mode is `create`.
 */
export async function importFile(
  path: string,
  options: ImportOptions,
  context: Omit<LoadContext, 'records'> & Partial<Pick<LoadContext, 'records'>>,
): Promise<readonly LoadedLayer[]> {
  const taken = options.taken ?? new Set<string>()
  const choose = (layer: FeatureLayer, isLone: boolean): LoadTarget => {
    const name = options.as === undefined ? layer.name : isLone ? options.as : `${options.as}_${layer.name}`
    const table = freeTableName(tableNameOf(name), name => options.mode !== 'append' && taken.has(name))
    taken.add(table)
    return { schema: context.schema, table, mode: options.mode, ...(options.crs ? { crs: options.crs } : {}) }
  }
  const tables = await loadFile(path, choose, context)
  // a table that followed a file until now does so no longer
  for (const record of (await context.records?.list()) ?? [])
    if (tables.some(({ schema, table }) => schema === record.schema && table === record.table)) await context.records?.forget(record.path)
  return tables
}

interface ChosenTarget {
  readonly layer: FeatureLayer
  readonly target: LoadTarget
}

/**
 * The layers of a file, one table each. A store loads a layer whole or not at all; so that this holds for the file, the other layers are read
 * to their end before the first is loaded, and tables made before a failure are dropped again.
 */
async function loadFile(
  path: string,
  choose: (layer: FeatureLayer, isLone: boolean) => LoadTarget,
  { store, open, signal, onProgress }: Omit<LoadContext, 'records'>,
  announce?: (targets: readonly ChosenTarget[]) => Promise<void>,
): Promise<LoadedLayer[]> {
  if (!store.load)
    throw new Problem('unsupported', `The store “${store.id}” cannot be written; a PostGIS or the embedded one would have worked.`)
  const file = await open(path, signal)
  const made: LoadTarget[] = []
  try {
    for (const layer of file.layers.slice(1)) await readToEnd(layer, signal)
    const targets = file.layers.map(layer => ({ layer, target: choose(layer, file.layers.length === 1) }))
    await announce?.(targets)
    const loaded: LoadedLayer[] = []
    for (const { layer, target } of targets) {
      const report = (rows: number, share: number | undefined) => onProgress?.({ path, layer: layer.name, rows, share })
      const { rows, notes } = await store.load(target, layer, { onProgress: report, ...(signal ? { signal } : {}) })
      if (target.mode === 'create') made.push(target)
      loaded.push({ path, name: layer.name, schema: target.schema, table: target.table, rows, notes })
    }
    return loaded
  } catch (error) {
    for (const { schema, table } of made) await store.drop?.(schema, table).catch(() => {}) // the first error is the one to tell
    throw error
  } finally {
    await file.close()
  }
}

async function readToEnd(layer: FeatureLayer, signal: AbortSignal | undefined): Promise<void> {
  for await (const _ of layer.read(signal)) signal?.throwIfAborted()
}

async function withdraw({ path, schema, table }: LoadRecord, { store, records }: LoadContext): Promise<void> {
  await store.drop?.(schema, table)
  await records.forget(path)
}

/** Written before a first load, and still there when that was cut off. */
const isAnnounced = ({ fingerprint }: LoadRecord) => fingerprint === ''

/** `/data/roads.gpkg#main%20roads`: the layer is escaped, so that the last `#` ends the path. */
const recordPath = (path: string, layer: string) => `${path}#${encodeURIComponent(layer)}`

const fileOf = (recordPath: string) => recordPath.slice(0, recordPath.lastIndexOf('#'))

function layerOf({ path, schema, table, rows, notes }: LoadRecord): LoadedLayer {
  return { path: fileOf(path), name: decodeURIComponent(path.slice(path.lastIndexOf('#') + 1)), schema, table, rows, notes }
}
