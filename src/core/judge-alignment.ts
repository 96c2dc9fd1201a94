import { type TileMatrixSet, tileAt, tileBbox } from '#geo/tile-matrix-set.js'
import { transformBetween } from '#geo/transform.js'
import type { Collection, Finding, RasterBand, RasterFile } from './atlas.js'
import { isOnGrid, isSameAt } from './cog-plan.js'
import { isPlain } from './fetch-tile.js'
import { shellWord } from './shell-word.js'
import { storedBlockOf } from './stored-tile.js'

/** Files of a mosaic that are looked at, evenly spread: those of one production are alike. */
const mostLooked = 50
/** Pixels of a collection up to which drawing all its tiles takes a moment. */
const smallPixels = 4e6
/** Grids that are named before the rest is left out. */
const mostNamed = 3
/** What clients ask for where nobody told them otherwise. */
const usualGrid = 'WebMercatorQuad'

/**
 * Says when a photograph's blocks are tiles of none of `grids`, and what that costs. Only of what would be sent as it is stored otherwise: red, green and
 * blue, drawn as they are; of large ones; and of those whose other trouble (`known`) does not make it a trifle.
 */
export function judgeAlignment(
  { source, styles }: Collection,
  grids: ReadonlyMap<string, TileMatrixSet>,
  known: readonly Finding[],
): Finding[] {
  if (source.kind !== 'raster' || !isPhotograph(source.bands) || !isPlain(styles[0].style)) return []
  if (known.some(({ code }) => code === 'not-tiled' || code === 'no-overviews')) return []
  const { files } = source.mosaic
  if (files.reduce((sum, { width, height }) => sum + width * height, 0) <= smallPixels) return []
  const looked = spread(files)
  const off = looked.filter(file => !hasTiles(file, grids))
  if (off.length === 0) return []
  const [{ crs, path }] = off
  const ofSystem = gridsOf(off[0], grids).map(({ id }) => id)
  const others = ofSystem.filter(id => id !== usualGrid)
  const named = [...others.slice(0, mostNamed), ...(others.length > mostNamed ? ['…'] : [])].join(', ')
  const which = others.length === 0 ? usualGrid : `${usualGrid} or of a grid of ${crs} (${named})`
  const who =
    files.length === 1
      ? 'Its blocks'
      : off.length === looked.length
        ? 'Blocks of its files'
        : `Blocks of ${off.length} in ${looked.length} files`
  const file = shellWord(
    path
      .replace(/[?#].*$/s, '')
      .split(/[/\\]/)
      .at(-1) || 'FILE',
  )
  return [
    {
      severity: 'info',
      code: 'not-aligned',
      message: `${who} are no tiles of ${which}: every tile is drawn (1 ms of processor or more) instead of sent as it is stored (0.3 ms).`,
      // beside the file the result would be published, too
      cure: `arpent cogify ${files.length === 1 ? file : '*.tif'} --grid ${bestGrid(off[0], grids)} --output aligned`,
    },
  ]
}

function isPhotograph(bands: readonly RasterBand[]): boolean {
  const meanings = bands.map(({ meaning }) => meaning).join()
  return /^red,green,blue(,alpha)?$/.test(meanings) && bands.every(({ sampleType }) => sampleType === 'uint8')
}

function spread(files: readonly RasterFile[]): readonly RasterFile[] {
  const step = Math.max(1, files.length / mostLooked)
  return Array.from({ length: Math.min(files.length, mostLooked) }, (_, i) => files[Math.floor(i * step)])
}

/** Grids whose coordinates are those of the file under some name. */
function gridsOf({ crs, transform: [x, a, , y, d] }: RasterFile, grids: ReadonlyMap<string, TileMatrixSet>): readonly TileMatrixSet[] {
  return [...grids.values()].filter(grid => {
    try {
      return isSameAt(crs, grid.crs, x, y, Math.hypot(a, d))
    } catch {
      return false
    }
  })
}

/** Whether the tile in the middle of the file is one of its blocks, in a matrix of some grid. */
function hasTiles(file: RasterFile, grids: ReadonlyMap<string, TileMatrixSet>): boolean {
  const [x, y] = [(file.bbox[0] + file.bbox[2]) / 2, (file.bbox[1] + file.bbox[3]) / 2]
  return gridsOf(file, grids).some(({ crs, matrices }) => {
    const place = transformBetween(file.crs, crs).point(x, y)
    return matrices.some(matrix => {
      const tile = place && tileAt(matrix, place[0], place[1])
      return tile && storedBlockOf(file, crs, tileBbox(matrix, tile.column, tile.row), matrix.tileSize)
    })
  })
}

/** A grid whose pixels the file has already, so that none is interpolated; else the usual one. */
function bestGrid(file: RasterFile, grids: ReadonlyMap<string, TileMatrixSet>): string {
  const found = gridsOf(file, grids).find(({ crs, matrices }) => matrices.some(matrix => isOnGrid(file, crs, matrix)))
  return found?.id ?? usualGrid
}
