import { randomBytes } from 'node:crypto'
import pg from 'pg'
import t from 'tap'
import { withDimensions } from '#cli/publish/with-dimensions.js'
import { buildAtlas } from '#core/build-atlas.js'
import { chooseValues } from '#core/choose-values.js'
import { extentText } from '#core/dimension.js'
import { narrowLayer } from '#core/narrow-layer.js'
import type { DimensionPlace, DimensionSetting } from '#core/publication.js'
import { rowView } from '#rows/row-view.js'
import { openFeatureStore } from '#stores/index.js'
import { testDatabaseUrl, withoutDatabase } from '../../support/postgres.js'
import { atlasPlan, tablePublication } from '../../support/publications.js'

/** What a request says, and the range that it is for the database: its own range types tell which rows are meant. */
const asked: readonly (readonly [text: string, ...ranges: (readonly [from: string | null, to: string | null])[]])[] = [
  ['2017', ['2017-01-01', '2018-01-01']],
  ['2016-02', ['2016-02-01', '2016-03-01']],
  ['2016-02-29', ['2016-02-29', '2016-03-01']],
  ['2016-02-29T12:00:00Z', ['2016-02-29 12:00', '2016-02-29 12:00:01']],
  ['2016-02-29T23:30:00-02:00', ['2016-03-01 01:30', '2016-03-01 01:30:01']],
  ['2015-06/2016-03', ['2015-06-01', '2016-04-01']],
  ['2015-06-15T06:00Z/2015-06-16T06:00Z', ['2015-06-15 06:00', '2015-06-16 06:01']],
  ['2017/', ['2017-01-01', null]],
  ['../2015', [null, '2016-01-01']],
  ['2015-03,2016-03/2016-04,2017-12-31', ['2015-03-01', '2015-04-01'], ['2016-03-01', '2016-05-01'], ['2017-12-31', '2018-01-01']],
  ['2015-01/2015-07/P3M', ['2015-01-01', '2015-02-01'], ['2015-04-01', '2015-05-01'], ['2015-07-01', '2015-08-01']],
  ['2016-06/P2M', ['2016-06-01', '2016-08-01 00:00:00.001']],
]

const column = (name: string): DimensionPlace => ({ kind: 'column', column: name })
/** Where a dimension has its values, and when a row holds, in words of the database. */
const dimensions: readonly (readonly [setting: DimensionSetting, holds: string])[] = [
  [
    { name: 'jour', place: column('jour'), units: 'ISO8601' },
    `CASE WHEN isfinite(jour) THEN tsrange(jour, jour + 1) ELSE tsrange(jour, jour, '[]') END`,
  ],
  [{ name: 'heure', place: column('heure'), units: 'ISO8601' }, `tsrange(heure, heure, '[]')`],
  [
    { name: 'instant', place: column('instant'), units: 'ISO8601' },
    `tsrange(instant AT TIME ZONE 'UTC', instant AT TIME ZONE 'UTC', '[]')`,
  ],
  [{ name: 'annee', place: column('annee'), units: 'ISO8601' }, `tsrange(make_date(annee, 1, 1), make_date(annee + 1, 1, 1))`],
  [{ name: 'texte', place: column('texte'), units: 'ISO8601' }, `texte_tient`],
  [{ name: 'jours', place: { kind: 'columns', start: 'debut', end: 'fin' }, units: 'ISO8601' }, `tsrange(debut, fin + 1)`],
  [
    { name: 'heures', place: { kind: 'columns', start: 'de', end: 'a' }, units: 'ISO8601' },
    `tsrange(de AT TIME ZONE 'UTC', a AT TIME ZONE 'UTC', '[]')`,
  ],
]
const others: readonly DimensionSetting[] = [
  { name: 'elevation', place: column('altitude') },
  { name: 'niveau', place: column('niveau') },
  { name: 'scenario', place: column('scenario') },
]

