import type { Access, LegacyServer, Limits, ServiceInfo, Space } from '#core/atlas.js'
import type { ExportPlan } from '#core/export-shelf.js'
import type { CollectionSettings } from '#core/publication.js'
import type { TileMatrixSetDefinition } from '#geo/tile-matrix-set.js'
import type { RemoteSettings } from '#stores/cog/sources/remote-settings.js'
import type { RawRasterStyle } from './raw-config.js'

/** What is published: the config file, or the same structure derived from SOURCES, checked and with every default filled in. */
export interface Config {
  readonly service: ServiceInfo
  readonly stores: ReadonlyMap<string, StoreConfig>
  readonly collections: ReadonlyMap<string, CollectionConfig>
  readonly spaces: ReadonlyMap<string, Space>
  /** Tile matrix sets beside the built-in ones. */
  readonly grids: ReadonlyMap<string, TileMatrixSetDefinition>
  readonly limits: Limits
  /** Files of whole collections that are made every day. */
  readonly exports?: ExportPlan
  readonly access: Access
  /** Folders of fonts, absolute. */
  readonly fonts: readonly string[]
  /** Addresses below which styles are read that a request names. */
  readonly styleAddresses: readonly string[]
  /** Servers whose old addresses are answered. */
  readonly legacy: ReadonlySet<LegacyServer>
  readonly namespaces: ReadonlyMap<string, string>
  /** Store that keeps Arpent's own things; absent: the first writable one. */
  readonly stateStore?: string
  /** Bytes of memory for encoded answers, rows and decoded raster blocks. */
  readonly cache: { readonly memory: number; readonly rows: number; readonly blocks: number }
  /** SOURCES that cannot be published, with the reason. */
  readonly refusedSources: readonly { readonly source: string; readonly reason: string }[]
  /** What the file says that has no effect yet, for the log. */
  readonly notes: readonly string[]
}

export type StoreConfig = PostgisStoreConfig | EmbeddedStoreConfig | CogStoreConfig

export interface PostgisStoreConfig {
  readonly kind: 'postgis'
  readonly id: string
  /** With its password: never to be logged. */
  readonly url: string
  readonly schemas?: readonly string[]
  readonly poolSize?: number
  readonly statementSeconds?: number
  /** Whether every spatial table and view is published, not only the declared ones. */
  readonly discover: boolean
}

export interface EmbeddedStoreConfig {
  readonly kind: 'embedded'
  readonly id: string
  /** Absolute paths of files, and of folders to search, whose features are loaded and published. */
  readonly files: readonly string[]
  /** Those of `files` that are published whatever `discover` says: they were named as SOURCES. */
  readonly sources?: readonly string[]
  readonly discover: boolean
}

export interface CogStoreConfig {
  readonly kind: 'cog'
  readonly id: string
  /** Absolute folder, or `s3://` or `http(s)://` address, that relative names start from. */
  readonly root?: string
  /** Absolute paths or addresses of files, and of folders to search, whose GeoTIFFs are published. */
  readonly files: readonly string[]
  readonly remote?: Partial<RemoteSettings>
}

export interface CollectionConfig {
  readonly id: string
  readonly store: string
  /** `table` or `schema.table`, parts in double quotes where they contain a dot. */
  readonly table?: string
  /** Patterns below the root of a cog store. */
  readonly files?: readonly string[]
  /** As the file has them; `settings.styles` is what they mean. */
  readonly styles: readonly RawRasterStyle[]
  readonly settings: CollectionSettings
}
