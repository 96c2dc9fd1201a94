import { randomBytes } from 'node:crypto'
import pg from 'pg'
import t from 'tap'
import { parseEcql } from '#filters/ecql/parse-ecql.js'
import type { Expression } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import { parseFilter } from '#filters/ogc/parse-filter.js'
import { writeEwkb } from '#geo/ewkb.js'
import { openFeatureStore } from '#stores/index.js'
import { splitForSql } from '#stores/postgis/filter-sql.js'
import { compare } from '../support/filters.js'
import { testDatabaseUrl, withoutDatabase } from '../support/postgres.js'
import { seeded } from '../support/seeded.js'
import { point, sourceOf } from './feature-store-contract.js'
import { filterRows, filtersAgree, mixedColumns, mixedLayer } from './filter-equality.js'

t.test('filters choose the same rows in native PostGIS and in memory', { skip: withoutDatabase }, async t => {
  const schema = `filters ${randomBytes(4).toString('hex')} "é"`
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

  await t.test('over the types Arpent makes', async t => filtersAgree(t, store, await sourceAt('filtres'), mixedColumns, 250, 7))

  await t.test('over types that others make', async t => {
    await client.query(`CREATE TABLE ${name}.types AS SELECT code, nom::varchar(40) AS nom, left("autre nom", 5)::char(8) AS "autre nom", rang::smallint AS rang,
      grand::numeric(30, 2) AS grand, CASE WHEN mesure < 1e10 THEN mesure END::real AS mesure, prix::numeric(20, 9) AS prix, ouvert, jour, heure, moment::timestamp(0) AS moment,
      instant, uuid, divers::json AS divers, geom FROM ${name}.filtres; ALTER TABLE ${name}.types ADD PRIMARY KEY (code)`)
    await filtersAgree(t, store, await sourceAt('types'), mixedColumns, 200, 8)
  })

  await t.test('over a geography, in the plane of its degrees', async t => {
    await client.query(`CREATE TABLE ${name}.globe AS SELECT code, nom, "autre nom", rang, grand, mesure, prix, ouvert, jour, heure, moment, instant, uuid, divers,
      ST_SetSRID(geom, 4326)::geography AS geom FROM ${name}.filtres; ALTER TABLE ${name}.globe ADD PRIMARY KEY (code)`)
    await filtersAgree(t, store, await sourceAt('globe'), { ...mixedColumns, isWithoutBoxes: true }, 120, 9)
  })

  await t.test('CQL chooses what the same words choose in SQL', async t => {
    const source = await sourceAt('filtres')
    const polygon = 'POLYGON((0 0, 6 0, 6 6, 0 6, 0 0))'
    const inPlane = (wkt: string) => `ST_GeomFromText('${wkt}', 2154)`
    // what the two say alike is said once
    const pairs: readonly (readonly [cql: string, sql?: string])[] = [
      ['rang > 4'],
      ['rang >= 4 AND mesure < 7.25'],
      ["nom = 'été' OR nom = 'a'"],
      ["NOT (nom = 'été' OR rang = 4)"],
      ["nom = 'été' OR rang > 3 AND mesure < 8"],
      ["nom <> 'l''été'"],
      ["nom IN ('été', 'a', 'B')"],
      ["nom NOT IN ('été', 'a', 'B')"],
      ['rang IN (4, 5, -3)'],
      ['rang BETWEEN -3 AND 4'],
      ['rang NOT BETWEEN -3 AND 4'],
      ['"autre nom" IS NULL'],
      ['"autre nom" IS NOT NULL AND prix IS NULL'],
      ["nom LIKE '%e%'"],
      ["nom NOT LIKE '_'"],
      ["nom LIKE '50\\%'"],
      ["nom ILIKE '%V%'"],
      ['rang + 2 * 3 > 10'],
      ['(rang + 2) * 3 > 10'],
      ['-rang < 2 - 4'],
      ['mesure - rang - 1 > 0'],
      ['ouvert = true'],
      ["jour = '2024-02-29'"],
      ['nom = 12', "nom = '12'"],
      ['jour BEFORE 2024-02-29', "jour < '2024-02-29'"],
      ['moment AFTER 2024-02-29T00:00:00Z', "moment > '2024-02-29T00:00:00'"],
      ['instant TEQUALS 2024-02-29T13:34:56.789+01:00', "instant = '2024-02-29T12:34:56.789Z'"],
      [
        'instant DURING 2024-02-29T00:00:00Z/P1D',
        "instant > '2024-02-29T00:00:00Z' AND instant < timestamptz '2024-02-29T00:00:00Z' + interval 'P1D'",
      ],
      ['jour DURING P1Y1M2D/2024-03-02', "jour > timestamp '2024-03-02' - interval 'P1Y1M2D' AND jour < '2024-03-02'"],
      ["IN ('3', '7', '9999')", 'code IN (3, 7, 9999)'],
      [`INTERSECTS(geom, ${polygon})`, `ST_Intersects(ST_MakeValid(geom), ${inPlane(polygon)})`],
      [`NOT DISJOINT(geom, SRID=2154;${polygon})`, `ST_Intersects(ST_MakeValid(geom), ${inPlane(polygon)})`],
      [`WITHIN(geom, ${polygon}) AND rang > 0`, `ST_Within(ST_MakeValid(geom), ${inPlane(polygon)}) AND rang > 0`],
      ['CONTAINS(geom, POINT(4 4))', `ST_Contains(ST_MakeValid(geom), ${inPlane('POINT(4 4)')})`],
      ['DWITHIN(geom, POINT(4 4), 2, meters)', `ST_DWithin(geom, ${inPlane('POINT(4 4)')}, 2)`],
      ['DWITHIN(geom, POINT(4 4), 0.002, kilometers)', `ST_DWithin(geom, ${inPlane('POINT(4 4)')}, 2)`],
      ['BBOX(the_geom, 2, 3, 5, 6)', 'ST_Intersects(ST_MakeValid(geom), ST_MakeEnvelope(2, 3, 5, 6, 2154))'],
    ]
    for (const [cql, sql = cql] of pairs) {
      const wanted = Number((await client.query(`SELECT count(*) FROM ${name}.filtres WHERE ${sql}`)).rows[0].count)
      t.ok(wanted > 0 && wanted < filterRows, `${cql}: ${wanted}`)
      t.equal(await store.count({ source, columns: [], key: true, filter: parseEcql(cql) }), wanted, cql)
    }
  })

  await t.test('no computation of a request fails the statement', async t => {
    const source = await sourceAt('filtres')
    const product = (...factors: string[]): Filter => {
      const left = factors.reduce<Expression>(
        (value, factor) => ({ kind: 'call', name: '*', args: [value, { kind: 'literal', value: factor }] }),
        { kind: 'property', name: 'mesure' },
      )
      return { kind: 'compare', operator: '>', left, right: { kind: 'literal', value: '1' } }
    }
    const filters = [
      product('1e99', '1e99', '1e99', '1e99'),
      product('1e-99', '1e-99', '1e-99', '1e-99'),
      product(...Array.from({ length: 30 }, () => '1e29')),
      product('1e20', '1e20', '1e20'),
      compare('prix', '<', '1e99'),
      compare('grand', '<', '99999999999999999999999999'),
      compare('rang', '<', `${'9'.repeat(100)}e99`),
      compare('jour', '<', '5874897-12-31'),
      compare('moment', '>', '-infinity'),
      compare('instant', '>', '294277-01-01'),
      compare('heure', '<', '24:00:00'),
      compare('mesure', '<', '1e-99'),
    ]
    for (const filter of filters) {
      const { pushed } = splitForSql(filter, source)
      await t.resolves(
        store.count({ source, columns: [], key: true, ...(pushed && { filter: pushed }) }),
        JSON.stringify(filter).slice(0, 200),
      )
    }
  })

  await t.test('collections among other geometries are not forgotten', async t => {
    await client.query(`CREATE TABLE ${name}.collections AS SELECT i AS code, CASE WHEN i % 5 = 0 THEN 'SRID=2154;GEOMETRYCOLLECTION(POINT(9 5),LINESTRING(4 0,7 3))'::geometry
      ELSE ST_SetSRID(ST_MakePoint(i % 9, i % 7), 2154) END AS geom FROM generate_series(1, 60) i; ALTER TABLE ${name}.collections ADD PRIMARY KEY (code)`)
    const source = await sourceAt('collections')
    const line = (...coordinates: number[]) => ({
      kind: 'LineString' as const,
      dimensions: 'xy' as const,
      coordinates: Float64Array.from(coordinates),
    })
    const wkb = writeEwkb({ kind: 'MultiLineString', dimensions: 'xy', parts: [line(6, 4, 6, 6, 7, 6), line(6, 4, 8, 6, 10, 4)] })
    const count = (operator: 'intersects' | 'disjoint') =>
      store.count({ source, columns: [], key: true, filter: { kind: 'spatial', operator, property: 'geom', geometry: { wkb } } })
    // Each row by a statement of its own.
    let meeting = 0
    for (let i = 1; i <= 60; i++) {
      const sql = `SELECT ST_Intersects(geom, ST_GeomFromWKB($1, 2154)) AS meets FROM ${name}.collections WHERE code = ${i}`
      if ((await client.query(sql, [Buffer.from(wkb)])).rows[0].meets) meeting++
    }
    t.ok(meeting > 12, String(meeting))
    t.same([await count('intersects'), await count('disjoint')], [meeting, 60 - meeting])
  })

  await t.test('geometries in another system choose what PostGIS chooses when it transforms them', async t => {
    await client.query(`CREATE TABLE ${name}.lieux AS SELECT i AS code, ST_SetSRID(ST_MakePoint(600000 + 10007.3 * (i % 20), 6600000 + 9001.7 * (i / 20)), 2154) AS geom
      FROM generate_series(0, 399) i; ALTER TABLE ${name}.lieux ADD PRIMARY KEY (code)`)
    const source = await sourceAt('lieux')
    const random = seeded(10)
    for (let i = 0; i < 40; i++) {
      const [lon, lat] = [2.2 + 2 * random(), 46.6 + 1.5 * random()]
      const corner = (dx: number, dy: number) => `${(lat + dy * random()).toFixed(6)} ${(lon + dx * random()).toFixed(6)}`
      const list = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)]
      const ring = [...list, list[0]]
      const gml = `<Polygon srsName="urn:ogc:def:crs:EPSG::4326"><exterior><LinearRing><posList>${ring.join(' ')}</posList></LinearRing></exterior></Polygon>`
      const filter = parseFilter(`<Filter><Within><PropertyName>GEOM</PropertyName>${gml}</Within></Filter>`)
      const wkt = `POLYGON((${ring.map(pair => pair!.split(' ').reverse().join(' ')).join(',')}))`
      const sql = `SELECT count(*) FROM ${name}.lieux WHERE ST_Within(geom, ST_Transform(ST_GeomFromText($1, 4326), 2154))`
      t.equal(await store.count({ source, columns: [], key: true, filter }), Number((await client.query(sql, [wkt])).rows[0].count))
    }
    const near = (metres: number): Filter => ({
      kind: 'distance',
      operator: 'within',
      property: 'geom',
      geometry: { wkb: point(4.2, 47.4), crs: 'EPSG:4326' },
      distance: metres / 1000,
      metresPerUnit: 1000,
    })
    const degrees = { ...source, geometries: [{ ...source.geometries[0]!, name: 'geom', crs: 'EPSG:4326', srid: 4326 }], table: 'degres' }
    await client.query(`CREATE TABLE ${name}.degres AS SELECT code, ST_Transform(geom, 4326) AS geom FROM ${name}.lieux`)
    for (const metres of [25_000, 50_000, 80_000]) {
      const sql = `SELECT count(*) FROM ${name}.degres WHERE ST_DWithin(geom::geography, ST_MakePoint(4.2, 47.4)::geography, $1)`
      const exact = Number((await client.query(sql, [metres])).rows[0].count)
      const found = await store.count({ source: degrees, columns: [], key: true, filter: near(metres) })
      t.ok(exact > 10 && Math.abs(found - exact) <= 0.05 * exact, `${found} of ${exact} within ${metres} m`)
    }
  })
})
