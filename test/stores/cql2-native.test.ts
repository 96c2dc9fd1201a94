import { randomBytes } from 'node:crypto'
import pg from 'pg'
import t from 'tap'
import { parseCql2Text } from '#filters/cql2/parse-cql2-text.js'
import type { Cql2Options } from '#filters/cql2/read-geometry.js'
import { openFeatureStore } from '#stores/index.js'
import { testDatabaseUrl, withoutDatabase } from '../support/postgres.js'
import { sourceOf } from './feature-store-contract.js'
import { filterRows, filtersAgree, mixedColumns, mixedLayer } from './filter-equality.js'

t.test('what CQL2 has more than others, in native PostGIS and in memory', { skip: withoutDatabase }, async t => {
  const schema = `cql2 ${randomBytes(4).toString('hex')} "é"`
  const name = `"${schema.replaceAll('"', '""')}"`
  const client = new pg.Client({ connectionString: testDatabaseUrl })
  await client.connect()
  const store = openFeatureStore({ kind: 'postgis', id: 'native', url: testDatabaseUrl! })
  t.teardown(async () => {
    await store.close()
    await client.query(`DROP SCHEMA IF EXISTS ${name} CASCADE`)
    await client.end()
  })
  const sourceAt = async (table: string) => sourceOf(store, (await store.discover({ schemas: [schema], table }))[0]!)
  await store.load!({ schema, table: 'filtres', mode: 'create' }, mixedLayer(), {})

  await t.test('over lists and two geometries', async t => {
    const items = (
      of: string,
    ) => `CASE code % 9 WHEN 0 THEN NULL WHEN 1 THEN ARRAY[]::text[] WHEN 2 THEN ARRAY[NULL, ${of}] WHEN 3 THEN ARRAY['a', ${of}, 'a']
      WHEN 4 THEN ARRAY['x,y', '"', '\\', '{', 'NULL'] WHEN 5 THEN ARRAY[[${of}, 'a'], ['B', '']] WHEN 6 THEN ARRAY['a', 'été', 'B'] ELSE ARRAY[${of}] END`
    const numbers = `CASE code % 5 WHEN 0 THEN NULL WHEN 1 THEN ARRAY[]::int[] WHEN 2 THEN ARRAY[rang, 4] WHEN 3 THEN ARRAY[12, NULL, -3] ELSE ARRAY[4, 4] END`
    await client.query(`CREATE TABLE ${name}.listes AS SELECT *, ${items('nom')} AS mots, (${items('"autre nom"')})::varchar(40)[] AS autres, ${numbers} AS entiers,
      (${numbers})::bigint[] AS grands, (${numbers})::smallint[] AS petits, (${numbers})::numeric[] AS nombres, ARRAY[jour, '2024-02-29'] AS jours, ARRAY[ouvert] AS oui,
      CASE code % 4 WHEN 0 THEN to_jsonb(${numbers}) WHEN 1 THEN to_jsonb(${items('nom')}) WHEN 2 THEN '["a", 4, true, null, ["a"], "2024-02-29"]' ELSE '{"a": 4}' END AS objets,
      ST_Translate(geom, code % 3, code % 2) AS geom2 FROM ${name}.filtres; ALTER TABLE ${name}.listes ADD PRIMARY KEY (code)`)
    const lists = ['mots', 'autres', 'entiers', 'grands', 'petits', 'nombres', 'jours', 'oui', 'objets']
    await filtersAgree(t, store, await sourceAt('listes'), { ...mixedColumns, lists, otherGeometry: 'geom2' }, 150, 10)
  })

  await t.test('what looks like SQL in CQL2 is a text like others', async t => {
    const source = await sourceAt('listes')
    for (const text of ["'; DROP TABLE filtres; --", "' OR '1'='1", '$1', '$2::text', "\\'); SELECT pg_sleep(9); --", '{NULL}', '%s', '\u0027', "a'::bytea", '"', '*/', "''"])
      for (const filter of ['"nom" = @', 'CASEI("nom") = CASEI(@)', 'ACCENTI(nom) LIKE ACCENTI(@)', 'nom IN (@, @)', 'A_CONTAINS(mots, (@))', 'A_OVERLAPS(objets, (@))', "concat(nom, @) = 'x'"]) {
        const cql = filter.replaceAll('@', () => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`)
        t.ok((await store.count({ source, columns: [], key: true, filter: parseCql2Text(cql) })) < filterRows, cql)
      } // biome-ignore format: short
    await t.rejects(store.count({ source, columns: [], key: true, filter: parseCql2Text('"nom"" = 1 OR (""x" = 1') }), {
      message: /There is no property/,
    })
    t.equal(await store.count({ source, columns: [], key: true }), filterRows)
  })

  await t.test('boxes of any size in degrees choose the same of data in any system', async t => {
    await client.query(`CREATE TABLE ${name}.grille AS SELECT row_number() OVER ()::int AS code, lon, lat, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS geom
      FROM generate_series(-5, 9, 0.7) lon, generate_series(41.2, 51, 0.9) lat; ALTER TABLE ${name}.grille ADD PRIMARY KEY (code)`)
    const systems = [4326, 2154, 3035, 3857, 32631, 27572]
    for (const srid of systems)
      await client.query(`CREATE TABLE ${name}.grille${srid} AS SELECT code, ST_Transform(geom, ${srid})::geometry(Point, ${srid}) AS geom FROM ${name}.grille;
        ALTER TABLE ${name}.grille${srid} ADD PRIMARY KEY (code)`)
    const cases: readonly (readonly [cql: string, where: string])[] = [
      ['S_INTERSECTS(geom, BBOX(-180, -90, 180, 90))', 'true'],
      ['S_WITHIN(geom, POLYGON((-180 -90, 180 -90, 180 90, -180 90, -180 -90)))', 'true'],
      ['S_WITHIN(geom, POLYGON((-170 -80, 170 -80, 0 89, -170 -80)))', 'true'],
      // a frame around the world, with a hole in it
      ['S_INTERSECTS(geom, POLYGON((-180 -90, 180 -90, 180 90, -180 90, -180 -90), (-60 -80, 60 -80, 60 85, -60 85, -60 -80)))', 'false'],
      ['S_INTERSECTS(geom, BBOX(-180, -90, 2.34, 90))', 'lon < 2.34'],
      ['S_INTERSECTS(geom, BBOX(-180, 47.013, 180, 90))', 'lat > 47.013'],
      ['S_DISJOINT(geom, BBOX(-90, 30, 90, 47.013))', 'lat > 47.013'],
      ['S_INTERSECTS(geom, BBOX(1.05, 43.05, 4.95, 46.95))', 'lon BETWEEN 1.05 AND 4.95 AND lat BETWEEN 43.05 AND 46.95'],
      ['S_INTERSECTS(geom, BBOX(2.34, -90, -170, 90))', 'lon > 2.34'],
      ['S_INTERSECTS(geom, BBOX(150, -90, -150, 90))', 'false'],
      ['S_INTERSECTS(geom, LINESTRING(-180 -45, 0 -45))', 'false'],
      ['S_DISJOINT(geom, POLYGON((150 -60, 180 -60, 180 -20, 150 -20, 150 -60)))', 'true'],
      ['S_INTERSECTS(geom, POINT(-180 -90))', 'false'],
    ]
    for (const srid of systems) {
      const source = await sourceAt(`grille${srid}`)
      for (const [cql, where] of cases) {
        const wanted = Number((await client.query(`SELECT count(*) FROM ${name}.grille WHERE ${where}`)).rows[0].count)
        const filter = parseCql2Text(cql)
        t.equal(await store.count({ source, columns: [], key: true, filter }), wanted, `${srid} ${cql}`)
      }
    }
    // the form of a name settles the axes, unless they are told
    const source = await sourceAt('grille2154')
    const count = async (cql: string, options: Cql2Options) =>
      store.count({ source, columns: [], key: true, filter: parseCql2Text(cql, options) })
    const wanted = await count('S_INTERSECTS(geom, BBOX(1.05, 43.05, 4.95, 46.95))', {})
    t.ok(wanted > 10)
    t.equal(
      await count('S_INTERSECTS(geom, BBOX(43.05, 1.05, 46.95, 4.95))', { crs: 'http://www.opengis.net/def/crs/EPSG/0/4326' }),
      wanted,
    )
    t.equal(
      await count('S_INTERSECTS(geom, BBOX(1.05, 43.05, 4.95, 46.95))', { crs: 'http://www.opengis.net/def/crs/EPSG/0/4326', axes: 'xy' }),
      wanted,
    )
    t.equal(
      await count('S_INTERSECTS(geom, POLYGON((43.05 1.05, 46.95 1.05, 46.95 4.95, 43.05 4.95, 43.05 1.05)))', { axes: 'yx' }),
      wanted,
    )
    t.equal(await count('S_INTERSECTS(geom, BBOX(600000, 6500000, 700000, 6900000))', { crs: 'http://www.opengis.net/def/crs/EPSG/0/2154' }), await count('S_INTERSECTS(geom, BBOX(600000, 6500000, 700000, 6900000))', { crs: null })) // biome-ignore format: short
    t.equal(await count('S_INTERSECTS(geom, BBOX(-20037508, -20037508, 20037508, 20037508))', { crs: 'EPSG:3857' }), 231)
    t.throws(() => parseCql2Text('true', { crs: 'EPSG:999999' }), { name: 'FilterError', message: /999999/ })
  })
})
