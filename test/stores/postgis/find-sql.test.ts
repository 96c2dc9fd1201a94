import { randomBytes } from 'node:crypto'
import pg from 'pg'
import t from 'tap'
import type { FeatureSource } from '#core/atlas.js'
import type { Expression } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import { rowView } from '#rows/row-view.js'
import { openFeatureStore } from '#stores/index.js'
import { findSql } from '#stores/postgis/find-sql.js'
import { compare, equals } from '../../support/filters.js'
import { testDatabaseUrl, withoutDatabase } from '../../support/postgres.js'
import { sourceOf } from '../feature-store-contract.js'

const hostile = `a"; DROP TABLE x; --' $1 \\`
const source: FeatureSource = {
  kind: 'features',
  store: 'main',
  schema: hostile,
  table: hostile,
  columns: [{ name: hostile, kind: 'text', nativeType: 'text', isNullable: true }],
  geometries: [],
  key: { kind: 'unique', columns: [hostile] },
}

const hostileColumn: Expression = { kind: 'property', name: hostile }

t.test('names are quoted, values are bound: no input reaches the text of a statement', async t => {
  const values = ["'; DROP TABLE x --", '$1', '\\', '\u0000', 'é']
  const filters: Filter[] = values.flatMap((value): Filter[] => [
    equals(hostile, value),
    { kind: 'ids', ids: [value, `${value}~`] },
    compare(hostile, '<', value, true),
    { kind: 'like', operand: hostileColumn, pattern: [value, { any: 'many' }] },
    { kind: 'in', operand: hostileColumn, values: [value, value, value].map(each => ({ kind: 'literal', value: each })) },
    {
      kind: 'compare',
      operator: '=',
      left: { kind: 'call', name: 'concat', args: [hostileColumn, { kind: 'literal', value }, { kind: 'literal', value }] },
      right: { kind: 'literal', value },
    },
  ])
  for (const filter of [...filters, { kind: 'and', all: filters } as const]) {
    const { text } = findSql({
      source,
      columns: [hostile],
      key: true,
      filter,
      sort: [{ column: hostile, descending: true }],
      limit: 5,
      offset: 5,
    })
    const outside = text.replaceAll(/"(?:[^"]|"")*"/g, 'NAME').replaceAll(/\$\d+/g, 'VALUE')
    t.notMatch(outside, /DROP|--|;|é|\\/, outside)
  }
})

t.test('simplified neighbours keep the borders they share', { skip: withoutDatabase }, async t => {
  const table = `simplify_${randomBytes(4).toString('hex')}`
  const client = new pg.Client({ connectionString: testDatabaseUrl })
  await client.connect()
  t.teardown(async () => {
    await client.query(`DROP TABLE "${table}"`)
    await client.end()
  })
  await client.query(`CREATE TABLE "${table}" AS SELECT row_number() OVER () AS id, ST_SetSRID(g, 2154)::geometry(Polygon, 2154) AS geom
    FROM (SELECT (ST_Dump(ST_VoronoiPolygons(ST_GeneratePoints(ST_MakeEnvelope(0, 0, 1000, 1000), 300, 7)))).geom AS g) v`)
  const store = openFeatureStore({ kind: 'postgis', id: 'main', url: testDatabaseUrl! })
  const [description] = await store.discover({ table })
  const { batches } = await store.find({ source: sourceOf(store, description!), columns: ['geom'], key: false, simplify: 4 })
  const geometries: Buffer[] = []
  for await (const batch of batches) {
    const view = rowView(batch)
    for (let i = 0; i < batch.count; i++) geometries.push(Buffer.from(view.at(i).bytes(0)!))
  }
  await store.close()
  t.equal(geometries.length, 300)
  const { rows } = await client.query(
    `SELECT sum(ST_Area(g)) AS apart, ST_Area(ST_UnaryUnion(ST_Collect(g))) AS together, sum(ST_NumInteriorRings(h)) AS gaps, bool_and(ST_XMin(g)::int % 4 = 0) AS snapped
     FROM (SELECT ST_GeomFromEWKB(e) AS g FROM unnest($1::bytea[]) e) s, (SELECT ST_UnaryUnion(ST_Collect(ST_GeomFromEWKB(e))) AS h FROM unnest($1::bytea[]) e) u GROUP BY h`,
    [geometries],
  )
  t.ok(Math.abs(rows[0].apart - rows[0].together) < 1e-6 * rows[0].together, 'nothing overlaps')
  t.equal(Number(rows[0].gaps ?? 0), 0, 'nothing gapes')
  t.ok(rows[0].snapped)
})
