import type { Bbox } from '#geo/bbox.js'
import type { TileMatrix, TileMatrixSet } from '#geo/tile-matrix-set.js'
import type { MapTile } from './queries.js'

/** Share of a pixel by which a map may be off a tile: what clients lose when they write numbers. */
const hair = 0.01

interface Frame {
  readonly crs: string
  readonly bbox: Bbox
  readonly width: number
  readonly height: number
}

/**
 * The tile that a map is, of the first of `grids` whose tiles lie so: for clients that ask for tiles as maps. Tiles may be larger or smaller than
 * those of the grid, as long as they are counted from its corner. Undefined where the map is none.
 */
export function tileOfMap(map: Frame, grids: Iterable<TileMatrixSet>): MapTile | undefined {
  if (map.width !== map.height) return undefined
  for (const { crs, matrices } of grids) {
    if (crs !== map.crs) continue
    for (const matrix of matrices) {
      const tile = tileIn(matrix, map)
      if (tile) return tile
    }
  }
  return undefined
}

function tileIn(matrix: TileMatrix, { bbox: [minX, minY, maxX, maxY], width }: Frame): MapTile | undefined {
  const { cellSize, origin, tileSize } = matrix
  const span = cellSize * width
  const isNear = (a: number, b: number) => Math.abs(a - b) <= hair * cellSize
  const [column, row] = [Math.round((minX - origin[0]) / span), Math.round((origin[1] - maxY) / span)]
  const [left, top] = [origin[0] + column * span, origin[1] - row * span]
  if (!isNear(minX, left) || !isNear(maxY, top) || !isNear(maxX, left + span) || !isNear(minY, top - span)) return undefined
  const [columns, rows] = [Math.ceil((matrix.columns * tileSize) / width), Math.ceil((matrix.rows * tileSize) / width)]
  return column >= 0 && row >= 0 && column < columns && row < rows ? { column, row, columns, rows, origin, cellSize } : undefined
}
