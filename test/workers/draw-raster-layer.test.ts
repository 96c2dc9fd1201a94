import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import type { RasterStore } from '#core/ports.js'
import type { MapJob, RasterLayerJob } from '#core/queries.js'
import type { Bbox } from '#geo/bbox.js'
import { transformBbox } from '#geo/transform.js'
import { startWarpKernel } from '#render/warp-kernel.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import type { RasterSymbolizer } from '#styles/raster-symbolizer.js'
import type { Rule } from '#styles/style.js'
import { drawRasterLayer, planRasterLayer } from '#workers/draw-raster-layer.js'
import { gdal, gdalRead, withoutGdal } from '../support/gdal.js'
import { type TiffSpec, writeTiff } from '../support/make-tiff.js'

const shared = [process.env.ARPENT_SHARED, '../shared'].find(path => path && existsSync(join(path, 'data')))
const folder = t.testdir()
const store = openCogStore({ id: 'rasters' })
const kernel = startWarpKernel()
t.teardown(() => store.close())

interface Drawing {
  readonly crs: string
  readonly bbox: Bbox
  readonly width: number
  readonly height: number
  readonly symbolizer?: Partial<RasterSymbolizer>
  /** Rules behind its own. */
  readonly others?: readonly Rule[]
  readonly maxSourcePixels?: number
  readonly store?: RasterStore
  readonly signal?: AbortSignal
}

/** Draws files on a transparent map: RGBA, premultiplied. */
async function draw(
  paths: string | readonly string[],
  { crs, bbox, width, height, symbolizer, others = [], ...tools }: Drawing,
): Promise<Uint8Array> {
  const described = await Promise.all([paths].flat().map(path => store.describe(path)))
  const pixels = new Uint8Array(width * height * 4)
  const rule = { name: '', symbolizers: [{ kind: 'raster', opacity: 1, ...symbolizer } as const] }
  const job = { crs, bbox, width, height, scaleDenominator: 1000, layers: [] } as unknown as MapJob
  const layer: RasterLayerJob = {
    kind: 'raster',
    store: 'rasters',
    files: described.map(({ file }) => file),
    bands: described[0].bands,
    style: { passes: symbolizer ? [{ rules: [rule, ...others] }] : [] },
  }
  const { signal, maxSourcePixels } = tools
  const plan = planRasterLayer(job, layer)
  const target = { width, height, pixels: () => pixels }
  if (plan) await drawRasterLayer(target, plan, tools.store ?? store, { kernel, ...(maxSourcePixels && { maxSourcePixels }) }, signal)
  return pixels
}

const photo: TiffSpec = {
  width: 200,
  height: 150,
  tile: [64, 64],
  deflate: true,
  bands: [(x, y) => (x * 3 + y) % 256, (x, y) => (x + y * 5) % 256, (x, y) => (x * y) % 256],
  place: [700000, 6600000, 2, 2],
  epsg: 2154,
}
const rgb = (x: number, y: number) => [(x * 3 + y) % 256, (x + y * 5) % 256, (x * y) % 256, 255]

t.test('the same grid gives the same pixels', async t => {
  const path = writeTiff(join(folder, 'photo.tif'), [photo])
  const map = await draw(path, { crs: 'EPSG:2154', bbox: [700020, 6599800, 700220, 6599960], width: 100, height: 80 })
  t.same(Array.from(map), Array.from({ length: 8000 }, (_, i) => rgb(10 + (i % 100), 20 + Math.floor(i / 100))).flat())
  const twice = await draw(path, {
    crs: 'EPSG:2154',
    bbox: [700020, 6599900, 700120, 6599960],
    width: 100,
    height: 60,
    symbolizer: { bands: [0, 0, 0] },
  })
  t.equal(twice[0], Math.round(rgb(9, 19)[0] * 0.0625 + rgb(10, 19)[0] * 0.1875 + rgb(9, 20)[0] * 0.1875 + rgb(10, 20)[0] * 0.5625))
})

t.test('large maps are drawn in pieces without a seam', async t => {
  const path = writeTiff(join(folder, 'gradient.tif'), [
    { ...photo, width: 1400, height: 60, bands: [x => Math.floor(x / 6), () => 0, () => 0] },
  ])
  const map = await draw(path, { crs: 'EPSG:2154', bbox: [700000, 6599880, 702800, 6600000], width: 1400, height: 60 })
  t.ok(Array.from({ length: 1400 * 60 }, (_, i) => map[i * 4] === Math.floor((i % 1400) / 6) && map[i * 4 + 3] === 255).every(Boolean))
})

