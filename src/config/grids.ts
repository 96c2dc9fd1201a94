import { crsOf } from '#geo/crs.js'
import { type TileMatrixSetDefinition, tileMatrixSet } from '#geo/tile-matrix-set.js'
import type { MeaningCheck } from './check-meaning.js'
import type { RawGrid } from './raw-config.js'

/** Most columns or rows of a matrix: what clients count in 32 bits. */
const mostTiles = 2 ** 31 - 1

/** Levels of a grid and both ways together. */
const mostLevels = 60

/** The grids of a checked config, by id, every level spelled out. */
export function resolveGrids(grids: Readonly<Record<string, RawGrid>> = {}): ReadonlyMap<string, TileMatrixSetDefinition> {
  return new Map(Object.entries(grids).map(([id, grid]) => [id, resolveGrid(id, grid)]))
}

function resolveGrid(id: string, { title = id, cellSizes, halvings = 0, ...said }: RawGrid): TileMatrixSetDefinition {
  const finest = cellSizes.at(-1) ?? 1
  const added = Array.from({ length: halvings }, (_, i) => finest / 2 ** (i + 1))
  return { id, title, ...said, crs: crsOf(said.crs)?.code ?? said.crs, cellSizes: [...cellSizes, ...added] }
}

/** What form alone does not show: a CRS nobody knows, an extent inside out, levels that are not finer than the one before, too many tiles. */
export function checkGrid(id: string, grid: RawGrid, fault: MeaningCheck): void {
  const found = isWellFormed(grid) ? findFault(id, grid) : undefined // its form is a fault already
  if (found) fault(`/grids/${id}/${found.at}`, found.message)
}

const isWellFormed = ({ crs, cellSizes, halvings = 0, extent, tileSize = 256 }: RawGrid): boolean =>
  typeof crs === 'string' && [...numbersOf(cellSizes, 1), ...numbersOf(extent, 4), halvings, tileSize].every(Number.isFinite)

const numbersOf = (list: unknown, least: number): readonly unknown[] => (Array.isArray(list) && list.length >= least ? list : [undefined])

function findFault(id: string, grid: RawGrid): { readonly at: string; readonly message: string } | undefined {
  const { crs, cellSizes, halvings = 0, extent } = grid
  const [minX, minY, maxX, maxY] = extent
  if (!crsOf(crs)) return { at: 'crs', message: `${crs} is not a CRS of the EPSG or IGNF registers` }
  if (!(minX < maxX && minY < maxY)) return { at: 'extent', message: 'this is not least x, least y, greatest x, greatest y' }
  const level = cellSizes.findIndex((size, i) => i > 0 && size >= (cellSizes[i - 1] ?? 0))
  if (level > 0) return { at: `cellSizes/${level}`, message: 'each cell size is to be smaller than the one before' }
  if (cellSizes.length + halvings > mostLevels) return { at: 'halvings', message: `a grid has at most ${mostLevels} levels` }
  const tooMany = tileMatrixSet(resolveGrid(id, grid)).matrices.findIndex(({ columns, rows }) => Math.max(columns, rows) > mostTiles)
  if (tooMany < 0) return undefined
  const at = tooMany < cellSizes.length ? `cellSizes/${tooMany}` : 'halvings'
  return { at, message: `level ${tooMany} would have more than ${mostTiles} columns or rows of tiles` }
}
