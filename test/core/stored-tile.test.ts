import t from 'tap'
import type { RasterFile } from '#core/atlas.js'
import { storedBlockOf } from '#core/stored-tile.js'
import { tileBbox, tileMatrixOf } from '#geo/tile-matrix-set.js'
import { builtInTileMatrixSets } from '#geo/tile-matrix-sets.js'
import { rasterFile } from '../support/publications.js'

const grid = builtInTileMatrixSets().get('2154_5cm')!
const finest = tileMatrixOf(grid, '22')!
const [column, row] = [60_000, 400_000]
const [left, , , top] = tileBbox(finest, column, row)

/** 5 cm, 1000 x 700 pixels in blocks of 256, with an overview; its corner is that of a tile, moved by pixels. */
const file = (dx = 0, dy = 0, pixel = 0.05, changes: Partial<RasterFile> = {}): RasterFile =>
  rasterFile({
    crs: 'EPSG:2154',
    width: 1000,
    height: 700,
    transform: [left + dx * 0.05, pixel, 0, top - dy * 0.05, 0, -pixel],
    levels: [
      { width: 1000, height: 700, blockWidth: 256, blockHeight: 256 },
      { width: 500, height: 350, blockWidth: 256, blockHeight: 256 },
    ],
    ...changes,
  })
const tile = (dc = 0, dr = 0, matrix = finest) => tileBbox(matrix, column + dc, row + dr)

t.test('a tile is the block that lies on it corner on corner', async t => {
  t.same(storedBlockOf(file(), 'EPSG:2154', tile(), 256), { level: 0, column: 0, row: 0 })
  t.same(storedBlockOf(file(), 'EPSG:2154', tile(2, 1), 256), { level: 0, column: 2, row: 1 })
  t.same(storedBlockOf(file(-512, -256), 'EPSG:2154', tile(), 256), { level: 0, column: 2, row: 1 })
  t.same(storedBlockOf(file(), 'IGNF:LAMB93', tile(), 256), { level: 0, column: 0, row: 0 }, 'another name of the same system')
})

t.test('a coarser tile is a block of the overview', async t => {
  const coarser = tileMatrixOf(grid, '21')!
  t.same(storedBlockOf(file(), 'EPSG:2154', tileBbox(coarser, column / 2, row / 2), 256), { level: 1, column: 0, row: 0 })
})

t.test('whatever is not exactly the block is drawn', async t => {
  const none = (what: string, raster: RasterFile, crs = 'EPSG:2154', bbox = tile(), side = 256) =>
    t.equal(storedBlockOf(raster, crs, bbox, side), undefined, what)
  none('blocks over the right edge', file(), 'EPSG:2154', tile(3, 0))
  none('blocks over the lower edge', file(), 'EPSG:2154', tile(0, 2))
  none('tiles beside the file', file(), 'EPSG:2154', tile(-1, 0))
  none('a shift of a tenth of a pixel', file(0.1))
  none('a shift of whole pixels', file(0, 3))
  none('pixels of another size', file(0, 0, 0.05005))
  none('blocks of another size', file(), 'EPSG:2154', tileBbox({ ...finest, tileSize: 512 }, column / 2, row / 2), 512)
  none('another CRS', file(), 'EPSG:3857')
  none('a file upside down', file(0, 0, 0.05, { transform: [left, 0.05, 0, top, 0, 0.05] }))
  none('a rotated file', file(0, 0, 0.05, { transform: [left, 0.05, 0.001, top, 0.001, -0.05] }))
})

t.test('rounding of the coordinates does not matter, drift over the file does', async t => {
  t.ok(storedBlockOf(file(0.02, -0.02), 'EPSG:2154', tile(), 256))
  const drifting = file(0, 0, 0.05 * (1 + 1e-4))
  t.ok(storedBlockOf(drifting, 'EPSG:2154', tile(), 256))
  t.notOk(
    storedBlockOf(
      { ...drifting, width: 10000, levels: [{ width: 10000, height: 700, blockWidth: 256, blockHeight: 256 }] },
      'EPSG:2154',
      tile(20, 0),
      256,
    ),
  )
})
