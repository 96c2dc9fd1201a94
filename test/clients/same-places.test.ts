import { spawn } from 'node:child_process'
import t from 'tap'
import { missing } from '../support/programs.js'
import { runServer } from '../support/running-server.js'
import { sharedData } from '../support/shared-data.js'

const python = '/usr/bin/python3'
const codes = ['EPSG:3857', 'EPSG:2154', 'EPSG:4326', 'EPSG:3948']
const data = sharedData('demo')

interface Seen {
  readonly layer: string
  readonly share: number
  readonly valid?: readonly string[]
  readonly [code: string]: unknown
}

async function run(script: string, address: string): Promise<Seen[]> {
  const child = spawn(python, [`test/clients/${script}`, address, ...codes], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.on('data', text => {
    out += text
  })
  child.stderr.on('data', text => {
    err += text
  })
  const code = await new Promise(resolve => child.once('close', resolve))
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${err.slice(-2000)}`)
  return out
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
}

t.test(
  'every layer shows the same places in every CRS, seen by clients we did not write',
  { skip: data.skip, timeout: 600_000 },
  async t => {
    const server = await runServer([data.path])
    t.teardown(() => server.stop())

    for (const { name, script, skip } of [
      { name: 'GDAL', script: 'gdal_wms.py', skip: missing('GDAL for Python', python, '-c', 'from osgeo import gdal') },
      { name: 'QGIS', script: 'qgis_wms.py', skip: missing('QGIS for Python', python, '-c', 'import qgis.core') },
    ])
      t.test(name, { skip }, async t => {
        const seen = await run(script, server.address)
        t.ok(seen.length >= 10, `${seen.length} layers were read`)
        for (const { layer, share, valid, ...others } of seen) {
          t.ok(share > 0, `${layer}: something is drawn`)
          if (valid) t.same(valid, codes, `${layer}: valid in every CRS`)
          for (const code of codes.slice(1))
            t.ok(Number(others[code]) > 0.95, `${layer}: in ${code} the same places as in EPSG:3857 (${others[code]})`)
        }
      })
  },
)
