import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { MapJob } from '#core/queries.js'
import type { Style } from '#styles/style.js'
import { gdalPython, withoutGdal } from '../support/gdal.js'
import { unlessAll } from '../support/programs.js'
import { smallTown, townStyle } from '../support/small-town.js'
import { drawTables, type StyledTable } from '../support/vector-maps.js'
import { styleOf } from '../support/vector-scenes.js'

const mediaType = 'application/json;type=utfgrid'
const [west, south] = [770_000, 6_279_000]
const { parcels, houses, streets, trees } = smallTown('EPSG:2154', (x, y) => [west + x, south + y])
const filled = (opacity = 1): Style =>
  styleOf({ kind: 'fill', color: '#808080', opacity, outline: { color: '#000000', opacity: 1, width: 1 } })

interface UtfGrid {
  readonly grid: readonly string[]
  readonly keys: readonly string[]
  readonly data: Readonly<Record<string, Record<string, unknown>>>
}

async function asked(layers: readonly StyledTable[], more: Partial<MapJob> = {}): Promise<UtfGrid> {
  return JSON.parse(Buffer.from(await drawTables(layers, mediaType, more)).toString())
}

/** The key at a cell, decoded by the steps of UTFGrid 1.3. */
function keyAt({ grid, keys }: UtfGrid, column: number, row: number): string {
  let code = grid[row].charCodeAt(column)
  if (code >= 93) code--
  if (code >= 35) code--
  return keys[code - 32]
}

/** Which feature wholly contains each cell, of those of the topmost layer that has any part in it; '?' where borders cross it. */
const cellsByOgr = `
from osgeo import ogr
layers, west, north, side, count = json.load(open(sys.argv[1])), *[float(v) for v in sys.argv[2:5]], int(sys.argv[5])
shapes = [[(name, ogr.CreateGeometryFromWkb(bytes.fromhex(hexa))) for name, hexa in layer] for layer in layers]
def key(cell):
    for layer in reversed(shapes):
        near = [(name, g) for name, g in layer if g.Intersects(cell)]
        if near: return next((name for name, g in near if g.Contains(cell)), '?')
    return ''
def cell(x, y):
    a, b = west + x * side, north - y * side
    return ogr.CreateGeometryFromWkt('POLYGON((%r %r,%r %r,%r %r,%r %r,%r %r))' % (a, b, a + side, b, a + side, b - side, a, b - side, a, b))
# a pixel more on all sides, which is where an outline may be
print(json.dumps([[key(cell(x, y).Buffer(1.5)) for x in range(count)] for y in range(count)]))`

t.test('every cell has the key of the feature that OGR finds there', { skip: unlessAll(withoutGdal) }, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'arpent-utfgrid-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const layers = [parcels, houses].map(({ table, rows }) =>
    rows.map(([id, shape]) => [`${table}.${id}`, Buffer.from(shape as Uint8Array).toString('hex')]),
  )
  writeFileSync(join(folder, 'layers.json'), JSON.stringify(layers))
  const grid = await asked([
    [parcels, filled()],
    [houses, filled()],
  ])
  t.same([grid.grid.length, new Set(grid.grid.map(row => row.length))], [100, new Set([100])], 'four pixels a cell')
  const wanted = gdalPython<string[][]>(cellsByOgr, join(folder, 'layers.json'), west, south + 400, 4, 100)
  const wrong: string[] = []
  let certain = 0
  for (const [y, row] of wanted.entries())
    for (const [x, key] of row.entries()) {
      if (key === '?') continue
      certain++
      if (keyAt(grid, x, y) !== key) wrong.push(`${x},${y}: ${keyAt(grid, x, y)} instead of ${key}`)
    }
  t.same(wrong, [])
  t.ok(certain > 5000, `${certain} cells without borders`)
  t.equal(grid.keys[0], '')
  t.same(Object.keys(grid.data), grid.keys.slice(1), 'data of what is seen, and of nothing else')
  t.same(grid.data['houses.5'], { id: 5 })
})

t.test('resolutions, sizes that are no multiple, and a map of nothing', async t => {
  for (const [resolution, width, height] of [
    [1, 40, 30],
    [4, 41, 30],
    [16, 100, 33],
  ]) {
    const { grid } = await asked([[parcels, filled()]], { width, height, data: { resolution } })
    t.same([grid.length, grid[0].length], [Math.ceil(height / resolution), Math.ceil(width / resolution)], `${resolution}`)
  }
  const empty = await asked([[trees, townStyle(trees)]], { bbox: [0, 0, 400, 400], width: 8, height: 8 })
  t.same(empty, { grid: ['  ', '  '], keys: [''], data: {} })
})

