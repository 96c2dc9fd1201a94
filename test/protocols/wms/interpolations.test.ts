import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { gdalPython, withoutGdal } from '../../support/gdal.js'
import { type RunningServer, runServer } from '../../support/running-server.js'

const makeFile = `
import numpy as np, os
from osgeo import osr
path = sys.argv[1]
s = osr.SpatialReference(); s.ImportFromEPSG(2154)
ds = gdal.GetDriverByName('GTiff').Create(path, 120, 90, 3, gdal.GDT_Byte, ['TILED=YES'])
ds.SetProjection(s.ExportToWkt()); ds.SetGeoTransform((930000, 1, 0, 6890090, 0, -1))
r = np.random.default_rng(5)
y, x = np.mgrid[0:90, 0:120]
for b in range(3):
    ds.GetRasterBand(b + 1).WriteArray((120 + 60 * np.sin(x / 5 + b) + 40 * np.cos(y / 4) + r.integers(-20, 20, x.shape)).astype(np.uint8))
ds = None
print('0')`

/** The mean difference of the answer to what gdalwarp makes by each of the methods, away from the border. */
const compare = `
import numpy as np
path, answer, minx, miny, maxx, maxy, *methods = sys.argv[1:]
ours = gdal.Open(answer).ReadAsArray()[:3].astype(int)
h, w = ours.shape[1:]
box = tuple(map(float, (minx, miny, maxx, maxy)))
out = {}
for m in methods:
    theirs = gdal.Warp('', path, format='MEM', outputBounds=box, width=w, height=h, resampleAlg=m, errorThreshold=0).ReadAsArray().astype(int)
    out[m] = float(np.abs(ours - theirs).mean())
print(json.dumps(out))`

const methods = ['near', 'bilinear', 'cubic', 'average', 'mode', 'lanczos'] as const
const zoomedIn = [930040, 6890030, 930080, 6890060]
const zoomedOut = [930006, 6890006, 930114, 6890084]

t.test('INTERPOLATIONS chooses how rasters are drawn, as gdalwarp does it', { skip: withoutGdal }, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'arpent-interpolations-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'photo.tif')
  gdalPython(makeFile, path)
  const config = join(folder, 'arpent.yaml')
  writeFileSync(
    config,
    `stores: { files: { kind: cog, root: "${folder}" } }
collections:
  photo: { files: photo.tif }
  cubic: { files: photo.tif, resampling: cubic }
`,
  )
  const server: RunningServer = await runServer(['--config', config])
  t.teardown(() => server.stop())
  const ask = (query: string, [box, width, height] = [zoomedIn, 200, 150] as readonly [readonly number[], number, number]) =>
    fetch(
      `${server.address}/wms?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&STYLES=&CRS=EPSG:2154&BBOX=${box}&WIDTH=${width}&HEIGHT=${height}&FORMAT=image/geotiff&${query}`,
    )
  const nearestMethod = async (query: string, map?: readonly [readonly number[], number, number], most = 0.1) => {
    const answer = await ask(query, map)
    t.equal(answer.status, 200, query)
    const file = join(folder, 'answer.tif')
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()))
    const off = gdalPython<Record<string, number>>(compare, path, file, ...(map?.[0] ?? zoomedIn), ...methods)
    const [[method, least]] = Object.entries(off).sort(([, a], [, b]) => a - b)
    t.ok(least < most, `${query}: ${JSON.stringify(off)}`)
    return method
  }
  const out = [zoomedOut, 36, 26] as const
  t.equal(await nearestMethod('LAYERS=photo'), 'bilinear', 'what the collection says')
  t.equal(await nearestMethod('LAYERS=cubic'), 'cubic')
  t.equal(await nearestMethod('LAYERS=photo&INTERPOLATIONS='), 'bilinear')
  t.match(await nearestMethod('LAYERS=photo&INTERPOLATIONS=nearest%20neighbor'), 'near')
  t.equal(await nearestMethod('LAYERS=photo&interpolations=bicubic'), 'cubic')
  t.equal(await nearestMethod('LAYERS=photo&INTERPOLATIONS=Lanczos'), 'lanczos')
  t.equal(await nearestMethod('LAYERS=cubic&INTERPOLATIONS=bilinear'), 'bilinear')
  t.equal(await nearestMethod('LAYERS=photo&INTERPOLATIONS=average', out), 'average')
  // in noise several values are the most frequent: which of them is drawn is free
  t.equal(await nearestMethod('LAYERS=photo&INTERPOLATIONS=mode', out, 8), 'mode')
  t.equal(await nearestMethod('LAYERS=photo,cubic&INTERPOLATIONS=bicubic,'), 'cubic', 'one for each: the upper one as its collection says')
  t.equal(await nearestMethod('LAYERS=photo,photo&INTERPOLATIONS=bicubic,bilinear'), 'bilinear', 'the upper one counts')

  const refused = await ask('LAYERS=photo&INTERPOLATIONS=sinc')
  t.equal(refused.status, 400)
  t.match(await refused.text(), /INTERPOLATIONS names «sinc»; nearest, bilinear, cubic, average, mode, lanczos/)
  const uneven = await ask('LAYERS=photo&INTERPOLATIONS=cubic,cubic')
  t.match(await uneven.text(), /INTERPOLATIONS has 2 entries for 1 layers/)
})
