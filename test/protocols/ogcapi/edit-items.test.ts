import t from 'tap'
import { editedWorld } from '../../support/edited-world.js'
import { withoutDatabase } from '../../support/postgres.js'

const items = '/collections/lieux/items'
const ring = (x: number, y: number, side = 0.001) => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
  [x, y],
] // prettier-ignore
const polygon = (x = 3.87, y = 43.61) => ({ type: 'Polygon', coordinates: [ring(x, y)] })
const feature = (properties: object = {}, geometry: unknown = polygon(), more: object = {}) => ({
  type: 'Feature',
  ...more,
  geometry,
  properties: { nom: 'un', ...properties },
})

t.test('features over HTTP', { skip: withoutDatabase }, async t => {
  const { address, sql, ask, troubles } = await editedWorld(t)
  const make = async (properties: object = {}) => {
    const { status, headers, text } = await ask('POST', items, feature(properties))
    if (status !== 201) throw new Error(text)
    return { path: new URL(headers.get('location')!).pathname, etag: headers.get('etag')! }
  }
  const errorsOf = ({ json }: { readonly json: unknown }) =>
    ((json as { errors?: { pointer: string; detail: string }[] }).errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`)

  await t.test('POST makes one, and says where it is', async t => {
    const given = {
      nom: 'Évêché',
      rang: 7,
      grand: 2 ** 40,
      mesure: 0.1,
      prix: 12.5,
      ouvert: true,
      jour: '2024-02-29',
      instant: '2024-02-29T12:00:00+02:00',
      divers: { a: [1, null] },
    } // prettier-ignore
    const { status, headers, text } = await ask('POST', items, feature(given))
    t.equal(status, 201, text)
    t.match(headers.get('location'), new RegExp(`^${address}/collections/lieux/items/\\d+$`))
    t.match(headers.get('etag'), /^"[0-9a-f]{32}"$/)
    t.match(headers.get('access-control-expose-headers'), /ETag.*Location/)
    const rows =
      await sql(`SELECT nom, rang, grand, mesure, prix, ouvert, jour::text, instant AT TIME ZONE 'UTC' = '2024-02-29 10:00' AS ten, divers, zone, calcul,
      GeometryType(geom) AS type, round(ST_X(ST_Transform(ST_PointN(ST_ExteriorRing(ST_GeometryN(geom, 1)), 1), 4326))::numeric, 7)::float8 AS x FROM @lieux`)
    t.same(rows, [
      {
        nom: 'Évêché',
        rang: 7,
        grand: String(2 ** 40),
        mesure: 0.1,
        prix: '12.5',
        ouvert: true,
        jour: '2024-02-29',
        ten: true,
        divers: { a: [1, null] },
        zone: 'A',
        calcul: 14,
        type: 'MULTIPOLYGON',
        x: 3.87,
      },
    ]) // prettier-ignore
    const inSpace = await ask('POST', `/ville${items}`, feature())
    t.match(inSpace.headers.get('location'), new RegExp(`^${address}/ville/collections/lieux/items/`))
    await sql('DELETE FROM @lieux')
  })

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
    )) as [{ x: number; y: number }] // prettier-ignore
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
        ), // prettier-ignore
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
        ), // prettier-ignore
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

  await t.test('PUT replaces, PATCH changes what it names, DELETE removes', async t => {
    const { path, etag } = await make({ rang: 3, code: 'c', zone: 'B' })
    await sql("UPDATE @lieux SET secret = 'tu'")
    const patched = await ask('PATCH', path, { properties: { rang: 4, code: null } })
    t.match([patched.status, patched.text], [204, ''])
    t.equal(patched.headers.get('content-type'), null)
    t.match(patched.headers.get('etag'), /^"[0-9a-f]{32}"$/)
    t.not(patched.headers.get('etag'), etag)
    t.match(await sql('SELECT nom, rang, code, zone, ST_Area(geom) > 0 AS shape FROM @lieux'), [
      { nom: 'un', rang: 4, code: null, zone: 'B', shape: true },
    ])
    t.match(await ask('PATCH', path, { geometry: polygon(4, 44) }), { status: 204 })
    t.match(await sql('SELECT round(ST_XMin(ST_Transform(geom, 4326))::numeric, 6)::float8 AS x, rang FROM @lieux'), [{ x: 4, rang: 4 }])
    t.match(await ask('PATCH', path, { geometry: null }), { status: 204 })
    t.match(await ask('PATCH', path, { id: 'other' }), { status: 422, text: /cannot be changed/ })
    t.match(await ask('PATCH', path, { properties: { id: 77 } }), { status: 422, text: /cannot be changed/ })
    t.match(await ask('PATCH', path, { properties: { nom: null } }), { status: 422, text: /must have a value/ })
    t.match(await ask('PATCH', path, []), { status: 422, text: /object/ })
    t.match(await ask('PATCH', path, {}, { 'content-type': 'application/json-patch+json' }), { status: 415 })
    t.match(
      await ask('PUT', path, feature({ nom: 'deux' }, polygon(), { id: 'B.999' })),
      { status: 204 },
      'an id in the body is left aside',
    )
    t.match(await sql('SELECT nom, rang, code, zone, secret FROM @lieux'), [
      { nom: 'deux', rang: null, code: null, zone: 'A', secret: 'tu' },
    ])
    t.match(await ask('PUT', path, { type: 'FeatureCollection', features: [feature()] }), { status: 422 })
    t.match(await ask('PUT', path, feature({ rang: -5 })), { status: 422, text: /lieux_rang_check/ })
    const { path: other } = await make({ code: 'pris' })
    t.match(await ask('PATCH', path, { properties: { code: 'pris' } }), { status: 409, text: /“code”/ })
    t.match(await ask('DELETE', other), { status: 204, text: '' })
    t.match(await ask('DELETE', other), { status: 404 })
    t.match(await ask('PUT', other, feature()), { status: 404 })
    t.match(await ask('PUT', other, feature(), { 'if-match': '"x"' }), { status: 404 }, 'RFC 9110, 13.2.1')
    t.match(await ask('PATCH', `${items}/;drop%20table`, {}), { status: 404 })
    await sql('DELETE FROM @lieux')
  })

  await t.test('versions guard what others have changed', async t => {
    const { path, etag } = await make()
    t.match(await ask('PATCH', path, { properties: { rang: 1 } }, { 'if-match': '"0"' }), { status: 412, text: /read it again/ })
    const first = await ask('PATCH', path, { properties: { rang: 1 } }, { 'if-match': etag })
    t.equal(first.status, 204)
    const now = first.headers.get('etag')!
    t.match(await ask('PUT', path, feature(), { 'if-match': etag }), { status: 412 })
    t.match(await ask('DELETE', path, undefined, { 'if-match': etag }), { status: 412 })
    t.match(
      await ask('PATCH', path, { properties: { rang: 2 } }, { 'if-match': `W/${now.replace(/"$/, '-geojson.2154-gzip"')}, "x"` }),
      { status: 204 },
      'of any representation',
    ) // prettier-ignore
    t.match(await ask('PATCH', path, { properties: { rang: 1 } }, { 'if-match': '*' }), { status: 204 })
    t.match(await ask('PATCH', path, { properties: { rang: 9 } }, { 'if-unmodified-since': new Date().toUTCString() }), {
      status: 412,
      text: /If-Match/,
    })
    await sql('UPDATE @lieux SET rang = 8')
    t.match(await ask('DELETE', path, undefined, { 'if-match': now }), { status: 412 }, 'also where another program did')
    const guarded = path.replace('lieux', 'garde')
    t.match(await ask('PATCH', guarded, { properties: { rang: 3 } }), { status: 428, text: /If-Match/ })
    t.match(await ask('DELETE', guarded), { status: 428 })
    await sql('DELETE FROM @lieux')
    const racing = await make({ rang: 1 })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => ask('PATCH', racing.path, { properties: { rang: 100 + i } }, { 'if-match': racing.etag })),
    )
    t.same(answers.map(({ status }) => status).sort(), [204, ...Array.from({ length: 19 }, () => 412)], 'exactly one of twenty wins')
    const winner = answers.findIndex(({ status }) => status === 204)
    t.same(await sql('SELECT rang FROM @lieux'), [{ rang: 100 + winner }])
    await sql('DELETE FROM @lieux')
  })

  await t.test('only who may, where it can be', async t => {
    const { path } = await make()
    for (const [method, at, body] of [
      ['POST', items, feature()],
      ['PUT', path, feature()],
      ['PATCH', path, {}],
      ['DELETE', path, undefined],
    ] as const) {
      // prettier-ignore
      const anonymous = await ask(method, at, body, { 'x-api-key': null })
      t.equal(anonymous.status, 401)
      t.match(anonymous.headers.get('www-authenticate'), /Basic/)
      t.match(await ask(method, at, body, { 'x-api-key': 'key-of-bob' }), { status: 403, text: /bob/ })
      t.match(
        await ask(method, at, '{', { 'x-api-key': 'key-of-bob' }).catch(() => ({ status: 403 })),
        { status: 403 },
        'before anything is read',
      )
    }
    t.match(await sql('SELECT count(*)::int AS n FROM @lieux'), [{ n: 1 }])
    t.match(await ask('POST', '/collections/lus/items', feature()), { status: 403 })
    const view = await ask('POST', '/collections/vue/items', feature())
    t.match([view.status, view.headers.get('allow')], [405, 'GET, HEAD, OPTIONS'])
    t.match(await ask('POST', '/collections/nulle/items', feature()), { status: 404 })
    t.match(await ask('POST', '/collections/seulement_a/items', feature({ zone: 'B' })), { status: 422, text: /part of this collection/ })
    await sql("UPDATE @lieux SET zone = 'B'")
    t.match(await ask('DELETE', path.replace('lieux', 'seulement_a')), { status: 404 }, 'what is not seen is not there')
    const z = { type: 'Feature', properties: { nom: 'cime' }, geometry: { type: 'Point', coordinates: [6.865, 45.8326, 4806] } }
    const anybody = await ask('POST', '/collections/points/items', z, { 'x-api-key': null })
    t.match([anybody.status, anybody.headers.get('location')], [201, `${address}/collections/points/items/cime`])
    const byId = await ask('POST', '/collections/points/items', { ...z, id: 'pic', properties: {} }, { 'x-api-key': null })
    t.match(
      [byId.status, byId.headers.get('location')],
      [201, `${address}/collections/points/items/pic`],
      'an id where nothing else gives one',
    )
    t.same(await sql('SELECT nom, ST_Z(geom) AS z FROM @points ORDER BY nom'), [
      { nom: 'cime', z: 4806 },
      { nom: 'pic', z: 4806 },
    ]) // prettier-ignore
    await sql('DELETE FROM @lieux')
  })

  await t.test('OPTIONS says what this caller may do, preflights what pages may send', async t => {
    const options = async (path: string, key: string | null) => {
      const { status, headers } = await ask('OPTIONS', path, undefined, { 'x-api-key': key })
      return [status, headers.get('allow'), headers.get('accept-post'), headers.get('accept-patch')]
    }
    const types = 'application/geo+json, application/json, application/fg+json, application/vnd.ogc.fg+json'
    t.same(await options(items, 'key-of-ann'), [200, 'GET, HEAD, POST, OPTIONS', types, null])
    t.same(await options(`${items}/unknown_id`, 'key-of-ann'), [
      200,
      'GET, HEAD, PUT, PATCH, DELETE, OPTIONS',
      null,
      'application/merge-patch+json',
    ])
    t.same(await options(items, null), [200, 'GET, HEAD, OPTIONS', null, null])
    t.same(await options(`${items}/1`, 'key-of-bob'), [200, 'GET, HEAD, OPTIONS', null, null])
    t.same(await options('/collections/vue/items', 'key-of-ann'), [200, 'GET, HEAD, OPTIONS', null, null])
    const preflight = await ask('OPTIONS', `${items}/1`, undefined, {
      'x-api-key': null,
      origin: 'https://example.org',
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'if-match, content-crs, authorization, x-api-key, content-type',
    })
    t.equal(preflight.status, 204)
    t.match(preflight.headers.get('access-control-allow-methods'), /PUT, PATCH, DELETE/)
    t.equal(preflight.headers.get('access-control-allow-headers'), 'if-match, content-crs, authorization, x-api-key, content-type')
    t.match(preflight.headers.get('access-control-allow-origin'), '*')
  })

  await t.test('a map asked for after a change shows it', async t => {
    const map = async () => {
      const query =
        'service=WMS&version=1.3.0&request=GetMap&layers=lieux&styles=&crs=CRS:84&bbox=3.86,43.6,3.88,43.62&width=64&height=64&format=image/png'
      return Buffer.from(await (await fetch(`${address}/wms?${query}`)).arrayBuffer()).toString('base64')
    }
    const empty = await map()
    // while the same map is being drawn again and again: none joins a drawing that began before
    let isOver = false
    const crowd = Promise.all(
      Array.from({ length: 4 }, async () => {
        while (!isOver) await map()
      }),
    ) // prettier-ignore
    for (let round = 0; round < 10; round++) {
      const { path } = await make()
      t.not(await map(), empty)
      t.match(await ask('DELETE', path), { status: 204 })
      t.equal(await map(), empty)
    }
    isOver = true
    await crowd
  })
  t.same(troubles(), [], 'no error was logged')
})
