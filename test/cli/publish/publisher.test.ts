import t from 'tap'
import type { Loaded } from '#cli/publish/load-files.js'
import { createPublisher } from '#cli/publish/publisher.js'
import { createRasterIndex } from '#cli/publish/raster-index.js'
import type { StoresInUse } from '#cli/publish/stores-in-use.js'
import type { Config } from '#config/config.js'
import { parseConfig } from '#config/load-config.js'
import { extentText } from '#core/dimension.js'
import type { FeatureStore, RasterStore } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { writeEwkb } from '#geo/ewkb.js'
import { type MemoryTable, memoryStore } from '../../support/memory-store.js'
import { geometryColumn, tableDescription } from '../../support/publications.js'

const point = writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: new Float64Array([930_000, 6_890_000]) })
const table = (name: string, changes: Partial<MemoryTable> = {}): MemoryTable => ({
  schema: 'public',
  table: name,
  columns: tableDescription().columns,
  geometries: [geometryColumn({ extent: undefined })],
  key: { kind: 'primary', columns: ['id'] },
  rows: [[1, 'x', point]],
  ...changes,
})

const config = (text: string): Config => parseConfig(text, { where: 'arpent.yaml', folder: '/nowhere', variables: {} })

/** A publisher over stores in memory; `calls` counts discoveries by store. */
function publisherOver(stores: Record<string, FeatureStore>, load: Loaded = { tables: [], failed: [], others: [] }) {
  const calls: string[] = []
  const state = { reverted: 0, settled: 0 }
  const inUse: StoresInUse = {
    open: {
      features(id) {
        const store = stores[id]
        if (!store) throw new Problem('unavailable', `The store ${id} is not open.`)
        const discover: FeatureStore['discover'] = (...args) => {
          calls.push(id)
          return store.discover(...args)
        }
        return { ...store, discover }
      },
      raster: (): RasterStore => {
        throw new Problem('unavailable', 'no rasters')
      },
      update: () => {},
      closeRetired: async () => {},
      close: async () => {},
    },
    addresses: () => [],
    nameOf: id => id,
    directory: () => undefined,
    prepare: async () => {},
    settle: () => void state.settled++,
    revert: () => void state.reverted++,
    close: async () => {},
  }
  const troubles: string[] = []
  const publisher = createPublisher({
    stores: inUse,
    tools: { load: async () => load, dataFolder: '/nowhere', rasters: createRasterIndex(), onTrouble: store => void troubles.push(store) },
    cures: () => undefined,
  })
  return { publisher, calls, troubles, state, stores }
}

const down = (): FeatureStore => ({
  ...memoryStore('main', []),
  discover: async () => {
    throw new Problem('unavailable', 'The database does not answer.')
  },
})

const everything = 'stores: { main: { kind: postgis, url: "postgres://gis@db/geo", discover: true } }'

t.test('a database is published whole, with extents where nothing estimated them', async t => {
  const tables = [table('places'), table('roads', { schema: 'ign' }), table('plain', { geometries: [], rows: [[1, 'x']] })]
  const { publisher } = publisherOver({ main: memoryStore('main', tables) })
  const atlas = await publisher.publish(config(everything))
  t.same([...atlas.collections.keys()], ['places', 'ign.roads'], 'tables without geometry are not, unless declared')
  t.ok(atlas.collections.get('places')?.extent)
})

t.test('declared collections come first, under their names, and are not there twice', async t => {
  const { publisher } = publisherOver({
    main: memoryStore('main', [table('places'), table('roads'), table('plain', { geometries: [], rows: [[1, 'x']] })]),
  })
  const atlas = await publisher.publish(
    config(
      `${everything}\ncollections:\n  r: { table: roads, title: Roads, hidden: [name] }\n  p: { table: public.plain }\n  gone: { table: nope }`,
    ),
  )
  t.same([...atlas.collections.keys()], ['r', 'p', 'places'])
  t.match(atlas.collections.get('r'), { title: 'Roads', source: { table: 'roads', columns: [{ name: 'id' }] } })
  t.match(
    atlas.verdicts.find(({ source }) => source === 'collection gone'),
    { findings: [{ severity: 'error', message: /The store main has no table or view nope/ }] },
  )
})

t.test('without discover, only what is declared is published', async t => {
  const { publisher, calls } = publisherOver({ main: memoryStore('main', [table('places'), table('roads')]) })
  const text = 'stores: { main: { kind: postgis, url: "postgres://gis@db/geo" } }\n'
  t.same([...(await publisher.publish(config(`${text}collections: { x: { table: roads } }`))).collections.keys()], ['x'])
  t.equal(calls.length, 1)
  t.same([...(await publisher.publish(config(text))).collections.keys()], [])
  t.equal(calls.length, 1, 'a store of which nothing is published is not asked')
})