t.test('files of a mosaic meet without a gap; the last is on top', async t => {
  const flat = (value: number, x: number): TiffSpec => ({
    ...photo,
    width: 50,
    height: 50,
    tile: undefined,
    bands: [() => value, () => value, () => value],
    place: [x, 6600000, 1, 1],
  })
  const left = writeTiff(join(folder, 'left.tif'), [flat(100, 700000)])
  const right = writeTiff(join(folder, 'right.tif'), [flat(100, 700050)])
  const over = writeTiff(join(folder, 'over.tif'), [flat(200, 700025)])
  const drawing = {
    crs: 'EPSG:3857',
    bbox: transformBbox([700010, 6599960, 700090, 6599990], 'EPSG:2154', 'EPSG:3857')!,
    width: 300,
    height: 90,
  }
  const map = await draw([left, right], drawing)
  const inner = Array.from({ length: 60 * 280 }, (_, i) => ((15 + Math.floor(i / 280)) * 300 + 10 + (i % 280)) * 4)
  t.ok(inner.every(at => map[at] === 100 && map[at + 3] === 255))
  const stacked = await draw([left, right, over], { ...drawing, symbolizer: { opacity: 0.5 } })
  t.same(
    Array.from(stacked.subarray((45 * 300 + 150) * 4, (45 * 300 + 150) * 4 + 4)),
    [100, 100, 100, 128],
    'what lies below does not shine through',
  )
})

t.test('masked borders are soft and never dark', async t => {
  const path = writeTiff(join(folder, 'alpha.tif'), [
    {
      ...photo,
      bands: [x => (x < 100 ? 0 : 240), x => (x < 100 ? 0 : 240), x => (x < 100 ? 0 : 240), x => (x < 100 ? 0 : 255)],
      extraSamples: [2],
    },
  ])
  const map = await draw(path, { crs: 'EPSG:2154', bbox: [700150, 6599900, 700250, 6599950], width: 333, height: 100 })
  let partial = 0
  for (let i = 0; i < map.length; i += 4) {
    if (map[i + 3] === 0) continue
    if (map[i + 3] < 255) partial++
    if (Math.abs((map[i] * 255) / map[i + 3] - 240) > 4 && map[i + 3] > 40) t.fail(`${map[i]} at alpha ${map[i + 3]}`)
  }
  t.ok(partial > 0, 'the border is soft')
})

t.test('turned and south-up files are where they belong', async t => {
  const corners = [(x: number, y: number) => (x < 50 ? 250 : 10) + (y < 50 ? 0 : 3), () => 0, () => 0]
  const south = writeTiff(join(folder, 'south.tif'), [
    {
      ...photo,
      width: 100,
      height: 100,
      bands: corners,
      place: undefined,
      matrix: [1, 0, 0, 700000, 0, 1, 0, 6600000, 0, 0, 0, 0, 0, 0, 0, 1],
    },
  ])
  const map = await draw(south, { crs: 'EPSG:2154', bbox: [700000, 6600000, 700100, 6600100], width: 100, height: 100 })
  t.equal(map[(10 * 100 + 10) * 4], 253, 'the last rows are in the north')
  t.equal(map[(90 * 100 + 10) * 4], 250)
  const turned = writeTiff(join(folder, 'turned.tif'), [
    {
      ...photo,
      width: 100,
      height: 100,
      bands: corners,
      place: undefined,
      matrix: [0, 1, 0, 700000, 1, 0, 0, 6600000, 0, 0, 0, 0, 0, 0, 0, 1],
    },
  ])
  const other = await draw(turned, { crs: 'EPSG:2154', bbox: [700000, 6600000, 700100, 6600100], width: 100, height: 100 })
  t.equal(other[(90 * 100 + 10) * 4], 250, 'columns go north')
  t.equal(other[(10 * 100 + 10) * 4], 10)
  t.equal(other[(90 * 100 + 90) * 4], 253)
})

