import type { Limits, RasterSource } from './atlas.js'
import { Problem } from './problem.js'
import type { RasterLayerJob } from './queries.js'
import { type MosaicQuery, selectFiles } from './select-files.js'

/** The files of a raster collection to draw a map from, and the store they are in. Throws `too-large` where a map touches too many. */
export function filesForMap(
  id: string,
  { store, mosaic }: RasterSource,
  query: MosaicQuery,
  { mapFiles }: Limits,
): Pick<RasterLayerJob, 'store' | 'files'> {
  // one file is sooner tried than looked for
  const files = mosaic.files.length === 1 && query.time === undefined ? mosaic.files : selectFiles(mosaic, query)
  if (files.length <= mapFiles) return { store, files }
  throw new Problem(
    'too-large',
    `This map touches ${files.length} files of "${id}"; at most ${mapFiles} are opened for one. A smaller area would work, or, once on the server, for maps of any scale: arpent overviews ${id}`,
  )
}
