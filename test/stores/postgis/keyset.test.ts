import { randomBytes } from 'node:crypto'
import pg from 'pg'
import t from 'tap'
import type { FeatureSource } from '#core/atlas.js'
import { findPage } from '#core/find-page.js'
import type { FeatureQuery } from '#core/queries.js'
import { rowView } from '#rows/row-view.js'
import { openFeatureStore } from '#stores/index.js'
import { findSql } from '#stores/postgis/find-sql.js'
import { segmentsBehind } from '#stores/postgis/keyset-sql.js'
import { testDatabaseUrl, withoutDatabase } from '../../support/postgres.js'
import { found, sourceOf } from '../feature-store-contract.js'
import { walked } from '../paging-contract.js'

t.test('pages by keyset, in a database', { skip: withoutDatabase }, async t => {
  const schema = `keyset_${randomBytes(4).toString('hex')}`
  const client = new pg.Client({ connectionString: testDatabaseUrl })
  await client.connect()
  const store = openFeatureStore({ kind: 'postgis', id: 'main', url: testDatabaseUrl! })
  t.teardown(async () => {
    await store.close()
    await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)
    await client.end()
  })
  await client.query(`CREATE SCHEMA "${schema}"; SET search_path = "${schema}", public;
    CREATE TYPE humeur AS ENUM ('triste', 'gai', 'bof'); CREATE DOMAIN code AS varchar(9);
    CREATE TABLE composed (a text COLLATE "fr-x-icu", b int, c code, court char(4), h humeur, octets bytea, duree interval, PRIMARY KEY (a, b));
    INSERT INTO composed SELECT (ARRAY['a.b', 'a~b', 'É', 'e', 'E', 'é', 'z', 'Z', ''])[1 + i % 9], i, nullif('c' || i % 7, 'c3'), chr(97 + i % 5), (ARRAY['triste', 'gai', 'bof', NULL])[1 + i % 4]::humeur,
      decode(to_hex(i % 11 + 16), 'hex'), i % 6 * interval '1 month' - i % 5 * interval '30 days' FROM generate_series(1, 300) i;
    CREATE TABLE keyless AS SELECT i, i % 7 AS rang FROM generate_series(1, 5000) i; DELETE FROM keyless WHERE i % 5 < 2;
    CREATE TABLE large AS SELECT i AS id, CASE WHEN i % 10 > 0 THEN i % 5000 END AS rang, md5(i::text) AS nom, '2020-01-01'::timestamptz + i * interval '1 microsecond' AS moment FROM generate_series(1, 60000) i;
    ALTER TABLE large ADD PRIMARY KEY (id); CREATE INDEX ON large (rang, id); CREATE INDEX ON large (nom); CREATE INDEX ON large (moment); ANALYZE large, keyless`)
  const sources = new Map<string, FeatureSource>()
  for (const table of await store.discover({ schemas: [schema], withoutGeometry: true })) sources.set(table.table, sourceOf(store, table))
  const query = (table: string, more: Partial<FeatureQuery> = {}): FeatureQuery => ({
    source: sources.get(table)!,
    columns: [],
    key: true,
    ...more,
  })
  const sorted = (said: string) =>
    said === '' ? [] : said.split(' ').map(name => ({ column: name.replace('-', ''), descending: name.startsWith('-') }))

  for (const said of [
    '',
    'a',
    '-a',
    'b',
    '-b',
    'c',
    '-c',
    'court',
    'h',
    '-h',
    'h -c',
    '-h court',
    'octets',
    '-octets b',
    'duree',
    '-duree a',
    'a b',
    'b -a',
    '-c -h a',
  ]) {
    await t.test(`a key of two columns, a collation, types of its own: ${said}`, async t => {
      const sort = sorted(said)
      // the database's own order, asked as people would
      const order = [
        ...sort,
        ...['a', 'b']
          .filter(name => !sort.some(({ column }) => column === name))
          .map(column => ({ column, descending: sort.at(-1)?.descending ?? false })),
      ]
      const { rows } = await client.query(
        `SELECT replace(replace(a, '~', '~0'), '.', '~1') || '.' || b AS id FROM composed ORDER BY ${order.map(key => `${key.column} ${key.descending ? 'DESC' : ''}`).join(', ')}`,
      )
      t.same(
        await walked(store, query('composed', { sort }), 37),
        rows.map(({ id }) => id),
      )
    })
  }

  await t.test('a table without a key is paged by physical address', async t => {
    t.equal(sources.get('keyless')?.key.kind, 'ctid')
    const { rows } = await client.query('SELECT i FROM keyless ORDER BY ctid')
    const addresses = await walked(store, query('keyless'), 700)
    t.equal(new Set(addresses).size, rows.length)
    t.same(
      (await found(store, query('keyless', { key: false, columns: ['i'], isPaged: true }))).flat(),
      rows.map(({ i }) => i),
    )
    const filter = {
      kind: 'compare',
      operator: '=',
      left: { kind: 'property', name: 'rang' },
      right: { kind: 'literal', value: 3 },
    } as const
    t.equal((await walked(store, query('keyless', { filter }), 11)).length, await store.count(query('keyless', { filter })))
    t.same(await walked(store, query('keyless', { sort: sorted('rang') }), 700).then(all => new Set(all).size), rows.length)
    for (const after of ['0', '1-2-3', '9999999999-1', '-1-1', "0-1'; --"])
      await t.rejects(found(store, query('keyless', { after: [after] })), { kind: 'invalid-parameter', message: /first page/ }, after)
  })

  await t.test('many rows of a filter are met along the key, and where they are not, found at once', async t => {
    const from = (id: number) =>
      ({ kind: 'compare', operator: '>=', left: { kind: 'property', name: 'id' }, right: { kind: 'literal', value: id } }) as const
    for (const first of [1, 19_995, 21_000, 35_000]) {
      const filter = from(first)
      const estimate = await store.estimate!(query('large', { filter }))
      t.ok(estimate.rows > 20_000, 'not few')
      const pages: unknown[] = []
      let after: FeatureQuery['after']
      for (let i = 0; i < 3; i++) {
        const page = await findPage(store, query('large', { filter, ...(after && { after }) }), 10)
        for await (const batch of page.batches) for (let row = 0; row < batch.count; row++) pages.push(rowView(batch).at(row).value(0))
        after = page.next()
      }
      t.same(
        pages,
        Array.from({ length: 30 }, (_, i) => String(first + i)),
        `from ${first}`,
      )
    }
    t.same(await found(store, query('large', { filter: from(59_998), isPaged: true, limit: 10 })), [['59998'], ['59999'], ['60000']])
  })

  await t.test('documents have no order', async t => {
    await client.query(`CREATE TABLE documents (id int PRIMARY KEY, d json); INSERT INTO documents VALUES (1, '{}')`)
    const [table] = await store.discover({ schemas: [schema], table: 'documents', withoutGeometry: true })
    const sort = [{ column: 'd', descending: false }]
    await t.rejects(store.find({ source: sourceOf(store, table!), columns: [], key: true, sort }), {
      kind: 'not-queryable',
      message: /sorted by d/,
    })
  })

  await t.test('every part of a page is found by an index', async t => {
    const places: [string, (string | null)[]][] = [
      ['', ['50000']],
      ['rang', ['4000', '50000']],
      ['-rang', ['4000', '50000']],
      ['rang', [null, '50000']],
      ['-rang', [null, '50000']],
      ['nom', ['f', '1']],
      ['-nom', ['1', '1']],
      ['moment', ['2020-01-01T00:00:00.050001Z', '50001']],
      ['moment -rang', ['2020-01-01T00:00:00.050001Z', '1', '50001']],
      ['-id', ['100', '100']],
    ]
    for (const [said, after] of places)
      for (const segment of segmentsBehind(query('large', { sort: sorted(said), after }))) {
        const { text, values } = findSql({ ...query('large', { sort: sorted(said), after, limit: 10 }), segment })
        const { rows } = await client.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values as unknown[])
        const plan = JSON.stringify(rows[0]['QUERY PLAN'])
        t.match(plan, /Index (Only )?Scan/, `${said}: ${text}`)
        t.notMatch(plan, /Seq Scan/, `${said}: ${text}`)
        const removed = [...plan.matchAll(/"Rows Removed by Filter":(\d+)/g)].map(match => Number(match[1]))
        t.ok(
          removed.every(count => count <= 5000),
          `${removed} rows were looked at for nothing: ${said}`,
        )
      }
  })
})