t.test('what is half seen through, dashed, patterned or a picture is hit like the rest', async t => {
  const solid = await asked([[parcels, filled()]])
  t.same(await asked([[parcels, filled(0.3)]]), solid)
  const hatched = styleOf({
    kind: 'fill',
    opacity: 1,
    pattern: { kind: 'hatch', angle: 45, spacing: 10, stroke: { color: '#ff0000', opacity: 1, width: 1 } },
    outline: { color: '#000000', opacity: 1, width: 1, dashes: [4, 4] },
  })
  t.same(await asked([[parcels, hatched]]), solid)
  const icon = `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="24" height="12"><circle cx="6" cy="6" r="2"/></svg>').toString('base64')}`
  const pictures = await asked([[trees, styleOf({ kind: 'point', graphic: { shapes: [{ kind: 'icon', href: icon }] } })]])
  const marks = await asked([
    [trees, styleOf({ kind: 'point', graphic: { shapes: [{ kind: 'mark', shape: 'circle', color: '#00ff00' }], size: 10 } })],
  ])
  const cells = (grid: UtfGrid) => grid.grid.join('').replaceAll(' ', '').length
  t.equal(pictures.keys.length, 61)
  t.equal(marks.keys.length, 61)
  // 60 boxes of 24 x 12 pixels touch 7 x 4 cells, 60 discs of 10 pixels some 9; some overlap and some lie at the border
  t.ok(cells(pictures) > 1100 && cells(pictures) < 1680, String(cells(pictures)))
  t.ok(cells(marks) > 400 && cells(marks) < 900, String(cells(marks)))
})

t.test('thin lines are whole, and rules of the style hold', async t => {
  const thin = styleOf({ kind: 'line', stroke: { color: '#000000', opacity: 1, width: 0.2 } })
  const all = await asked([[streets, thin]])
  t.equal(all.keys.length, 11)
  const lengths = Object.fromEntries(all.keys.slice(1).map(key => [key, 0]))
  for (let y = 0; y < 100; y++) for (let x = 0; x < 100; x++) if (keyAt(all, x, y)) lengths[keyAt(all, x, y)]++
  // lines across the map touch at least a cell in each column or row; the ones at the border are partly outside
  t.ok(Object.values(lengths).filter(length => length >= 95).length >= 6, JSON.stringify(lengths))
  const one: Style = {
    passes: [
      {
        rules: [
          {
            name: 'one',
            filter: { kind: 'compare', operator: '=', left: { kind: 'property', name: 'id' }, right: { kind: 'literal', value: 3 } },
            symbolizers: [{ kind: 'fill', color: '#000000', opacity: 1 }],
          },
        ],
      },
    ],
  }
  t.same((await asked([[parcels, one]])).keys, ['', 'parcels.3'])
})

t.test('after a grid, maps are drawn with soft edges again', async t => {
  const before = await drawTables([[houses, filled()]], 'image/png')
  await asked([[houses, filled()]])
  t.same(await drawTables([[houses, filled()]], 'image/png'), before)
})

t.test('more features than it has characters for', async t => {
  const { writeUtfGrid } = await import('#formats/map-data/utfgrid.js')
  const [width, height] = [300, 190]
  const features = Array.from({ length: width * height }, (_, i) => ({ key: `k${i}`, data: Buffer.from('{}') }))
  const ids = (count: number) => Uint32Array.from({ length: width * height }, (_, i) => (i < count ? i + 1 : 0))
  const grid: UtfGrid = JSON.parse(Buffer.from(writeUtfGrid({ width, height, ids: ids(55_000), features, resolution: 1 })).toString())
  for (const at of [0, 1, 2, 58, 59, 60, 30_000, 54_999]) t.equal(keyAt(grid, at % width, Math.floor(at / width)), `k${at}`)
  t.equal(keyAt(grid, 299, 189), '')
  t.throws(() => writeUtfGrid({ width, height, ids: ids(56_000), features, resolution: 1 }), { kind: 'too-large', message: /55262/ })
})
