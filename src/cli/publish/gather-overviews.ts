import type { RasterFile } from '#core/atlas.js'
import type { FoundOverviews } from '#core/build-collection.js'
import type { Stores } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { listOverviews, overviewStore } from '../overviews/overview-files.js'
import type { GatherTools } from './gather.js'

/** The overviews there are, by collection; those that cannot be read are as good as missing. */
export async function gatherOverviews(
  { dataFolder, rasters }: Pick<GatherTools, 'dataFolder' | 'rasters'>,
  stores: Stores,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, FoundOverviews>> {
  const listed = await listOverviews(dataFolder)
  if (listed.size === 0) return new Map()
  const paths = [...listed.values()].flat()
  const described = await rasters.describe(stores.raster(overviewStore), paths, {}, signal)
  const fileOf = (path: string): RasterFile[] => {
    const known = described.get(path)
    return known === undefined || known instanceof Problem ? [] : [known.file]
  }
  return new Map([...listed].map(([id, paths]) => [id, { store: overviewStore, files: paths.flatMap(fileOf) }]))
}
