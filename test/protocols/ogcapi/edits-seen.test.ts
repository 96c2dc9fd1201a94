import t from 'tap'
import { feature, items } from '../../support/edited-features.js'
import { editedWorld } from '../../support/edited-world.js'
import { withoutDatabase } from '../../support/postgres.js'

t.test('what was edited is seen', { skip: withoutDatabase }, async t => {
  const { address, sql, ask, troubles } = await editedWorld(t)
  const make = async (properties: object = {}) => {
    const { status, headers, text } = await ask('POST', items, feature(properties))
    if (status !== 201) throw new Error(text)
    return { path: new URL(headers.get('location')!).pathname, etag: headers.get('etag')! }
  }

  await t.test('what GET gives can be sent back, and its ETag guards it, in any CRS', async t => {
    const { path, etag } = await make({
      rang: 7,
      grand: 2 ** 40,
      mesure: 0.1,
      ouvert: false,
      jour: '2024-02-29',
      instant: '2024-02-29T10:00:00Z',
      divers: { a: 1 },
      code: 'g',
    })
    const whole = () =>
      sql(
        'SELECT lieux::text AS row FROM (SELECT id, nom, rang, grand, mesure, ouvert, jour, instant, divers, code, zone, calcul, ST_AsText(geom, 3) FROM @lieux) lieux',
      )
    const before = await whole()
    const tags = new Set<string>()
    for (const crs of [
      'http://www.opengis.net/def/crs/OGC/1.3/CRS84',
      'http://www.opengis.net/def/crs/EPSG/0/2154',
      'http://www.opengis.net/def/crs/EPSG/0/4326',
    ]) {
      const read = await ask('GET', `${path}?f=json&crs=${encodeURIComponent(crs)}`)
      t.equal(read.status, 200, read.text)
      const version = read.headers.get('etag')!
      tags.add(version)
      t.equal(version.slice(0, 33), (await ask('GET', path)).headers.get('etag')!.slice(0, 33), 'one version, whatever the CRS')
      const back = await ask('PUT', path, read.text, { 'if-match': version, 'content-crs': read.headers.get('content-crs')! })
      t.equal(back.status, 204, back.text)
      t.same(await whole(), before, crs)
    }
    t.equal(tags.size, 3, 'three representations')
    t.match(etag, /^"[0-9a-f]{32}"$/)
    const { json } = await ask('GET', items)
    t.match(json, { features: { length: 1 } })
    t.match(await ask('DELETE', path), { status: 204 })
    t.match((await ask('GET', items)).json, { features: { length: 0 } })
    t.match(await ask('GET', path), { status: 404 })
  })

  await t.test('the epoch that the config says is told with the storage CRS', async t => {
    const told = async (id: string) => (await (await fetch(`${address}/collections/${id}`)).json()) as object
    t.match(await told('points'), { storageCrs: /EPSG/, storageCrsCoordinateEpoch: 2017.23 })
    t.notOk('storageCrsCoordinateEpoch' in (await told('lieux')))
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
      Array.from({ length: 2 }, async () => {
        while (!isOver) await map()
      }),
    )
    for (let round = 0; round < 5; round++) {
      const { path } = await make()
      t.not(await map(), empty)
      t.match(await ask('DELETE', path), { status: 204 })
      t.equal(await map(), empty)
    }
    isOver = true
    await crowd
  })
  await t.test('extents grow with what is made', async t => {
    const west = async () => {
      const text = await (await fetch(`${address}/wms?service=WMS&version=1.3.0&request=GetCapabilities`)).text()
      return Number(/<Name>points<\/Name>[\s\S]*?<westBoundLongitude>([^<]*)/.exec(text)?.[1])
    }
    const at = (lon: number, nom: string) => ({
      type: 'Feature',
      properties: { nom },
      geometry: { type: 'Point', coordinates: [lon, 45, 0] },
    })
    t.match(await ask('POST', '/collections/points/items', at(6.865, 'est')), { status: 201 })
    t.ok(Math.abs((await west()) - 6.865) < 0.01)
    t.match(await ask('POST', '/collections/points/items', at(2, 'ouest')), { status: 201 })
    t.equal(await west(), 2)
  })

  t.same(troubles(), [], 'no error was logged')
})
