import { type Bbox, containsBbox } from '#geo/bbox.js'
import { isTileOf, tileBbox } from '#geo/tile-matrix-set.js'
import { rulesOf, type Style } from '#styles/style.js'
import type { RasterFile, RasterSource } from './atlas.js'
import { type DrawContext, drawMap, isVisible, standardDpi } from './draw-map.js'
import { shownByDefault } from './narrow-layer.js'
import type { BlockAgain, BlockAtHand, Stores } from './ports.js'
import { Problem } from './problem.js'
import type { EncodedImage, TileQuery } from './queries.js'
import { selectFiles } from './select-files.js'
import { type StoredBlock, storedBlockOf } from './stored-tile.js'

export interface TileContext extends DrawContext {
  readonly stores: Stores
}

/** A tile, and whether its bytes are those of the file. */
export interface FetchedTile extends EncodedImage {
  readonly isStored: boolean
  readonly again?: BlockAgain
  /** Another tile of the matrix that the same request would be answered with, by what is in memory; undefined where it has to be fetched. */
  readonly neighbour?: (column: number, row: number) => BlockAtHand | undefined
}

/**
 * The verb behind every tile door. Where the tile is a stored block in a format the client takes and the style leaves it as it is, its bytes go out
 * untouched, unless a quality is asked for; else it is drawn. Throws `not-found` outside the matrix, and what drawing throws.
 */
export async function fetchTile(query: TileQuery, context: TileContext, signal?: AbortSignal): Promise<FetchedTile> {
  const { collection, style, grid, matrix, column, row, mediaTypes, quality, background } = query
  if (!isTileOf(matrix, column, row))
    throw new Problem(
      'not-found',
      `Matrix ${matrix.id} of ${grid.id} has columns 0 to ${matrix.columns - 1} and rows 0 to ${matrix.rows - 1}; row ${row}, column ${column} is outside.`,
    )
  const layer = shownByDefault({ collection, style })
  const isWhole = layer.times === undefined && layer.shown === undefined
  const stored = quality === undefined && isWhole ? await storedTile(query, context.stores, signal) : undefined
  if (stored) return stored
  const bbox = tileBbox(matrix, column, row)
  const mediaType = mediaTypes.length === 0 ? typeFor(query, bbox) : mediaTypes.find(type => drawnTypes.includes(type))
  if (mediaType === undefined)
    throw new Problem('not-acceptable', `Tiles of ${collection.id} come as ${drawnTypes.join(', ')}; ${mediaTypes.join(', ')} was asked.`)
  const image = await drawMap(
    {
      layers: [layer],
      crs: grid.crs,
      bbox,
      width: matrix.tileSize,
      height: matrix.tileSize,
      background: mediaType === 'image/jpeg' ? { ...background, isTransparent: false } : background,
      mediaType,
      ...(quality !== undefined && { quality }),
      dpi: standardDpi,
      tile: { column, row, columns: matrix.columns, rows: matrix.rows, origin: matrix.origin, cellSize: matrix.cellSize },
    },
    context,
    signal,
  )
  return { ...image, isStored: false }
}

/** Media types that tiles can be drawn in, for want of a stored block. */
const drawnTypes: readonly string[] = ['image/png', 'image/jpeg', 'image/webp', 'image/avif']

/** JPEG where a photograph fills the tile, else PNG, which can be transparent beside it. */
function typeFor({ collection: { source, storageCrs, extent }, grid }: TileQuery, bbox: Bbox): string {
  const isPhotograph = source.kind === 'raster' && isPlainColors(source)
  return isPhotograph && storageCrs === grid.crs && extent && containsBbox(extent.storage, bbox) ? 'image/jpeg' : 'image/png'
}

function isPlainColors({ bands }: RasterSource): boolean {
  return bands.length === 3 && bands.every(({ sampleType, nodata }) => sampleType === 'uint8' && nodata === undefined)
}

/** A style that leaves a raster as its file shows it. */
export function isPlain(style: Style): boolean {
  return rulesOf(style).every(({ minScaleDenominator, maxScaleDenominator, symbolizers }) => {
    if (minScaleDenominator !== undefined || maxScaleDenominator !== undefined) return false
    return symbolizers.every(symbolizer => symbolizer.kind === 'raster' && Object.keys(symbolizer).length === 2 && symbolizer.opacity === 1)
  })
}

async function storedTile(query: TileQuery, stores: Stores, signal: AbortSignal | undefined): Promise<FetchedTile | undefined> {
  const { collection, style, matrix, column, row, mediaTypes } = query
  const { source } = collection
  if (source.kind !== 'raster' || !isPlain(style.style) || !isVisible(collection, matrix.scaleDenominator)) return undefined
  const started = performance.now()
  const store = stores.raster(source.store)
  const place = blockUnder(query, source, column, row)
  const found = place && (await store.encodedBlock?.(place.file, place.block, signal))
  if (!found || (mediaTypes.length > 0 && !mediaTypes.includes(found.mediaType))) return undefined
  return {
    ...found,
    isStored: true,
    timings: { read: performance.now() - started },
    neighbour(column, row) {
      const place = isTileOf(matrix, column, row) ? blockUnder(query, source, column, row) : undefined
      const other = place && store.blockNow?.(place.file, place.block)
      return other?.mediaType === found.mediaType ? other : undefined
    },
  }
}

/** The block that is a tile: a block without holes of the topmost file hides whatever lies below. */
function blockUnder(
  { grid, matrix }: TileQuery,
  { mosaic }: RasterSource,
  column: number,
  row: number,
): { readonly file: RasterFile; readonly block: StoredBlock } | undefined {
  const bbox = tileBbox(matrix, column, row)
  const map = { crs: grid.crs, bbox, width: matrix.tileSize, height: matrix.tileSize }
  const file = selectFiles(mosaic, map).findLast(file => overlaps(file.bbox, bbox, matrix.cellSize))
  const block = file && storedBlockOf(file, grid.crs, bbox, matrix.tileSize)
  return block && { file, block }
}

/** Whether boxes share more than a sliver: neighbours that touch do not count. */
function overlaps(a: Bbox, b: Bbox, cellSize: number): boolean {
  const sliver = cellSize / 20
  return Math.min(a[2], b[2]) - Math.max(a[0], b[0]) > sliver && Math.min(a[3], b[3]) - Math.max(a[1], b[1]) > sliver
}
