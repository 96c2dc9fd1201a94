import t from 'tap'
import { missing, unlessAll } from '../support/programs.js'
import { debianPython, seenBy } from './support/python.js'
import { recorderOf, refusals } from './support/recorder.js'
import { sharedWorld } from './support/run-world.js'

const skip = unlessAll(missing('QGIS for Python', debianPython, '-c', 'import qgis.core'))

interface Alike {
  readonly count?: number
  readonly differing?: readonly unknown[]
  readonly near?: boolean
}

interface Facts {
  readonly name: string
  readonly valid: boolean
  readonly crs: string
  readonly fields: Readonly<Record<string, string>>
  readonly count: readonly [number, number]
  readonly compared: number
  readonly all: Alike
  readonly box?: Alike
  readonly filter: Alike
  readonly identified: boolean
  readonly subset: readonly [boolean, number]
}

/** Counts are those of the published files, which QGIS reads beside. */
const wanted: Readonly<
  Record<string, { crs: string; features: number; compared: number; filtered: number; fields: object; box?: number }>
> = {
  'ws:parcelles': {
    crs: 'EPSG:4326',
    features: 424,
    compared: 8,
    filtered: 23,
    box: 220,
    fields: { contenance: 'Integer', date_maj: 'Date' },
  },
  'ws:batiments': { crs: 'EPSG:4326', features: 318, compared: 8, filtered: 3, box: 201, fields: { nom: 'String', hauteur: 'Real' } },
  arbres: { crs: 'EPSG:4326', features: 2843, compared: 7, filtered: 11, box: 534, fields: { remarquable: 'Boolean' } },
  population: { crs: '', features: 120, compared: 9, filtered: 5, fields: { code_insee: 'String', population_2021: 'Integer' } },
}

t.test('QGIS reads OGC API Features', { skip }, async t => {
  const server = await sharedWorld()
  t.teardown(() => server.stop())
  const recorder = await recorderOf(server.address)
  t.teardown(() => recorder.close())
  const seen = await seenBy<Facts>(debianPython, 'qgis_features.py', recorder.address, t.testdir())

  for (const [name, { crs, features, compared, filtered, fields, box }] of Object.entries(wanted))
    await t.test(`${name}: all of it, a box, one feature, a filter (T-10, T-11, T-40, T-46)`, async t => {
      const facts = seen.find(facts => facts.name === name)!
      t.ok(facts.valid, 'the layer is valid')
      t.equal(facts.crs, crs)
      t.match(facts.fields, fields)
      t.same(facts.count, [features, features])
      t.equal(facts.compared, compared, 'columns that the file has, too')
      t.same(facts.all, { count: features, differing: [], near: true }, 'every feature is that of the file')
      if (box !== undefined) t.same(facts.box, { count: box, differing: [], near: true }, 'those in a box')
      t.same(facts.filter, { count: filtered, differing: [], near: true }, 'those of an expression')
      t.ok(facts.identified, 'one feature by its id')
      t.same(facts.subset, [true, filtered], 'a filter of the layer')
    })

  t.equal(seen.find(({ name }) => name === 'gone')?.valid, false, 'a collection that is not there is no layer')

  const asked = recorder.exchanges.map(({ url }) => url)
  t.ok(
    asked.some(url => /\/collections\/arbres\/items\?.*limit=1000/.test(url)),
    'the size of its pages is what the API document allows (T-15)',
  )
  const pages = asked.filter(url => /\/datasets\/arbres\/collections\/arbres\/items\?.*cursor=/.test(url))
  t.ok(pages.length >= 2, 'it follows the links to the next pages (T-16, T-17)')
  t.same(
    refusals(recorder).filter(line => !line.includes('nulle_part')),
    [],
    'nothing it asks is refused',
  )
})