t.test('the antimeridian is crossed', async t => {
  const world = writeTiff(join(folder, 'world.tif'), [
    {
      ...photo,
      width: 360,
      height: 180,
      tile: undefined,
      bands: [x => (x < 180 ? 50 : 200), (_, y) => y, () => 9],
      place: [-180, 90, 1, 1],
      epsg: 4326,
      isGeographic: true,
    },
  ])
  const at = (map: Uint8Array, width: number, x: number, y: number) =>
    Array.from(map.subarray((y * width + x) * 4, (y * width + x) * 4 + 4))
  const wide = await draw(world, { crs: 'EPSG:4326', bbox: [170, -10, 190, 10], width: 20, height: 20 })
  t.same(at(wide, 20, 5, 10), [200, 90, 9, 255])
  t.same(at(wide, 20, 15, 10), [50, 90, 9, 255], 'east of 180 lies -180')
  const half = 20037508.342789244
  const mercator = await draw(world, { crs: 'EPSG:3857', bbox: [half - 2e6, -1e6, half + 2e6, 1e6], width: 40, height: 20 })
  t.equal(at(mercator, 40, 5, 10)[0], 200)
  t.equal(at(mercator, 40, 35, 10)[0], 50)
  const pacific = await draw(world, { crs: 'EPSG:3832', bbox: [2e6, -2e6, 5e6, 2e6], width: 30, height: 40 })
  t.ok(
    pacific.every((value, i) => i % 4 !== 3 || value === 255),
    'without a gap',
  )
  const whole = await draw(world, { crs: 'EPSG:3857', bbox: [-half, -half, half, half], width: 64, height: 64 })
  t.ok(whole.every((value, i) => i % 4 !== 3 || value === 255))
  const polar = await draw(world, { crs: 'EPSG:3031', bbox: [-4e6, -4e6, 4e6, 4e6], width: 80, height: 80 })
  t.ok(
    polar.every((value, i) => i % 4 !== 3 || value === 255),
    'the pole is inside',
  )
})

t.test('a map beside the file reads nothing', async t => {
  const path = writeTiff(join(folder, 'beside.tif'), [photo])
  const silent = { ...store, read: () => Promise.reject(new Error('nothing should be read')) } as unknown as RasterStore
  for (const [crs, bbox] of [
    ['EPSG:2154', [0, 0, 1000, 1000]],
    ['EPSG:3857', [1e7, 1e6, 1.1e7, 2e6]],
    ['EPSG:4326', [-80, -30, -70, -20]],
  ] as const) {
    const map = await draw(path, { crs, bbox, width: 300, height: 300, store: silent })
    t.ok(map.every(value => value === 0))
  }
})

t.test('tiny scales without overviews: every row, then some rows, then a refusal with the cure', async t => {
  const path = writeTiff(join(folder, 'flat.tif'), [
    { ...photo, width: 1000, height: 1000, tile: undefined, rowsPerStrip: 1, bands: [() => 70, (_, y) => y / 4, () => 3] },
  ])
  const drawing = { crs: 'EPSG:2154', bbox: [700000, 6598000, 702000, 6600000] as const, width: 20, height: 20 }
  const full = await draw(path, drawing)
  const some = await draw(path, { ...drawing, maxSourcePixels: 100_000 })
  for (const map of [full, some]) {
    t.same([map[0], map[2], map[3]], [70, 3, 255])
    t.ok(Math.abs(map[(10 * 20 + 10) * 4 + 1] - 131) < 3)
  }
  await t.rejects(draw(path, { ...drawing, maxSourcePixels: 10_000 }), { kind: 'too-large', message: /gdaladdo -r average/ })
})

t.test('leaving ends the drawing', async t => {
  const path = writeTiff(join(folder, 'leaving.tif'), [photo])
  const drawing = { crs: 'EPSG:2154', bbox: [700000, 6599700, 700400, 6600000] as const, width: 20, height: 20 }
  await t.rejects(draw(path, { ...drawing, signal: AbortSignal.abort() }), { name: 'AbortError' })
})

t.test('styles decide whether and how', async t => {
  const path = writeTiff(join(folder, 'styled.tif'), [photo])
  const drawing = { crs: 'EPSG:2154', bbox: [700000, 6599980, 700020, 6600000] as const, width: 10, height: 10 }
  t.same(Array.from((await draw(path, { ...drawing, symbolizer: { opacity: 0 } })).subarray(0, 4)), [0, 0, 0, 0])
  const half = await draw(path, { ...drawing, symbolizer: { opacity: 0.5, bands: [1, 1, 1] } })
  t.same(Array.from(half.subarray(4 * 11, 4 * 12)), [3, 3, 3, 128])
})

