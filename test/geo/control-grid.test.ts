import t from 'tap'
import { type Affine, affineOfMap, invertAffine } from '#geo/affine.js'
import { type ControlGrid, interpolate, pixelToSourceGrid } from '#geo/control-grid.js'
import { requireCrs } from '#geo/crs.js'
import { transformBetween } from '#geo/transform.js'
import { turnLength } from '#geo/turn-length.js'
import { seeded } from '../support/seeded.js'

const rectangle = (width: number, height: number) => ({ left: 0, top: 0, width, height })
const apply = (a: Affine, u: number, v: number) => [a[0] + u * a[1] + v * a[2], a[3] + u * a[4] + v * a[5]] as const

/** Largest distance in pixels between grid and exact transform at seeded places of the map; `period`s apart is the same place. */
function worstPixel(grid: ControlGrid, from: string, to: string, pixels: Affine, width: number, height: number): number {
  const random = seeded(5)
  const [exact, toPixel] = [transformBetween(from, to), invertAffine(pixels)!]
  const turn = turnLength(requireCrs(to))
  const out = new Float64Array(2)
  let worst = 0
  for (let i = 0; i < 2000; i++) {
    const [column, row] = [random() * width, random() * height]
    if (!interpolate(grid, column, row, out, 0)) continue
    const place = exact.point(out[0], out[1])
    if (!place) return Infinity
    const [c, r] = apply(toPixel, place[0], place[1])
    const period = turn && turn * toPixel[1]
    const off = c - column
    worst = Math.max(worst, Math.hypot(period ? off - period * Math.round(off / period) : off, r - row))
  }
  return worst
}

t.test('pixels of a map to coordinates of a source, within a twentieth of a pixel', async t => {
  const maps = [
    ['EPSG:2154', 'EPSG:3857', [260000, 6250000, 260300, 6250300], 256, 256],
    ['EPSG:2154', 'EPSG:3857', [200000, 5200000, 800000, 6500000], 1024, 1024],
    ['EPSG:4326', 'EPSG:3857', [-20037508.34, -20037508.34, 20037508.34, 20037508.34], 256, 256],
    ['EPSG:4326', 'EPSG:3857', [-30e6, -15e6, 20e6, 15e6], 1500, 900],
    ['EPSG:4326', 'EPSG:3832', [-6e6, -5e6, 7e6, 5e6], 1000, 800],
    ['EPSG:4326', 'EPSG:3035', [2e6, 1e6, 7e6, 6e6], 500, 500],
    ['EPSG:3857', 'EPSG:2154', [0, 6e6, 1.3e6, 7.2e6], 1000, 1000],
    ['EPSG:27572', 'EPSG:2154', [0, 6e6, 1.3e6, 7.2e6], 2000, 2000],
  ] as const
  for (const [from, to, bbox, width, height] of maps) {
    const targetPixels = affineOfMap(bbox, width, height)
    const grid = pixelToSourceGrid({ from, to, targetPixels, rectangle: rectangle(width, height) })!
    t.ok(grid && grid.error <= 0.05, `${from} to ${to}: ${grid?.columns} x ${grid?.rows} cells`)
    t.equal(grid.nodes.length, 2 * (grid.columns + 1) * (grid.rows + 1))
    t.ok(worstPixel(grid, from, to, targetPixels, width, height) < 0.06, 'the error is what it says, anywhere')
  }
})

t.test('few nodes where little bends', async t => {
  const tile = pixelToSourceGrid({
    from: 'EPSG:2154',
    to: 'EPSG:3857',
    targetPixels: affineOfMap([260000, 6250000, 260300, 6250300], 256, 256),
    rectangle: rectangle(256, 256),
  })!
  t.same([tile.columns, tile.rows], [2, 2])
})

t.test('the layout of the nodes is as documented', async t => {
  const targetPixels = affineOfMap([0, 6e6, 1e6, 7e6], 100, 200)
  const grid = pixelToSourceGrid({
    from: 'EPSG:4326',
    to: 'EPSG:2154',
    targetPixels,
    rectangle: { left: 10, top: 20, width: 50, height: 80 },
  })!
  t.same([grid.x0, grid.y0], [10, 20])
  t.ok(Math.abs(grid.x0 + grid.columns * grid.stepX - 60) < 1e-9 && Math.abs(grid.y0 + grid.rows * grid.stepY - 100) < 1e-9)
  const back = transformBetween('EPSG:2154', 'EPSG:4326')
  for (const [i, j] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [grid.columns, grid.rows],
  ]) {
    const [x, y] = apply(targetPixels, grid.x0 + i * grid.stepX, grid.y0 + j * grid.stepY)
    const at = 2 * (j * (grid.columns + 1) + i)
    const exact = back.point(x, y)!
    t.ok(Math.hypot(grid.nodes[at] - exact[0], grid.nodes[at + 1] - exact[1]) < 1e-9, `node ${i},${j}`)
  }
})

