import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Atlas, RasterBand, RasterFile } from '#core/atlas.js'
import type { MosaicOrder } from '#core/mosaic-order.js'
import { Problem } from '#core/problem.js'
import type { StoreAddress } from '#stores/index.js'
import { type PlainProblem, problemOf } from '#workers/messages.js'
import type { OverviewsBuilt } from './build-overviews.js'
import { folderName, overviewRoot } from './overview-files.js'

/** What the thread is started with: plain data. */
export interface OverviewThreadStart {
  readonly addresses: readonly StoreAddress[]
  readonly store: string
  readonly files: readonly RasterFile[]
  readonly bands: readonly RasterBand[]
  readonly order: MosaicOrder
  readonly storageCrs: string
  readonly folder: string
}

export interface OverviewsOptions {
  readonly dataFolder: string
  readonly addresses: readonly StoreAddress[]
  readonly onProgress: (done: number, of: number) => void
  readonly signal: AbortSignal
}

/** Where the overviews of a collection go. */
export const folderOf = (dataFolder: string, collection: string) => join(overviewRoot(dataFolder), folderName(collection))

/** Makes the overviews of a collection of `atlas` in a thread of its own. Throws `not-found` and what keeps it from being done. */
export async function runOverviews(atlas: Atlas, id: string, options: OverviewsOptions): Promise<OverviewsBuilt> {
  const source = atlas.collections.get(id)?.source
  if (source?.kind !== 'raster') {
    const known = [...atlas.collections.values()].filter(({ source }) => source.kind === 'raster').map(({ id }) => id)
    const there = known.length === 0 ? 'there is none' : `there is ${known.slice(0, 20).join(', ')}`
    throw new Problem('not-found', `"${id}" is no collection of rasters; ${there}.`)
  }
  const { mosaic, bands, store } = source
  const workerData: OverviewThreadStart = {
    addresses: rastersAmong(options.addresses),
    store,
    files: mosaic.files,
    bands,
    order: mosaic.order,
    storageCrs: mosaic.parts[0].crs,
    folder: folderOf(options.dataFolder, id),
  }
  const thread = new Worker(new URL('./overview-thread.js', import.meta.url), { workerData })
  const stop = () => thread.postMessage('stop')
  options.signal.addEventListener('abort', stop, { once: true })
  try {
    return await outcomeOf(thread, options.onProgress)
  } finally {
    options.signal.removeEventListener('abort', stop)
  }
}

/** The way to an embedded database is not needed, and closed. */
function rastersAmong(addresses: readonly StoreAddress[]): readonly StoreAddress[] {
  for (const address of addresses) if (address.kind === 'embedded') address.port.close()
  return addresses.filter(({ kind }) => kind === 'cog')
}

type Message = { readonly done: number; readonly of: number } | { readonly result: OverviewsBuilt } | { readonly problem: PlainProblem }

const outcomeOf = (thread: Worker, onProgress: OverviewsOptions['onProgress']) =>
  new Promise<OverviewsBuilt>((resolve, reject) => {
    thread.on('message', (message: Message) => {
      if ('done' in message) onProgress(message.done, message.of)
      else if ('result' in message) resolve(message.result)
      else reject(problemOf(message.problem))
    })
    thread.on('error', reject)
    thread.on('exit', () => reject(new Problem('internal', 'The thread that makes overviews ended without an answer.')))
  })
