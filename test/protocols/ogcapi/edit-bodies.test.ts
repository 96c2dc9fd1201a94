import t from 'tap'
import { feature, items, polygon, ring } from '../../support/edited-features.js'
import { editedWorld } from '../../support/edited-world.js'
import { withoutDatabase } from '../../support/postgres.js'
import { pick, seeded } from '../../support/seeded.js'

t.test('bodies with features', { skip: withoutDatabase }, async t => {
  const { sql, ask, troubles } = await editedWorld(t)
  const make = async (properties: object = {}) => {
    const { status, headers, text } = await ask('POST', items, feature(properties))
    if (status !== 201) throw new Error(text)
    return { path: new URL(headers.get('location')!).pathname, etag: headers.get('etag')! }
  }
  const errorsOf = ({ json }: { readonly json: unknown }) =>
    ((json as { errors?: { pointer: string; detail: string }[] }).errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`)

  await t.test('digits that doubles do not have are kept', async t => {
    const body = JSON.stringify(feature()).replace(
      '"nom"',
      '"grand":9007199254740993,"prix":1234567890.12345678901234567890,"divers":{"n":1.50},"nom"',
    )
    t.equal((await ask('POST', items, body)).status, 201)
    t.same(await sql('SELECT grand::text, prix::text, divers::text FROM @lieux'), [
      { grand: '9007199254740993', prix: '1234567890.12345678901234567890', divers: '{"n": 1.50}' },
    ])
    await sql('DELETE FROM @lieux')
  })

  await t.test('any reference system that is offered, in the order of its authority', async t => {
    const uri = 'http://www.opengis.net/def/crs'
    const [{ x, y }] = (await sql(
      'SELECT ST_X(p) AS x, ST_Y(p) AS y FROM ST_Transform(ST_SetSRID(ST_Point(3.87, 43.61), 4326), 2154) p',
    )) as [{ x: number; y: number }]
    const flipped = { type: 'Polygon', coordinates: [ring(3.87, 43.61).map(([lon, lat]) => [lat, lon])] }
    const inLambert = { type: 'Polygon', coordinates: [ring(x, y, 100)] }
    const sent: readonly [string, object, Record<string, string>?][] = [
      ['as an address', feature({}, inLambert), { 'content-crs': `<${uri}/EPSG/0/2154>` }],
      ['without brackets, as QGIS', feature({}, inLambert), { 'content-crs': `${uri}/EPSG/0/2154` }],
      ['latitude first', feature({}, flipped), { 'content-crs': `<${uri}/EPSG/0/4326>` }],
      ['longitude first', feature(), { 'content-crs': `<${uri}/OGC/1.3/CRS84>` }],
      ['JSON-FG: place', { ...feature({}, null), place: inLambert, coordRefSys: `${uri}/EPSG/0/2154` }],
      ['JSON-FG: safe CURIE', { ...feature({}, null), place: { ...flipped, coordRefSys: '[EPSG:4326]' } }],
      [
        'JSON-FG: place before geometry',
        { ...feature({}, polygon(9, 48)), place: inLambert, coordRefSys: { type: 'Reference', href: `${uri}/EPSG/0/2154` } },
      ],
      ['GeoJSON of 2008', { ...feature({}, inLambert), crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::2154' } } }],
    ]
    for (const [name, body, headers] of sent) {
      const { status, text } = await ask('POST', items, body, headers)
      t.equal(status, 201, `${name} ${text}`)
      const [{ away }] = (await sql(`SELECT ST_Distance(geom, ST_SetSRID(ST_Point(${x}, ${y}), 2154)) AS away FROM @lieux`)) as [
        { away: number },
      ]
      t.ok(away < 0.01, `${name}: ${away} m away`)
      await sql('DELETE FROM @lieux')
    }
    t.match(await ask('POST', items, feature(), { 'content-crs': `<${uri}/EPSG/0/27700>` }), { status: 400, text: /27700.*EPSG:2154/ })
    t.match(await ask('POST', items, feature({}, flipped)), { status: 422, text: /far outside|no place/ }, 'a wrong order is noticed')
    t.match(await ask('POST', items, feature({}, inLambert)), { status: 422, text: /Content-Crs/ }, 'so is a wrong system')
  })

  await t.test('a FeatureCollection is made whole or not at all', async t => {
    const many = (bad?: number) => ({
      type: 'FeatureCollection',
      features: Array.from({ length: 300 }, (_, i) => feature({ rang: i === bad ? -1 : i + 1, jour: i === 5 ? '2024-01-01' : null })),
    })
    const { status, json } = await ask('POST', items, many())
    t.match([status, json], [201, { numberCreated: 300, ids: { length: 300 } }])
    t.match(await sql('SELECT count(*)::int AS n, count(jour)::int AS days FROM @lieux'), [{ n: 300, days: 1 }])
    t.match(await ask('POST', items, many(250)), { status: 422, text: /Feature 251/ })
    t.match(await sql('SELECT count(*)::int AS n FROM @lieux'), [{ n: 300 }])
    await sql('DELETE FROM @lieux')
  })

  await t.test('all that is wrong is told at once', async t => {
    const body = {
      type: 'FeatureCollection',
      features: [
        feature({ nom: 'plus de dix lettres', rnag: 1, rang: 'sept', calcul: 3, secret: 'x' }),
        feature({ nom: null, jour: '2024-02-30', rang: 40_000, ouvert: 1, id: 5 }, { type: 'Point', coordinates: [3.87, 43.61] }),
        feature(
          {},
          {
            type: 'Polygon',
            coordinates: [
              [
                [3.87, 43.61],
                [3.88, 43.62],
                [3.87, 43.62],
                [3.88, 43.61],
                [3.87, 43.61],
              ],
            ],
          },
        ),
        feature({}, { type: 'Polygon', coordinates: [ring(3.87, 43.61).map(([x, y]) => [x, y, 10])] }),
        feature(
          {},
          {
            type: 'Polygon',
            coordinates: [
              [
                [3.87, 43.61],
                [3.88, 43.62],
                [3.87, 43.61],
              ],
            ],
          },
        ),
      ],
    }
    const answer = await ask('POST', items, body)
    t.equal(answer.status, 422)
    t.match(answer.headers.get('content-type'), /application\/problem\+json/)
    const errors = errorsOf(answer)
    for (const expected of [
      /^#\/features\/0\/properties\/nom .*10 characters at most; 19/,
      /^#\/features\/0\/properties\/rnag .*did you mean “rang”\?/,
      /^#\/features\/0\/properties\/rang .*whole number; "sept" was given/,
      /^#\/features\/0\/properties\/calcul .*filled by the database/,
      /^#\/features\/0\/properties\/secret There is no property/,
      /^#\/features\/1\/properties\/nom .*must have a value/,
      /^#\/features\/1\/properties\/jour .*date/,
      /^#\/features\/1\/properties\/rang .*32767/,
      /^#\/features\/1\/properties\/ouvert .*true or false/,
      /^#\/features\/1\/geometry .*Point; this collection takes MultiPolygon or Polygon/,
      /^#\/features\/2\/geometry .*Self-intersection at .* in EPSG:2154/,
      /^#\/features\/3\/geometry .*heights; .*two numbers/,
      /^#\/features\/4\/geometry .*fewer than four/,
    ])
      t.ok(
        errors.some(error => expected.test(error)),
        `${expected}\n${errors.join('\n')}`,
      )
    t.equal(errors.length, 13)
    t.match(await sql('SELECT count(*)::int AS n FROM @lieux'), [{ n: 0 }])
    const strange = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`nome${i}`, 1]))
    t.equal(errorsOf(await ask('POST', items, feature(strange))).length, 100, 'not more than anybody reads')
    t.match(await ask('POST', items, { type: 'Feature', properties: {}, geometry: null }), { status: 422, text: /“nom” must have a value/ })
  })

  await t.test('what is no JSON, no feature, or too much of it', async t => {
    const text = JSON.stringify(feature())
    const bad: readonly [string, string | Uint8Array, number, RegExp][] = [
      ['half of it', text.slice(0, 40), 400, /line 1, column 41/],
      ['nothing', '', 400, /empty/],
      ['a member twice', text.replace('"nom"', '"nom":"x","nom"'), 400, /“nom” is there twice/],
      ['deep', '['.repeat(100_000), 400, /deeper than 64/],
      ['NaN', text.replace('3.87', 'NaN'), 400, /no value/],
      ['no UTF-8', Buffer.from(text.replace('un', 'é'), 'latin1'), 400, /UTF-8/],
      ['a list', '[]', 422, /no GeoJSON object/],
      ['no feature', '{"type":"Point","coordinates":[1,2]}', 422, /“Feature”/],
      ['no features', '{"type":"FeatureCollection","features":[]}', 422, /no features/],
      ['features that are none', '{"type":"FeatureCollection","features":[1]}', 422, /no Feature/],
      ['a number beyond all', text.replace('"nom"', '"mesure":1e999,"nom"'), 422, /“mesure” takes a number/],
      ['a place beyond all', text.replace('3.87', '1e999'), 422, /finite/],
      ['__proto__', text.replace('"nom"', '"__proto__":{"x":1},"nom"'), 422, /no property “__proto__”/],
      ['constructor', text.replace('"nom"', '"constructor":1,"nom"'), 422, /no property “constructor”/],
      ['NUL', text.replace('"un"', '"a\\u0000"'), 422, /NUL/],
      ['half a character', text.replace('"un"', '"a\\ud83cb"'), 422, /“nom” holds half of a character/],
      ['coordinates of another type', text.replace('"Polygon"', '"LineString"'), 422, /no geometry of GeoJSON/],
      ['a type of geometry that is none', text.replace('"Polygon"', '"Circle"'), 422, /Point, LineString/],
      ['too long', JSON.stringify(feature({ nom: 'x'.repeat(2_100_000) })), 413, /2000000/],
    ]
    for (const [name, body, status, message] of bad) {
      const answer = await ask('POST', items, body)
      t.match(answer, { status, text: message }, name)
      t.match(answer.headers.get('content-type'), /application\/problem\+json/)
    }
    t.equal(({} as { x?: number }).x, undefined)
    t.match(await ask('POST', items, Buffer.from(text), { 'content-type': null }), { status: 400, text: /Content-Type/ })
    const other = await ask('POST', items, text, { 'content-type': 'application/gml+xml' })
    t.match(other, { status: 415, text: /geo\+json/ })
    t.match(other.headers.get('accept-post'), /application\/geo\+json/)
    t.match(await sql('SELECT count(*)::int AS n FROM @lieux'), [{ n: 0 }])
  })

  await t.test('whatever is sent, the answer is a right one', async t => {
    const random = seeded(422)
    const odd = [
      null,
      true,
      -1,
      1e308,
      '',
      'x',
      '\ud800',
      [],
      {},
      [[]],
      [NaN],
      { type: 'Feature' },
      polygon(),
      'Polygon',
      [1, 2, 3, 4, 5],
      '2024-13-45',
    ]
    const whole = {
      ...feature({ rang: 1, jour: '2024-01-01', divers: { a: 1 }, instant: '2024-01-01T00:00:00Z' }),
      place: null,
      time: { date: '2024-01-01' },
      coordRefSys: '[OGC:CRS84]',
    }
    const spoilt = (value: unknown): unknown => {
      if (random() < 0.03) return pick(random, odd)
      if (Array.isArray(value)) return value.map(spoilt)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(
        Object.entries(value).map(([name, one]) => [
          random() < 0.02 ? pick(random, ['id', 'geometry', 'crs', '', 'nom']) : name,
          spoilt(one),
        ]),
      )
    }
    const { path } = await make()
    const statuses = new Map<number, number>()
    for (let round = 0; round < 300; round++) {
      const method = pick(random, ['POST', 'PUT', 'PATCH'])
      const body = spoilt(random() < 0.3 ? { type: 'FeatureCollection', features: [whole, whole] } : whole)
      const { status, text } = await ask(
        method,
        method === 'POST' ? items : path,
        body,
        random() < 0.2 ? { 'content-crs': pick(random, ['<EPSG:2154>', 'x', '']) } : {},
      )
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (![201, 204, 400, 409, 422].includes(status)) t.fail(`${status} ${text} for ${method} ${JSON.stringify(body)}`)
      t.notMatch(text, /SELECT|INSERT|\$1|at .*\.js|\/dist\//)
    }
    t.ok(
      [201, 204, 422].every(status => (statuses.get(status) ?? 0) > 3),
      JSON.stringify([...statuses]),
    )
    await sql('DELETE FROM @lieux')
  })
  t.same(troubles(), [], 'no error was logged')
})
