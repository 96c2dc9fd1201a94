import t from 'tap'
import type { RasterFile } from '#core/atlas.js'
import { planAsItIs, planForGrid } from '#core/cog-plan.js'
import { storedBlockOf } from '#core/stored-tile.js'
import type { Bbox } from '#geo/bbox.js'
import { tileAt, tileBbox, tileMatrixOf } from '#geo/tile-matrix-set.js'
import { builtInTileMatrixSets } from '#geo/tile-matrix-sets.js'
import { transformBbox } from '#geo/transform.js'
import { rasterFile } from '../support/publications.js'

const grids = builtInTileMatrixSets()
/** `side` pixels of a size, their upper left corner in Paris (Lambert-93). */
const square = (side: number, pixel: number, changes: Partial<RasterFile> = {}): RasterFile => {
  const [x, y] = [650_000.3, 6_862_000.7]
  const bbox: Bbox = [x, y - side * pixel, x + side * pixel, y]
  return rasterFile({
    width: side,
    height: side,
    transform: [x, pixel, 0, y, 0, -pixel],
    bbox,
    levels: [{ width: side, height: side, blockWidth: side, blockHeight: 1 }],
    ...changes,
  })
}

t.test('the matrix is the nearest that is not coarser by more than a fifth', async t => {
  const web = grids.get('WebMercatorQuad')!
  // a pixel of 0.2 m is 0.304 of Web Mercator's here; matrix 19 has 0.2986, 18 has 0.597
  for (const [pixel, matrix] of [
    [0.2, '19'],
    [0.16, '20'],
    [0.17, '19'],
    [0.32, '19'],
    [0.33, '18'],
    [1e-4, '24'],
  ] as const)
    t.equal(planForGrid(square(2000, pixel), 'f', web).grid?.matrix, matrix, `${pixel} m`)
  t.equal(planForGrid(square(2000, 0.2), 'f', web, '17').grid?.matrix, '17')
  t.throws(() => planForGrid(square(2000, 0.2), 'f', web, '99'), /has no matrix "99"; it has 0, 1, 2, .*24/)
  t.throws(
    () => planForGrid(square(100, 1, { crs: 'EPSG:2975' }), 'f', grids.get('LAMB93')!),
    /lies outside of the grid LAMB93|has no place/,
  )
})

t.test('a file made as planned has the tiles of the grid for blocks, in the matrices that are named', async t => {
  for (const [id, pixel, side] of [
    ['WebMercatorQuad', 0.2, 10_000],
    ['PM', 0.05, 20_000],
    ['LAMB93', 0.2, 9000],
    ['LAMB93_5cm', 0.05, 20_000],
    ['2154_5cm', 0.2, 5000],
    ['cnigl93', 0.2, 5000],
    ['EPSG:2154', 1, 5000],
    ['WorldCRS84Quad', 0.2, 5000],
    ['EPSG:4326', 10, 5000],
  ] as const) {
    const grid = grids.get(id)!
    const file = square(side, pixel)
    const plan = planForGrid(file, 'f', grid)
    const levels = Array.from({ length: plan.overviews + 1 }, (_, i) => ({
      width: plan.width / 2 ** i,
      height: plan.height / 2 ** i,
      blockWidth: plan.blockSide,
      blockHeight: plan.blockSide,
    }))
    t.ok(
      levels.every(({ width }) => Number.isInteger(width)),
      `${id}: every level is half of the one before`,
    )
    const made: RasterFile = { ...rasterFile(), ...plan, levels }
    const box = transformBbox(file.bbox, file.crs, plan.crs)!
    t.ok(plan.bbox[0] <= box[0] && plan.bbox[1] <= box[1] && plan.bbox[2] >= box[2] && plan.bbox[3] >= box[3], `${id}: nothing is cut off`)
    const [wide, high] = [(plan.bbox[2] - plan.bbox[0]) / (box[2] - box[0]), (plan.bbox[3] - plan.bbox[1]) / (box[3] - box[1])]
    t.ok(Math.max(wide, high) < 1.4, `${id}: margins are small (${wide.toFixed(2)} x ${high.toFixed(2)})`)
    const { aligned } = plan.grid!
    t.ok(aligned.length >= (id === 'cnigl93' || id === 'LAMB93' ? 1 : 3), `${id}: aligned in ${aligned.join()}`)
    for (const [level, name] of aligned.entries()) {
      const matrix = tileMatrixOf(grid, name)!
      const tile = tileAt(matrix, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2)!
      const block = storedBlockOf(made, grid.crs, tileBbox(matrix, tile.column, tile.row), matrix.tileSize)
      t.equal(block?.level, level, `${id}: a tile of ${name} is a block`)
    }
  }
})

t.test('pixels that are those of the grid are copied, others interpolated', async t => {
  const grid = grids.get('LAMB93_5cm')!
  t.equal(planForGrid(square(3000, 0.2), 'f', grid).isCopy, false, 'a third of a pixel beside')
  const on = square(3000, 0.2, { transform: [650_000, 0.2, 0, 6_862_000, 0, -0.2] })
  t.match(planForGrid(on, 'f', grid), { isCopy: true, crs: 'EPSG:2154', grid: { matrix: '20' } })
  t.match(planAsItIs(square(1500, 0.2)), { isCopy: true, blockSide: 512, overviews: 2, width: 1500 })
  t.equal(planAsItIs(square(500, 0.2)).overviews, 0)
})
