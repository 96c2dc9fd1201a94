import t from 'tap'
import { missing, unlessAll } from '../support/programs.js'
import { pypiPython, seenBy } from './support/python.js'
import { sharedWorld } from './support/run-world.js'

const skip = unlessAll(
  missing('OWSLib', pypiPython, '-c', 'import owslib') && 'OWSLib is not in .build/python-clients; scripts/python-clients.sh puts it there',
)

interface Facts {
  readonly lonlat: readonly number[]
  readonly crs: readonly string[]
  readonly small: Readonly<Record<string, string>>
  readonly refused: readonly [string, string]
  readonly [name: string]: unknown
}

t.test('OWSLib', { skip }, async t => {
  const server = await sharedWorld()
  t.teardown(() => server.stop())
  const [seen] = await seenBy<{ doubled: string; space: string[]; [version: string]: unknown }>(pypiPython, 'owslib_wms.py', server.address)

  for (const version of ['1.1.1', '1.3.0'])
    await t.test(`reads capabilities, maps, feature information and exceptions, ${version} (T-27, T-34)`, async t => {
      const facts = seen[version] as Facts
      t.match(facts, {
        title: 'Essai des clients',
        contact: 'Mairie de Saint-Évrault-sur-Meuse',
        parent: 'Foncier',
        box: [885752.438, 6869250.5, 886398.75, 6870081, 'EPSG:2154'],
        queryable: 1,
        legend: /REQUEST=GetLegendGraphic/,
        attribution: {
          title: 'Direction générale des finances publiques',
          url: 'https://example.org/dgfip',
          logo_url: 'https://example.org/dgfip.png',
          logo_size: [80, 40],
        },
        data: [['application/zip', 'https://example.org/parcelles.zip']],
        metadata: [['application/xml', 'https://catalogue.example.org/parcelles.xml']],
        map: ['image/png'],
        info: { features: [{ properties: { nom: 'Église Saint-Évrault' } }] },
      })
      for (const name of ['GetCapabilities', 'GetMap', 'GetFeatureInfo']) t.ok((facts.operations as string[]).includes(name), name)
      for (const code of ['EPSG:2154', 'EPSG:3857', 'EPSG:4326', 'EPSG:3948']) t.ok(facts.crs.includes(code), `the CRS ${code}`)
      const [west, south, east, north] = facts.lonlat
      t.ok(west < 5.5376 && east > 5.5376 && south < 48.8998 && north > 48.8998, 'the church lies in the box in degrees')
      t.equal(Object.keys(facts.small).length, 10)
      for (const [name, type] of Object.entries(facts.small))
        t.equal(type, 'image/png', `${name}: a map of 10 by 10 (sdi-consistence-check)`)
      t.match(facts.refused, ['ServiceException', /nulle_part/])
    })

  t.equal(seen.doubled, '1.1.1', 'of doubled parameters, those that OWSLib appends count (T-29)')
  t.same(seen.space, ['foncier', 'ws:parcelles', 'ws:batiments'], 'a space has its own layers only (T-33)')
})
