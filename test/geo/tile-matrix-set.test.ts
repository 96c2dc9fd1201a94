import t from 'tap'
import { alignedPixels, matrixBbox, tileAt, tileBbox, tileLimits, tileMatrixOf, tileMatrixSet } from '#geo/tile-matrix-set.js'
import { builtInTileMatrixSets, tileMatrixSetOf } from '#geo/tile-matrix-sets.js'
import { transformBetween } from '#geo/transform.js'

const sets = builtInTileMatrixSets()
const setOf = (id: string) => tileMatrixSetOf(sets, id)!

t.test('the sets of france.md 1.3, as their producers define them', async t => {
  const pm = setOf('PM').matrices
  t.equal(pm.length, 22)
  t.equal(pm[0].cellSize, 156543.033928041)
  t.ok(Math.abs(pm[21].cellSize - 0.0746455354347424) < 1e-14)
  t.ok(Math.abs(setOf('PM_5cm').matrices[22].cellSize - 0.0373227677173712) < 1e-14)
  t.same(
    pm.map(m => m.columns),
    Array.from({ length: 22 }, (_, z) => 2 ** z),
  )

  // Declared by IGN for every level of LAMB93.
  const columns = [2, 2, 2, 2, 2, 3, 5, 8, 14, 26, 51, 100, 199, 396, 791, 1581, 3161, 6321, 12641, 25281, 50561, 101121]
  const rows = [2, 2, 2, 3, 5, 9, 16, 30, 59, 117, 232, 462, 922, 1842, 3682, 7363, 14724, 29447, 58892, 117782, 235563, 471125]
  for (const id of ['LAMB93', '2154_IGNF']) {
    const { crs, matrices } = setOf(id)
    t.equal(crs, 'EPSG:2154')
    t.same(
      matrices.map(m => m.columns),
      columns,
    )
    t.same(
      matrices.map(m => m.rows),
      rows,
    )
    t.same(matrices[21].origin, [0, 12000000])
    t.ok(Math.abs(matrices[0].scaleDenominator - 373497230.535336) < 1e-3)
  }
  for (const [id, crs] of [
    ['LAMB93_5cm', 'IGNF:LAMB93'],
    ['2154_5cm', 'EPSG:2154'],
  ]) {
    const set = setOf(id)
    t.equal(set.crs, crs)
    t.match(set.matrices[22], { id: '22', cellSize: 0.05, columns: 100800, rows: 840818, tileSize: 256 })
    t.equal(set.matrices[0].cellSize, 209715.2)
  }
  t.match(setOf('WorldCRS84Quad').matrices[0], { columns: 2, rows: 1, cellSize: 0.703125, origin: [-180, 90] })
  t.ok(Math.abs(setOf('WorldCRS84Quad').matrices[0].scaleDenominator - 279541132.0143589) < 1e-6)
  t.ok(Math.abs(setOf('WebMercatorQuad').matrices[0].scaleDenominator - 559082264.0287178) < 1e-6)
  t.equal(setOf('InspireCRS84Quad').matrices.length, 18)
})

t.test('aliases, and ids of matrices with and without the name of the set', async t => {
  t.equal(setOf('GoogleMapsCompatible'), setOf('WebMercatorQuad'))
  t.equal(tileMatrixSetOf(sets, 'nothing'), undefined)
  t.equal(tileMatrixSetOf(sets, '__proto__'), undefined)
  t.equal(setOf('EPSG:2154').matrices[7].id, 'EPSG:2154:7')
  t.equal(tileMatrixOf(setOf('EPSG:2154'), '7'), tileMatrixOf(setOf('EPSG:2154'), 'EPSG:2154:7'))
  t.equal(tileMatrixOf(setOf('PM'), 'PM:3')?.id, '3')
  for (const wrong of ['22', '-1', '', '07', '1.0', 'EPSG:2154:1']) t.equal(tileMatrixOf(setOf('PM'), wrong), undefined, wrong)
  for (const { matrices, id } of sets.values())
    t.ok(
      matrices.every((m, z) => z === 0 || m.cellSize < matrices[z - 1].cellSize),
      `${id} goes from coarse to fine`,
    )
})

