import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { imageDistance } from '../support/golden-image.js'
import { clear, readPicture } from '../support/picture.js'
import { missing, unlessAll } from '../support/programs.js'
import { debianPython, pypiPython, seenBy } from './support/python.js'
import { sharedWorld } from './support/run-world.js'

const extent = '2009-01-02/2024-12-26/P1D'
const withoutQgis = unlessAll(missing('QGIS for Python', debianPython, '-c', 'import qgis.core'))
const withoutOwslib = unlessAll(
  missing('OWSLib', pypiPython, '-c', 'import owslib') && 'OWSLib is not in .build/python-clients; scripts/python-clients.sh puts it there',
)

interface QgisFacts {
  readonly valid: boolean
  readonly isTemporal: boolean
  readonly whole: readonly [string, string]
}

t.test('the time slider of QGIS', { skip: withoutQgis }, async t => {
  const server = await sharedWorld()
  t.teardown(() => server.stop())
  const folder = t.testdir()
  const day = ['2019-12-05T00:00:00', '2019-12-05T23:59:59']
  const [seen] = await seenBy<Record<string, QgisFacts>>(
    debianPython,
    'qgis_times.py',
    server.address,
    'ws:parcelles',
    extent,
    folder,
    ...day,
  )
  const own = async (more: string) => {
    const query = `SERVICE=WMS&REQUEST=GetMap&VERSION=1.1.1&LAYERS=ws:parcelles&STYLES=&FORMAT=image/png&TRANSPARENT=TRUE&DPI=96`
    const frame = `SRS=EPSG:2154&BBOX=885800,6869500,886200,6869900&WIDTH=256&HEIGHT=256`
    return Buffer.from(await (await fetch(`${server.address}/wms?${query}&${frame}${more}`)).arrayBuffer())
  }
  for (const version of ['1.1.1', '1.3.0']) {
    t.match(seen[version], { valid: true, isTemporal: true, whole: ['2009-01-02T00:00:00', '2024-12-26T00:00:00'] }, version)
    const drawn = await readFile(join(folder, `${version}.png`))
    t.ok(clear(await readPicture(drawn)) < 1, 'something is drawn')
    t.equal((await imageDistance(drawn, await own('&TIME=2019-12-05'))).visible, 0, 'what is of that day')
    t.ok((await imageDistance(drawn, await own(''))).visible > 0.1, 'and nothing else')
  }
})

t.test('OWSLib', { skip: withoutOwslib }, async t => {
  const server = await sharedWorld()
  t.teardown(() => server.stop())
  const [seen] = await seenBy<Record<string, object>>(pypiPython, 'owslib_times.py', server.address, 'ws:parcelles', '2019-12-05')
  for (const version of ['1.1.1', '1.3.0'])
    t.match(seen[version], {
      positions: [extent],
      default: '2009-01-02/2024-12-26',
      map: 'image/png',
      warning: '99 Default value used: time=2009-01-02/2024-12-26 ISO8601',
      refused: ['ServiceException', /1999/],
    })
})
