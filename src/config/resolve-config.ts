import { type Access, defaultLimits, type Limits, type ResourceUrl, type ServiceInfo } from '#core/atlas.js'
import type { CollectionSettings } from '#core/publication.js'
import { hashKey, hashPassword, isKeyHash, isPasswordHash } from '#core/secret-hash.js'
import { crsOf } from '#geo/crs.js'
import { joinLocation } from '#stores/cog/locations.js'
import { type StoreKinds, storeFor } from './check-meaning.js'
import type { CollectionConfig, Config, StoreConfig } from './config.js'
import { resolveDimensions } from './dimensions.js'
import { resolveGrids } from './grids.js'
import { resolveRasterStyle } from './raster-look.js'
import { listOf, type RawCollection, type RawConfig, type RawResource, type RawStore, rasterStylesOf, styleFilesOf } from './raw-config.js'
import { type AddedSources, addSources } from './sources.js'

const defaultCache = { memory: 256e6, rows: 256e6, blocks: 256e6 }

/** Where names of a config start from. */
export interface ConfigPlace {
  /** Folder of the config file: relative paths in it start there. */
  readonly folder: string
  /** SOURCES named beside it; theirs start from the working directory. */
  readonly sources?: readonly string[]
}

/** The stores of a checked file, and those its sources and the ones beside it become. Paths are absolute. */
export function resolveStores(raw: RawConfig, { folder, sources = [] }: ConfigPlace): AddedSources {
  const absolute = (path: string) => joinLocation(folder, path)
  const declared = new Map(Object.entries(raw.stores ?? {}).map(([id, store]) => [id, resolveStore(id, store, absolute)]))
  const named = [...listOf(raw.sources).map(source => ({ source, folder })), ...sources.map(source => ({ source, folder: process.cwd() }))]
  return addSources(declared, named)
}

/** The config of a checked file (or of nothing at all) and the sources beside it, every default filled in. */
export function resolveConfig(raw: RawConfig, place: ConfigPlace): Config {
  const { stores, refused } = resolveStores(raw, place)
  const kinds: StoreKinds = new Map([...stores].map(([id, { kind }]) => [id, kind]))
  return {
    service: resolveService(raw.service),
    stores,
    collections: new Map(
      Object.entries(raw.collections ?? {}).map(([id, collection]) => [
        id,
        resolveCollection(id, collection, storeFor(collection, kinds) ?? '', path => joinLocation(place.folder, path)),
      ]),
    ),
    spaces: new Map(Object.entries(raw.spaces ?? {}).map(([id, { title, collections }]) => [id, { id, title: title ?? id, collections }])),
    grids: resolveGrids(raw.grids),
    limits: resolveLimits(raw.limits),
    ...(raw.exports && { exports: resolveExports(raw.exports) }),
    access: resolveAccess(raw.access),
    fonts: listOf(raw.fonts).map(path => joinLocation(place.folder, path)),
    styleAddresses: listOf(raw.remote?.styles),
    legacy: new Set(raw.legacy ?? []),
    namespaces: new Map(Object.entries(raw.namespaces ?? {})),
    ...(raw.state && { stateStore: raw.state.store }),
    cache: {
      memory: raw.cache?.memory ?? defaultCache.memory,
      rows: raw.cache?.rows ?? defaultCache.rows,
      blocks: raw.cache?.blocks ?? defaultCache.blocks,
    },
    refusedSources: refused,
    notes: notBuiltYet(raw),
  }
}

const resolveExports = ({ at, collections = '*', formats = ['gpkg', 'csv'] }: NonNullable<RawConfig['exports']>): Config['exports'] => ({
  at,
  collections: listOf(collections),
  formats: listOf(formats),
})

function resolveService(service: RawConfig['service'] = {}): ServiceInfo {
  const { title = 'Arpent', languages = ['en', 'fr'], lenient = false, publicUrl, metadata, ...rest } = service
  return {
    title,
    languages,
    lenient,
    ...(publicUrl !== undefined && { publicUrl: publicUrl.replace(/\/+$/, '') }),
    ...(metadata && { metadata: resource(metadata, 'application/vnd.ogc.csw.GetRecordByIdResponse_xml') }),
    ...rest,
  }
}

