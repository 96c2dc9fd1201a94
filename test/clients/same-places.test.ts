import t from 'tap'
import { missing, unlessAll } from '../support/programs.js'
import { runServer } from '../support/running-server.js'
import { sharedData } from '../support/shared-data.js'
import { debianPython, seenBy } from './support/python.js'

const codes = ['EPSG:3857', 'EPSG:2154', 'EPSG:4326', 'EPSG:3948']
const data = sharedData('demo')

interface Seen {
  readonly layer: string
  readonly share: number
  readonly valid?: readonly string[]
  readonly [code: string]: unknown
}

const clients = [
  {
    name: 'GDAL',
    script: 'gdal_same_places.py',
    skip: unlessAll(missing('GDAL for Python', debianPython, '-c', 'from osgeo import gdal')),
  },
  { name: 'QGIS', script: 'qgis_same_places.py', skip: unlessAll(missing('QGIS for Python', debianPython, '-c', 'import qgis.core')) },
]
const skip = data.skip || (clients.every(({ skip }) => skip) && clients.map(({ skip }) => skip).join(', '))

t.test('every layer shows the same places in every CRS, seen by clients we did not write', { skip }, async t => {
  const server = await runServer([data.path])
  t.teardown(() => server.stop())
  for (const { name, script, skip } of clients)
    t.test(name, { skip }, async t => {
      const seen = await seenBy<Seen>(debianPython, script, server.address, ...codes)
      t.ok(seen.length >= 10, `${seen.length} layers were read`)
      for (const { layer, share, valid, ...others } of seen) {
        t.ok(share > 0, `${layer}: something is drawn`)
        if (valid) t.same(valid, codes, `${layer}: valid in every CRS`)
        for (const code of codes.slice(1))
          t.ok(Number(others[code]) > 0.95, `${layer}: in ${code} the same places as in EPSG:3857 (${others[code]})`)
      }
    })
})