t.test('loaded files are published under their names; tables of other folders are not', async t => {
  const store = memoryStore('local', [table('ete_2024', { geometries: [], rows: [[1, 'x']] }), table('old'), table('imported')])
  const loaded: Loaded = {
    tables: [
      {
        path: '/data/Été 2024.csv',
        name: 'Été 2024',
        schema: 'public',
        table: 'ete_2024',
        notes: ['Not UTF-8.'],
        outdated: 'row 5 is broken.',
      },
    ],
    failed: [{ path: '/data/broken.gpkg', error: new Problem('invalid-data', 'broken.gpkg is no database.') }],
    others: [{ schema: 'public', table: 'old' }],
  }
  const { publisher } = publisherOver({ local: store }, loaded)
  const atlas = await publisher.publish(config('stores: { local: { kind: embedded } }'))
  t.same([...atlas.collections.keys()], ['Été_2024', 'imported'])
  t.match(atlas.verdicts, [
    {
      source: '/data/Été 2024.csv',
      collection: 'Été_2024',
      findings: [{ severity: 'error', code: 'outdated', message: /row 5/ }, { code: 'import-note' }],
    },
    { collection: 'imported' },
    { source: '/data/broken.gpkg', summary: 'not published', findings: [{ severity: 'error', message: 'broken.gpkg is no database.' }] },
  ])
})

t.test('without discover, loaded files are published only where a collection names them, or where they are SOURCES', async t => {
  const store = memoryStore('local', [table('a'), table('b'), table('c'), table('imported')])
  const tables = ['/data/a.csv', '/data/b.csv', '/named/c.csv'].map(path => {
    const name = path.slice(-5, -4)
    return { path, name, schema: 'public', table: name, notes: [] }
  })
  const { publisher } = publisherOver({ local: store }, { tables, failed: [], others: [] })
  const text = 'stores: { local: { kind: embedded, files: [/data], discover: false } }\ncollections: { x: { table: b } }'
  const ids = async (sources: readonly string[]) => {
    const parsed = parseConfig(text, { where: 'arpent.yaml', folder: '/nowhere', variables: {}, sources })
    return [...(await publisher.publish(parsed)).collections.keys()]
  }
  t.same(await ids([]), ['x'])
  t.same(await ids(['/named']), ['x', 'c'])
  t.same(await ids(['/named/c.csv']), ['x', 'c'])
  t.same(await ids(['/name']), ['x'])
})

t.test('a collection names a loaded file, even where its table had to be called otherwise', async t => {
  const store = memoryStore('local', [table('routes'), table('routes_2')])
  const loaded: Loaded = {
    tables: [{ path: '/data/Routes.gpkg', name: 'Routes', schema: 'public', table: 'routes_2', notes: [] }],
    failed: [],
    others: [{ schema: 'public', table: 'routes' }],
  }
  const { publisher } = publisherOver({ local: store }, loaded)
  const atlas = await publisher.publish(config('stores: { local: { kind: embedded } }\ncollections: { roads: { table: routes } }'))
  t.match([...atlas.collections.values()], [{ id: 'roads', source: { table: 'routes_2' } }])
  t.equal(atlas.collections.size, 1)
})

t.test('a store that is down is left out, the others are served, and it is tried again', async t => {
  const both = `stores:\n  main: { kind: postgis, url: "postgres://gis:x@db/geo", discover: true }\n  other: { kind: postgis, url: "postgres://gis@db/other", discover: true }\ncollections: { p: { store: main, table: places } }`
  const text = both.replace('gis:x@', 'gis@')
  const { publisher, stores, calls, troubles } = publisherOver({ main: down(), other: memoryStore('other', [table('roads')]) })
  const first = await publisher.publish(config(text))
  t.same([...first.collections.keys()], ['roads'])
  t.match(
    first.verdicts.filter(({ collection }) => !collection),
    [
      { source: 'collection p', findings: [{ code: 'unavailable', message: 'The database does not answer.' }] },
      { source: 'postgres://gis@db/geo', findings: [{ code: 'unavailable' }] },
    ],
  )
  t.equal(publisher.hasUnavailable(), true)
  t.same(troubles, ['main'])
  calls.length = 0
  t.equal((await publisher.retry()).generation, first.generation, 'still down: nothing changed')
  stores.main = memoryStore('main', [table('places')])
  const second = await publisher.retry()
  t.same([...second.collections.keys()], ['p', 'roads'])
  t.equal(second.collections.get('roads'), first.collections.get('roads'))
  t.same(
    calls.filter(id => id === 'other'),
    [],
    'the healthy store was left in peace',
  )
  t.equal(publisher.hasUnavailable(), false)
})