t.test('a rule for legends only changes nothing of a raster', async t => {
  const path = writeTiff(join(folder, 'legend-only.tif'), [photo])
  const on = { crs: 'EPSG:2154', bbox: [700000, 6599900, 700100, 6600000] as Bbox, width: 50, height: 50, symbolizer: { opacity: 0.5 } }
  const rule: Rule = { name: 'legend', symbolizers: [{ kind: 'raster', opacity: 1 }] }
  const [alone, beside, over] = await Promise.all([
    draw(path, on),
    draw(path, { ...on, others: [{ ...rule, filter: { kind: 'constant', value: false } }] }),
    draw(path, { ...on, others: [rule] }),
  ])
  t.ok(alone.some(value => value > 0))
  t.same(beside, alone)
  t.notSame(over, alone, 'which a rule for all would')
})

t.test('real files: what gdalwarp makes of them', { skip: withoutGdal || (shared ? false : 'needs ../shared/data') }, async t => {
  const data = join(shared!, 'data')
  const cases: readonly (readonly [string, string, readonly number[], number, number])[] = [
    ['demo/ortho/kampala_0m075_cog.tif', 'EPSG:32636', [0.4, 0.4, 0.45, 0.47], 256, 256],
    ['demo/ortho/kampala_0m075_cog.tif', 'EPSG:2154', [0.4, 0.4, 0.44, 0.44], 300, 300],
    ['bench/ortho/naip-series/m_4709963_se_14_1_20100629.tif', 'EPSG:4326', [0, 0, 1, 1], 900, 700],
    ['bench/ortho/ngi-swellendam/3320D_2010_315_RGB_LATLNG.tif', 'EPSG:3857', [0.2, 0.2, 0.4, 0.4], 400, 400],
    ['bench/ortho/usgs-hro-colorado-0m15.tif', 'EPSG:3857', [0.1, 0.1, 0.5, 0.5], 400, 300],
  ]
  for (const [name, crs, [x0, y0, x1, y1], width, height] of cases) {
    const path = join(data, name)
    const { file } = await store.describe(path)
    const box = transformBbox(file.bbox, file.crs, crs)!
    const part = (i: 0 | 1, share: number) => box[i] + (box[i + 2] - box[i]) * share
    const bbox: Bbox = [part(0, x0), part(1, y0), part(0, x1), part(1, y1)]
    const map = await draw(path, { crs, bbox, width, height })
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
      width,
      height,
      '-r',
      'bilinear',
      '-dstalpha',
      '-et',
      0,
      path,
      out,
    )
    const bands = gdalRead(out, 0, { left: 0, top: 0, width, height })
    const alpha = bands.at(-2)!
    let [compared, sum, greatest] = [0, 0, 0]
    for (let i = 0; i < width * height; i++) {
      if (map[i * 4 + 3] !== 255 || alpha[i] !== 255) continue
      for (let b = 0; b < 3; b++) {
        const difference = Math.abs(map[i * 4 + b] - bands[b][i])
        sum += difference
        greatest = Math.max(greatest, difference)
        compared++
      }
    }
    t.ok(compared > width * height * 2.5, `${basename(path)}: the same pixels are there`)
    // blocks of JPEG are decoded by a quicker transform than GDAL's, which is off by one on average
    t.ok(
      sum / compared < (name.includes('kampala') ? 1.2 : 0.3) && greatest <= 5,
      `${basename(path)} in ${crs}: mean ${(sum / compared).toFixed(3)}, greatest ${greatest}`,
    )
  }
})

t.test('encoded heights are interpolated as heights, not as colours', async t => {
  // a plane that rises 3.7 m a pixel to the east: every digit of the encoding changes
  const plane: TiffSpec = { ...photo, type: 'float32', bands: [x => 1000 + 3.7 * x], width: 64, height: 64 }
  const path = writeTiff(join(folder, 'plane.tif'), [plane])
  const map = await draw(path, {
    crs: 'EPSG:2154',
    bbox: [700010, 6599910, 700060, 6599960],
    width: 100,
    height: 100,
    symbolizer: { encoding: 'mapbox' },
  })
  let most = 0
  for (let x = 0; x < 100; x++) {
    const at = (50 * 100 + x) * 4
    const height = -10000 + (map[at] * 65536 + map[at + 1] * 256 + map[at + 2]) * 0.1
    most = Math.max(most, Math.abs(height - (1000 + 3.7 * (5 + (x + 0.5) / 4 - 0.5))))
  }
  t.ok(most <= 0.06, `at most ${most} m off`)
})
