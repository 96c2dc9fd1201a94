import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config, EmbeddedStoreConfig, StoreConfig } from '#config/config.js'
import type { S3Environment } from '#config/s3-environment.js'
import { openPixelMemory } from '#render/pixel-memory.js'
import type { BlockSharing } from '#stores/cog/block-cache.js'
import { lendBlocks } from '#stores/cog/lent-blocks.js'
import { plainLocation } from '#stores/cog/locations.js'
import type { StoreAddress } from '#stores/index.js'
import { type EmbeddedHost, startEmbeddedDatabase } from '#stores/postgis/embedded/embedded-host.js'
import { type OpenStores, openStores } from '#workers/open-stores.js'
import { type DataDirectory, takeDataDirectory } from '../data/data-directory.js'
import { overviewAddress } from '../overviews/overview-files.js'

/** The stores of the config in force, and what they need: the embedded database with its lock. */
export interface StoresInUse {
  /** Of this thread. */
  readonly open: OpenStores
  /** Addresses for one more thread; ask anew for each. */
  addresses(): readonly StoreAddress[]
  /** Tells a store apart among all that may share one state, with nothing secret in it. */
  nameOf(id: string): string
  /** The locked data folder, when the embedded database runs or `takeDirectory` succeeded. */
  directory(): DataDirectory | undefined
  /**
   * Opens what `config` needs beside what is open, so that requests under way keep their stores until `settle`. The embedded database takes
   * seconds and much memory: it is started where `isNeeded` or where a folder of it is there. Throws `conflict` when another process holds it.
   */
  prepare(config: Config, isNeeded: (store: EmbeddedStoreConfig) => boolean): Promise<void>
  /** From now on only the stores of the last prepared config count; the others close when the requests under way must have ended. */
  settle(): void
  /** Back to the stores in force before the last `prepare`. */
  revert(): void
  close(): Promise<void>
}

export interface StoresOptions {
  readonly dataFolder: string
  /** Of decoded blocks, which are lent to the render threads. */
  readonly blockBytes?: number
  /** What the environment says of S3. */
  readonly s3?: S3Environment
  /** Told when the embedded database had to be started again, and why. */
  readonly onRestart: (reason: string) => void
  /** Told when `addresses` changed. */
  readonly onChange: () => void
}

/** Milliseconds after which nothing reads from a store that is no longer in the config: longer than requests may last. */
const retirement = 120_000

/** Blocks lie where kernels copy them, and are lent. */
function sharingOf(blockBytes: number): BlockSharing {
  const memory = openPixelMemory(blockBytes)
  return { lender: lendBlocks(blockBytes), ...(memory && { memory }) }
}

/** Nothing is opened before `prepare`. */
export function useStores({ dataFolder, blockBytes, s3 = {}, onRestart, onChange }: StoresOptions): StoresInUse {
  const open = openStores([], blockBytes, blockBytes === undefined ? {} : sharingOf(blockBytes))
  let current: readonly StoreConfig[] = []
  let next: readonly StoreConfig[] = []
  let directory: DataDirectory | undefined
  let host: EmbeddedHost | undefined

  const addressesOf = (stores: readonly StoreConfig[]) => [
    ...stores.flatMap(store => addressOf(store, host, s3) ?? []),
    overviewAddress(dataFolder),
  ]
  return {
    open,
    addresses: () => addressesOf(current),
    directory: () => directory,
    nameOf(id) {
      const store = next.find(store => store.id === id)
      if (store?.kind === 'postgis') return databaseName(store.url)
      if (store?.kind === 'cog') return ['rasters', ...[store.root ?? '', ...store.files].map(plainLocation)].join(' ')
      return `${store?.kind ?? 'store'} ${directory?.identity ?? ''} ${id}`
    },
    async prepare(config, isNeeded) {
      const hasDatabase = existsSync(join(dataFolder, 'database'))
      const stores = [...config.stores.values()].filter(store => store.kind !== 'embedded' || hasDatabase || isNeeded(store))
      if (stores.some(({ kind }) => kind === 'embedded') && !host) {
        directory ??= await takeDataDirectory(dataFolder)
        host = await startEmbeddedDatabase({ dataDir: directory.path, onRestart })
      }
      next = stores
      const both = [...stores, ...current.filter(({ id }) => !stores.some(store => store.id === id))]
      if (!isSame(both, current)) open.update(addressesOf(both))
    },
    settle() {
      if (isSame(next, current)) return
      open.update(addressesOf(next))
      current = next
      onChange()
      setTimeout(() => void open.closeRetired(), retirement).unref()
    },
    revert() {
      if (!isSame(next, current)) open.update(addressesOf(current))
      next = current
    },
    async close() {
      await open.close()
      await host?.close()
      await directory?.release()
    },
  }
}

function addressOf(store: StoreConfig, host: EmbeddedHost | undefined, { keys, ...usual }: S3Environment): StoreAddress | undefined {
  if (store.kind === 'embedded') return host && { kind: 'embedded', id: store.id, port: host.openPort() }
  if (store.kind === 'cog') {
    const { files: _, ...address } = store
    return { ...address, remote: { ...usual, ...store.remote }, ...(keys && { keys }) }
  }
  const { discover: _, ...address } = store
  return address
}

/** Host, port and name of a database, without who connects. */
function databaseName(url: string): string {
  const { host, pathname } = new URL(url)
  return `postgres ${host}${pathname}`
}

const isSame = (a: readonly StoreConfig[], b: readonly StoreConfig[]) => JSON.stringify(a) === JSON.stringify(b)
