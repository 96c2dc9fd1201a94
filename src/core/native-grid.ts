import type { Bbox } from '#geo/bbox.js'
import { type TileMatrixSet, tileMatrixSet } from '#geo/tile-matrix-set.js'
import type { Collection, RasterFile } from './atlas.js'

/** Name by which every collection's own grid can be asked for. */
export const nativeGridName = 'native'

/** Levels that are added above those of the file, so that a whole region fits on few tiles. */
const mostLevels = 24

/**
 * The tile matrix set a raster is stored in: its CRS, its corner, its blocks and pixel sizes, coarsest first, so that its tiles are stored blocks.
 * Of a mosaic the first file decides. Undefined for what is not raster, is rotated, has other than square pixels, or is stored in strips.
 */
export function nativeGrid({ id, source, extent }: Collection): TileMatrixSet | undefined {
  const file = source.kind === 'raster' ? source.mosaic.files[0] : undefined
  if (!file || !isGrid(file)) return undefined
  const cellSizes = cellSizesOf(file)
  const tileSize = file.levels[0].blockWidth
  const name = `${nativeGridName}-${id}`
  const box = extent?.storage ?? file.bbox
  return tileMatrixSet({
    id: name,
    title: `Grid of ${id}`,
    crs: file.crs,
    cellSizes,
    extent: anchored(box, file, cellSizes[0] * tileSize),
    tileSize,
  })
}

function isGrid({ transform: [, dx, rx, , ry, dy], levels: [{ width, blockWidth, blockHeight }] }: RasterFile): boolean {
  const isUpright = rx === 0 && ry === 0 && dx > 0 && Math.abs(dx + dy) <= 1e-9 * dx
  return isUpright && blockWidth === blockHeight && (blockWidth !== width || width <= 1024)
}

/** Of the levels with blocks like the first, then doubled until one tile holds the file. Whole steps where the rounding of a level's size allows. */
function cellSizesOf({ levels, transform, width, height }: RasterFile): number[] {
  const [{ blockWidth: tileSize, blockHeight }] = levels
  const sizes = levels
    .filter(level => level.blockWidth === tileSize && level.blockHeight === blockHeight)
    .map(level => {
      const [step, whole] = [width / level.width, Math.round(width / level.width)]
      return transform[1] * (Math.abs(step / whole - 1) * level.width <= 0.05 ? whole : step)
    })
  const side = Math.max(width, height) * transform[1]
  while (sizes.length < mostLevels && sizes[sizes.length - 1] * tileSize < side) sizes.push(sizes[sizes.length - 1] * 2)
  return sizes.reverse()
}

/** `box`, grown so that its upper left corner is whole tiles of the coarsest matrix away from that of `file`. */
function anchored([minX, minY, maxX, maxY]: Bbox, { bbox }: RasterFile, span: number): Bbox {
  const left = bbox[0] - Math.max(0, Math.ceil((bbox[0] - minX) / span - 1e-9)) * span
  const top = bbox[3] + Math.max(0, Math.ceil((maxY - bbox[3]) / span - 1e-9)) * span
  return [left, Math.min(minY, bbox[1]), Math.max(maxX, bbox[2]), top]
}
