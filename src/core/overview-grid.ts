import { createHash } from 'node:crypto'
import { type Bbox, bboxesMeet } from '#geo/bbox.js'
import type { RasterFile } from './atlas.js'
import type { Mosaic } from './mosaic.js'
import { selectFiles } from './select-files.js'

/** Pixels of the side of an overview tile: a few hundred for a country, each drawn in a second or two. */
export const overviewSide = 4096
/** Images below the full one in each: a map opens at most 25 tiles at any scale, because the next generation is 8 times as coarse. */
export const overviewLevels = 3
const generationStep = 2 ** overviewLevels
/** Least pixels across a file at the resolution overviews begin with. */
const leastAcross = 256
/** Generations end with one that has this many tiles at most. */
const fewTiles = 4
/** Changes when the same files would give other pixels. */
const recipe = 1

/** The north-up grid of overviews, in the storage CRS: counted from near its origin, so that added and removed files do not move it. */
export interface OverviewGrid {
  readonly crs: string
  /** Less than a pixel from 0,0: so that corners of files are corners of pixels. */
  readonly origin: readonly [x: number, y: number]
  /** Units of the CRS per pixel of the first generation. */
  readonly resolution: number
}

/** One file of overviews: generation 0 is made of the mosaic, each next one of the one before, 8 times as coarse. */
export interface OverviewTile {
  readonly generation: number
  readonly column: number
  readonly row: number
  readonly bbox: Bbox
  /** Units of the CRS per pixel. */
  readonly resolution: number
}

/** Overviews begin where the files' own end, with 256 pixels across a file at least. */
export function overviewGrid({ parts: [part], files }: Mosaic): OverviewGrid {
  const members = [...part.members].map(i => files[i])
  const [side, own] = [
    median(members.map(({ width, height }) => Math.min(width, height))),
    median(members.map(({ width, levels }) => width / levels[levels.length - 1].width)),
  ]
  const most = Math.max(1, Math.floor(Math.log2(side / leastAcross)))
  const halvings = Math.min(most, Math.max(1, Math.round(Math.log2(own))))
  const resolution = median(members.map(({ transform: [, a, , , d] }) => Math.hypot(a, d))) * 2 ** halvings
  const [x, , , y] = members[0].transform
  return { crs: part.crs, origin: [remainder(x, resolution), remainder(y, resolution)], resolution }
}

/** What is beyond whole steps, to a ten-thousandth of one: corners of one grid differ in their last digits. */
function remainder(value: number, step: number): number {
  const steps = value / step
  return (Math.round((steps - Math.floor(steps + 5e-5)) * 1e4) / 1e4) * step
}

/** The tiles of a generation that files of `mosaic` touch; undefined beyond the last generation, when `below` tiles are few already. */
export function overviewTiles(
  grid: OverviewGrid,
  mosaic: Mosaic,
  generation: number,
  below = Number.POSITIVE_INFINITY,
): readonly OverviewTile[] {
  if (below <= fewTiles) return []
  const resolution = grid.resolution * generationStep ** generation
  const span = resolution * overviewSide
  const [x, y] = grid.origin
  // a file that ends on the edge of a tile does not touch the next one
  const [first, last] = [(from: number) => Math.floor(from / span + 1e-6), (to: number) => Math.ceil(to / span - 1e-6) - 1]
  const tiles: OverviewTile[] = []
  const { bbox } = mosaic
  for (let row = first(y - bbox[3]); row <= last(y - bbox[1]); row++)
    for (let column = first(bbox[0] - x); column <= last(bbox[2] - x); column++) {
      const [left, top] = [x + column * span, y - row * span]
      const tile = { generation, column, row, resolution, bbox: [left, top - span, left + span, top] as const }
      if (mosaic.parts.some(part => part.crs !== grid.crs || part.tree.search(...inner(tile.bbox)).length > 0)) tiles.push(tile)
    }
  return tiles
}

/** Without its edges. */
function inner([minX, minY, maxX, maxY]: Bbox): Bbox {
  const hair = (maxX - minX) * 1e-6
  return [minX + hair, minY + hair, maxX - hair, maxY - hair]
}

/** The files a tile is made of, in drawing order. */
export function filesOfTile(grid: OverviewGrid, mosaic: Mosaic, { bbox }: OverviewTile): readonly RasterFile[] {
  const size = { width: overviewSide, height: overviewSide }
  return selectFiles(mosaic, { crs: grid.crs, bbox, ...size }).filter(file => file.crs !== grid.crs || bboxesMeet(inner(bbox), file.bbox))
}

/** Where a tile stands and what it is made of: `0/3_-2-…`, so that one of other files has another name. */
export function overviewName(grid: OverviewGrid, tile: OverviewTile, files: readonly RasterFile[]): string {
  const hash = createHash('sha256').update(JSON.stringify([recipe, grid, tile.resolution]))
  // the name of an overview tile says what is in it, wherever the data folder is
  for (const { path, version } of files) hash.update(tile.generation === 0 ? `${path}\n${version}\n` : `${nameOf(path)}\n`)
  return `${placeName(tile)}-${hash.digest('hex').slice(0, 16)}.tif`
}

/** The name of a tile at the end of its path. */
export const nameOf = (path: string): string => path.split(/[/\\]/).slice(-2).join('/')

export const placeName = ({ generation, column, row }: OverviewTile): string => `${generation}/${column}_${row}`

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}
