import { stringify } from 'yaml'
import { maskLocation } from '#stores/cog/locations.js'
import type { CollectionConfig, Config, StoreConfig } from './config.js'
import { showDimensions } from './dimensions.js'

/** The effective config as YAML, in the structure of the file, with secrets masked. It can be read back once the masks are replaced. */
export function showConfig(config: Config): string {
  const {
    service,
    stores,
    collections,
    spaces,
    grids,
    limits,
    exports,
    access,
    fonts,
    styleAddresses,
    legacy,
    namespaces,
    stateStore,
    cache,
  } = config
  const effective = {
    service,
    stores: fromMap(stores, showStore),
    ...(collections.size > 0 && { collections: fromMap(collections, showCollection) }),
    ...(spaces.size > 0 && { spaces: fromMap(spaces, ({ title, collections: members }) => ({ title, collections: members })) }),
    ...(grids.size > 0 && { grids: fromMap(grids, ({ id: _, ...grid }) => grid) }),
    limits,
    ...(exports && { exports }),
    access: {
      ...(access.accounts.size > 0 && {
        accounts: fromMap(access.accounts, ({ password, keys }) => ({
          ...(password !== undefined && { password: '***' }),
          keys: keys.map(() => '***'),
        })),
      }),
      write: fromMap(access.write, names => names),
    },
    ...(fonts.length > 0 && { fonts }),
    ...(styleAddresses.length > 0 && { remote: { styles: styleAddresses } }),
    ...(legacy.size > 0 && { legacy: [...legacy] }),
    ...(stateStore !== undefined && { state: { store: stateStore } }),
    ...(namespaces.size > 0 && { namespaces: fromMap(namespaces, uri => uri) }),
    cache,
  }
  return stringify(effective, { lineWidth: 140, aliasDuplicateObjects: false })
}

function showStore(store: StoreConfig): object {
  const { id: _, sources: _s, ...rest } = { sources: undefined, ...store }
  if (store.kind === 'postgis') return { ...rest, url: maskUrl(store.url) }
  const files = store.files.length > 0 ? store.files.map(maskLocation) : undefined
  return store.kind === 'embedded'
    ? { ...rest, files }
    : { ...rest, ...(store.root !== undefined && { root: maskLocation(store.root) }), files }
}

function showCollection({ id: _, store, table, files, styles, settings }: CollectionConfig): object {
  const {
    key,
    metadataUrls,
    dataUrls,
    featureListUrls,
    styles: _s,
    styleFiles = [],
    timePattern,
    dimensions = [],
    accuracyPattern,
    ...said
  } = settings
  return {
    store,
    table,
    files,
    ...(key && { id: key }),
    ...said,
    ...(accuracyPattern !== undefined && { accuracy: { pattern: accuracyPattern } }),
    ...showDimensions(dimensions, timePattern),
    ...(styles.length + styleFiles.length > 0 && { styles: [...styleFiles, ...styles] }),
    ...(metadataUrls && { metadata: metadataUrls }),
    ...(dataUrls && { data: dataUrls }),
    ...(featureListUrls && { featureLists: featureListUrls }),
  }
}

/** `url` with what may be a password replaced by `***`; for a URL that cannot be read, nothing of it. */
export function maskUrl(url: string): string {
  if (!URL.canParse(url)) return '***'
  const parsed = new URL(url)
  if (parsed.password !== '') parsed.password = '***'
  for (const name of [...parsed.searchParams.keys()]) if (/pass|secret|token|key/i.test(name)) parsed.searchParams.set(name, '***')
  return parsed.href
}

/** `url` without a password, for commands that ask for it themselves. */
export function urlWithoutPassword(url: string): string {
  if (!URL.canParse(url)) return 'postgres://…'
  const parsed = new URL(url)
  parsed.password = ''
  for (const name of [...parsed.searchParams.keys()]) if (/pass|secret|token|key/i.test(name)) parsed.searchParams.delete(name)
  return parsed.href
}

function fromMap<T>(map: ReadonlyMap<string, T>, show: (value: T) => unknown): Record<string, unknown> {
  return Object.fromEntries([...map].map(([key, value]) => [key, show(value)]))
}
