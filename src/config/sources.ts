import { isAbsolute, resolve } from 'node:path'
import { addressFault, isRemote, maskLocation } from '#stores/cog/locations.js'
import type { CogStoreConfig, StoreConfig } from './config.js'

/** SOURCES become stores; what cannot be one is refused with the reason. */
export interface AddedSources {
  readonly stores: ReadonlyMap<string, StoreConfig>
  readonly refused: readonly { readonly source: string; readonly reason: string }[]
}

/**
 * `stores` with `sources` added: files and folders go to an embedded store (features) and to one of GeoTIFFs, which look for what they
 * can read in them; addresses of rasters go to that of
 * GeoTIFFs; each `postgres://` URL becomes a store whose every spatial table is published. Where no store takes features, an
 * embedded one does: what is imported goes there.
 */
export function addSources(
  stores: ReadonlyMap<string, StoreConfig>,
  sources: readonly { readonly source: string; readonly folder: string }[],
): AddedSources {
  const all = new Map(stores)
  const refused: { source: string; reason: string }[] = []
  const paths: string[] = []
  const remote: string[] = []
  for (const { source, folder } of sources) {
    if (/^postgres(ql)?:/i.test(source)) {
      const parsed = parsePostgres(source)
      if (!parsed)
        refused.push({ source: 'postgres:…', reason: 'This is not a URL such as postgres://user@host:5432/database?schema=a,b.' })
      else {
        const id = freeStoreId(all, 'database')
        all.set(id, { kind: 'postgis', id, ...parsed, discover: true })
      }
    } else if (/^[a-z][a-z0-9+.-]+:\/\//i.test(source) && !source.startsWith('file://')) {
      const reason = isRemote(source)
        ? addressFault(source)
        : 'Folders, files, postgres://, s3:// and http(s):// addresses are published; download it, or point to a folder.'
      if (reason === undefined) remote.push(source)
      else refused.push({ source: maskLocation(source), reason })
    } else {
      const path = source.startsWith('file://') ? decodeURIComponent(new URL(source).pathname) : source
      paths.push(isAbsolute(path) ? path : resolve(folder, path))
    }
  }
  if (paths.length > 0) addFeatures(all, paths)
  if (paths.length + remote.length > 0) addRasters(all, [...paths, ...remote])
  if (![...all.values()].some(({ kind }) => kind !== 'cog')) {
    const id = freeStoreId(all, 'local')
    all.set(id, { kind: 'embedded', id, files: [], discover: true })
  }
  return { stores: all, refused }
}

function addFeatures(all: Map<string, StoreConfig>, paths: readonly string[]): void {
  const embedded = [...all.values()].find(store => store.kind === 'embedded')
  const local = embedded?.id ?? freeStoreId(all, 'local')
  all.set(local, {
    kind: 'embedded',
    id: local,
    files: [...new Set([...(embedded?.files ?? []), ...paths])],
    ...(embedded?.discover === false && { sources: paths }),
    discover: embedded?.discover ?? true,
  })
}

function addRasters(all: Map<string, StoreConfig>, paths: readonly string[]): void {
  const cog = [...all.values()].find(store => store.kind === 'cog' && store.root === undefined)
  const images = cog?.id ?? freeStoreId(all, 'images')
  all.set(images, {
    kind: 'cog',
    id: images,
    ...cog,
    files: [...new Set([...(cog?.kind === 'cog' ? cog.files : []), ...paths])],
  } as CogStoreConfig)
}

/** The URL without its `schema` parameter, which is ours and not PostgreSQL's. */
function parsePostgres(source: string): { readonly url: string; readonly schemas?: readonly string[] } | undefined {
  if (!/^postgres(ql)?:\/\/./i.test(source) || !URL.canParse(source)) return undefined
  const url = new URL(source)
  const schemas = url.searchParams
    .getAll('schema')
    .flatMap(list => list.split(','))
    .map(name => name.trim())
    .filter(Boolean)
  url.searchParams.delete('schema')
  return { url: url.href, ...(schemas.length > 0 && { schemas }) }
}

function freeStoreId(stores: ReadonlyMap<string, StoreConfig>, id: string): string {
  if (!stores.has(id)) return id
  let n = 2
  while (stores.has(`${id}${n}`)) n++
  return `${id}${n}`
}