t.test('when publishing fails, everything before stays in force', async t => {
  const { publisher, state } = publisherOver({ main: memoryStore('main', [table('places')]) })
  const atlas = await publisher.publish(config(everything))
  await t.rejects(publisher.publish(config(everything), AbortSignal.abort()), { name: 'AbortError' })
  t.equal(publisher.atlas(), atlas)
  t.same(state, { settled: 1, reverted: 1 })
  const again = await publisher.publish(config(everything))
  t.equal(again.generation, atlas.generation)
})

t.test('publishing at the same time happens one after the other', async t => {
  const { publisher } = publisherOver({ main: memoryStore('main', [table('places')]) })
  const atlases = await Promise.all([1, 2, 3].map(n => publisher.publish(config(`${everything}\nservice: { title: "${n}" }`))))
  t.same(
    atlases.map(({ generation, service }) => `${generation} ${service.title}`),
    ['1 1', '2 2', '3 3'],
  )
})

t.test('what dimensions hold is looked at again, and nothing else', async t => {
  const vu = { name: 'vu', kind: 'date' as const, nativeType: 'date', isNullable: true }
  const columns = [...tableDescription().columns, vu]
  const holding = (...days: string[]) =>
    memoryStore('main', [table('places', { columns, rows: days.map((day, i) => [i, 'x', day, point]) })])
  const stores = { main: holding('2017-06-15', '2015-01-01') }
  const { publisher, calls } = publisherOver(stores)
  const first = await publisher.publish(
    config(`${everything}\ncollections: { p: { table: places, time: vu }, q: { table: places, title: Q } }`),
  )
  const told = (atlas: typeof first) => extentText(atlas.collections.get('p')!.dimensions![0].extent)
  t.equal(told(first), '2015-01-01,2017-06-15')
  t.equal((await publisher.remeasure()).generation, first.generation, 'nothing changed')

  stores.main = holding('2017-06-15', '2015-01-01', '2020-02-29')
  const [asked] = [calls.length]
  const next = await publisher.remeasure()
  t.equal(told(next), '2015-01-01,2017-06-15,2020-02-29')
  t.equal(next.generation, first.generation + 1)
  t.equal(publisher.atlas(), next)
  t.equal(next.collections.get('q'), first.collections.get('q'), 'the others are the very same')
  t.equal(calls.length, asked, 'no table is described anew')

  stores.main = { ...holding(), columnValues: () => Promise.reject(new Problem('unavailable', 'The database does not answer.')) }
  t.equal((await publisher.remeasure()).generation, next.generation, 'a store that does not answer leaves what was known')
})

t.test('a dimension that cannot be is left out, and the verdict says why', async t => {
  const { publisher } = publisherOver({ main: memoryStore('main', [table('places')]) })
  const { collections, verdicts } = await publisher.publish(
    config(
      `${everything}\ncollections: { p: { table: places, time: name, elevation: name, dimensions: { n: { column: id, extent: a/b } } }, q: { table: places, time: nope } }`,
    ),
  )
  t.same(collections.get('p')?.dimensions, undefined)
  const said = (id: string) =>
    verdicts
      .filter(({ source, collection }) => collection === id || source.includes(id))
      .flatMap(({ findings }) => findings.map(({ message }) => message))
  for (const why of [
    /time is not served: the column name is text, and none of it is a time/,
    /elevation is not served: the column name is of type text; a number would do/,
    /n has “a”, which is no number/,
  ])
    t.ok(
      said('p').some(message => why.test(message)),
      `${why} in ${said('p').join('; ')}`,
    )
  t.ok(verdicts.some(({ findings }) => findings.some(({ message }) => /no column nope; it has id, name, geom/.test(message))))
})

t.test('what holds from one column to another is current by default, and only where it is shown so', async t => {
  const columns = [
    ...tableDescription().columns,
    ...['debut', 'fin'].map(name => ({ name, kind: 'date' as const, nativeType: 'date', isNullable: true })),
  ]
  const rows = [
    [1, 'x', '2010-01-01', '2012-06-30', point],
    [2, 'x', '2015-01-01', null, point],
  ]
  const { publisher } = publisherOver({ main: memoryStore('main', [table('places', { columns, rows })]) })
  const { collections, verdicts } = await publisher.publish(
    config(`${everything}
collections:
  a: { table: places, time: { start: debut, end: fin } }
  b: { table: places, time: { start: debut, end: fin, default: latest } }
  c: { table: places, time: { column: debut, current: true } }`),
  )
  const of = (id: string) => collections.get(id)!.dimensions![0]
  t.same(
    ['a', 'b', 'c'].map(id => of(id).isCurrent ?? false),
    [false, true, true],
  )
  t.equal(extentText(of('a').extent), '2010-01-01/2015-01-01/P1D')
  t.equal(extentText(of('c').extent), '2010-01-01,2015-01-01')
  t.match(verdicts[0].summary, /, time 2010-01-01 to 2015-01-01$/, 'the verdict tells it')
})
