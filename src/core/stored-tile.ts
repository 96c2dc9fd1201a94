import type { Bbox } from '#geo/bbox.js'
import { transformBetween } from '#geo/transform.js'
import type { RasterFile } from './atlas.js'

/** A block of a raster file, by its place in the level. */
export interface StoredBlock {
  readonly level: number
  readonly column: number
  readonly row: number
}

/** Greatest distance of a tile's corners from those of a block, in pixels: what a warp may be off by, too. */
const tolerance = 0.05

/**
 * The block of `file` that is the tile of `tileSize` pixels over `bbox` in `crs`, pixel by pixel: the same CRS, the same size, corner on corner,
 * wholly inside the file. Undefined where there is none: then the tile has to be drawn.
 */
export function storedBlockOf(file: RasterFile, crs: string, bbox: Bbox, tileSize: number): StoredBlock | undefined {
  const [x0, dx, rx, y0, ry, dy] = file.transform
  const box = rx === 0 && ry === 0 && dx > 0 && dy < 0 ? sameBox(bbox, crs, file.crs, dx) : undefined
  if (!box) return undefined
  const cell = (box[2] - box[0]) / tileSize
  for (const [level, { width, height, blockWidth, blockHeight }] of file.levels.entries()) {
    if (blockWidth !== tileSize || blockHeight !== tileSize) continue
    const [cellX, cellY] = [(dx * file.width) / width, (-dy * file.height) / height]
    if (Math.max(Math.abs(cellX / cell - 1), Math.abs(cellY / cell - 1)) * tileSize > tolerance) continue
    const column = Math.round((box[0] - x0) / (cellX * tileSize))
    const row = Math.round((y0 - box[3]) / (cellY * tileSize))
    if (column < 0 || row < 0 || (column + 1) * tileSize > width || (row + 1) * tileSize > height) continue
    const [left, top] = [x0 + column * tileSize * cellX, y0 - row * tileSize * cellY]
    const [right, bottom] = [left + tileSize * cellX, top - tileSize * cellY]
    const shift = Math.max(Math.abs(left - box[0]), Math.abs(right - box[2]), Math.abs(top - box[3]), Math.abs(bottom - box[1]))
    if (shift <= tolerance * cell) return { level, column, row }
  }
  return undefined
}

/**
 * `bbox` in another system, where that only means other digits: two names of one system may differ in how they are computed (EPSG:2154 and IGNF:LAMB93
 * exchange their parallels). Undefined where a shift of datums comes between, or the box does not stay a box to a thousandth of a pixel.
 */
function sameBox(bbox: Bbox, from: string, to: string, pixel: number): Bbox | undefined {
  if (from === to) return bbox
  const { isIdentity, accuracy, point } = transformBetween(from, to)
  if (isIdentity) return bbox
  const [minX, minY, maxX, maxY] = bbox
  if (accuracy !== 0) return undefined
  const [a, b, c, d] = [point(minX, minY), point(maxX, minY), point(maxX, maxY), point(minX, maxY)]
  if (!a || !b || !c || !d) return undefined
  const bend = Math.max(Math.abs(a[1] - b[1]), Math.abs(b[0] - c[0]), Math.abs(c[1] - d[1]), Math.abs(d[0] - a[0]))
  return bend <= pixel / 1000 ? [a[0], a[1], c[0], c[1]] : undefined
}
