import type { Limits, RasterOverviews, RasterSource } from './atlas.js'
import type { Mosaic } from './mosaic.js'
import { Problem } from './problem.js'
import type { RasterLayerJob } from './queries.js'
import { type MosaicQuery, selectFiles, wantedResolution } from './select-files.js'

/** An overview may be this much coarser than the map: a little blur is cheaper than many files. */
const slack = 1.1

/**
 * The files a map of a raster collection is drawn from, and the store they are in: the coarsest overviews that are fine enough, else its own.
 * Throws `too-large` where there are none and the map touches too many files.
 */
export function filesForMap(
  id: string,
  { store, mosaic, overviews }: RasterSource,
  query: MosaicQuery,
  { mapFiles }: Limits,
): Pick<RasterLayerJob, 'store' | 'files' | 'isMosaic'> {
  const isOfAll = query.times === undefined && query.isChosen === undefined
  const generation = overviews && isOfAll ? fittingGeneration(overviews, mosaic, query) : undefined
  if (generation && overviews) return { store: overviews.store, files: selectFiles(generation, query), isMosaic: true }
  // one file is sooner tried than looked for
  const files = mosaic.files.length === 1 && isOfAll ? mosaic.files : selectFiles(mosaic, query)
  if (files.length <= mapFiles) return { store, files, ...(mosaic.files.length > 1 && { isMosaic: true }) }
  throw new Problem(
    'too-large',
    `This map touches ${files.length} files of "${id}"; at most ${mapFiles} are opened for one. A smaller area would work, or, once on the server, for maps of any scale: arpent overviews ${id}`,
  )
}

/** The coarsest that is fine enough. What overviews show has no single time and no file of its own: they are for maps that ask for none. */
function fittingGeneration({ generations }: RasterOverviews, mosaic: Mosaic, query: MosaicQuery): Mosaic | undefined {
  const wanted = wantedResolution(mosaic, query)
  return wanted === undefined ? undefined : generations.findLast(({ parts: [{ resolution }] }) => resolution[1] <= wanted * slack)
}
