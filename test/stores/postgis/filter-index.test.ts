import { randomBytes } from 'node:crypto'
import pg from 'pg'
import t from 'tap'
import { parseEcql } from '#filters/ecql/parse-ecql.js'
import type { Filter } from '#filters/filter.js'
import { openFeatureStore } from '#stores/index.js'
import { countSql } from '#stores/postgis/find-sql.js'
import { compare, equals } from '../../support/filters.js'
import { testDatabaseUrl, withoutDatabase } from '../../support/postgres.js'
import { point, sourceOf, square } from '../feature-store-contract.js'

t.test('filters are asked so that indexes answer them', { skip: withoutDatabase }, async t => {
  const table = `indexed_${randomBytes(4).toString('hex')}`
  const client = new pg.Client({ connectionString: testDatabaseUrl })
  await client.connect()
  t.teardown(async () => {
    await client.query(`DROP TABLE "${table}"`)
    await client.end()
  })
  await client.query(`CREATE TABLE "${table}" AS SELECT i AS id, (i % 5000)::text::varchar(10) AS code, i % 5000 AS rang, i::numeric AS prix, i::real AS court,
      '2020-01-01'::date + i AS jour, '2020-01-01'::timestamptz + i * interval '1 minute' AS instant, md5(i::text)::uuid AS uuid,
      ST_SetSRID(ST_MakePoint(i % 200, i / 200), 2154) AS geom, ST_SetSRID(ST_MakePoint(i % 170, i % 80), 4326)::geography AS lieu FROM generate_series(1, 40000) i;
    ${['code', 'rang', 'prix', 'court', 'jour', 'instant', 'uuid'].map(name => `CREATE INDEX ON "${table}" (${name})`).join('; ')};
    CREATE INDEX ON "${table}" USING gist (geom); CREATE INDEX ON "${table}" USING gist (lieu); ALTER TABLE "${table}" ADD PRIMARY KEY (id); ANALYZE "${table}"`)
  const store = openFeatureStore({ kind: 'postgis', id: 'main', url: testDatabaseUrl! })
  const [description] = await store.discover({ table })
  await store.close()
  const source = sourceOf(store, description!)
  const among = (name: string, values: readonly string[]): Filter => ({
    kind: 'in',
    operand: { kind: 'property', name },
    values: values.map(value => ({ kind: 'literal', value })),
  })
  const filters: Filter[] = [
    equals('code', '12'),
    equals('rang', '12.0'),
    equals('rang', 12),
    equals('prix', '12'),
    equals('court', '12'),
    equals('jour', '2021-05-05T00:00:00Z'),
    compare('jour', '<', '2020-01-05'),
    compare('instant', '<', '2020-01-01T01:00:00+01:00'),
    equals('uuid', 'C4CA4238-A0B9-2382-0DCC-509A6F75849B'),
    among('code', ['1', '2', '3', '4']),
    among('rang', ['1', '2.0', '3', 'x']),
    {
      kind: 'between',
      operand: { kind: 'property', name: 'prix' },
      lower: { kind: 'literal', value: '5' },
      upper: { kind: 'literal', value: '9.5' },
    },
    { kind: 'ids', ids: ['5', '6'] },
    { kind: 'bbox', property: 'geom', bbox: [0, 0, 3, 3] },
    { kind: 'spatial', operator: 'within', property: 'geom', geometry: { wkb: square(3, 3, 2) } },
    { kind: 'spatial', operator: 'intersects', property: 'lieu', geometry: { wkb: square(3, 3, 2) } },
    { kind: 'distance', operator: 'within', property: 'geom', geometry: { wkb: point(9, 9) }, distance: 2 },
    ...[
      // numbers without quotes, as clients write codes
      'code = 12',
      'CODE IN (1, 2, 3)',
      'rang = 12 AND prix > 5',
      'jour DURING 2020-01-05/P3D',
      'instant BEFORE 2020-01-01T02:00:00Z',
      "IN ('5', '6')",
      'INTERSECTS(geom, POLYGON((0 0, 3 0, 3 3, 0 0)))',
      'BBOX(the_geom, 0, 0, 3, 3)',
      'DWITHIN(geom, POINT(9 9), 2, meters)',
    ].map(parseEcql),
  ]
  for (const filter of filters) {
    const { text, values } = countSql({ source, columns: [], key: true, filter })
    const bound = values.map(value => (value instanceof Uint8Array ? Buffer.from(value) : value))
    const { rows } = await client.query(`EXPLAIN ${text}`, bound)
    const plan = rows.map(row => row['QUERY PLAN']).join('\n')
    t.match(plan, /Index/, `${JSON.stringify(filter).slice(0, 120)}\n${plan}`)
    t.notMatch(plan, /Seq Scan/)
  }
})