t.test('one place, the tile predicted from each definition contains it', async t => {
  const [lon, lat] = [2.1, 48.3]
  for (const set of sets.values()) {
    // Every territory has a place of its own.
    const [x0, y0] =
      set.crs === 'EPSG:2972'
        ? [-52.5, 4.8]
        : set.crs === 'EPSG:2975'
          ? [55.5, -21.1]
          : set.crs === 'EPSG:4471'
            ? [45.2, -12.8]
            : [lon, lat]
    const [x, y] = transformBetween('OGC:CRS84', set.crs).point(x0, y0)!
    for (const matrix of set.matrices) {
      const tile = tileAt(matrix, x, y)
      if (!tile) {
        t.fail(`${set.id} ${matrix.id} has no tile there`)
        continue
      }
      const [west, south, east, north] = tileBbox(matrix, tile.column, tile.row)
      const column = Math.floor((x - matrix.origin[0]) / (matrix.cellSize * 256))
      const isInside = x >= west && x < east && y > south && y <= north && column === tile.column
      if (!isInside) t.fail(`${set.id} ${matrix.id} ${tile.column} ${tile.row}`)
    }
    t.pass(set.id)
  }
})

t.test('tiles tell their edges to the last bit, and end where the matrix does', async t => {
  const matrix = setOf('PM').matrices[19]
  t.equal(tileBbox(matrix, 265000, 180000)[2], tileBbox(matrix, 265001, 180000)[0])
  t.equal(tileBbox(matrix, 265000, 180000)[1], tileBbox(matrix, 265000, 180001)[3])
  const [west, south, east, north] = matrixBbox(matrix)
  t.ok(Math.hypot(west + 20037508.3427892, south + 20037508.3427892, east - 20037508.3427892, north - 20037508.3427892) < 1e-5)
  t.equal(tileAt(matrix, west - 1, 0), undefined)
  t.equal(tileAt(matrix, 0, north + 1), undefined)
  t.equal(tileAt(matrix, NaN, 0), undefined)
  t.same(
    tileLimits(matrix, tileBbox(matrix, 265000, 180000)),
    { minColumn: 265000, maxColumn: 265000, minRow: 180000, maxRow: 180000 },
    'a box of one tile',
  )
  t.same(tileLimits(matrix, [-1e9, -1e9, 1e9, 1e9]), { minColumn: 0, maxColumn: 524287, minRow: 0, maxRow: 524287 })
  t.equal(tileLimits(matrix, [3e7, 0, 4e7, 1]), undefined)
})

t.test('the grid of the cnigl93 cache counts from below', async t => {
  for (const matrix of setOf('cnigl93').matrices) {
    const bbox = matrixBbox(matrix)
    t.ok(Math.abs(bbox[1] - 6037008.6939) < 1e-6 && bbox[3] >= 7230727.3772 - 1e-3, matrix.id)
  }
})

t.test('5 cm pixels are aligned when their origin is whole in the grid, IGN tiles of 200 m are not whole tiles', async t => {
  const matrix = setOf('2154_5cm').matrices[22]
  t.same(alignedPixels(matrix, [640000, 6860800], 0.05), { column: 12800000, row: 102784000 })
  t.equal((640000 * 5) % 64, 0, 'the origin is a multiple of 12.8 m')
  t.equal(alignedPixels(matrix, [640000.02, 6860800], 0.05), undefined, 'off by 0.4 pixel')
  t.equal(alignedPixels(matrix, [640000, 6860800], 0.1), undefined, 'another size of pixels')
  const whole = [0, 200, 400, 600].filter(offset => ((640000 + offset) * 5) % 64 === 0)
  t.same(whole, [0], 'of four 200 m dalles in a row only one begins with a tile')
})

t.test('sets of an operator', async t => {
  const cc49 = tileMatrixSet({
    id: 'CC49',
    title: 'CC49',
    crs: 'EPSG:3949',
    cellSizes: [100, 50],
    extent: [1_500_000, 8_000_000, 1_525_600, 8_100_000],
  })
  t.match(cc49.matrices[0], { columns: 1, rows: 4, origin: [1_500_000, 8_100_000] })
  t.throws(() => tileMatrixSet({ id: 'x', title: 'x', crs: 'EPSG:0', cellSizes: [1], extent: [0, 0, 1, 1] }), {
    message: /EPSG:0 is not known/,
  })
})
