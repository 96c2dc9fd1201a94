import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { gdalPython, withoutGdal } from '../../support/gdal.js'
import { unlessAll } from '../../support/programs.js'
import { type RunningServer, runServer } from '../../support/running-server.js'

const skip = unlessAll(withoutGdal)

/** Two files side by side, 400 x 300 pixels of 0.5 m together, without a pattern that a turn could hide in. */
const makeFiles = `
from osgeo import osr
import numpy as np
srs = osr.SpatialReference(); srs.ImportFromEPSG(2154)
y, x = np.mgrid[0:300, 0:400]
for name, left in (('west', 0), ('east', 200)):
    ds = gdal.GetDriverByName('GTiff').Create(sys.argv[1] + '/' + name + '.tif', 200, 300, 3, options=['TILED=YES', 'COMPRESS=DEFLATE'])
    ds.SetProjection(srs.ExportToWkt())
    ds.SetGeoTransform([930000 + left / 2, 0.5, 0, 6890150, 0, -0.5])
    part = slice(left, left + 200)
    for b in range(3):
        v = 128 + 60 * np.sin((x * (b + 1) + y) / 40) + 60 * np.cos((y * (3 - b) - x) / 55)
        ds.GetRasterBand(b + 1).WriteArray(v[:, part].astype('uint8'))
    ds = None
print('1')`

/**
 * What gdalwarp makes of them on the same map, whose geotransform is made here, and how far the answer is from it: its own geotransform (the largest
 * difference in pixels), its CRS, and the share of samples that differ by more than `most`, of those with something there; where there is nothing must agree, too.
 */
const compare = `
import numpy as np, cmath, math
folder, answer, epsg, minx, miny, maxx, maxy, angle, method, most = sys.argv[1:]
epsg = int(epsg); minx, miny, maxx, maxy, angle, most = map(float, (minx, miny, maxx, maxy, angle, most))
ours = gdal.Open(answer)
w, h = ours.RasterXSize, ours.RasterYSize
from osgeo import osr
srs = osr.SpatialReference(); srs.ImportFromEPSG(epsg)
p = (maxx - minx) / w
# what shows at a pixel lay counterclockwise of it before the picture was turned
back = cmath.exp(1j * math.radians(angle)) * p
corner = complex((minx + maxx) / 2, (miny + maxy) / 2) + complex(-w / 2, h / 2) * back
right, down = back, -1j * back
gt = [corner.real, right.real, down.real, corner.imag, right.imag, down.imag]
target = gdal.GetDriverByName('MEM').Create('', w, h, 4)
target.SetProjection(srs.ExportToWkt()); target.SetGeoTransform(gt)
target.GetRasterBand(4).SetColorInterpretation(gdal.GCI_AlphaBand)
gdal.Warp(target, [folder + '/west.tif', folder + '/east.tif'], resampleAlg=method, errorThreshold=0, dstAlpha=True)
theirs, found = target.ReadAsArray().astype(int), ours.ReadAsArray().astype(int)
there = (theirs[3] > 0) & (found[3] > 0)
off = np.abs(theirs[:3] - found[:3]).max(axis=0)
print(json.dumps({
  'geotransform': max(abs(a - b) / p for a, b in zip(ours.GetGeoTransform(), gt)),
  'epsg': int(ours.GetSpatialRef().GetAuthorityCode(None)),
  'apart': float((off[there] > most).mean()),
  'there': float(there.mean()),
  'edges': float(((theirs[3] > 0) != (found[3] > 0)).mean()),
}))`

interface Compared {
  readonly geotransform: number
  readonly epsg: number
  readonly apart: number
  readonly there: number
  readonly edges: number
}

