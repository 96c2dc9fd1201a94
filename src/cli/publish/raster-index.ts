import { basename } from 'node:path'
import type { RasterRecord, RasterRecords, RasterStore } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { RasterAttributes } from '#core/raster-attributes.js'
import { type DescribedRaster, shareParts } from '#core/raster-mosaic.js'
import { holdsSecret } from '#stores/cog/locations.js'
import { type ProgressOutput, startProgress } from '../progress.js'
import { inParallel } from './in-parallel.js'

/** What is known of the rasters of every store: only new and changed ones are opened. */
export interface RasterIndex {
  /**
   * Describes `paths`, as the store names them. What did not change since it was described, or since `records` kept it, is not opened; files
   * that are gone are forgotten. A file that cannot be described is there with the reason, and is tried again when it changes. What
   * collections say of a file (`saidOf`) is kept with it, and changes nothing of the description.
   */
  describe(
    store: RasterStore,
    paths: readonly string[],
    memory: RasterMemory,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, DescribedRaster | Problem>>
}

export interface RasterMemory {
  /** Undefined while state is off. */
  readonly records?: RasterRecords | undefined
  readonly saidOf?: (path: string) => RasterAttributes
}

interface Known {
  /** Empty where there is none: then it is described anew every time. */
  readonly fingerprint: string
  readonly described: DescribedRaster | Problem
  readonly said?: RasterAttributes
}

/** Files whose heads are read at once: enough to keep a disk, or a network, busy. */
const atOnce = 32
/** Files after which what is known so far is kept, so that an interrupted start goes on where it was. */
const batch = 1000

/** An index that remembers as long as it lives. Progress goes to `output`. */
export function createRasterIndex(output?: ProgressOutput): RasterIndex {
  const memory = new Map<string, ReadonlyMap<string, Known>>()
  return {
    async describe(store, paths, { records, saidOf = () => ({}) }, signal) {
      // the database works while the files are looked at
      const [before, fingerprints] = await Promise.all([memory.get(store.id) ?? remembered(records), store.fingerprints(paths, signal)])
      const now = new Map<string, Known>()
      const changed: string[] = []
      let unkept: string[] = []
      for (const path of paths) {
        const known = before.get(path)
        const said = saidOf(path)
        if (known === undefined || known.fingerprint !== fingerprints.get(path)) changed.push(path)
        else if (isSaid(known, said)) now.set(path, known)
        else {
          now.set(path, { ...known, said })
          unkept.push(path)
        }
      }
      const share = shareParts()
      const progress = output && startProgress(output)
      const keep = async () => {
        const paths = unkept
        unkept = []
        await records?.put(paths.flatMap(path => recordOf(path, now.get(path))))
      }
      try {
        await inParallel(changed, atOnce, async path => {
          const described = await describeOne(store, path, signal)
          const said = saidOf(path)
          // what may pass by itself is not remembered
          const fingerprint = described instanceof Problem && !isOfTheFile(described) ? '' : (fingerprints.get(path) ?? '')
          now.set(path, { fingerprint, said, described: described instanceof Problem ? described : share(described) })
          if (!isKept(before.get(path), now.get(path)!) && unkept.push(path) >= batch) await keep()
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
  return new Map((await records?.list())?.map(record => [record.path, record]))
}

/** Everybody may read the records: an address with a password or a signature in it is none. */
const recordOf = (path: string, known: Known | undefined): readonly RasterRecord[] =>
  known === undefined || known.described instanceof Problem || holdsSecret(path) ? [] : [{ ...known, described: known.described, path }]

const isSaid = ({ said = {} }: Known, { time, accuracy }: RasterAttributes) => said.time === time && said.accuracy === accuracy

/** Whether what was just read is what is kept already: of files that have to be read at every start. */
function isKept(before: Known | undefined, { fingerprint, described, said = {} }: Known): boolean {
  if (before === undefined || before.described instanceof Problem || described instanceof Problem) return false
  return before.fingerprint === fingerprint && before.described.file.version === described.file.version && isSaid(before, said)
}

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
