import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { imageDistance } from '../support/golden-image.js'
import { clear, readPicture } from '../support/picture.js'
import { missing, unlessAll } from '../support/programs.js'
import { debianPython, seenBy } from './support/python.js'
import { sharedWorld } from './support/run-world.js'

const skip = unlessAll(missing('GDAL for Python', debianPython, '-c', 'from osgeo import gdal'))
const window = 'LAYERS=ws:parcelles,ws:batiments&STYLES=&FORMAT=image/png&TRANSPARENT=TRUE&WIDTH=256&HEIGHT=256'

t.test('GDAL', { skip }, async t => {
  const server = await sharedWorld()
  t.teardown(() => server.stop())
  const folder = t.testdir()
  const [seen] = await seenBy<Record<string, unknown>>(debianPython, 'gdal_wms.py', server.address, folder)

  for (const version of ['1.1.1', '1.3.0'])
    t.match(
      seen[version],
      {
        titles: ['Images', 'Orthophotographie', 'Foncier', 'Parcelles', 'Bâtiments', 'Routes', 'Arbres', 'Forêt'],
        crs: 'EPSG:4326',
        bands: 3,
      },
      `lists the layers of ${version} with their boxes`,
    )
  for (const version of ['1.1.1', '1.3.0']) {
    const { box, spread } = seen[version] as { box: number[]; spread: number }
    const wanted = [5.527462959, 48.895145416, 5.546751499, 48.905765533]
    t.ok(
      box.every((side, i) => Math.abs(side - wanted[i]) < 1e-6),
      `${version}: a layer in EPSG:4326 lies where it is (T-4)`,
    )
    t.ok(spread > 1, `${version}: and something is drawn, of a layer with an accent in its name`)
  }

  for (const [name, query] of [
    ['lambert', 'SRS=EPSG:2154&VERSION=1.1.1&BBOX=885800,6869500,886200,6869900'],
    ['lambert-1.3.0', 'CRS=EPSG:2154&VERSION=1.3.0&BBOX=885800,6869500,886200,6869900'],
    ['degrees', 'SRS=EPSG:4326&VERSION=1.1.1&BBOX=5.53472224,48.89866344,5.54035085,48.90214314'],
  ])
    await t.test(`reads the pixels the server draws: ${name}`, async t => {
      const own = Buffer.from(await (await fetch(`${server.address}/wms?SERVICE=WMS&REQUEST=GetMap&${query}&${window}`)).arrayBuffer())
      const found = await readFile(join(folder, `${name}.png`))
      t.ok(clear(await readPicture(found)) < 0.6)
      t.same(await imageDistance(found, own), { mean: 0, visible: 0 })
    })

  t.match(seen.refused, /nulle_part/, 'tells the reason of a refusal (T-25)')
  t.ok(Number(seen.head) > 1000, 'HEAD tells the size (T-23)')
})
