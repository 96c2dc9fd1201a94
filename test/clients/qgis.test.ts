import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { imageDistance } from '../support/golden-image.js'
import { clear, readPicture } from '../support/picture.js'
import { missing, unlessAll } from '../support/programs.js'
import { debianPython, seenBy } from './support/python.js'
import { sharedWorld } from './support/run-world.js'

const skip = unlessAll(missing('QGIS for Python', debianPython, '-c', 'import qgis.core'))

interface Facts {
  readonly valid: boolean
  readonly extent: readonly number[]
  readonly identified: { readonly text: string[]; readonly html: string[]; readonly feature: string[]; readonly places: number[][] }
  readonly legend: readonly number[]
  readonly sublayers: readonly string[]
  readonly project?: readonly unknown[]
}

t.test('QGIS', { skip }, async t => {
  const server = await sharedWorld()
  t.teardown(() => server.stop())
  const folder = t.testdir()
  const seen = await seenBy<Record<string, Facts> & { version: unknown }>(debianPython, 'qgis_wms.py', server.address, folder)
  const own = async (code: string, [west, south, east, north]: readonly number[]) => {
    const query = `SERVICE=WMS&REQUEST=GetMap&VERSION=1.1.1&LAYERS=ws:batiments&STYLES=&FORMAT=image/png&TRANSPARENT=TRUE&DPI=96`
    const frame = `SRS=${code}&BBOX=${west},${south},${east},${north}&WIDTH=256&HEIGHT=256`
    return Buffer.from(await (await fetch(`${server.address}/wms?${query}&${frame}`)).arrayBuffer())
  }

  const legendSize = async (version: string) => {
    const capabilities = await (await fetch(`${server.address}/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=${version}`)).text()
    const [, style] = capabilities.split('<Name>ws:batiments</Name>')
    return /<LegendURL width="(\d+)" height="(\d+)">/.exec(style)?.slice(1).map(Number)
  }

  for (const version of ['1.1.1', '1.3.0'])
    for (const code of ['EPSG:2154', 'EPSG:3857', 'EPSG:4326'])
      await t.test(`adds a layer, draws, identifies and shows the legend, ${version}, ${code} (K1, T-3, T-4, T-34)`, async t => {
        const facts = seen.find(facts => facts.version === version)![code]
        t.ok(facts.valid, 'the layer is valid')
        const drawn = await readFile(join(folder, `${version}-${code.slice(5)}.png`))
        t.ok(clear(await readPicture(drawn)) < 0.95, 'something is drawn')
        const { visible } = await imageDistance(drawn, await own(code, facts.extent))
        t.ok(visible < 0.005, `${visible} of the pixels differ from the server's own picture`)
        t.match(facts.identified.text, [/nom: Église Saint-Évrault/])
        t.match(facts.identified.html, [/Église Saint-Évrault/])
        t.same(facts.identified.feature, ['Église Saint-Évrault'])
        t.same(facts.identified.places, [[886010, 6869639]])
        t.same(facts.legend, await legendSize(version), 'as large as the capabilities say')
        t.same(facts.sublayers, ['ws:batiments'])
      })

  for (const version of ['1.1.1', '1.3.0'])
    for (const [name, text] of [
      ['forêt', /Nothing found here/],
      ['foncier', /Église Saint-Évrault/],
      ['ORTHOIMAGERY.ORTHOPHOTOS', /Rouge|red/i],
    ] as const)
      await t.test(`${name}, ${version}: a name with an accent, a theme, a raster`, async t => {
        const facts = seen.find(facts => facts.version === version)![name] as unknown as { valid: boolean; texts: string[] }
        t.ok(facts.valid)
        t.match(facts.texts.join(), text)
        t.ok(clear(await readPicture(await readFile(join(folder, `${version}-${name}.png`)))) < 0.99, 'something is drawn')
      })

  for (const version of ['1.1.1', '1.3.0'])
    await t.test(`saves a project and opens it again, ${version} (K1)`, async t => {
      t.same(seen.find(facts => facts.version === version)!['EPSG:2154'].project, [true, true, true, 'Bâtiments'])
      const [before, after] = await Promise.all([`${version}-2154.png`, `${version}-again.png`].map(name => readFile(join(folder, name))))
      t.same(await imageDistance(before, after), { mean: 0, visible: 0 })
    })

  t.equal(
    (seen.find(facts => facts.version === 'gone') as unknown as Facts).valid,
    false,
    'a layer that is gone is told from one that is there',
  )
})
