import type { CollectionConfig, Config, StoreConfig } from '#config/config.js'
import { maskUrl } from '#config/show-config.js'
import type { LoadRecords, RasterRecords, Stores } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { Publication } from '#core/publication.js'
import { dressed } from './dress.js'
import type { FoundFiles } from './find-files.js'
import { gatherRasters } from './gather-rasters.js'
import { gatherTables } from './gather-tables.js'
import { displayPath, leftOut } from './left-out.js'
import type { FileLoader } from './load-files.js'
import type { RasterIndex } from './raster-index.js'

/** What gathering needs beside the config. */
export interface GatherTools {
  readonly stores: Stores
  readonly load: FileLoader
  /** What is remembered of files loaded into a store; undefined while state is off. */
  readonly records: (store: string) => Promise<LoadRecords | undefined>
  readonly rasters: RasterIndex
  /** What is remembered of the rasters of a store; undefined while state is off. */
  readonly rasterRecords: (store: string) => RasterRecords | undefined
  /** Folder of overviews and the embedded database. */
  readonly dataFolder: string
  readonly onTrouble: (store: string, error: unknown) => void
}

/** Publications of one store. Never throws for what is the store's fault: then its collections are there, left out. */
export async function gatherStore(
  store: StoreConfig,
  config: Config,
  files: FoundFiles,
  tools: GatherTools,
  signal?: AbortSignal,
): Promise<readonly Publication[]> {
  const declared = [...config.collections.values()].filter(collection => collection.store === store.id)
  try {
    if (store.kind === 'cog') {
      const raster = tools.stores.raster(store.id)
      const ofStore = { store: raster, index: tools.rasters, records: rememberedRasters(store.id, tools), styleFiles: files.styles }
      return await gatherRasters(store, declared, ofStore, signal)
    }
    if (store.kind === 'embedded') return await dressed(await gatherEmbedded(store, declared, files, tools, signal), files.styles)
    const published = await gatherTables(store, declared, { tables: [], others: [] }, tools.stores.features(store.id), signal)
    return published.length === 0 && store.discover
      ? [leftOut(maskUrl(store.url), nothingSpatial(store.schemas))]
      : await dressed(published, files.styles)
  } catch (error) {
    signal?.throwIfAborted()
    tools.onTrouble(store.id, error)
    const whole = leftOut(store.kind === 'postgis' ? maskUrl(store.url) : `store ${store.id}`, error)
    const each = declared.map(({ id, settings }) => leftOut(`collection ${id}`, error, { id, settings }))
    return [...(each.length === 0 || (store.kind === 'postgis' && store.discover) ? [whole] : []), ...each]
  }
}

/** What state remembers of a store's rasters. Trouble with it is reported, and costs no more than describing them anew. */
function rememberedRasters(store: string, { rasterRecords, onTrouble }: GatherTools): RasterRecords | undefined {
  const records = rasterRecords(store)
  const orNothing =
    <Given extends unknown[], T>(work: (...given: Given) => Promise<T>, nothing: T) =>
    (...given: Given) =>
      work(...given).catch(error => {
        onTrouble(store, error)
        return nothing
      })
  return (
    records && {
      list: orNothing(records.list, []),
      put: orNothing(records.put, undefined),
      forget: orNothing(records.forget, undefined),
    }
  )
}

function nothingSpatial(schemas: readonly string[] | undefined): Problem {
  const where = schemas ? `in the schemas ${schemas.join(', ')}` : 'in any schema'
  return new Problem(
    'not-found',
    `There is no table or view with a geometry ${where} that this user may see. Check the schemas and the user's rights.`,
  )
}

async function gatherEmbedded(
  store: Extract<StoreConfig, { kind: 'embedded' }>,
  declared: readonly CollectionConfig[],
  { features }: FoundFiles,
  { stores, load, records }: GatherTools,
  signal: AbortSignal | undefined,
): Promise<readonly Publication[]> {
  if (declared.length === 0 && features.length === 0 && !isOpen(stores, store.id)) return []
  const opened = stores.features(store.id)
  const { tables, failed, others } = await load(opened, await records(store.id), features, signal)
  const published = await gatherTables(store, declared, { tables, others }, opened, signal)
  return [...published, ...failed.map(({ path, error }) => leftOut(displayPath(path), error))]
}

function isOpen(stores: Stores, id: string): boolean {
  try {
    return stores.features(id) !== undefined
  } catch {
    return false
  }
}
