import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { gdalPython, withoutGdal } from '../support/gdal.js'
import { runServer } from '../support/running-server.js'
import { until } from '../support/until.js'

// Files of 512 x 512 pixels of 20 cm side by side, in blocks that are tiles of 2154_5cm, matrix 20.
const [column, row] = [15000, 112000]
const make = `
folder = sys.argv[1]
from osgeo import osr
srs = osr.SpatialReference(); srs.ImportFromEPSG(2154)
offsets = []
for i, name in enumerate(['a', 'b', 'c', 'd']):
    memory = gdal.GetDriverByName('MEM').Create('', 512, 512, 3)
    memory.SetProjection(srs.ExportToWkt())
    memory.SetGeoTransform([51.2 * (15000 + 2 * i), 0.2, 0, 12000000 - 51.2 * 112000, 0, -0.2])
    for b in range(3): memory.GetRasterBand(b + 1).Fill(60 * (b + 1))
    options = ['TILED=YES', 'BLOCKXSIZE=256', 'BLOCKYSIZE=256'] + (['COMPRESS=WEBP'] if name == 'd' else ['COMPRESS=JPEG', 'PHOTOMETRIC=YCBCR'])
    path = f'{folder}/{name}.tif'
    gdal.GetDriverByName('GTiff').CreateCopy(path, memory, options=options)
    written = gdal.Open(path)
    band = written.GetRasterBand(1)
    offsets.append([int(band.GetMetadataItem(f'BLOCK_{what}_1_1', 'TIFF')) for what in ('OFFSET', 'SIZE')])
print(json.dumps(offsets))`

t.test('a damaged block: its tile is drawn without the file, which is told once', { skip: withoutGdal }, async t => {
  const parent = mkdtempSync(join(tmpdir(), 'arpent-damaged-'))
  t.teardown(() => rmSync(parent, { recursive: true, force: true }))
  const folder = join(parent, 'ortho')
  mkdirSync(folder)
  const [, [offset, size], cut, webp] = gdalPython<[number, number][]>(make, folder)
  const zero = (name: string, from: number, count: number) => {
    const path = join(folder, name)
    writeFileSync(path, readFileSync(path).fill(0, from, from + count))
  }
  zero('b.tif', offset, size)
  // the stream of c lacks its end, as where a copy was cut off
  zero('c.tif', cut[0] + cut[1] - 20, 20)
  zero('d.tif', webp[0], 12)

  const server = await runServer([folder])
  t.teardown(() => server.stop())
  const tile = async (file: number, dc: number, dr: number) => {
    const answer = await fetch(`${server.address}/collections/ortho/map/tiles/2154_5cm/20/${row + dr}/${column + 2 * file + dc}?f=jpeg`)
    const [r, g, b] = await sharp(await answer.arrayBuffer())
      .raw()
      .toBuffer()
    return { source: answer.headers.get('x-tile-source'), color: [r, g, b].map(value => Math.round(value / 15) * 15) }
  }
  const whole = { source: 'stored', color: [60, 120, 180] }
  const faults = () => server.output.stderr.split('\n').filter(line => line.includes('left out of its mosaic'))
  for (const file of [0, 1, 2]) t.same(await tile(file, 0, 0), whole)
  t.same(await tile(0, 1, 1), whole)
  t.equal(faults().length, 0)
  for (let n = 0; n < 2; n++) t.same(await tile(1, 1, 1), { source: 'drawn', color: [255, 255, 255] })
  // what is logged comes another way than what is answered
  await until(() => faults().length >= 1)
  t.equal(faults().length, 1, 'once in the log')
  t.match(faults()[0], /b\.tif/)
  t.same(await tile(2, 1, 1), { source: 'drawn', color: [255, 255, 255] })
  t.same(await tile(3, 1, 1), { source: 'drawn', color: [255, 255, 255] })
  await until(() => faults().length >= 3)
  t.equal(faults().length, 3)
  t.same(await tile(1, 0, 0), whole, 'what is whole still goes out')
  const ready = JSON.stringify(await (await fetch(`${server.address}/health/ready`)).json())
  for (const name of ['b.tif', 'c.tif', 'd.tif']) t.equal(ready.split(`\\"${name}\\"`).length, 2, `${name} is in the verdict: ${ready}`)
})
