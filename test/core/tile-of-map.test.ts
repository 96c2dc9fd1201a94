import t from 'tap'
import { tileOfMap } from '#core/tile-of-map.js'
import { tileBbox } from '#geo/tile-matrix-set.js'
import { builtInTileMatrixSets } from '#geo/tile-matrix-sets.js'
import { seeded, seededInteger } from '../support/seeded.js'

const grids = builtInTileMatrixSets()

t.test('a tile of any grid is found again, its numbers written as clients write them', async t => {
  const random = seeded(12)
  for (const grid of grids.values())
    for (const matrix of grid.matrices) {
      const [column, row] = [seededInteger(random, 0, matrix.columns - 1), seededInteger(random, 0, matrix.rows - 1)]
      const [minX, minY, maxX, maxY] = tileBbox(matrix, column, row).map(number => Number(number.toPrecision(14)))
      const map = { crs: grid.crs, bbox: [minX, minY, maxX, maxY] as const, width: matrix.tileSize, height: matrix.tileSize }
      const { columns, rows, origin, cellSize } = matrix
      t.same(tileOfMap(map, [grid]), { column, row, columns, rows, origin, cellSize }, `${grid.id} ${matrix.id}`)
    }
})

t.test('larger tiles are counted from the same corner; other maps are no tiles', async t => {
  const grid = grids.get('WebMercatorQuad')!
  const matrix = grid.matrices[5]
  const [minX, , , maxY] = tileBbox(matrix, 10, 12)
  const map = (size: number, dx = 0, dy = 0, height = size) => {
    const [left, top] = [minX + dx * matrix.cellSize, maxY - dy * matrix.cellSize]
    const bbox = [left, top - height * matrix.cellSize, left + size * matrix.cellSize, top] as const
    return tileOfMap({ crs: 'EPSG:3857', bbox, width: size, height }, [grid])
  }
  t.match(map(256), { column: 10, row: 12, columns: 32 })
  t.match(map(512), { column: 5, row: 6, columns: 16, rows: 16, cellSize: matrix.cellSize })
  t.equal(map(512, 256), undefined)
  t.equal(map(256, 0.5), undefined)
  t.equal(map(256, 0, 1), undefined)
  t.equal(map(256, 0, 0, 128), undefined)
  t.equal(map(256, -256 * 11), undefined, 'left of the grid')
  t.equal(tileOfMap({ crs: 'EPSG:2154', bbox: tileBbox(matrix, 1, 1), width: 256, height: 256 }, [grid]), undefined)
})
