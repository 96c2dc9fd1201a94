import type { Affine } from '#geo/affine.js'
import { type Bbox, intersectBbox } from '#geo/bbox.js'
import { crsOf } from '#geo/crs.js'
import { alignedPixels, matrixBbox, type TileMatrix, type TileMatrixSet, tileLimits, tileMatrixOf } from '#geo/tile-matrix-set.js'
import { transformBbox, transformBetween } from '#geo/transform.js'
import type { RasterFile } from './atlas.js'
import { Problem } from './problem.js'

/** What a Cloud-Optimized GeoTIFF made of a file is to be like: pure data. */
export interface CogPlan {
  /** Code with an EPSG number where the grid or the file has one. */
  readonly crs: string
  /** Outside edges, in `crs`; of an upright picture. */
  readonly bbox: Bbox
  readonly width: number
  readonly height: number
  readonly transform: Affine
  readonly blockSide: number
  /** Images below the full one, each half as wide and high as the one before. */
  readonly overviews: number
  /** Pixels are those of the file, moved by whole ones at most: nothing is interpolated. */
  readonly isCopy: boolean
  readonly grid?: GridFit
}

/** How a plan meets a grid. */
export interface GridFit {
  readonly id: string
  /** Of the full resolution, its id and units of `crs` per pixel. */
  readonly matrix: string
  readonly cellSize: number
  /** Units of `crs` per pixel of the file, in its middle. */
  readonly ownCellSize: number
  /** Matrices whose tiles are blocks of the file, from `matrix` on. */
  readonly aligned: readonly string[]
}

/** Blocks where no grid says otherwise: fewer requests than 256, and still small. */
const ownBlockSide = 512
/** Overviews end with one that is at most this wide and high. */
const smallestSide = 512
/** A matrix may be this much coarser than the file before the next finer one is taken, which has four times the pixels. */
const coarser = 1.2
/** Tiles across the file below which a matrix is no longer aligned to: it would cost more margin than it has tiles to send. */
const fewTiles = 4
/** Share of a pixel that edges may be off. */
const hair = 0.01

/** The file's own pixels and CRS. */
export function planAsItIs(file: RasterFile): CogPlan {
  const { crs, bbox, width, height, transform } = file
  return { crs: codeFor(crs), bbox, width, height, transform, blockSide: ownBlockSide, overviews: overviewsOf(width, height), isCopy: true }
}

/**
 * Pixels and blocks of `grid`: of the matrix nearest to the file's resolution that is not coarser by more than a fifth, or of the one asked for; with
 * margins to the left and above, so that the overviews' blocks are tiles of the coarser matrices. Throws `invalid-parameter` where the two do not meet.
 */
export function planForGrid(file: RasterFile, name: string, grid: TileMatrixSet, asked?: string): CogPlan {
  const crs = codeFor(grid.crs)
  const odd = grid.matrices.find(({ tileSize }) => tileSize % 16 !== 0)
  if (odd)
    throw new Problem(
      'unsupported',
      `Tiles of ${grid.id} have ${odd.tileSize} pixels; blocks of a TIFF have a multiple of 16, such as 256 or 512.`,
    )
  const shared = transformBbox(file.bbox, file.crs, grid.crs)
  const ownCellSize = cellSizeIn(file, grid.crs)
  const index = matrixFor(grid, ownCellSize, asked)
  const matrix = grid.matrices[index]
  const box = shared && intersectBbox(shared, matrixBbox(matrix))
  const limits = box && tileLimits(matrix, box)
  if (!limits)
    throw new Problem('invalid-parameter', `"${name}" lies outside of the grid ${grid.id}. A grid of its own region would work, or none.`)
  const { tileSize, cellSize, origin } = matrix
  const span = tileSize * cellSize
  const [right, bottom] = [origin[0] + (limits.maxColumn + 1) * span, origin[1] - (limits.maxRow + 1) * span]
  const corner = alignedCorner(grid, index, {
    left: origin[0] + limits.minColumn * span,
    top: origin[1] - limits.minRow * span,
    columns: limits.maxColumn - limits.minColumn + 1,
    rows: limits.maxRow - limits.minRow + 1,
  })
  const [tight, tall] = [(right - corner.left) / cellSize, (corner.top - bottom) / cellSize]
  const overviews = overviewsOf(tight, tall)
  // every level is exactly half of the one before
  const whole = (size: number) => Math.ceil(Math.round(size) / 2 ** overviews) * 2 ** overviews
  const [width, height] = [whole(tight), whole(tall)]
  const bbox = [corner.left, corner.top - height * cellSize, corner.left + width * cellSize, corner.top] as const
  return {
    crs,
    bbox,
    width,
    height,
    transform: [corner.left, cellSize, 0, corner.top, 0, -cellSize],
    blockSide: tileSize,
    overviews,
    isCopy: isOnGrid(file, grid.crs, matrix),
    grid: { id: grid.id, matrix: matrix.id, cellSize, ownCellSize, aligned: corner.aligned },
  }
}

