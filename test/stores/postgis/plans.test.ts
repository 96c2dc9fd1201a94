import t from 'tap'
import { createCounter } from '#core/count-features.js'
import type { FeatureStore } from '#core/ports.js'
import type { FeatureQuery } from '#core/queries.js'
import type { Filter } from '#filters/filter.js'
import type { Bbox } from '#geo/bbox.js'
import { rowView } from '#rows/row-view.js'
import { openFeatureStore } from '#stores/index.js'
import { inHalvesWhereMany, isSmallBox } from '#stores/postgis/small-box.js'
import { privatePostgres, withoutPrivatePostgres } from '../../support/private-postgres.js'
import { seeded } from '../../support/seeded.js'
import { until } from '../../support/until.js'
import { sourceOf } from '../feature-store-contract.js'

async function idsOf(store: FeatureStore, query: FeatureQuery): Promise<number[]> {
  const ids: number[] = []
  const { batches } = await store.find(query)
  for await (const batch of batches) {
    const view = rowView(batch)
    for (let row = 0; row < batch.count; row++) ids.push(Number(view.at(row).text(0)))
  }
  return ids.sort((a, b) => a - b)
}

t.test('ways to the rows of a box', { skip: withoutPrivatePostgres }, async t => {
  const server = await privatePostgres()
  t.teardown(() => server.remove())
  // 40,000 squares, some reach into the next, in no order of place
  server.sql(`CREATE EXTENSION postgis; CREATE TABLE squares AS SELECT row_number() OVER (ORDER BY md5(x || ' ' || y)) AS id, ST_MakeEnvelope(x * 10, y * 10, x * 10 + 12, y * 10 + 8, 2154) AS geom
    FROM generate_series(0, 199) x, generate_series(0, 199) y; ALTER TABLE squares ADD PRIMARY KEY (id); CREATE INDEX squares_geom ON squares USING gist (geom); ANALYZE squares`)
  const store = openFeatureStore({ kind: 'postgis', id: 'main', url: server.url('postgres'), poolSize: 1 })
  t.teardown(() => store.close())
  const [description] = await store.discover({ table: 'squares' })
  const found = sourceOf(store, description!)
  const source = {
    ...found,
    count: { value: 40_000, isExact: true },
    geometries: found.geometries.map(one => ({ ...one, isIndexed: true, extent: [0, 0, 2002, 1998] as Bbox })),
  }
  const boxed = (bbox: Bbox): FeatureQuery => ({
    source,
    columns: ['id'],
    key: false,
    filter: { kind: 'bbox', property: 'geom', bbox },
  })
  const expected = (bbox: Bbox) =>
    server
      .sql(`SELECT string_agg(id::text, ',' ORDER BY id) FROM squares WHERE geom && ST_MakeEnvelope(${bbox.join(', ')}, 2154)`)
      .trim()
      .split(',')
      .filter(Boolean)
      .map(Number)

  await t.test('small and large boxes in turn over one connection: the plans differ, the rows are those of PostGIS', async t => {
    const random = seeded(7)
    const kinds = new Set<boolean>()
    for (const side of [5, 1500, 40, 300, 1900, 0, 700]) {
      const [x, y] = [random() * 1900 - 20, random() * 1900 - 20]
      const bbox: Bbox = [x, y, x + side, y + side]
      kinds.add(isSmallBox(boxed(bbox)))
      t.same(await idsOf(store, boxed(bbox)), expected(bbox), bbox.join(' '))
    }
    t.equal(kinds.size, 2)
    t.same(await idsOf(store, boxed([5000, 5000, 5010, 5010])), [])
  })

  await t.test('boxes in halves: where several rows lie on a page, and all are wanted', t => {
    const isInHalves = (query: FeatureQuery) => inHalvesWhereMany(query).inHalves === true
    t.equal(isInHalves(boxed([0, 0, 400, 400])), true)
    t.equal(isInHalves(boxed([0, 0, 100, 100])), false)
    t.equal(isInHalves({ ...boxed([0, 0, 400, 400]), limit: 10 }), false)
    t.equal(isInHalves(boxed([0, 0, 1900, 1900])), false, 'its plan is made for it')
    t.end()
  })

  await t.test('what is more than a box has a plan of its own', t => {
    const small = boxed([0, 0, 10, 10])
    t.equal(isSmallBox(small), true)
    const and: Filter = { kind: 'and', all: [small.filter!, { kind: 'ids', ids: ['1'] }] }
    t.equal(isSmallBox({ ...small, filter: and }), false)
    t.equal(isSmallBox({ ...small, narrow: { kind: 'ids', ids: ['1'] } }), false)
    t.equal(isSmallBox({ ...small, source: { ...source, geometries: [{ ...source.geometries[0], isIndexed: false }] } }), false)
    t.equal(isSmallBox(boxed([0, 0, 1000, 1000])), false)
    t.end()
  })

  await t.test('a box over much of a small table is counted, whatever PostGIS says that would cost', async t => {
    server.sql('CREATE TABLE small AS SELECT * FROM squares WHERE id <= 9000; ALTER TABLE small ADD PRIMARY KEY (id); ANALYZE small')
    const [small] = await store.discover({ table: 'small' })
    const shape = server.sql("SELECT encode(ST_AsEWKB(ST_GeomFromText('POLYGON((0 0,2100 0,2100 1900,0 1900,0 0))', 2154)), 'hex')").trim()
    const filter: Filter = { kind: 'spatial', operator: 'intersects', property: 'geom', geometry: { wkb: Buffer.from(shape, 'hex'), crs: 'EPSG:2154' } } // biome-ignore format: short
    const query: FeatureQuery = { source: sourceOf(store, small!), columns: [], key: false, filter }
    t.ok((await store.estimate!(query)).cost > 100_000, 'it is dear by the planner')
    const matched = Number(server.sql('SELECT count(*) FROM small WHERE ST_YMin(geom) <= 1900'))
    t.ok(matched > 8000 && matched < 9000)
    t.same(await createCounter()({ store, query, generation: async () => 1 }), { matched })
  })

  await t.test('where many rows are wanted, pages of the table are read once: no row comes by itself from the index', async t => {
    const fetched = () => {
      server.sql('SELECT pg_stat_force_next_flush()')
      return server
        .sql("SELECT idx_tup_read || ' ' || idx_tup_fetch FROM pg_stat_user_indexes WHERE indexrelname = 'squares_geom'")
        .trim()
        .split(' ')
        .map(Number)
    }
    // the middle of the two halves cuts squares, which come once
    const bbox: Bbox = [3, 3, 1107, 1107]
    const rows = expected(bbox)
    const polygon = server.sql(`SELECT encode(ST_AsEWKB(ST_MakeEnvelope(${bbox.join(', ')}, 2154)), 'hex')`).trim()
    const meets: Filter = {
      kind: 'spatial',
      operator: 'intersects',
      property: 'geom',
      geometry: { wkb: Buffer.from(polygon, 'hex'), crs: 'EPSG:2154' },
    }
    // some 900, as a map wants them; those of a light map are fetched one by one
    const ofMap: Bbox = [203, 203, 503, 503]
    const before = fetched()
    t.same(await idsOf(store, boxed(ofMap)), expected(ofMap))
    t.same(await idsOf(store, { ...boxed(bbox), isBulk: true }), rows)
    t.same(await idsOf(store, { ...boxed(bbox), filter: meets, isBulk: true }), rows)
    // a connection tells its statistics when it ends, which takes a moment
    await store.close()
    t.ok(await until(() => fetched()[0] - before[0] >= rows.length), `${fetched()[0] - before[0]} entries were read`)
    t.equal(fetched()[1], before[1])
  })
})
