import { randomBytes } from 'node:crypto'
import pg from 'pg'
import t from 'tap'
import { openFeatureStore } from '#stores/index.js'
import { quantileBreaks } from '#styles/suggest/quantiles.js'
import { testDatabaseUrl, withoutDatabase } from '../../support/postgres.js'
import { until } from '../../support/until.js'

t.test('statistics of columns, in a database with everything in it', { skip: withoutDatabase }, async t => {
  const schema = `statistics_${randomBytes(4).toString('hex')}`
  const client = new pg.Client({ connectionString: testDatabaseUrl })
  await client.connect()
  t.teardown(async () => {
    await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)
    await client.end()
  })
  const hostile = `'{"a",\\b}' ; DROP TABLE x -- "é" 😀`
  await client.query(
    `CREATE SCHEMA "${schema}"; SET search_path = "${schema}", public;
     CREATE TABLE zones (id int, "type ""x"" '😀" text, long text, fixed character(4), full_width character(2), flag boolean, big bigint, mixed float8, secret text, geom geometry(Point, 2154));
     INSERT INTO zones SELECT g, (ARRAY['${hostile.replaceAll("'", "''")}', 'NULL', '', 'a,b'])[1 + g % 4], repeat(chr(65 + g % 3), 10000), 'ab', 'U' || g % 2, g % 4 = 0,
       9007199254740993 + g % 2, CASE g % 4 WHEN 0 THEN 'NaN'::float8 WHEN 1 THEN 'Infinity' ELSE g END, 'secret', ST_SetSRID(ST_Point(g, g), 2154) FROM generate_series(1, 400) g;
     CREATE TABLE fresh AS SELECT * FROM zones; CREATE VIEW seen AS SELECT id, flag, mixed, secret, geom FROM zones;
     CREATE VIEW slow AS SELECT id, flag, pg_sleep(0.01) IS NULL AS late, geom FROM zones ORDER BY random(); CREATE VIEW broken AS SELECT 1 / (id - id) AS type, geom FROM zones;
     CREATE TABLE nothing (type text, geom geometry(Point, 2154)); ANALYZE nothing; ANALYZE zones;
     CREATE TABLE parted (type text, part int, geom geometry(Point, 2154)) PARTITION BY LIST (part); CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
     INSERT INTO parted SELECT 'p' || g % 3, 1, ST_SetSRID(ST_Point(g, g), 2154) FROM generate_series(1, 30) g; ANALYZE parted;
     CREATE TABLE mother (type text, geom geometry(Point, 2154)); CREATE TABLE daughter () INHERITS (mother);
     INSERT INTO mother SELECT 'own', NULL FROM generate_series(1, 10); INSERT INTO daughter SELECT 'hers', NULL FROM generate_series(1, 30); ANALYZE mother`,
  )
  const store = openFeatureStore({ kind: 'postgis', id: 'main', url: testDatabaseUrl! })
  t.teardown(() => store.close())
  const tables = await store.discover({ schemas: [schema] })
  const asked = tables.map(table => ({ ...table, columns: table.columns.filter(({ name }) => name !== 'secret') }))
  let lists = await store.columnStatistics(asked)
  // what is seen is asked for with little patience: a busy machine may need several
  await until(async () => {
    const isSeen =
      lists[tables.findIndex(({ table }) => table === 'seen')]?.length && lists[tables.findIndex(({ table }) => table === 'fresh')]?.length
    if (!isSeen) lists = await store.columnStatistics(asked)
    return Boolean(isSeen)
  })
  t.equal(lists.length, tables.length)
  t.notMatch(JSON.stringify(lists), /secret/, 'nothing of columns that were not asked about')
  const of = (table: string, column: string) => lists[tables.findIndex(found => found.table === table)]?.find(({ name }) => name === column)
  const values = (table: string, column: string) => of(table, column)?.common.map(({ value }) => value)

  for (const table of ['zones', 'fresh']) {
    t.same(new Set(values(table, `type "x" '😀`)), new Set([hostile, 'NULL', '', 'a,b']), `${table}: texts as they are`)
    t.same(values(table, 'long'), [], `${table}: long texts are not carried along`)
    t.equal(of(table, 'fixed'), undefined, `${table}: padded`)
    t.same(values(table, 'full_width')?.sort(), ['U0', 'U1'], `${table}: as long as its column`)
    t.same(new Set(values(table, 'flag')), new Set([true, false]))
    t.ok(of(table, 'mixed')?.bounds.every(Number.isFinite), `${table}: only numbers that compare`)
    t.ok(Math.abs(of(table, 'flag')!.common.find(({ value }) => value === true)!.share - 0.25) < 1e-6)
  }
  t.same(new Set(values('seen', 'flag')), new Set([true, false]), 'a view by its first rows')
  t.same(lists[tables.findIndex(({ table }) => table === 'slow')], [], 'a view that takes too long tells nothing')
  t.same(lists[tables.findIndex(({ table }) => table === 'broken')], [], 'nor one that fails')
  t.same(lists[tables.findIndex(({ table }) => table === 'nothing')], [])
  t.same(new Set(values('parted', 'type')), new Set(['p0', 'p1', 'p2']))
  t.same(of('mother', 'type')?.common[0].value, 'hers', 'with the tables that inherit, as a query sees it')
  t.same(await client.query('SELECT 1').then(({ rowCount }) => rowCount), 1)
})

t.test('classes of a quantity hold as many rows each, counted by the database', { skip: withoutDatabase }, async t => {
  const schema = `quantiles_${randomBytes(4).toString('hex')}`
  const client = new pg.Client({ connectionString: testDatabaseUrl })
  await client.connect()
  t.teardown(async () => {
    await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)
    await client.end()
  })
  // few large ones and many small, one value very common, some unknown
  await client.query(
    `CREATE SCHEMA "${schema}"; SELECT setseed(0.5);
     CREATE TABLE "${schema}".communes AS SELECT g AS id, CASE WHEN g % 10 = 0 THEN 250 WHEN g % 11 = 0 THEN NULL ELSE exp(4 + 6 * random())::int END AS population,
       ST_SetSRID(ST_Point(g, g), 2154)::geometry(Point, 2154) AS geom FROM generate_series(1, 50000) g; ANALYZE "${schema}".communes`,
  )
  const store = openFeatureStore({ kind: 'postgis', id: 'main', url: testDatabaseUrl! })
  t.teardown(() => store.close())
  const [communes] = await store.discover({ schemas: [schema] })
  const [columns] = await store.columnStatistics([{ ...communes, columns: communes.columns.filter(({ name }) => name === 'population') }])
  const breaks = quantileBreaks(columns[0], 5)
  const { rows } = await client.query<{ share: number }>(
    `SELECT count(*)::float8 / sum(count(*)) OVER () AS share FROM "${schema}".communes WHERE population IS NOT NULL
     GROUP BY width_bucket(population, $1::int[]) ORDER BY width_bucket(population, $1::int[])`,
    [breaks],
  )
  t.equal(rows.length, 5, `${breaks}`)
  t.ok(
    rows.every(({ share }) => share > 0.15 && share < 0.26),
    `${rows.map(({ share }) => share.toFixed(3))}`,
  )
})