/** Whether the pixels of an upright file are pixels of the matrix. */
export function isOnGrid({ transform: [x, dx, rx, y, ry, dy], crs }: RasterFile, gridCrs: string, matrix: TileMatrix): boolean {
  if (rx !== 0 || ry !== 0 || dx <= 0 || Math.abs(dx + dy) > 1e-9 * dx || !isSameAt(crs, gridCrs, x, y, dx)) return false
  return alignedPixels(matrix, [x, y], dx) !== undefined
}

/** Whether two names mean the same coordinates at a place of `a`, to a thousandth of a pixel. */
export function isSameAt(a: string, b: string, x: number, y: number, pixel: number): boolean {
  if (a === b) return true
  const { isIdentity, accuracy, point } = transformBetween(a, b)
  if (isIdentity || accuracy !== 0) return isIdentity
  const place = point(x, y)
  return place !== undefined && Math.hypot(place[0] - x, place[1] - y) <= pixel / 1000
}

/** GeoTIFF counts in codes of EPSG; its coordinates are x,y whatever these say. */
const codeFor = (crs: string): string => epsgTwins[crs] ?? crs

/** Systems that grids are in under another name. */
const epsgTwins: Readonly<Record<string, string>> = { 'OGC:CRS84': 'EPSG:4326', 'IGNF:LAMB93': 'EPSG:2154' }

function overviewsOf(width: number, height: number): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / smallestSide)))
}

/** Units of `crs` that a pixel in the middle of the file is wide and high (the root of its area). Throws `invalid-parameter`. */
function cellSizeIn({ transform: [x0, a, b, y0, d, e], width, height, crs: from }: RasterFile, crs: string): number {
  const { point } = transformBetween(from, crs)
  const place = (column: number, row: number) => point(x0 + column * a + row * b, y0 + column * d + row * e)
  const [column, row] = [width / 2, height / 2]
  const [middle, right, below] = [place(column, row), place(column + 1, row), place(column, row + 1)]
  const area =
    middle && right && below
      ? Math.abs((right[0] - middle[0]) * (below[1] - middle[1]) - (right[1] - middle[1]) * (below[0] - middle[0]))
      : Number.NaN
  if (area > 0 && Number.isFinite(area)) return Math.sqrt(area)
  throw new Problem('invalid-parameter', `The middle of the raster has no place in ${crs}${crsOf(crs) ? ` (${crsOf(crs)?.name})` : ''}.`)
}

function matrixFor(grid: TileMatrixSet, cellSize: number, asked: string | undefined): number {
  const { matrices } = grid
  if (asked !== undefined) {
    const matrix = tileMatrixOf(grid, asked)
    if (matrix) return matrices.indexOf(matrix)
    throw new Problem('invalid-parameter', `${grid.id} has no matrix "${asked}"; it has ${matrices.map(({ id }) => id).join(', ')}.`)
  }
  const found = matrices.findIndex(matrix => matrix.cellSize <= cellSize * coarser)
  return found < 0 ? matrices.length - 1 : found
}

interface TileFrame {
  readonly left: number
  readonly top: number
  readonly columns: number
  readonly rows: number
}

/** Moves the upper left corner to one of tiles of coarser matrices, as long as their tiles are made of four of the finer ones. */
function alignedCorner({ matrices }: TileMatrixSet, index: number, { left, top, columns, rows }: TileFrame) {
  const { cellSize, tileSize, id } = matrices[index]
  const span = cellSize * tileSize
  const aligned = [id]
  let corner = { left, top }
  for (let k = 1; k <= index && Math.min(columns, rows) / 2 ** k >= fewTiles; k++) {
    const coarse = matrices[index - k]
    const [step, across] = [coarse.cellSize * tileSize, Math.max(columns, rows) * tileSize]
    if (coarse.tileSize !== tileSize || Math.abs(step / (span * 2 ** k) - 1) * across > hair) break
    const moved = {
      left: coarse.origin[0] + Math.floor((corner.left - coarse.origin[0]) / step + 1e-6) * step,
      top: coarse.origin[1] - Math.floor((coarse.origin[1] - corner.top) / step + 1e-6) * step,
    }
    const [more, higher] = [(left - moved.left) / span, (moved.top - top) / span]
    if (Math.max(Math.abs(more - Math.round(more)), Math.abs(higher - Math.round(higher))) * tileSize > hair) break
    // on the finest lattice to the last digit
    corner = { left: left - Math.round(more) * span, top: top + Math.round(higher) * span }
    aligned.push(coarse.id)
  }
  return { ...corner, aligned }
}
