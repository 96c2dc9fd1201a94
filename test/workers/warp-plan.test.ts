import t from 'tap'
import type { RasterFile } from '#core/atlas.js'
import type { MapJob } from '#core/queries.js'
import { transformBbox } from '#geo/transform.js'
import { planWarp, type WarpPiece } from '#render/warp.js'
import { placeRaster } from '#workers/raster-place.js'
import { gdalPython, withoutGdal } from '../support/gdal.js'
import { pick, seeded } from '../support/seeded.js'

/** A file of 20 cm pixels (or as many degrees) around a place in France. */
function fileAt(crs: string, lon: number, lat: number): RasterFile {
  const [x, y] = transformBbox([lon, lat, lon + 1e-6, lat + 1e-6], 'EPSG:4326', crs)!
  const pixel = crs === 'EPSG:4326' ? 2e-6 : 0.2
  const size = { width: 40_000, height: 40_000 }
  const [west, north] = [x - 20_000 * pixel, y + 20_000 * pixel]
  const bbox = [west, north - 40_000 * pixel, west + 40_000 * pixel, north] as const
  const levels = [1, 2, 4, 8, 16].map(factor => ({ width: 40_000 / factor, height: 40_000 / factor, blockWidth: 512, blockHeight: 512 }))
  return { path: 'photo.tif', crs, ...size, transform: [west, pixel, 0, north, 0, -pixel], bbox, levels, version: '1' }
}

/** Where a plan takes the middle of a map pixel from, in full resolution pixels; undefined where it draws nothing. */
function sourceOf(pieces: readonly WarpPiece[], file: RasterFile, x: number, y: number): readonly [number, number] | undefined {
  for (const { box, level, window, factor, cells } of pieces)
    for (const { left, top, width, height, corners } of cells) {
      const [u, v] = [(x - box.left - left) / width, (y - box.top - top) / height]
      if (u < 0 || u > 1 || v < 0 || v > 1) continue
      const mix = (i: number) => (corners[i] * (1 - u) + corners[i + 2] * u) * (1 - v) + (corners[i + 4] * (1 - u) + corners[i + 6] * u) * v
      const { width: levelWidth, height: levelHeight } = file.levels[level]
      const full = (pixels: number, origin: number, whole: number, part: number) => ((pixels * factor + origin) * whole) / part
      return [full(mix(0), window.left, file.width, levelWidth), full(mix(1), window.top, file.height, levelHeight)]
    }
  return undefined
}

t.test('a plan is plain data', t => {
  const file = fileAt('EPSG:2154', 3, 46.5)
  const bbox = transformBbox([3, 46.5, 3.0005, 46.5003], 'EPSG:4326', 'EPSG:3857')!
  const { locate, isAffine } = placeRaster({ crs: 'EPSG:3857', bbox, width: 256, height: 256 } as MapJob, file)
  const plan = planWarp(file, { width: 256, height: 256 }, locate, isAffine)
  t.same(JSON.parse(JSON.stringify(plan)), plan)
  t.same(plan, planWarp(file, { width: 256, height: 256 }, locate, isAffine), 'and always the same')
  t.equal(plan.length, 1)
  t.match(plan[0], { box: { left: 0, top: 0, width: 256, height: 256 }, level: 0, factor: 1 })
  t.equal(plan[0].cells.length, 4, 'in cells of 128 pixels')
  t.end()
})

t.test('positions are those of PROJ to a twentieth of a pixel', { skip: withoutGdal }, async t => {
  const random = seeded(2154)
  const systems = ['EPSG:2154', 'EPSG:3857', 'EPSG:3948', 'EPSG:4326', 'EPSG:3035', 'EPSG:32631']
  let greatest = 0
  for (let round = 0; round < 25; round++) {
    const [from, to] = [pick(random, systems), pick(random, systems)]
    const [lon, lat] = [1 + random() * 4, 45 + random() * 4]
    const file = fileAt(from, lon, lat)
    const metres = 0.1 * 2 ** Math.floor(random() * 8)
    const [width, height] = [200 + Math.floor(random() * 800), 200 + Math.floor(random() * 800)]
    const [x, y] = transformBbox([lon, lat, lon + 1e-6, lat + 1e-6], 'EPSG:4326', to)!
    const pixel = to === 'EPSG:4326' ? metres * 1e-5 : metres
    const bbox = [x - (width / 2) * pixel, y - (height / 2) * pixel, x + (width / 2) * pixel, y + (height / 2) * pixel] as const
    const { locate, isAffine } = placeRaster({ crs: to, bbox, width, height } as MapJob, file)
    const pieces = planWarp(file, { width, height }, locate, isAffine)
    const points = Array.from({ length: 40 }, () => [random() * width, random() * height] as const)
    const found = points.map(([px, py]) => sourceOf(pieces, file, px, py))
    const places = points.map(([px, py]) => [bbox[0] + px * pixel, bbox[3] - py * pixel])
    const script = `
from osgeo import osr
def system(code):
    s = osr.SpatialReference()
    s.ImportFromEPSG(code)
    s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return s
t = osr.CoordinateTransformation(system(int(sys.argv[1])), system(int(sys.argv[2])))
print(json.dumps([p[:2] for p in t.TransformPoints(json.loads(sys.argv[3]))]))`
    const exact = gdalPython<[number, number][]>(script, to.slice(5), from.slice(5), JSON.stringify(places))
    const [west, perX, , north, , perY] = file.transform
    /** Full resolution pixels of the file that a pixel of the map covers. */
    const scale = (() => {
      const [a, b] = [locate(width / 2, height / 2), locate(width / 2 + 1, height / 2)]
      return a && b ? Math.hypot(b[0] - a[0], b[1] - a[1]) : 1
    })()
    for (const [i, place] of found.entries()) {
      if (!place) continue
      const off = Math.hypot(place[0] - (exact[i][0] - west) / perX, place[1] - (exact[i][1] - north) / perY) / scale
      greatest = Math.max(greatest, off)
      if (off > 0.05) t.fail(`${from} to ${to}, ${metres} m: off by ${off.toFixed(3)} pixels`)
    }
  }
  t.ok(greatest < 0.05, `at most ${greatest.toFixed(4)} pixels off`)
})
