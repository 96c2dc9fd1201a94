import t from 'tap'
import { feature, items, polygon } from '../../support/edited-features.js'
import { editedWorld } from '../../support/edited-world.js'
import { withoutDatabase } from '../../support/postgres.js'

t.test('features over HTTP', { skip: withoutDatabase }, async t => {
  const { address, sql, ask, troubles } = await editedWorld(t)
  const make = async (properties: object = {}) => {
    const { status, headers, text } = await ask('POST', items, feature(properties))
    if (status !== 201) throw new Error(text)
    return { path: new URL(headers.get('location')!).pathname, etag: headers.get('etag')! }
  }

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
    }
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
    ])
    await sql('DELETE FROM @lieux')
    for (const time of [{ date: '2024-05-01' }, { timestamp: '2024-05-01T08:00:00Z' }])
      t.equal((await ask('POST', items, { ...feature(), time })).status, 201)
    t.same(
      await sql('SELECT DISTINCT jour::text FROM @lieux'),
      [{ jour: '2024-05-01' }],
      'the time of JSON-FG is the column of the dimension',
    )
    t.match(await ask('POST', items, { ...feature(), time: { interval: ['2024-05-01', '..'] } }), {
      status: 422,
      text: /one time, no interval/,
    })
    const inSpace = await ask('POST', `/ville${items}`, feature())
    t.match(inSpace.headers.get('location'), new RegExp(`^${address}/ville/collections/lieux/items/`))
    await sql('DELETE FROM @lieux')
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
    t.match(await ask('PATCH', path, { properties: { divers: { a: { b: 1, c: 2 }, d: [1] } } }), { status: 204 })
    const inside = '{"properties":{"divers":{"a":{"b":null,"e":1.50},"d":{"f":9007199254740993},"g":null}}}'
    t.match(await ask('PATCH', path, inside), { status: 204 }, 'RFC 7396 goes on inside')
    t.same(await sql('SELECT divers::text FROM @lieux'), [{ divers: '{"a": {"c": 2, "e": 1.50}, "d": {"f": 9007199254740993}}' }])
    t.match(await ask('PATCH', path, { properties: { divers: [2] } }), { status: 204 })
    t.same(await sql('SELECT divers FROM @lieux'), [{ divers: [2] }])
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
    )
    t.match(await ask('PATCH', path, { properties: { rang: 1 } }, { 'if-match': '*' }), { status: 204 })
    t.match(await ask('PATCH', path, { properties: { rang: 9 } }, { 'if-unmodified-since': new Date().toUTCString() }), {
      status: 412,
      text: /If-Match/,
    })
    for (const [method, body] of [['PATCH', { properties: { rang: 9 } }], ['PUT', feature()], ['DELETE']] as const) {
      const refused = { status: 412, text: /must not be/ }
      t.match(await ask(method, path, body, { 'if-none-match': '*' }), refused, `${method}: RFC 9110, 13.1.2`)
      t.match(await ask(method, path, body, { 'if-match': '*', 'if-none-match': '*' }), refused)
      t.match(await ask(method, `${path}0`, body, { 'if-none-match': '*' }), { status: 404 }, 'what is not there is not made')
    }
    t.same(await sql('SELECT rang FROM @lieux'), [{ rang: 1 }], 'and nothing was changed')
    t.match(
      await ask('PATCH', path, { properties: { rang: 9 } }, { 'if-none-match': now }),
      { status: 412 },
      'the row is again what it was then',
    )
    t.match(await ask('PATCH', path, { properties: { rang: 1 } }, { 'if-none-match': '"0"' }), { status: 204 }, 'it is in another version')
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
    ])
    await sql('DELETE FROM @lieux')
  })

  await t.test('what would be passed over is refused instead', async t => {
    const { path } = await make()
    const patch = { properties: { nom: 'autre' } }
    t.match(await ask('PATCH', `${path}?crs=EPSG:2154`, patch), { status: 400, text: /crs is not a parameter here/ })
    t.match(await ask('POST', `${items}?bogus=1`, feature()), { status: 400 })
    t.match(await ask('PATCH', path, patch, { 'content-encoding': 'gzip' }), { status: 415, text: /gzip/ })
    t.match(await sql("SELECT nom FROM @lieux WHERE nom = 'autre'"), [])
    await sql('DELETE FROM @lieux')
  })

  await t.test('what has no order cannot be sorted by, as sortables say', async t => {
    const { properties } = (await ask('GET', '/collections/listes/sortables')).json as { properties: object }
    for (const name of ['textes', 'divers', 'octets', 'etat', 'surface']) {
      const { status } = await ask('GET', `/collections/listes/items?sortby=${name}`)
      t.equal(status, name in properties ? 200 : 400, name)
    }
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

  await t.test('the OpenAPI document has the operations, and all that they refer to', async t => {
    const { json } = await ask('GET', '/api', undefined, { accept: 'application/vnd.oai.openapi+json;version=3.0' })
    const document = json as { paths: Record<string, Record<string, { operationId: string }>> }
    const of = (path: string) => Object.keys(document.paths[path]).sort()
    t.same(of('/collections/{collectionId}/items'), ['get', 'post'])
    t.same(of('/collections/{collectionId}/items/{featureId}'), ['delete', 'get', 'patch', 'put'])
    const ids = Object.values(document.paths).flatMap(path => Object.values(path).map(({ operationId }) => operationId))
    t.equal(new Set(ids).size, ids.length, 'each has an id of its own')
    for (const [, reference] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]*)"/g)) {
      const found = reference.split('/').reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document)
      if (found === undefined) t.fail(reference)
    }
  })
  t.same(troubles(), [], 'no error was logged')
})
