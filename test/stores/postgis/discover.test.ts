import { randomBytes } from 'node:crypto'
import pg from 'pg'
import t, { type Test } from 'tap'
import { openFeatureStore } from '#stores/index.js'
import { testDatabaseUrl, withoutDatabase } from '../../support/postgres.js'
import { found, sourceOf } from '../feature-store-contract.js'

/** A schema of the test's own, made by `script` and dropped after it. */
async function schemaWith(test: Test, script: string): Promise<string> {
  const schema = `discover_${randomBytes(4).toString('hex')}`
  const client = new pg.Client({ connectionString: testDatabaseUrl })
  await client.connect()
  test.teardown(async () => {
    await client.query(`DROP SCHEMA "${schema}" CASCADE`)
    await client.end()
  })
  await client.query(`CREATE SCHEMA "${schema}"; SET search_path = "${schema}", public; ${script}`)
  return schema
}

t.test('describes what a database holds', { skip: withoutDatabase }, async t => {
  const schema = await schemaWith(
    t,
    `CREATE TABLE parcels (id int PRIMARY KEY, name text NOT NULL, geom geometry(MultiPolygonZ, 2154), centre geometry(Point, 2154), seen geography(Point));
     CREATE INDEX ON parcels USING gist (geom); COMMENT ON TABLE parcels IS 'Parcelles'; COMMENT ON COLUMN parcels.name IS 'Nom';
     INSERT INTO parcels SELECT g, g::text, ST_Force3D(ST_Multi(ST_SetSRID(ST_MakeEnvelope(g, g, g + 1, g + 1), 2154))), ST_SetSRID(ST_Point(g, g), 2154), ST_Point(2.5, 48 + g * 0.01) FROM generate_series(1, 50) g;
     CREATE TABLE composed (a text, b int, geom geometry(Point, 4326), PRIMARY KEY (b, a)); INSERT INTO composed VALUES ('x.y~z', 1, ST_SetSRID(ST_Point(1, 2), 4326)), ('x', 2, NULL);
     CREATE TABLE uniquely (code varchar(5) NOT NULL UNIQUE, maybe int UNIQUE, geom geometry(Point, 4326));
     CREATE TABLE keyless (label text, geom geometry); INSERT INTO keyless VALUES ('a', ST_SetSRID(ST_MakeLine(ST_Point(0, 0), ST_Point(1, 1)), 3857)), ('b', ST_Multi(ST_SetSRID(ST_MakeLine(ST_Point(0, 0), ST_Point(1, 1)), 3857)));
     CREATE TABLE mixed (geom geometry); INSERT INTO mixed VALUES (ST_SetSRID(ST_Point(0, 0), 4326)), (ST_SetSRID(ST_MakePoint(0, 0, 0), 2154)), (ST_SetSRID(ST_MakeEnvelope(0, 0, 1, 1), 2154));
     CREATE TABLE empty (id int PRIMARY KEY, geom geometry(LineString, 2154)); CREATE TABLE infinite (id serial PRIMARY KEY, geom geometry(Point, 2154)); CREATE INDEX ON infinite USING gist (geom);
     INSERT INTO infinite (geom) VALUES (ST_SetSRID(ST_Point('Infinity', 0), 2154)), (ST_SetSRID(ST_Point('NaN', 'NaN'), 2154));
     CREATE VIEW seen_parcels AS SELECT id, geom, ST_Buffer(centre, 1) AS around FROM parcels; CREATE MATERIALIZED VIEW kept AS SELECT id, geom FROM parcels; CREATE UNIQUE INDEX ON kept (id);
     CREATE TABLE parted (id int, part int, geom geometry(Point, 2154), PRIMARY KEY (id, part)) PARTITION BY LIST (part); CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1); CREATE INDEX ON parted USING gist (geom);
     CREATE TABLE "we""ird '; DROP TABLE x --" ("sel""ect" int PRIMARY KEY, "géo m" geometry(Point, 2154)); INSERT INTO "we""ird '; DROP TABLE x --" VALUES (1, ST_SetSRID(ST_Point(5, 5), 2154));
     CREATE TABLE plain (id int PRIMARY KEY); CREATE VIEW broken AS SELECT 1 / (random() * 0)::int AS id, NULL::geometry AS geom;
     CREATE DOMAIN place AS geometry(Point, 2154); CREATE DOMAIN positive AS int CHECK (VALUE > 0); CREATE TYPE mood AS ENUM ('glad', 'sad');
     CREATE TABLE domains (id positive PRIMARY KEY, m mood, tags text[], geom place); INSERT INTO domains VALUES (1, 'glad', '{a}', ST_SetSRID(ST_Point(5, 5), 2154));
     ANALYZE parcels; ANALYZE keyless; ANALYZE infinite; ANALYZE kept`,
  )
  const store = openFeatureStore({ kind: 'postgis', id: 'main', url: testDatabaseUrl! })
  t.teardown(() => store.close())
  const tables = new Map((await store.discover({ schemas: [schema] })).map(table => [table.table, table]))
  const one = (name: string) => tables.get(name)!

  t.notOk(tables.has('plain'), 'tables without geometry only when asked for')
  t.equal((await store.discover({ schemas: [schema], table: 'plain', withoutGeometry: true })).length, 1)
  t.notOk(tables.has('parted_1'), 'parts are not tables of their own')
  t.match(one('parcels'), {
    kind: 'table',
    comment: 'Parcelles',
    key: { kind: 'primary', columns: ['id'] },
    estimatedCount: 50,
    isReadable: true,
    isWritable: true,
    columns: [{ name: 'id' }, { name: 'name', kind: 'text', isNullable: false, comment: 'Nom' }],
    geometries: [
      { name: 'geom', type: 'MULTIPOLYGON', dimensions: 'xyz', crs: 'EPSG:2154', srid: 2154, isIndexed: true, extent: [1, 1, 51, 51] },
      { name: 'centre', type: 'POINT', dimensions: 'xy', isIndexed: false },
      { name: 'seen', type: 'POINT', crs: 'EPSG:4326', isGeography: true },
    ],
  })
  t.ok(one('parcels').geometries[0].averageBytes! > 100, 'as ANALYZE has found it')
  t.equal(one('composed').geometries[0].averageBytes, undefined, 'never analysed')
  t.same(one('composed').key, { kind: 'primary', columns: ['b', 'a'] })
  t.same(one('uniquely').key, { kind: 'unique', columns: ['code'] })
  t.equal(one('uniquely').estimatedCount, -1, 'never analysed')
  t.match(one('keyless'), { key: { kind: 'ctid' }, geometries: [{ type: 'MULTILINESTRING', crs: 'EPSG:3857', dimensions: 'xy' }] })
  t.match(one('mixed').geometries, [{ type: 'GEOMETRY', srid: 0, dimensions: 'xyz' }])
  t.equal(one('mixed').geometries[0]?.crs, undefined)
  t.match(one('empty').geometries, [{ type: 'LINESTRING', srid: 2154 }])
  for (const name of ['empty', 'infinite'])
    t.equal(one(name).geometries[0]?.extent, undefined, `${name}: no box rather than an odd one (T-26)`)
  t.match(one('seen_parcels'), {
    kind: 'view',
    key: { kind: 'none' },
    estimatedCount: -1,
    geometries: [{ type: 'MULTIPOLYGON' }, { name: 'around', type: 'POLYGON', srid: 2154 }],
  })
  t.match(
    one('kept'),
    { kind: 'materialized view', isWritable: false, geometries: [{ extent: [0.75, 0.75, 51.25, 51.25] }] },
    'from statistics',
  )
  t.match(one('parted'), { kind: 'partitioned table', key: { kind: 'primary' }, geometries: [{ isIndexed: true }] })
  t.match(one('broken'), { kind: 'view', geometries: [{ type: 'GEOMETRY' }] }, 'a view that fails is described all the same')
  t.match(one('domains'), {
    columns: [{ kind: 'integer' }, { kind: 'text' }, { kind: 'text' }],
    geometries: [{ name: 'geom', type: 'POINT', srid: 2154 }],
  })

  const query = (name: string) => ({ source: sourceOf(store, one(name)), columns: [] as string[], key: true })
  const weird = `we"ird '; DROP TABLE x --`
  t.same(await found(store, { ...query(weird), columns: ['sel"ect'], filter: { kind: 'bbox', property: 'géo m', bbox: [0, 0, 9, 9] } }), [
    ['1', 1],
  ])
  t.same(await store.extent(query(weird).source, 'géo m'), [5, 5, 5, 5])
  t.same(await found(store, { ...query('domains'), columns: ['id', 'm', 'tags'] }), [['1', 1, 'glad', '{a}']])
  const composed = await found(store, query('composed'))
  t.same(composed, [['1.x~1y~0z'], ['2.x']])
  t.same(await found(store, { ...query('composed'), filter: { kind: 'ids', ids: ['1.x~1y~0z', '2', 'x.x', '2.y'] } }), [['1.x~1y~0z']])
  t.same(await found(store, { ...query('keyless'), filter: { kind: 'ids', ids: ['0-2', '(0,1)', '99999999-1'] } }), [['0-2']])
  t.same(await found(store, { ...query('seen_parcels'), limit: 1 }), [[null]], 'rows of a view have no id')
  t.same(await store.count({ ...query('seen_parcels'), filter: { kind: 'ids', ids: ['1'] } }), 0)
  t.equal(
    await store.count({ ...query('parcels'), filter: { kind: 'bbox', property: 'seen', bbox: [2, 48.095, 3, 48.125] } }),
    3,
    'geography',
  )
  t.equal(await store.count({ ...query('parcels'), filter: { kind: 'bbox', property: 'seen', bbox: [-180, -90, 180, 90] } }), 50)
  t.same(await store.extent(query('empty').source, 'geom'), undefined)
  t.same(await store.extent(query('infinite').source, 'geom'), undefined)
})

