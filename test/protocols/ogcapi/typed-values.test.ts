import t from 'tap'
import { editedWorld } from '../../support/edited-world.js'
import { withoutDatabase } from '../../support/postgres.js'

const columns = ['textes', 'courts', 'entiers', 'grands', 'reels', 'justes', 'oui', 'jours', 'instants', 'divers', 'octets'] as const
const items = '/collections/listes/items'

t.test('values of JSON are of the types of the schema, read and sent', { skip: withoutDatabase }, async t => {
  const { sql, ask, troubles } = await editedWorld(t)
  await sql(`INSERT INTO @listes VALUES
    (1, '{a,"b é","c \\"d\\" \\\\ {e},f",NULL,"NULL",""}', '{abc}', '{1,-2,NULL}', '{9007199254740991}', '{0.1,-1e300,NaN,Infinity}', '{1.50,-12345678901234}', '{t,f,NULL}',
     '{2024-02-29}', '{"2024-02-29 12:00:00+02"}', ARRAY['{"a": [1, null]}'::jsonb, '"t"'], '{"\\\\x00ff"}', 'usé', '2024-02-29', 1.5, DEFAULT, ST_SetSRID(ST_MakePoint(5, 48), 4326)),
    (2, '{}', NULL, '{{1,2},{3,4}}', '[0:1]={7,8}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'neuf', NULL, NULL, DEFAULT, ST_SetSRID(ST_MakePoint(6, 49), 4326))`)

  // PostgreSQL says what its arrays are in JSON; bytes are base 64 here, moments end with Z, and what is no number is null
  const wanted = async () => {
    const rows = await sql(
      `SELECT to_jsonb(l) - ARRAY['geom', 'id', 'contour'] AS row, (SELECT array_agg(encode(o, 'base64')) FROM unnest(octets) o)::text AS octets FROM @listes l ORDER BY id`,
    )
    return rows.map(({ row, octets }) => {
      const told = (typeof row === 'string' ? JSON.parse(row) : row) as Record<string, unknown[] | null>
      const text = JSON.stringify({ ...told, octets: octets === null ? null : String(octets).slice(1, -1).split(',') })
      return JSON.parse(text.replaceAll('+00:00"', 'Z"').replaceAll(/"(NaN|Infinity)"/g, 'null'))
    })
  }

  await t.test('as the schema promises, in every format of JSON', async t => {
    const rows = await wanted()
    const read = async (query: string) => (await ask('GET', `${items}?${query}`)).text
    const properties = (features: { properties: Record<string, unknown> }[]) => features.map(({ properties: { id, ...rest } }) => rest)
    t.same(properties(JSON.parse(await read('f=geojson')).features), rows)
    t.same(properties(JSON.parse(await read('f=jsonfg')).features), rows)
    t.same(
      properties(
        (await read('f=geojsonl'))
          .trim()
          .split('\n')
          .map(line => JSON.parse(line)),
      ),
      rows,
    )
    t.same(properties(JSON.parse(await read('f=topojson')).objects.listes.geometries), rows)
    t.same(properties([JSON.parse((await ask('GET', `${items}/1`)).text)]), rows.slice(0, 1))
    t.match(await read('f=geojson'), '"justes":[1.50,-12345678901234]', 'with every digit')
    const schema = JSON.parse((await ask('GET', '/collections/listes/schema')).text)
    for (const name of columns) t.equal(schema.properties[name].type, 'array', name)
  })

  await t.test('what was read may be sent back, and lists may be sent', async t => {
    const before = await wanted()
    const headers = { 'content-type': 'application/geo+json' }
    for (const id of [1, 2]) {
      const { text } = await ask('GET', `${items}/${id}`)
      // a list of what is no number cannot be sent: it was read as null
      t.equal((await ask('PUT', `${items}/${id}`, JSON.parse(text), headers)).status, 204, text)
    }
    t.same(await wanted(), before)
    const given = {
      textes: ['x, y', '{', '\\"', 'NULL', null],
      courts: ['é'],
      entiers: [[1], [2]],
      oui: [true, null],
      jours: [],
      divers: [{ a: [1] }, [2]],
    }
    const patched = await ask('PATCH', `${items}/2`, { properties: given }, { 'content-type': 'application/merge-patch+json' })
    t.equal(patched.status, 204, patched.text)
    t.match((await wanted())[1], given)
    t.equal((await ask('PATCH', `${items}/2`, { properties: { textes: '{p,q}' } })).status, 204, 'as CSV tells it')
    t.same((await wanted())[1].textes, ['p', 'q'])
  })

  await t.test('what does not fit is told for what it is', async t => {
    const refused = async (properties: object, detail: RegExp) => {
      const { status, text } = await ask('PATCH', `${items}/2`, { properties })
      t.match({ status, text }, { status: 422, text: detail })
    }
    await refused({ textes: 'p' }, /“textes” takes a list such as .*“?p/)
    await refused({ entiers: [1, 'deux'] }, /“entiers” takes a whole number/)
    await refused({ entiers: [2147483648] }, /beyond/)
    await refused({ courts: ['abcd'] }, /“courts” holds 3 characters at most/)
    await refused({ entiers: [[[[[[[1]]]]]]] }, /6 deep/)
    await refused({ entiers: [[1], [2, 3]] }, /entiers|array|fit/i)
    await refused({ jours: ['2024-02-30'] }, /“jours” takes a date/)
    await refused({ textes: { a: 1 } }, /takes a list/)
  })

  await t.test('enums, units and what cannot be written', async t => {
    const propertiesOf = async (name: string) => JSON.parse((await ask('GET', `/collections/listes/${name}`)).text).properties
    const schema = await propertiesOf('schema')
    const [{ labels }] = await sql(`SELECT to_jsonb(enum_range(NULL::@etats)) AS labels`)
    const all = typeof labels === 'string' ? JSON.parse(labels) : labels
    t.same(schema.etat.enum, all, 'what the type allows, in its order, not what features have now')
    t.same((await propertiesOf('queryables')).etat.enum, all)
    t.equal(schema.surface['x-ogc-unit'], 'm2')
    t.equal(schema.double_surface.readOnly, true)
    t.equal(schema.surface.readOnly, undefined)
    const refused = await ask('PATCH', `${items}/1`, { properties: { etat: 'perdu', surface: 'x' } })
    t.match(refused, { status: 422, text: /“etat” takes one of neuf, usé, à jeter; .*“surface” takes a number/ })
    t.equal((await ask('PATCH', `${items}/1`, { properties: { etat: 'à jeter' } })).status, 204)
    t.match((await wanted())[0], { etat: 'à jeter' })
  })

  await t.test('the instant that the schema names is the time of JSON-FG, read and sent', async t => {
    t.match(JSON.parse((await ask('GET', '/collections/listes/schema')).text).properties.jour, { 'x-ogc-role': 'primary-instant' })
    const { features } = JSON.parse((await ask('GET', `${items}?f=jsonfg`)).text)
    t.same(
      features.map(({ time }: { time: unknown }) => time),
      [{ date: '2024-02-29' }, null],
    )
    const given = { ...features[1], id: undefined, time: { date: '2024-03-01' }, properties: { id: 3 } }
    t.equal((await ask('POST', items, given, { 'content-type': 'application/fg+json' })).status, 201)
    t.same(await sql('SELECT jour::text FROM @listes WHERE id = 3'), [{ jour: '2024-03-01' }])
  })

  await t.test('a further geometry comes where it is named, in the CRS of the answer', async t => {
    await sql('UPDATE @listes SET contour = ST_Buffer(ST_Transform(geom, 2154), 50, 1) WHERE id = 1')
    const contours = async (query: string) =>
      JSON.parse((await ask('GET', `${items}?limit=1&${query}`)).text).features.map((one: { properties: object }) => one.properties)
    const [{ shape }] = await sql('SELECT ST_AsGeoJSON(ST_Transform(contour, 4326), 9) AS shape FROM @listes WHERE id = 1')
    const close = (a: number[][], b: number[][]) =>
      a.length === b.length && a.every((at, i) => at.every((x, k) => Math.abs(x - b[i][k]) < 2e-8))
    const [{ contour, ...rest }] = await contours('properties=surface,contour')
    t.ok(close(contour.coordinates[0], JSON.parse(String(shape)).coordinates[0]), JSON.stringify(contour))
    t.same(rest, { surface: 1.5 })
    t.notHas((await contours(''))[0], { contour: {} })
  })
  t.same(troubles(), [])
})