t.test('turned maps of rasters, as gdalwarp makes them', { skip }, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'arpent-turned-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  gdalPython(makeFiles, folder)
  const config = join(folder, 'arpent.yaml')
  writeFileSync(
    config,
    `stores: { files: { kind: cog, root: "${folder}" } }
collections:
  nearest: { files: "*.tif", resampling: nearest }
  smooth: { files: "*.tif" }
`,
  )
  let server: RunningServer
  t.before(async () => {
    server = await runServer(['--config', config])
  })
  t.teardown(async () => server.stop())
  const ask = (query: string) => fetch(`${server.address}/wms?SERVICE=WMS&VERSION=1.3.0&STYLES=&${query}`)

  const lambert = [930000, 6890000, 930200, 6890150]
  const mercator = gdalPython<number[]>(`
from osgeo import osr
a, b = osr.SpatialReference(), osr.SpatialReference()
a.ImportFromEPSG(2154); b.ImportFromEPSG(3857)
x, y, _ = osr.CoordinateTransformation(a, b).TransformPoint(930100, 6890075)
print(json.dumps([x - 160, y - 120, x + 160, y + 120]))`)
  for (const [layer, epsg, box, most, angles] of [
    ['nearest', 2154, lambert, 0, [0, 20, 90]],
    ['nearest', 3857, mercator, 0, [-60]],
    ['smooth', 2154, lambert, 3, [200.5]],
    ['smooth', 3857, mercator, 3, [0, 20, 180]],
  ] as const)
    for (const angle of angles)
      t.test(`${layer}, EPSG:${epsg}, ${angle} degrees`, async t => {
        const [width, height] = epsg === 2154 ? [320, 240] : [300, 225]
        const answer = await ask(
          `REQUEST=GetMap&LAYERS=${layer}&CRS=EPSG:${epsg}&BBOX=${box}&WIDTH=${width}&HEIGHT=${height}&FORMAT=image/geotiff&TRANSPARENT=true&ANGLE=${angle}`,
        )
        t.equal(answer.status, 200)
        const path = join(folder, 'answer.tiff')
        writeFileSync(path, Buffer.from(await answer.arrayBuffer()))
        const method = layer === 'nearest' ? 'near' : 'bilinear'
        const found = gdalPython<Compared>(compare, folder, path, epsg, ...box, angle, method, most)
        t.equal(found.epsg, epsg)
        t.ok(found.geotransform < 1e-6, `it says where it lies: ${found.geotransform} pixels off`)
        t.ok(found.there > 0.4, `${found.there} of the map has something`)
        t.ok(found.apart < 0.01, `${found.apart} of it differs`)
        t.ok(found.edges < 0.01, `${found.edges} of it ends elsewhere`)
      })

  t.test('GetFeatureInfo tells the values that the turned map shows', async t => {
    const map = `LAYERS=nearest&CRS=EPSG:2154&BBOX=${lambert}&WIDTH=320&HEIGHT=240&ANGLE=20`
    const picture = Buffer.from(await (await ask(`REQUEST=GetMap&${map}&FORMAT=image/geotiff&TRANSPARENT=true`)).arrayBuffer())
    const path = join(folder, 'picture.tiff')
    writeFileSync(path, picture)
    const places = [
      [160, 120],
      [30, 60],
      [250, 200],
      [100, 20],
      [319, 0],
    ]
    const shown = gdalPython<number[][]>(
      'a = gdal.Open(sys.argv[1]).ReadAsArray()\nprint(json.dumps([a[:, j, i].tolist() for i, j in json.loads(sys.argv[2])]))',
      path,
      JSON.stringify(places),
    )
    for (const [n, [i, j]] of places.entries()) {
      const answer = await ask(`REQUEST=GetFeatureInfo&${map}&QUERY_LAYERS=nearest&INFO_FORMAT=application/json&I=${i}&J=${j}`)
      const { features } = (await answer.json()) as { features: { properties: Record<string, number> }[] }
      const values = features.flatMap(({ properties }) => Object.values(properties))
      t.same(values, shown[n][3] > 0 ? shown[n].slice(0, 3) : [], `${i}, ${j}: ${values}`)
    }
  })
})
