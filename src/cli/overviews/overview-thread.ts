/** A thread of its own for making overviews: a server that answers meanwhile must not feel it. */
import { mkdirSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { buildMosaic } from '#core/mosaic.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { plainProblem } from '#workers/messages.js'
import { openStores } from '#workers/open-stores.js'
import { buildOverviews } from './build-overviews.js'
import type { OverviewThreadStart } from './run-overviews.js'

const { addresses, store, files, bands, order, storageCrs, folder } = workerData as OverviewThreadStart
const stores = openStores(addresses)
const stop = new AbortController()
parentPort?.on('message', () => stop.abort())
try {
  mkdirSync(folder, { recursive: true })
  const made = openCogStore({ id: 'made', root: folder })
  const result = await buildOverviews({
    mosaic: buildMosaic(files, { order, storageCrs }),
    bands,
    store: stores.raster(store),
    made,
    folder,
    signal: stop.signal,
    onProgress: (done, of) => parentPort?.postMessage({ done, of }),
  })
  parentPort?.postMessage({ result })
} catch (error) {
  parentPort?.postMessage({ problem: plainProblem(error) })
}
await stores.close()
parentPort?.close()
