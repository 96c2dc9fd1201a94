import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { RasterFile } from '#core/atlas.js'
import { buildMosaic } from '#core/mosaic.js'
import type { MapJob, RasterFault, RasterLayerJob } from '#core/queries.js'
import { selectFiles } from '#core/select-files.js'
import type { Bbox } from '#geo/bbox.js'
import { transformBbox } from '#geo/transform.js'
import { startWarpKernel } from '#render/warp-kernel.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import type { RasterSymbolizer } from '#styles/raster-symbolizer.js'
import { drawRasterLayer, planRasterLayer } from '#workers/draw-raster-layer.js'
import { gdal, gdalRead, withoutGdal } from '../support/gdal.js'
import { type TiffSpec, writeTiff } from '../support/make-tiff.js'
import { seeded } from '../support/seeded.js'

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
  readonly faults?: RasterFault[]
  /** Instead of those of the first file, whose range is its own. */
  readonly bands?: RasterLayerJob['bands']
}

async function draw(paths: readonly string[], { symbolizer, faults = [], bands, ...map }: Drawing): Promise<Uint8Array> {
  const described = await Promise.all(paths.map(path => store.describe(path)))
  const files = selectFiles(
    buildMosaic(
      described.map(({ file }) => file),
      { order: 'name' },
    ),
    map,
  )
  return drawFiles(files, bands ?? described[0].bands, map, symbolizer, faults)
}

async function drawFiles(
  files: readonly RasterFile[],
  bands: RasterLayerJob['bands'],
  { crs, bbox, width, height }: Drawing,
  symbolizer: Drawing['symbolizer'],
  faults: RasterFault[],
): Promise<Uint8Array> {
  const rule = { name: '', symbolizers: [{ kind: 'raster', opacity: 1, ...symbolizer } as const] }
  const layer: RasterLayerJob = { kind: 'raster', store: 'rasters', files, bands, style: { passes: symbolizer ? [{ rules: [rule] }] : [] } }
  const job = { crs, bbox, width, height, scaleDenominator: 1000, layers: [layer] } as unknown as MapJob
  const pixels = new Uint8Array(width * height * 4)
  const plan = planRasterLayer(job, layer)
  if (plan) await drawRasterLayer({ width, height, pixels: () => pixels }, plan, store, { kernel, onFault: fault => faults.push(fault) })
  return pixels
}

const [x0, y0, side, pieces] = [700_000, 6_600_000, 128, 3]
const wave = (x: number, y: number, b: number) => Math.round(128 + 60 * Math.sin((x + 2 * b) / 9) + 60 * Math.cos((y - b * 5) / 7))
const height = (x: number, y: number) => Math.fround(500 + 80 * Math.sin(x / 31) * Math.cos(y / 23))

/** One picture of 3 x 3 times 128 pixels of half a metre, with two overviews, and the same cut along its grid. */
function whole(name: string, changes: Partial<TiffSpec>, value: (x: number, y: number, band: number) => number, bands: number) {
  const levels = (width: number, left: number, top: number): TiffSpec[] =>
    [1, 2, 4].map(
      (step, level): TiffSpec => ({
        width: width / step,
        height: width / step,
        tile: [64, 64],
        deflate: true,
        bands: Array.from({ length: bands }, (_, b) => (x: number, y: number) => value(left + x * step, top + y * step, b)),
        ...changes,
        ...(level === 0 ? { place: [x0 + left / 2, y0 - top / 2, 0.5, 0.5] as const, epsg: 2154 } : { subfile: 1 }),
      }),
    )
  const one = writeTiff(join(folder, `${name}-whole.tif`), levels(side * pieces, 0, 0))
  const parts = Array.from({ length: pieces ** 2 }, (_, i) => {
    const [left, top] = [(i % pieces) * side, Math.floor(i / pieces) * side]
    return writeTiff(join(folder, `${name}-${i}.tif`), levels(side, left, top))
  })
  return { one, parts }
}

const maps = (random: () => number): Drawing[] =>
  Array.from({ length: 14 }, (_, i) => {
    const metres = 20 + random() * 150
    const [x, y] = [x0 + random() * 60, y0 - 192 + random() * 60]
    const crs = ['EPSG:2154', 'EPSG:3857', 'EPSG:4326', 'EPSG:3946'][i % 4]
    return { crs, bbox: transformBbox([x, y, x + metres, y + metres], 'EPSG:2154', crs)!, width: 200 + (i % 3) * 37, height: 210 }
  })

t.test('a picture cut along its pixels is drawn as the whole, at any scale, in any CRS', async t => {
  const photo = whole('photo', {}, wave, 3)
  const dem = whole('dem', { type: 'float32' }, height, 1)
  const { bands } = await store.describe(dem.one)
  for (const map of maps(seeded(3))) {
    t.ok(Buffer.from(await draw(photo.parts, map)).equals(Buffer.from(await draw([photo.one], map))), `photograph in ${map.crs}`)
    const shaded = { ...map, bands, symbolizer: { hillshade: true } as Partial<RasterSymbolizer> }
    t.ok(Buffer.from(await draw(dem.parts, shaded)).equals(Buffer.from(await draw([dem.one], shaded))), `relief in ${map.crs}`)
  }
})

