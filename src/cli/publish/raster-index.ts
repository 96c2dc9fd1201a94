import { basename } from 'node:path'
import type { RasterRecords, RasterStore } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { type DescribedRaster, shareParts } from '#core/raster-mosaic.js'
import { type ProgressOutput, startProgress } from '../progress.js'
import { inParallel } from './in-parallel.js'

/** What is known of the rasters of every store: only new and changed ones are opened. */
export interface RasterIndex {
  /**
   * Describes `paths`, as the store names them. What did not change since it was described, or since `records` kept it, is not opened; files
   * that are gone are forgotten. A file that cannot be described is there with the reason, and is tried again when it changes.
   */
  describe(
    store: RasterStore,
    paths: readonly string[],
    records: RasterRecords | undefined,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, DescribedRaster | Problem>>
}

interface Known {
  readonly fingerprint: string
  readonly described: DescribedRaster | Problem
}

/** Files whose heads are read at once: enough to keep a disk, or a network, busy. */
const atOnce = 32
/** Files after which what is known so far is kept, so that an interrupted start goes on where it was. */
const batch = 1000

/** An index that remembers as long as it lives. Progress goes to `output`. */
export function createRasterIndex(output?: ProgressOutput): RasterIndex {
  const memory = new Map<string, ReadonlyMap<string, Known>>()
  return {
    async describe(store, paths, records, signal) {
      const before = memory.get(store.id) ?? (await remembered(records))
      const fingerprints = await store.fingerprints(paths, signal)
      const now = new Map<string, Known>()
      const changed: string[] = []
      for (const path of paths) {
        const known = before.get(path)
        if (known !== undefined && known.fingerprint === fingerprints.get(path)) now.set(path, known)
        else changed.push(path)
      }
      const share = shareParts()
      const progress = output && startProgress(output)
      let unkept: string[] = []
      const keep = async () => {
        const paths = unkept
        unkept = []
        await records?.put(paths.flatMap(path => recordOf(path, now.get(path))))
      }
      try {
        await inParallel(changed, atOnce, async path => {
          const described = await describeOne(store, path, signal)
          const fingerprint = fingerprints.get(path)
          // what may pass by itself is not remembered
          if (!(described instanceof Problem) || isOfTheFile(described)) {
            now.set(path, { fingerprint: fingerprint ?? '', described: described instanceof Problem ? described : share(described) })
          } else now.set(path, { fingerprint: '', described })
          if (unkept.push(path) >= batch) await keep()
          progress?.update(`${store.id}, reading heads`, now.size / paths.length, now.size, 'files')
        })
        await keep()
      } finally {
        progress?.clear()
      }
      const gone = [...before.keys()].filter(path => !now.has(path))
      if (gone.length > 0) await records?.forget(gone)
      memory.set(store.id, now)
      return new Map([...now].map(([path, { described }]) => [path, described]))
    },
  }
}

async function remembered(records: RasterRecords | undefined): Promise<ReadonlyMap<string, Known>> {
  return new Map((await records?.list())?.map(({ path, fingerprint, described }) => [path, { fingerprint, described }]))
}

const recordOf = (path: string, known: Known | undefined) =>
  known === undefined || known.fingerprint === '' || known.described instanceof Problem
    ? []
    : [{ path, fingerprint: known.fingerprint, described: known.described }]

const isOfTheFile = ({ kind }: Problem) => kind === 'invalid-data' || kind === 'unsupported' || kind === 'forbidden'

async function describeOne(store: RasterStore, path: string, signal: AbortSignal | undefined): Promise<DescribedRaster | Problem> {
  try {
    return await store.describe(path, signal)
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof Problem) return error
    return new Problem('invalid-data', `"${basename(path)}" cannot be read as a GeoTIFF.`, { cause: error })
  }
}