const resource = ({ url, format }: RawResource, usual: string): ResourceUrl => ({ url, format: format ?? usual })

function resolveStore(id: string, store: RawStore, absolute: (path: string) => string): StoreConfig {
  if (store.kind === 'embedded') return { kind: 'embedded', id, files: listOf(store.files).map(absolute), discover: store.discover ?? true }
  if (store.kind === 'cog') {
    const root = store.root === undefined ? undefined : absolute(store.root)
    const files = listOf(store.files).map(path => (root === undefined ? absolute(path) : joinLocation(root, path)))
    return { kind: 'cog', id, files, ...(root !== undefined && { root }), ...(store.remote && { remote: store.remote }) }
  }
  const { url, schemas, poolSize, statementSeconds, discover = false } = store
  return {
    kind: 'postgis',
    id,
    url,
    discover,
    ...(schemas !== undefined && { schemas: listOf(schemas) }),
    ...(poolSize !== undefined && { poolSize }),
    ...(statementSeconds !== undefined && { statementSeconds }),
  }
}

function resolveCollection(id: string, raw: RawCollection, store: string, absolute: (path: string) => string): CollectionConfig {
  const {
    store: _,
    table,
    files,
    id: key,
    theme,
    metadata,
    data,
    featureLists,
    crs,
    hidden,
    styles: _s,
    queryables,
    time,
    elevation: _e,
    dimensions: _d,
    accuracy,
    ...said
  } = raw
  const dimensions = resolveDimensions(raw)
  const styles = rasterStylesOf(raw)
  const styleFiles = styleFilesOf(raw).map(absolute)
  const settings: CollectionSettings = {
    ...said,
    ...(styles.length > 0 && { styles: styles.map(resolveRasterStyle) }),
    ...(styleFiles.length > 0 && { styleFiles }),
    ...(key !== undefined && { key: listOf(key) }),
    ...(theme !== undefined && { theme: listOf(theme) }),
    ...(hidden !== undefined && { hidden: listOf(hidden) }),
    ...(queryables !== undefined && { queryables: listOf(queryables) }),
    ...(typeof time === 'object' && time.pattern !== undefined && { timePattern: time.pattern }),
    ...(dimensions.length > 0 && { dimensions }),
    ...(typeof accuracy === 'string' && { accuracy }),
    ...(typeof accuracy === 'object' && { accuracyPattern: accuracy.pattern }),
    ...(crs && { crs: crs.map(code => crsOf(code)?.code ?? code) }),
    ...(data && { dataUrls: data.map(one => resource(one, 'application/octet-stream')) }),
    ...(featureLists && { featureListUrls: featureLists.map(one => resource(one, 'application/xml')) }),
    ...(metadata && {
      metadataUrls: metadata.map(({ url, type = 'ISO19115:2003', format = 'application/xml' }) => ({ url, type, format })),
    }),
  }
  return { id, store, ...(table !== undefined && { table }), ...(files !== undefined && { files: listOf(files) }), styles, settings }
}

function resolveLimits(limits: Partial<Limits> = {}): Limits {
  const merged = { ...defaultLimits, ...limits }
  return { ...merged, itemsMax: Math.max(merged.items, merged.itemsMax) }
}

/** Secrets that came out of variables are hashed here: nothing behind this line sees one in plain text. */
function resolveAccess({ accounts = {}, write = {} }: NonNullable<RawConfig['access']> = {}): Access {
  return {
    accounts: new Map(
      Object.entries(accounts).map(([name, { password, keys = [] }]) => [
        name,
        {
          ...(password !== undefined && { password: isPasswordHash(password) ? password : hashPassword(password) }),
          keys: keys.map(key => (isKeyHash(key) ? key : hashKey(key))),
        },
      ]),
    ),
    write: new Map(Object.entries(write)),
  }
}

/** Keys of the contract that have no effect yet, and what happens instead. */
function notBuiltYet({ cache }: RawConfig): string[] {
  const notes = [
    cache?.disk !== undefined && 'cache.disk has no effect yet: answers are kept in memory only, and made anew after a restart',
  ]
  return notes.filter(note => typeof note === 'string')
}
