import { join } from 'node:path'
import t from 'tap'
import type { MapJob } from '#core/queries.js'
import type { Bbox } from '#geo/bbox.js'
import { transformBbox } from '#geo/transform.js'
import type { Resampling } from '#render/resampling.js'
import { startWarpKernel } from '#render/warp-kernel.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { drawRasterLayer, planRasterLayer } from '#workers/draw-raster-layer.js'
import { gdal, gdalRead, withoutGdal } from '../support/gdal.js'
import { type TiffSpec, writeTiff } from '../support/make-tiff.js'

const folder = t.testdir()
const store = openCogStore({ id: 'rasters' })
const kernel = startWarpKernel()
t.teardown(() => store.close())

const wave = (x: number, y: number) => Math.round(120 + 60 * Math.sin(x / 5) + 40 * Math.cos(y / 4) + ((x * 7919 + y * 104729) % 23))
const place = [700000, 6600000, 2, 2] as const
const common = { width: 300, height: 260, tile: [64, 64], deflate: true, place, epsg: 2154 } satisfies Partial<TiffSpec>
const photo = writeTiff(join(folder, 'photo.tif'), [
  { ...common, bands: [wave, (x, y) => wave(y, x), (x, y) => (((x >> 3) + (y >> 2)) % 5) * 50] },
])
const color = (factor: number) => Array.from({ length: 256 }, (_, i) => ((i * factor) & 255) * 257)
const classes = writeTiff(join(folder, 'classes.tif'), [
  {
    ...common,
    photometric: 3,
    colorMap: [...color(1), ...color(7), ...color(13)],
    bands: [(x, y) => (((x * 7919 + y * 104729) % 97) % 4) + (((x >> 3) + (y >> 2)) % 3)],
  },
])

const side = 60

async function draw(path: string | readonly string[], crs: string, bbox: Bbox, resampling: Resampling): Promise<Uint8Array> {
  const described = await Promise.all([path].flat().map(path => store.describe(path)))
  const job = { crs, bbox, width: side, height: side, scaleDenominator: 1000, layers: [] } as unknown as MapJob
  const plan = planRasterLayer(job, {
    kind: 'raster',
    store: 'rasters',
    files: described.map(({ file }) => file),
    bands: described[0].bands,
    resampling,
    style: { passes: [] },
  })
  const pixels = new Uint8Array(side * side * 4)
  await drawRasterLayer({ width: side, height: side, pixels: () => pixels }, plan!, store, { kernel })
  return pixels
}

function warped(path: string, crs: string, bbox: Bbox, resampling: Resampling): Float64Array[] {
  const out = join(folder, 'warped.tif')
  gdal(
    'gdalwarp',
    '-q',
    '-overwrite',
    '-t_srs',
    crs,
    '-te',
    ...bbox,
    '-ts',
    side,
    side,
    '-r',
    resampling,
    '-ovr',
    'NONE',
    '-et',
    0,
    path,
    out,
  )
  return gdalRead(out, 0, { left: 0, top: 0, width: side, height: side })
}

/** Greatest difference of a colour, and the ratio of signal to noise in dB. */
function compare(map: Uint8Array, bands: readonly Float64Array[]) {
  let [greatest, squares] = [0, 0]
  for (let i = 0; i < side * side; i++)
    for (let b = 0; b < 3; b++) {
      const off = Math.abs(map[i * 4 + b] - bands[b][i])
      greatest = Math.max(greatest, off)
      squares += off * off
    }
  return { greatest, decibels: 10 * Math.log10(255 ** 2 / (squares / (side * side * 3) || 1e-9)) }
}

const at = (metres: number): Bbox => [700030.37, 6599969.19 - side * metres, 700030.37 + side * metres, 6599969.19]

t.test('photographs are resampled as gdalwarp does', { skip: withoutGdal }, async t => {
  const mercator = transformBbox([700040, 6599800, 700160, 6599920], 'EPSG:2154', 'EPSG:3857')!
  const [west, , , north] = mercator
  const inMercator = (metres: number): Bbox => [west, north - side * metres, west + side * metres, north]
  const cases: readonly (readonly [Resampling, string, Bbox])[] = [
    ...(['nearest', 'bilinear', 'cubic', 'average', 'lanczos'] as const).flatMap(
      method =>
        [
          [method, 'EPSG:2154', at(2)],
          [method, 'EPSG:2154', at(1.3)],
          [method, 'EPSG:3857', inMercator(1.9)],
        ] as const,
    ),
    // smaller than the file: more pixels go into one
    ...(['nearest', 'cubic', 'average'] as const).flatMap(
      method =>
        [
          [method, 'EPSG:2154', at(3.4)],
          [method, 'EPSG:3857', inMercator(4.2)],
        ] as const,
    ),
    ['average', 'EPSG:2154', at(7)],
    ['nearest', 'EPSG:2154', at(7)],
  ]
  for (const [method, crs, bbox] of cases) {
    const { greatest, decibels } = compare(await draw(photo, crs, bbox, method), warped(photo, crs, bbox, method))
    const name = `${method} in ${crs}, ${((bbox[2] - bbox[0]) / side).toFixed(1)} m: ${decibels.toFixed(0)} dB, at most ${greatest} off`
    t.ok(greatest <= (method === 'nearest' ? 0 : 1), name)
  }
})

