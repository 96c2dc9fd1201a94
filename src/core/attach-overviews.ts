import type { RasterFile, RasterOverviews } from './atlas.js'
import { buildMosaic, type Mosaic } from './mosaic.js'
import { filesOfTile, nameOf, overviewGrid, overviewName, overviewTiles, placeName } from './overview-grid.js'

/** The overviews of a mosaic among the files found for it, and how many tiles are made of files that are no longer the ones there are. */
export interface AttachedOverviews {
  readonly overviews?: RasterOverviews
  readonly missing: number
  /** Drawn all the same until they are made anew. */
  readonly outdated: number
}

/**
 * Picks from `found` (paths end in the names of `overviewName`) what shows `mosaic`. A generation with missing tiles is not used: a map with
 * holes would be worse than the refusal that names the cure.
 */
export function attachOverviews(store: string, mosaic: Mosaic, found: readonly RasterFile[]): AttachedOverviews {
  const none = { missing: 0, outdated: 0 }
  if (found.length === 0) return none
  const grid = overviewGrid(mosaic)
  const byName = new Map(found.map(file => [nameOf(file.path), file]))
  const byPlace = new Map(found.map(file => [nameOf(file.path).replace(/-[^-]*$/, ''), file]))
  const generations: Mosaic[] = []
  let [missing, outdated] = [0, 0]
  let below = mosaic
  for (
    let tiles = overviewTiles(grid, mosaic, 0);
    tiles.length > 0;
    tiles = overviewTiles(grid, mosaic, generations.length, tiles.length)
  ) {
    const files = tiles.flatMap(tile => {
      const fresh = byName.get(overviewName(grid, tile, filesOfTile(grid, below, tile)))
      const file = fresh ?? byPlace.get(placeName(tile))
      if (!fresh && file) outdated++
      if (!file) missing++
      return file ? [file.crs === grid.crs ? file : { ...file, crs: grid.crs }] : []
    })
    if (files.length < tiles.length) break
    below = buildMosaic(files)
    generations.push(below)
  }
  return generations.length === 0 ? { ...none, missing } : { overviews: { store, generations }, missing, outdated }
}
