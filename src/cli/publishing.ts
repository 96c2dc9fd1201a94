import type { Logger } from 'pino'
import type { StoreConfig } from '#config/config.js'
import type { S3Environment } from '#config/s3-environment.js'
import { urlWithoutPassword } from '#config/show-config.js'
import { toProblem } from '#core/problem.js'
import type { TableCures } from '#core/publication.js'
import { postgisCures } from '#stores/postgis/cures.js'
import type { FileLoader } from './publish/load-files.js'
import { createPublisher, type Publisher } from './publish/publisher.js'
import { createRasterIndex } from './publish/raster-index.js'
import { type StoresInUse, useStores } from './publish/stores-in-use.js'

/** What `serve`, `check` and `import` share: the stores, and the publisher over them. */
export interface Publishing {
  readonly stores: StoresInUse
  readonly publisher: Publisher
}

export interface PublishingOptions {
  readonly dataFolder: string
  readonly publicUrl?: string
  /** Of decoded rasters that this thread keeps; absent: enough to describe them. */
  readonly blockBytes?: number
  readonly s3?: S3Environment
  readonly load: FileLoader
  readonly log: Logger
  /** Told when the addresses of stores changed. */
  readonly onChange?: () => void
}

export function startPublishing({ dataFolder, publicUrl, blockBytes, s3, load, log, onChange = () => {} }: PublishingOptions): Publishing {
  const stores = useStores({
    dataFolder,
    ...(blockBytes !== undefined && { blockBytes }),
    ...(s3 && { s3 }),
    onChange,
    onRestart: reason => log.warn({ reason }, 'the embedded database was started again'),
  })
  const onTrouble = (store: string, error: unknown) => {
    const { kind, message, cause } = toProblem(error)
    log.warn({ store, kind, err: cause }, `a store cannot be read: ${message}`)
  }
  const publisher = createPublisher({
    stores,
    tools: { load, dataFolder, rasters: createRasterIndex(process.stderr), onTrouble },
    cures: curesFor,
    ...(publicUrl !== undefined && { publicUrl }),
  })
  return { stores, publisher }
}

/** Cures for the tables of a store; no command of the shell reaches the database inside the process. */
export function curesFor(store: StoreConfig): TableCures | undefined {
  return store.kind === 'postgis' ? postgisCures(urlWithoutPassword(store.url)) : undefined
}