t.test('classes stay what they are, and are those of gdalwarp', { skip: withoutGdal }, async t => {
  for (const method of ['nearest', 'mode'] as const)
    for (const metres of [1.3, 2, 3.4, 4]) {
      const map = await draw(classes, 'EPSG:2154', at(metres), method)
      const [wanted] = warped(classes, 'EPSG:2154', at(metres), method)
      const wrong = wanted.reduce((sum, value, i) => sum + (map[i * 4] === value ? 0 : 1), 0)
      t.equal(wrong, 0, `${method}, ${metres} m`)
    }
  const smooth = await draw(classes, 'EPSG:2154', at(1.3), 'cubic')
  t.same(smooth, await draw(classes, 'EPSG:2154', at(1.3), 'nearest'), 'nothing is interpolated between classes')
})

t.test('Lanczos in maps smaller than the file is what its formula says', async t => {
  const { file } = await store.describe(photo)
  const { bands } = await store.read(file, 0, { left: 0, top: 0, width: 300, height: 260 })
  const scale = 1.7
  const map = await draw(photo, 'EPSG:2154', at(2 * scale), 'lanczos')
  const sinc = (x: number) => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))
  const weight = (x: number) => (Math.abs(x / scale) < 3 ? sinc(x / scale) * sinc(x / scale / 3) : 0)
  let greatest = 0
  for (let i = 0; i < side * side; i += 7) {
    const [x, y] = [0.37 / 2 + 15 + ((i % side) + 0.5) * scale, 0.81 / 2 + 15 + (Math.floor(i / side) + 0.5) * scale]
    let [sum, weights] = [0, 0]
    for (let row = Math.floor(y) - 6; row <= y + 6; row++)
      for (let column = Math.floor(x) - 6; column <= x + 6; column++) {
        const w = weight(column + 0.5 - x) * weight(row + 0.5 - y)
        sum += w * bands[0][row * 300 + column]
        weights += w
      }
    greatest = Math.max(greatest, Math.abs(map[i * 4] - Math.max(0, Math.min(255, sum / weights))))
  }
  t.ok(greatest <= 1, `at most ${greatest.toFixed(2)} off`)
})

t.test('two halves of a photograph meet without a gap, whatever the resampling', async t => {
  const half = (name: string, x0: number) =>
    writeTiff(join(folder, name), [
      {
        ...common,
        width: 150,
        bands: [(x, y) => wave(x + x0, y), (x, y) => wave(y, x + x0), (x, y) => ((((x + x0) >> 3) + (y >> 2)) % 5) * 50],
        place: [700000 + 2 * x0, 6600000, 2, 2],
      },
    ])
  const halves = [half('west.tif', 0), half('east.tif', 150)]
  const seam = transformBbox([700299.3, 6599790, 700300.7, 6599800], 'EPSG:2154', 'EPSG:3857')!
  for (const method of ['nearest', 'bilinear', 'cubic', 'average', 'mode', 'lanczos'] as const)
    for (const [crs, metres, west, north] of [
      // pixels whose centres lie on the seam itself, and beside it
      ['EPSG:2154', 2, 700300 - 61, 6599900],
      ['EPSG:2154', 4, 700300 - 122, 6599950],
      ['EPSG:2154', 0.7, 700300 - 20.9, 6599900],
      ['EPSG:3857', 1.9, seam[0] - 50, seam[3]],
      ['EPSG:3857', 0.31, seam[0] - 9, seam[3]],
    ] as const) {
      const bbox: Bbox = [west, north - side * metres, west + side * metres, north]
      const [parts, whole] = [await draw(halves, crs, bbox, method), await draw(photo, crs, bbox, method)]
      const holes = parts.filter((value, i) => i % 4 === 3 && value !== 255).length
      // only what is interpolated over the seam may differ
      const reach = Math.ceil((method === 'lanczos' ? 8 : 5) / metres) + 1
      let [differing, left, right] = [0, side, 0]
      for (let i = 0; i < side * side; i++)
        if ([0, 1, 2].some(k => Math.abs(parts[i * 4 + k] - whole[i * 4 + k]) > 1)) {
          differing++
          left = Math.min(left, i % side)
          right = Math.max(right, i % side)
        }
      t.equal(holes, 0, `${method} in ${crs}, ${metres} m`)
      t.ok(right - left <= 2 * reach, `differs in ${differing} pixels of columns ${left} to ${right}`)
      if (method === 'nearest') t.equal(differing, 0)
    }
})
