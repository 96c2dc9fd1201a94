import { randomBytes } from 'node:crypto'
import pg from 'pg'
import t from 'tap'
import { openFeatureStore } from '#stores/index.js'
import { testDatabaseUrl, withoutDatabase } from '../support/postgres.js'
import { sourceOf } from './feature-store-contract.js'
import { filtersAgree, mixedColumns, mixedLayer } from './filter-equality.js'

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

  await t.test('over the types Arpent makes', async t => filtersAgree(t, store, await sourceAt('filtres'), mixedColumns, 400, 7))

  await t.test('over types that others make', async t => {
    await client.query(`CREATE TABLE ${name}.types AS SELECT code, nom::varchar(40) AS nom, left("autre nom", 5)::char(8) AS "autre nom", rang::smallint AS rang,
      grand::numeric(30, 2) AS grand, CASE WHEN mesure < 1e10 THEN mesure END::real AS mesure, prix::numeric(20, 9) AS prix, ouvert, jour, heure, moment::timestamp(0) AS moment,
      instant, uuid, divers::json AS divers, geom FROM ${name}.filtres; ALTER TABLE ${name}.types ADD PRIMARY KEY (code)`)
    await filtersAgree(t, store, await sourceAt('types'), mixedColumns, 300, 8)
  })
})
