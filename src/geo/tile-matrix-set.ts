import type { Bbox } from './bbox.js'
import { requireCrs } from './crs.js'

/** A grid of tiles at several scales (OGC 17-083r4). Coordinates are x,y whatever the authority says: writers flip (T-8). */
export interface TileMatrixSet {
  readonly id: string
  readonly title: string
  readonly crs: string
  /** Identifier in OGC's register, where it is one of theirs. */
  readonly uri?: string
  readonly wellKnownScaleSet?: string
  /** From the coarsest to the finest. */
  readonly matrices: readonly TileMatrix[]
}

export interface TileMatrix {
  readonly id: string
  /** With a pixel of 0.28 mm. */
  readonly scaleDenominator: number
  /** Units of the CRS per pixel. */
  readonly cellSize: number
  /** Upper left corner of tile 0,0. */
  readonly origin: readonly [x: number, y: number]
  /** In pixels, both ways. */
  readonly tileSize: number
  readonly columns: number
  readonly rows: number
}

/** Inclusive bounds of the tiles of a matrix. */
export interface TileLimits {
  readonly minColumn: number
  readonly maxColumn: number
  readonly minRow: number
  readonly maxRow: number
}

export interface TileMatrixSetDefinition {
  readonly id: string
  readonly title: string
  readonly crs: string
  /** Units per pixel, coarsest first. */
  readonly cellSizes: readonly number[]
  /** What the matrices have to cover. */
  readonly extent: Bbox
  /** Corner of `extent` that tiles are counted from; `upper-left` when absent. From the lower left the upper edge differs from matrix to matrix. */
  readonly anchor?: 'upper-left' | 'lower-left'
  readonly tileSize?: number
  /** Columns and rows beyond the extent, as some producers declare. */
  readonly spare?: number
  /** Put before the number of each matrix in its id. */
  readonly idPrefix?: string
  readonly uri?: string
  readonly wellKnownScaleSet?: string
}

/** Standardised rendering pixel in metres (OGC 17-083r4, 6.1). */
const pixelMetres = 0.00028
/** Share of a tile by which an extent may stick out without costing another column: rounding, not content. */
const hair = 1e-6

/** The tile matrix set of a definition. Throws CrsError for an unknown CRS. */
export function tileMatrixSet(definition: TileMatrixSetDefinition): TileMatrixSet {
  const { id, title, crs, cellSizes, extent, anchor, tileSize = 256, spare = 0, idPrefix = '', uri, wellKnownScaleSet } = definition
  const { metresPerUnit } = requireCrs(crs)
  const [minX, minY, maxX, maxY] = extent
  const matrices = cellSizes.map((cellSize, level): TileMatrix => {
    const span = cellSize * tileSize
    const columns = Math.max(1, Math.ceil((maxX - minX) / span - hair)) + spare
    const rows = Math.max(1, Math.ceil((maxY - minY) / span - hair)) + spare
    const top = anchor === 'lower-left' ? minY + rows * span : maxY
    const scaleDenominator = (cellSize * metresPerUnit) / pixelMetres
    return { id: `${idPrefix}${level}`, scaleDenominator, cellSize, origin: [minX, top], tileSize, columns, rows }
  })
  return { id, title, crs, matrices, ...(uri && { uri }), ...(wellKnownScaleSet && { wellKnownScaleSet }) }
}

/** The matrix of an id. Where ids carry the name of the set (`EPSG:2154:7`) the bare number is understood, too; and the other way round. */
export function tileMatrixOf({ id: setId, matrices }: TileMatrixSet, id: string): TileMatrix | undefined {
  return matrices.find(matrix => matrix.id === id || matrix.id === `${setId}:${id}` || `${setId}:${matrix.id}` === id)
}

/** The outside edges of a tile, in the CRS of its set. Neighbours share theirs to the last bit. */
export function tileBbox({ origin, cellSize, tileSize }: TileMatrix, column: number, row: number): Bbox {
  const span = cellSize * tileSize
  return [origin[0] + column * span, origin[1] - (row + 1) * span, origin[0] + (column + 1) * span, origin[1] - row * span]
}

/** The tile a point lies in; one on an edge belongs to the tile right of or below it. Undefined outside the matrix. */
export function tileAt(matrix: TileMatrix, x: number, y: number): { readonly column: number; readonly row: number } | undefined {
  const span = matrix.cellSize * matrix.tileSize
  const column = Math.floor((x - matrix.origin[0]) / span)
  const row = Math.floor((matrix.origin[1] - y) / span)
  return isTileOf(matrix, column, row) ? { column, row } : undefined
}

/** True for whole numbers within the matrix. */
export function isTileOf({ columns, rows }: TileMatrix, column: number, row: number): boolean {
  return Number.isInteger(column) && Number.isInteger(row) && column >= 0 && row >= 0 && column < columns && row < rows
}

/** The tiles that a box shares some area with; undefined when there are none. */
export function tileLimits(
  { origin, cellSize, tileSize, columns, rows }: TileMatrix,
  [minX, minY, maxX, maxY]: Bbox,
): TileLimits | undefined {
  const span = cellSize * tileSize
  const limits = {
    minColumn: Math.max(0, Math.floor((minX - origin[0]) / span + hair)),
    maxColumn: Math.min(columns - 1, Math.ceil((maxX - origin[0]) / span - hair) - 1),
    minRow: Math.max(0, Math.floor((origin[1] - maxY) / span + hair)),
    maxRow: Math.min(rows - 1, Math.ceil((origin[1] - minY) / span - hair) - 1),
  }
  return limits.minColumn <= limits.maxColumn && limits.minRow <= limits.maxRow ? limits : undefined
}

/** The whole matrix. */
export function matrixBbox({ origin, cellSize, tileSize, columns, rows }: TileMatrix): Bbox {
  const span = cellSize * tileSize
  return [origin[0], origin[1] - rows * span, origin[0] + columns * span, origin[1]]
}

/**
 * Where the pixels of a raster fall on those of a matrix: columns and rows from the matrix's origin to the raster's upper left corner, when
 * both are whole to a hundredth of a pixel. Undefined when they are not, or the pixels differ in size: then nothing can be copied unresampled.
 */
export function alignedPixels(
  { origin, cellSize }: TileMatrix,
  upperLeft: readonly [x: number, y: number],
  pixelSize: number,
): { readonly column: number; readonly row: number } | undefined {
  if (Math.abs(pixelSize / cellSize - 1) > 1e-9) return undefined
  const [column, row] = [(upperLeft[0] - origin[0]) / cellSize, (origin[1] - upperLeft[1]) / cellSize]
  const [wholeColumn, wholeRow] = [Math.round(column), Math.round(row)]
  if (Math.abs(column - wholeColumn) > 0.01 || Math.abs(row - wholeRow) > 0.01) return undefined
  return { column: wholeColumn, row: wholeRow }
}
