import type { MessagePort } from 'node:worker_threads'
import type { FeatureStore } from '#core/ports.js'
import type { RemoteSettings, S3Keys } from './cog/sources/remote-settings.js'
import { openEmbeddedDatabase } from './postgis/embedded/embedded-database.js'
import { openNativeDatabase } from './postgis/native/native-database.js'
import { postgisStore } from './postgis/postgis-store.js'

/** How to reach a store from any thread: plain data, or a port that is transferred with it. */
export type StoreAddress = PostgisAddress | EmbeddedAddress | CogAddress

/** PostgreSQL with PostGIS. */
export interface PostgisAddress {
  readonly kind: 'postgis'
  readonly id: string
  readonly url: string
  /** What discovery looks at when it is not told otherwise. */
  readonly schemas?: readonly string[]
  readonly poolSize?: number
  readonly statementSeconds?: number
  /** Between two batches of rows others of the thread have their turn: where answers are also given. */
  readonly takesTurns?: boolean
}

/** The PostGIS inside this process; `port` comes from the embedded host. */
export interface EmbeddedAddress {
  readonly kind: 'embedded'
  readonly id: string
  readonly port: MessagePort
}

/** Rasters: see `stores/cog`. */
export interface CogAddress {
  readonly kind: 'cog'
  readonly id: string
  readonly root?: string
  readonly remote?: Partial<RemoteSettings>
  /** Secret. */
  readonly keys?: S3Keys
}

/** Opens a store of features. Nothing is connected before it is asked for something. */
export function openFeatureStore(address: Exclude<StoreAddress, CogAddress>): FeatureStore {
  if (address.kind === 'embedded') return postgisStore(address.id, openEmbeddedDatabase(address.port))
  return postgisStore(address.id, openNativeDatabase(address), address.schemas)
}