t.test('privileges decide what is readable and writable', { skip: withoutDatabase }, async t => {
  const role = `reader_${randomBytes(4).toString('hex')}`
  const schema = await schemaWith(
    t,
    `CREATE ROLE ${role} LOGIN; GRANT USAGE ON SCHEMA public TO ${role};
     CREATE TABLE open (id int PRIMARY KEY, secret text, geom geometry(Point, 4326)); CREATE TABLE closed (id int PRIMARY KEY, geom geometry(Point, 4326));
     GRANT SELECT (id, geom) ON open TO ${role}`,
  )
  const admin = new pg.Client({ connectionString: testDatabaseUrl })
  await admin.connect()
  await admin.query(`GRANT USAGE ON SCHEMA "${schema}" TO ${role}`)
  const url = new URL(testDatabaseUrl!)
  url.username = role
  const store = openFeatureStore({ kind: 'postgis', id: 'main', url: url.href })
  const tables = await store.discover({ schemas: [schema] })
  t.match(tables, [
    { table: 'closed', isReadable: false, isWritable: false, columns: [], geometries: [] },
    { table: 'open', isReadable: true, isWritable: false, columns: [{ name: 'id' }], geometries: [{ name: 'geom' }] },
  ])
  t.equal(tables[1]?.columns.length, 1, 'a column that may not be read is not told of')
  const closed = { ...sourceOf(store, tables[1]!), table: 'closed' }
  await t.rejects(store.find({ source: closed, columns: ['id'], key: false }), { kind: 'unavailable', message: /privilege/ })
  await store.close()
  await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
  await admin.end()
})

t.test('a foreign key of one column says which column it is of (T-42)', { skip: withoutDatabase }, async t => {
  const schema = await schemaWith(
    t,
    `CREATE TABLE communes (insee text PRIMARY KEY); CREATE TABLE paires (a int, b int, PRIMARY KEY (a, b));
     CREATE TABLE ecoles (id int PRIMARY KEY, commune text REFERENCES communes, a int, b int, geom geometry(Point, 2154), FOREIGN KEY (a, b) REFERENCES paires)`,
  )
  const store = openFeatureStore({ kind: 'postgis', id: 'main', url: testDatabaseUrl! })
  t.teardown(() => store.close())
  const [table] = await store.discover({ schemas: [schema], table: 'ecoles' })
  t.same(
    table!.columns.map(({ name, refersTo }) => [name, refersTo]),
    [
      ['id', undefined],
      ['commune', { schema, table: 'communes', column: 'insee' }],
      ['a', undefined],
      ['b', undefined],
    ],
  )
})
