import { spawn } from 'node:child_process'
import t from 'tap'
import { missing } from '../../support/programs.js'
import { fakeImage, smallServer } from '../../support/small-server.js'

const python = '/usr/bin/python3'

async function seenBy(client: string, address: string) {
  const child = spawn(python, ['test/protocols/wms/wms_clients.py', client, address], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err]: string[][] = [[], []]
  child.stdout.on('data', text => out.push(String(text)))
  child.stderr.on('data', text => err.push(String(text)))
  const code = await new Promise(resolve => child.once('close', resolve))
  if (code !== 0) throw new Error(`${client} ended with ${code}: ${err.join('').slice(-2000)}`)
  return JSON.parse(out.join(''))
}

t.test(
  'OWSLib reads capabilities, maps, feature information and exceptions',
  {
    skip: missing('OWSLib', python, '-c', 'import owslib'),
  },
  async t => {
    const server = await smallServer()
    t.teardown(() => server.close())
    const seen = await seenBy('owslib', server.address)
    for (const version of ['1.1.1', '1.3.0']) {
      const facts = seen[version]
      t.same(facts.box, [770_000, 6_279_000, 770_200, 6_279_200, 'EPSG:2154'], version)
      // 3.8680, 43.6075 by PROJ: the middle of the box
      t.ok(facts.lonlat[0] < 3.868 && facts.lonlat[2] > 3.868 && facts.lonlat[1] < 43.6075 && facts.lonlat[3] > 43.6075, version)
      t.equal(facts.queryable, 1)
      t.match(facts.legend, 'REQUEST=GetLegendGraphic')
      t.equal(facts.map, String(fakeImage))
      t.match(JSON.parse(facts.info).features, [
        { geometry: { coordinates: [770_100, 6_279_100] }, properties: { essence: 'Chêne <vert>' } },
      ])
      t.match(facts.refused, 'LAYERS names «nope»')
    }
  },
)

t.test(
  'QGIS loads the layer and identifies a tree where it stands, in every format and CRS (K1, T-34)',
  {
    skip: missing('QGIS for Python', python, '-c', 'import qgis.core'),
  },
  async t => {
    const server = await smallServer()
    t.teardown(() => server.close())
    const seen = await seenBy('qgis', server.address)
    for (const crs of ['EPSG:2154', 'EPSG:3857', 'EPSG:4326']) {
      t.equal(seen[crs].valid, true, crs)
      t.match(seen[crs].text, [/essence: Chêne <vert>/])
      t.match(seen[crs].html, [/Chêne &lt;vert&gt;/])
      t.same(seen[crs].feature, [['Chêne <vert>']])
      t.same(seen[crs].places, [[770_100, 6_279_100]])
    }
  },
)