t.test('rows of a time are those that the database itself finds', { skip: withoutDatabase }, async t => {
  const schema = `dimensions_${randomBytes(4).toString('hex')}`
  const client = new pg.Client({ connectionString: testDatabaseUrl })
  await client.connect()
  t.teardown(async () => {
    await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)
    await client.end()
  })
  await client.query(
    `CREATE SCHEMA "${schema}"; SET search_path = "${schema}", public; SET TIME ZONE 'UTC'; SELECT setseed(0.25);
     CREATE TABLE rows AS SELECT g AS id, jour, CASE WHEN g % 5 = 0 THEN jour::timestamp ELSE jour + random() * interval '1 day' END AS heure,
         CASE WHEN g % 97 = 0 THEN 'infinity' WHEN g % 89 = 0 THEN NULL ELSE jour + random() * interval '1 day' END::timestamptz AS instant,
         extract(year FROM jour)::int AS annee, CASE WHEN g % 7 > 0 THEN jour - (g % 60) END AS debut, CASE WHEN g % 11 > 0 THEN jour END AS fin,
         CASE WHEN g % 7 > 0 THEN jour + interval '5 hours' END::timestamptz AS de,
         CASE WHEN g % 13 = 0 THEN 'infinity' WHEN g % 11 > 0 THEN jour + interval '5 hours' + (g % 30) * interval '6 hours' END::timestamptz AS a,
         CASE g % 4 WHEN 0 THEN to_char(jour, 'YYYY') WHEN 1 THEN to_char(jour, 'YYYY-MM') WHEN 2 THEN to_char(jour, 'YYYY-MM-DD') ELSE to_char(jour, 'YYYY-MM-DD"T12:00:00+02:00"') END AS texte,
         CASE g % 4 WHEN 0 THEN tsrange(date_trunc('year', jour::timestamp), date_trunc('year', jour::timestamp) + interval '1 year')
           WHEN 1 THEN tsrange(date_trunc('month', jour::timestamp), date_trunc('month', jour::timestamp) + interval '1 month') WHEN 2 THEN tsrange(jour, jour + 1)
           ELSE tsrange(jour + interval '10 hours', jour + interval '10 hours 1 second') END AS texte_tient,
         CASE WHEN g % 50 = 0 THEN 'NaN' ELSE (g % 300) / 4.0 END::float8 AS altitude, g % 9 AS niveau, (ARRAY['RCP26', 'RCP45', 'été; DROP', NULL])[1 + g % 4] AS scenario,
         ST_SetSRID(ST_Point(g, g), 2154)::geometry(Point, 2154) AS geom
       FROM (SELECT g, date '2015-01-01' + (1200 * random())::int AS jour FROM generate_series(1, 600) g) s;
     UPDATE rows SET jour = '-infinity' WHERE id = 13; UPDATE rows SET jour = '2016-02-29', heure = '2016-02-29 12:00:00.5', instant = '2016-03-01 01:30:00Z' WHERE id = 14;
     ALTER TABLE rows ADD PRIMARY KEY (id); ANALYZE rows`,
  )
  const store = openFeatureStore({ kind: 'postgis', id: 'main', url: testDatabaseUrl! })
  t.teardown(() => store.close())
  const [description] = await store.discover({ schemas: [schema] })
  const settings = { dimensions: [...dimensions.map(([setting]) => setting), ...others] }
  const found = { kind: 'table', store: 'main', description } as const
  const measured = await withDimensions([tablePublication(description, { id: 'rows', settings, found })], store)
  const { collections, verdicts } = buildAtlas(atlasPlan(measured))
  const collection = collections.get('rows')!
  t.same(
    verdicts.flatMap(({ findings }) => findings.filter(({ code }) => code === 'no-dimension')),
    [],
  )
  const of = (name: string) => collection.dimensions!.find(dimension => dimension.name === name)!
  const idsOf = async (name: string, text: string) => {
    const { source } = collection
    if (source.kind !== 'features') throw new Error('no table')
    const layer = narrowLayer({ collection, style: collection.styles[0] }, of(name), chooseValues(of(name), text, name).values)
    const { batches } = await store.find({ source, columns: ['id'], key: false, filter: layer.filter })
    const ids: number[] = []
    for await (const batch of batches) for (let i = 0; i < batch.count; i++) ids.push(Number(rowView(batch).at(i).value(0)))
    return ids.sort((a, b) => a - b)
  }
  const idsBy = async (where: string) => (await client.query(`SELECT id FROM rows WHERE ${where} ORDER BY id`)).rows.map(({ id }) => id)

  let rows = 0
  for (const [{ name }, holds] of dimensions)
    for (const [text, ...ranges] of asked) {
      const meets = ranges.map(([from, to]) => `${holds} && tsrange(${from ? `'${from}'` : 'NULL'}, ${to ? `'${to}'` : 'NULL'})`)
      // a row without a value is at no time
      const isSingle = !holds.includes('debut') && !holds.includes('(de ')
      const expected = await idsBy(`(${meets.join(' OR ')})${isSingle ? ` AND ${name} IS NOT NULL` : ''}`)
      t.same(await idsOf(name, text), expected, `${name}=${text}`)
      rows += expected.length
    }
  t.ok(rows > 2000, `the ranges hold something: ${rows} rows`)
  for (const [text, where] of [
    ['12.5', 'altitude = 12.5'],
    ['12.5,30', 'altitude IN (12.5, 30)'],
    ['10/20', 'altitude BETWEEN 10 AND 20'],
    ['../3,60/70', 'altitude <= 3 OR altitude BETWEEN 60 AND 70'],
  ] as const)
    t.same(await idsOf('elevation', text), await idsBy(where), text)
  t.same(await idsOf('niveau', '2,5/6'), await idsBy('niveau IN (2, 5, 6)'))
  t.same(await idsOf('scenario', 'été; DROP,RCP26'), await idsBy(`scenario IN ('été; DROP', 'RCP26')`))

  const one = async (sql: string) => Object.values((await client.query(`SELECT ${sql} FROM rows`)).rows[0])[0]
  t.equal(extentText(of('annee').extent), '2015,2016,2017,2018')
  t.equal(extentText(of('niveau').extent), '0,1,2,3,4,5,6,7,8')
  t.equal(extentText(of('scenario').extent), 'RCP26,RCP45,été; DROP')
  t.equal(
    extentText(of('jour').extent),
    await one(`min(jour) FILTER (WHERE isfinite(jour)) || '/' || max(jour) || '/P1D'`),
    'more than 250 days',
  )
  t.equal(extentText(of('jours').extent), await one(`least(min(debut), min(fin)) || '/' || greatest(max(debut), max(fin)) || '/P1D'`))
  t.equal(
    extentText(of('elevation').extent),
    await one(`min(altitude) || '/' || max(nullif(altitude, 'NaN')) || '/0'`),
    'more than 250 numbers',
  )

  await t.test('what is written to a table is there when it is looked at again', async t => {
    await client.query(`INSERT INTO rows (id, jour, annee, scenario) VALUES (1000, '2030-05-05', 2030, 'RCP85')`)
    const again = await withDimensions(measured, store)
    const next = buildAtlas(atlasPlan(again), buildAtlas(atlasPlan(measured)))
    t.equal(next.generation, 2)
    const extents = next.collections.get('rows')!.dimensions!.map(({ name, extent }) => [name, extentText(extent)] as const)
    t.match(new Map(extents).get('annee'), /^2015,.*,2030$/)
    t.match(new Map(extents).get('jour'), /\/2030-05-05\/P1D$/)
    t.equal(buildAtlas(atlasPlan(await withDimensions(again, store)), next).generation, 2, 'where nothing changed, nothing does')
  })

  await t.test('a store that does not answer leaves what was known', async t => {
    const broken = { ...store, columnValues: () => Promise.reject(new Error('down')) }
    const [again] = await withDimensions(measured, broken)
    t.same(again, measured[0])
  })
})