t.test('straight to pixels of a source raster', async t => {
  const targetPixels = affineOfMap([200000, 5200000, 300000, 5300000], 256, 256)
  const sourcePixels: Affine = [600000, 5, 0, 6300000, 0, -5]
  const inputs = { from: 'EPSG:2154', to: 'EPSG:3857', targetPixels, rectangle: rectangle(256, 256) }
  const [coordinates, pixels] = [pixelToSourceGrid(inputs)!, pixelToSourceGrid({ ...inputs, sourcePixels })!]
  const [a, b] = [new Float64Array(2), new Float64Array(2)]
  interpolate(coordinates, 100.5, 30.25, a, 0)
  interpolate(pixels, 100.5, 30.25, b, 0)
  t.ok(Math.abs(b[0] - (a[0] - 600000) / 5) < 1e-6 && Math.abs(b[1] - (6300000 - a[1]) / 5) < 1e-6)
})

t.test('the antimeridian is no edge: values go on, a period apart', async t => {
  const targetPixels = affineOfMap([-6e6, -5e6, 7e6, 5e6], 1000, 800)
  const grid = pixelToSourceGrid({ from: 'EPSG:4326', to: 'EPSG:3832', targetPixels, rectangle: rectangle(1000, 800) })!
  t.equal(grid.period, 360)
  const out = new Float64Array(2)
  const longitudes = Array.from({ length: 101 }, (_, i) => interpolate(grid, i * 10, 400, out, 0) && out[0]) as number[]
  t.ok(
    longitudes.every((lon, i) => i === 0 || (lon > longitudes[i - 1] && lon - longitudes[i - 1] < 2)),
    'longitudes grow steadily',
  )
})

t.test('what no grid can do is given up, and said', async t => {
  const size = 500
  const pole = affineOfMap([-4e6, -4e6, 4e6, 4e6], size, size)
  t.equal(
    pixelToSourceGrid({ from: 'EPSG:4326', to: 'EPSG:3995', targetPixels: pole, rectangle: rectangle(size, size) }),
    undefined,
    'longitudes around a pole',
  )
  const far = affineOfMap([-9e6, -2e7, 2e7, 1e7], size, size)
  const grid = pixelToSourceGrid(
    { from: 'EPSG:2154', to: 'EPSG:3035', targetPixels: far, rectangle: rectangle(size, size) },
    { tolerance: 1e-9, maxNodes: 100 },
  )
  t.equal(grid, undefined, 'a tolerance beyond the nodes allowed')
  const flat: Affine = [0, 1, 0, 0, 0, 0]
  t.equal(pixelToSourceGrid({ from: 'EPSG:4326', to: 'EPSG:3857', targetPixels: flat, rectangle: rectangle(10, 10) }), undefined)
  t.equal(pixelToSourceGrid({ from: 'EPSG:4326', to: 'EPSG:3857', targetPixels: pole, rectangle: rectangle(0, 10) }), undefined)
  const edge = affineOfMap([4321000, 3210000, 4321000 + 2e7, 3210000 + 100], size, 10)
  const holes = pixelToSourceGrid({
    from: 'EPSG:4258',
    to: 'EPSG:3035',
    targetPixels: edge,
    rectangle: { left: 320, top: 0, width: 150, height: 10 },
  })
  t.ok(holes === undefined || holes.hasHoles, 'beyond the disc there are holes')
})

t.test('affines there and back', async t => {
  const affine: Affine = [100, 2, 0.5, 200, -0.25, -3]
  const back = invertAffine(affine)!
  const [x, y] = apply(affine, 7, 11)
  const [c, r] = apply(back, x, y)
  t.ok(Math.hypot(c - 7, r - 11) < 1e-9)
  t.same(affineOfMap([0, 0, 10, 20], 5, 10), [0, 2, 0, 20, 0, -2])
  t.equal(invertAffine([0, 1, 2, 0, 2, 4]), undefined)
})