t.test('the borders of files off the grid leave no line', async t => {
  const flat = (name: string, left: number, top: number, size: number, epsg: number): string =>
    writeTiff(join(folder, `${name}.tif`), [
      { width: 90, height: 90, bands: [() => 100, () => 120, () => 140], place: [left, top, size, size], epsg },
    ])
  // pixels of 0.5 and 0.3 m, off each other's grid, but side by side to the digit
  const paths = [flat('off-a', x0, y0, 0.5, 2154), flat('off-b', x0 + 45, y0, 0.3, 2154), flat('off-c', x0, y0 - 45, 0.5, 2154)]
  for (const crs of ['EPSG:2154', 'EPSG:3857', 'EPSG:3946'])
    for (const width of [37, 300, 1111]) {
      const bbox = transformBbox([x0 + 10, y0 - 20, x0 + 65, y0 - 5], 'EPSG:2154', crs)!
      const map = await draw(paths, { crs, bbox, width, height: Math.ceil(width / 3) })
      const wrong = Array.from({ length: map.length / 4 }, (_, i) => map[i * 4 + 3]).filter(alpha => alpha !== 255).length
      t.equal(wrong, 0, `${crs}, ${width} pixels`)
    }
})

t.test('holes of the upper file show the lower, and what gdalbuildvrt and gdalwarp make of them', { skip: withoutGdal }, async t => {
  const spec = (left: number, value: number, isHole: (x: number, y: number) => boolean): TiffSpec => ({
    width: 100,
    height: 100,
    bands: [
      (x, y) => (isHole(x, y) ? 0 : value + (x % 40)),
      (x, y) => (isHole(x, y) ? 0 : value + (y % 40)),
      (x, y) => (isHole(x, y) ? 0 : value),
    ],
    nodata: '0',
    place: [x0 + left, y0, 0.5, 0.5],
    epsg: 2154,
  })
  const lower = writeTiff(join(folder, 'a-lower.tif'), [spec(0, 60, (x, y) => x < 20 && y < 20)])
  const upper = writeTiff(join(folder, 'b-upper.tif'), [spec(25, 150, (x, y) => (x - 30) ** 2 + (y - 40) ** 2 < 400)])
  const vrt = join(folder, 'holes.vrt')
  gdal('gdalbuildvrt', vrt, lower, upper)
  for (const crs of ['EPSG:2154', 'EPSG:3857']) {
    const bbox = transformBbox([x0 - 5, y0 - 60, x0 + 80, y0 + 5], 'EPSG:2154', crs)!
    const [width, height] = [255, 195]
    const out = join(folder, `holes-${crs.slice(5)}.tif`)
    const extent = ['-te', ...bbox, '-ts', width, height, '-t_srs', crs, '-dstalpha', '-et', 0]
    gdal('gdalwarp', '-q', '-overwrite', '-r', 'near', ...extent, vrt, out)
    const theirs = gdalRead(out, 0, { left: 0, top: 0, width, height })
    const map = await draw([lower, upper], { crs, bbox, width, height })
    let [far, coverage] = [0, 0]
    for (let i = 0; i < width * height; i++) {
      if (map[i * 4 + 3] > 127 !== theirs[3][i] > 127) coverage++
      // ours interpolates, theirs does not: which of the two files shows is what is compared
      else if (theirs[3][i] > 127 && map[i * 4 + 3] === 255 && map[i * 4 + 2] > 105 !== theirs[2][i] > 105) far++
    }
    t.ok(coverage < 200, `${coverage} pixels are covered by only one of us in ${crs}`)
    t.ok(far < 200, `${far} pixels show the other file in ${crs}`)
  }
})

t.test('a broken file of a mosaic is left out and told; alone it is an error', async t => {
  const { parts } = whole('broken', {}, wave, 3)
  const map = { crs: 'EPSG:2154', bbox: [x0, y0 - 192, x0 + 192, y0] as Bbox, width: 384, height: 384 }
  // blocks come first in what the tests write: the head stays as it is
  const bytes = readFileSync(parts[4])
  writeFileSync(parts[4], bytes.fill(7, 8, 4000))
  const described = await Promise.all(parts.map(path => store.describe(path)))
  const files = described.map(({ file }) => file)
  const faults: RasterFault[] = []
  const pixels = await drawFiles(files, described[0].bands, map, undefined, faults)
  const alphaAt = (column: number, row: number) => pixels[(row * 384 + column) * 4 + 3]
  t.same([alphaAt(64, 64), alphaAt(192, 192), alphaAt(320, 320)], [255, 0, 255])
  t.ok(faults.length > 0 && faults.every(({ path }) => path === parts[4]))
  const alone = await drawFiles([files[4]], described[0].bands, map, undefined, []).catch(error => error.kind)
  t.equal(alone, 'invalid-data')
  const gone = files.map((file, i) => (i === 4 ? { ...file, path: join(folder, 'missing.tif') } : file))
  const without = await drawFiles(gone, described[0].bands, map, undefined, [])
  t.ok(Buffer.from(without).equals(Buffer.from(pixels)), 'as is one that has gone')
})

t.test('programs agree that the parts make up the whole', { skip: withoutGdal }, async t => {
  const { one, parts } = whole('proof', {}, wave, 3)
  const vrt = join(folder, 'proof.vrt')
  execFileSync('gdalbuildvrt', ['-q', vrt, ...parts])
  const window = { left: 0, top: 0, width: side * pieces, height: side * pieces }
  const [a, b] = [gdalRead(vrt, 0, window), gdalRead(one, 0, window)]
  t.ok([0, 1, 2].every(band => a[band].every((value, i) => value === b[band][i])))
})
