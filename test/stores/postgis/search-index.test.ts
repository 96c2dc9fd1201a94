import { randomBytes } from 'node:crypto'
import pg from 'pg'
import t from 'tap'
import { readTextSearch } from '#core/text-search.js'
import { openFeatureStore } from '#stores/index.js'
import { findSql } from '#stores/postgis/find-sql.js'
import { searchIndexSql } from '#stores/postgis/search-sql.js'
import { testDatabaseUrl, withoutDatabase } from '../../support/postgres.js'
import { found, sourceOf } from '../feature-store-contract.js'

t.test('searches use the index that is proposed for them', { skip: withoutDatabase }, async t => {
  const table = `search "${randomBytes(4).toString('hex')}"`
  const client = new pg.Client({ connectionString: testDatabaseUrl })
  await client.connect()
  const store = openFeatureStore({ kind: 'postgis', id: 'main', url: testDatabaseUrl! })
  const named = client.escapeIdentifier(table)
  t.teardown(async () => {
    await store.close()
    await client.query(`DROP TABLE IF EXISTS ${named}`)
    await client.end()
  })
  await client.query(`CREATE TABLE ${named} AS SELECT i AS id, ('École m' || md5(i::text))::varchar(60) AS nom, 'l''allée ' || i AS adresse, 'c' || i AS "Co""de" FROM generate_series(1, 5000) i;
    ALTER TABLE ${named} ADD PRIMARY KEY (id)`)
  const [description] = await store.discover({ table, withoutGeometry: true })
  const source = sourceOf(store, description!)
  const query = (q: string) => ({ source, columns: ['id'], key: false, search: readTextSearch(q, source), isPaged: true, limit: 10 })
  const before = await found(store, query('mc4ca4238a0b923820dcc509a6f75849b, allee 77 ecoles'))
  t.same(before.flat(), [1, 77, 770, 771, 772, 773, 774, 775, 776, 777])
  await client.query(searchIndexSql(query('x').search.columns, source))
  await client.query(`ANALYZE ${named}`)
  t.same(await found(store, query('mc4ca4238a0b923820dcc509a6f75849b, allee 77 ecoles')), before)
  const { text, values } = findSql({ ...query('mc4ca4238a0b923820dcc509a6f75849b'), fence: { kind: 'filter-first' } })
  const { rows } = await client.query(`EXPLAIN ${text}`, values as unknown[])
  t.match(rows.map(row => row['QUERY PLAN']).join('\n'), /Bitmap Index Scan on .*_idx/)
})
