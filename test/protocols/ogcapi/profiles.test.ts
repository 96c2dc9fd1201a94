import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import t from 'tap'
import { withoutGdal } from '../../support/gdal.js'
import { withoutDatabase } from '../../support/postgres.js'
import { unlessAll } from '../../support/programs.js'
import { ogrLayers } from '../../support/read-ogr.js'
import { referringWorld } from '../../support/referring-world.js'

interface Link {
  readonly href: string
  readonly rel: string
  readonly type?: string
}
type Properties = Readonly<Record<string, unknown>>
interface Feature {
  readonly id: unknown
  readonly properties: Properties
  readonly geometry: unknown
}
interface Document {
  readonly features: readonly Feature[]
  readonly links: readonly Link[]
  readonly conformsTo?: readonly string[]
}

const register = 'http://www.opengis.net/def/profile/OGC/0/'
const json = async <T = Document>(address: string): Promise<T> => {
  const answer = await fetch(address)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${answer.status} ${address}: ${text}`)
  return JSON.parse(text) as T
}
const profilesIn = (links: readonly Link[]) => links.filter(({ rel }) => rel === 'profile').map(({ href }) => href.replace(register, ''))
const profilesOfHeader = (header: string | null) =>
  [...(header ?? '').matchAll(/<([^>]*)>; rel="profile"/g)].map(([, href]) => href.replace(register, ''))

t.test('references by profile', { skip: withoutDatabase }, async t => {
  const { address, folder, sql, troubles } = await referringWorld(t)
  const items = `${address}/collections/batiments/items`
  const rows = (await sql('SELECT id, commune, sorte, voisin, secret FROM @batiments ORDER BY id')) as readonly Properties[]

  await t.test('keys stay as they are, unless a profile says otherwise', async t => {
    for (const query of ['', 'profile=', 'profile=rel-as-key', 'profile=quelque-chose', 'profile=rel-as-nothing,,%00']) {
      const { features } = await json(`${items}?${query}`)
      t.match(
        features.map(({ properties }) => properties),
        rows,
        query,
      )
    }
    const { links } = await json(`${items}?profile=rel-as-key`)
    t.same(profilesIn(links), ['rel-as-key'])
    t.same(profilesIn((await json(items)).links), [], 'of what nobody asked for nothing is told')
    t.equal((await fetch(items)).headers.get('link'), null)
  })

  await t.test('addresses lead to the features, whatever their keys', async t => {
    for (const base of [address, `${address}/ville`]) {
      const answer = await fetch(`${base}/collections/batiments/items?profile=rel-as-uri`)
      t.same(profilesOfHeader(answer.headers.get('link')), ['rel-as-uri'])
      const { features, links } = (await answer.json()) as Document
      t.same(profilesIn(links), ['rel-as-uri'])
      t.equal(features.length, rows.length)
      for (const [i, { id, properties }] of features.entries()) {
        const { commune, sorte, voisin, secret } = rows[i]
        t.equal(id, i + 1, 'ids are ids')
        t.equal(properties.secret, secret, 'what is not published stays a key')
        if (commune === null) t.match(properties, { commune: null, sorte: null, voisin: null })
        else {
          t.match(properties.commune, new RegExp(`^${base}/collections/communes/items/[^/?#]+$`))
          const found = await json<Feature>(String(properties.commune))
          t.equal(found.id ?? found.properties.insee, commune)
        }
        const isShown = base === address
        t.equal(properties.sorte, isShown && sorte !== null ? `${base}/collections/sortes/items/${sorte}` : sorte, 'in the space it is not')
        if (voisin !== null) t.equal(properties.voisin, `${base}/collections/batiments/items/${voisin}`)
      }
    }
    const one = await json<Feature & { links: readonly Link[] }>(`${items}/2?profile=rel-as-uri`)
    t.equal(one.properties.commune, `${address}/collections/communes/items/a%2Fb`)
    t.same(profilesIn(one.links), ['rel-as-uri'])
    t.same(profilesOfHeader((await fetch(`${items}/2?profile=rel-as-uri`)).headers.get('link')), ['rel-as-uri'])
    const [plain, told] = await Promise.all(
      [`${items}/2`, `${items}/2?profile=rel-as-uri`].map(async one => (await fetch(one)).headers.get('etag')),
    )
    t.not(plain, told, 'it is another representation')
    const alone = await json<Feature>(`${address}/datasets/batiments/collections/batiments/items/2?profile=rel-as-uri`)
    t.match(alone.properties, { commune: 'a/b', sorte: 7, voisin: `${address}/datasets/batiments/collections/batiments/items/1` })
  })

  await t.test('links are objects where a format has such, and addresses elsewhere', async t => {
    const link = (collection: string, key: unknown) =>
      key === null ? null : { href: `${address}/collections/${collection}/items/${encodeURIComponent(String(key))}`, title: String(key) }
    const expected = rows.map(({ commune, sorte, voisin, secret }) => ({
      commune: link('communes', commune),
      sorte: link('sortes', sorte),
      voisin: link('batiments', voisin),
      secret,
    }))
    const only = ({ commune, sorte, voisin, secret }: Properties) => ({ commune, sorte, voisin, secret })
    const read = async (f: string) => {
      const answer = await fetch(`${items}?profile=rel-as-link&f=${f}`)
      t.ok(profilesOfHeader(answer.headers.get('link')).includes('rel-as-link'), f)
      return answer.text()
    }
    for (const f of ['geojson', 'jsonfg']) {
      const document = JSON.parse(await read(f)) as Document
      t.same(
        document.features.map(({ properties }) => only(properties)),
        expected,
        f,
      )
      t.ok(profilesIn(document.links).includes('rel-as-link'))
    }
    const lines = (await read('geojsonl')).trim().split('\n')
    t.same(
      lines.map(line => only((JSON.parse(line) as Feature).properties)),
      expected,
    )
    const { objects } = JSON.parse(await read('topojson')) as { objects: Record<string, { geometries: readonly Feature[] }> }
    t.same(
      Object.values(objects)[0].geometries.map(({ properties }) => only(properties)),
      expected,
    )
    for (const [asked, told] of [
      ['rel-as-link', 'rel-as-uri'],
      ['rel-as-link,rel-as-key', 'rel-as-key'],
      ['rel-as-uri,rel-as-link', 'rel-as-uri'],
    ])
      t.same(profilesOfHeader((await fetch(`${items}?profile=${asked}&f=csv`)).headers.get('link')), [told], asked)
    const page = await json(`${items}?profile=rel-as-link&limit=3&sortby=-commune`)
    const next = page.links.find(({ rel }) => rel === 'next')
    const { features } = await json(next!.href)
    t.match(features[0].properties.commune, { href: /^http/ }, 'the next page has the same profile')
    t.equal(new Set([...page.features, ...features].map(({ id }) => id)).size, 6)
    const found = await json(`${items}?profile=rel-as-link&commune=a/b&properties=commune`)
    t.same(
      found.features.map(({ properties }) => properties),
      [{ commune: link('communes', 'a/b') }],
      'conditions speak of keys',
    )
    t.same((await json(`${items}?profile=rel-as-link&properties=secret&limit=1`)).features[0].properties, { secret: 3 })
  })

  await t.test('every format holds addresses', { skip: unlessAll(withoutGdal) }, async t => {
    const addressOf = (row: Properties) =>
      row.commune === null ? null : `${address}/collections/communes/items/${encodeURIComponent(String(row.commune))}`
    // GDAL reads these; the links above look into two others, tiles and drawings have no place for them
    const readable = ['jsonfg', 'flatgeobuf', 'gpkg', 'shp', 'csv', 'xlsx', 'ods', 'gml', 'gml3', 'gml2', 'kml', 'geojsonseq', 'geojsonl']
    const read = new Set<string>()
    const { links } = await json(`${items}?profile=rel-as-uri`)
    const offered = links.filter(({ rel, type }) => rel === 'alternate' && type !== 'text/html')
    t.ok(offered.length > 15)
    for (const { href } of offered) {
      const f = new URL(href).searchParams.get('f')!
      t.equal(new URL(href).searchParams.get('profile'), 'rel-as-uri', 'alternates are of the same profile')
      const answer = await fetch(href)
      t.equal(answer.status, 200, f)
      t.ok(profilesOfHeader(answer.headers.get('link')).includes('rel-as-uri'), f)
      const bytes = await answer.arrayBuffer()
      const name = /filename="(.*)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? `x.${f}`
      const path = join(folder, name)
      writeFileSync(path, Buffer.from(bytes))
      if (f === 'parquet') {
        const found = await parquetReadObjects({ file: bytes, geoparquet: false })
        t.same(
          found.map(({ commune }) => (commune as string | undefined) ?? null),
          rows.map(addressOf),
          f,
        )
      }
      if (!readable.includes(f)) continue
      read.add(f)
      const layers = ogrLayers(path.endsWith('.zip') ? `/vsizip/${path}` : path)
      const found = layers.flatMap(layer => layer.rows.map(({ values }) => values.commune || null))
      t.same(found.sort(), rows.map(addressOf).sort(), f)
    }
    t.same([...read].sort(), [...readable].sort())
  })

  await t.test('profiles of GeoJSON', async t => {
    const plain = await json(items)
    t.equal(plain.conformsTo, undefined)
    for (const name of [
      'jsonfg',
      `${register}jsonfg`,
      'http://www.opengis.net/def/profile/ogc/0/jsonfg',
      'https://www.opengis.net/def/profile/OGC/0/jsonfg',
      '[ogc-profile:jsonfg]',
    ]) {
      const answer = await fetch(`${items}?f=json&profile=${encodeURIComponent(name)},rfc7946&crs=EPSG:2154`)
      t.equal(answer.headers.get('content-type')?.split(';')[0], 'application/geo+json', name)
      t.same(profilesOfHeader(answer.headers.get('link')), ['jsonfg'])
      const document = (await answer.json()) as Document
      t.ok(document.conformsTo?.includes('http://www.opengis.net/spec/json-fg-1/1.0/conf/core'))
      t.match(document.features[0], { geometry: null, place: { type: 'Point' } })
      t.same(profilesIn(document.links), ['jsonfg'])
      const geojson = document.links.find(({ rel, type }) => rel === 'alternate' && type === 'application/geo+json')!
      t.equal((await json(geojson.href)).conformsTo, undefined, 'its alternate is GeoJSON')
    }
    const both = await json(`${items}?profile=jsonfg-plus,rel-as-uri&crs=EPSG:2154&limit=1`)
    t.match(both.features[0], { geometry: { type: 'Point' }, place: { type: 'Point' }, properties: { commune: /^http/ } })
    t.same(profilesIn(both.links), ['rel-as-uri', 'jsonfg-plus'])
    t.match(
      (await json(`${items}?f=jsonfg&profile=jsonfg,jsonfg-plus&crs=EPSG:2154&limit=1`)).features[0],
      { geometry: null },
      'the first wins',
    )
    const old = await json(`${items}?profile=rfc7946,jsonfg`)
    t.equal(old.conformsTo, undefined)
    t.same(profilesIn(old.links), ['rfc7946'])
    const one = await json<Document & Feature>(`${items}/1?profile=jsonfg`)
    t.ok(one.conformsTo)
    t.same(profilesIn(one.links), ['jsonfg'])
    t.same(profilesIn((await json(`${items}?f=jsonfg&profile=rfc7946`)).links), ['jsonfg'], 'JSON-FG that was asked for by f stays it')
  })

  await t.test('schema, document and pages', async t => {
    const schema = (query = '', of = address) =>
      json<{ $id: string; properties: Record<string, Properties> }>(`${of}/collections/batiments/schema${query}`)
    t.match((await schema()).properties, {
      commune: { type: 'string', 'x-ogc-collectionId': 'communes' },
      sorte: { type: 'integer' },
    })
    t.match((await json<{ properties: Properties }>(`${address}/collections/batiments/queryables`)).properties.sorte, { enum: [7] })
    const uri = (await schema('?profile=rel-as-uri')).properties
    t.match(uri.sorte, { type: 'string', format: 'uri', 'x-ogc-role': 'reference', 'x-ogc-collectionId': 'sortes', enum: undefined })
    t.match(uri.secret, { type: 'integer' })
    t.match(
      (await schema('?profile=rel-as-uri', `${address}/ville`)).properties.sorte,
      { type: 'integer' },
      'in the space it is no reference',
    )
    const { $id, properties } = await schema('?profile=rel-as-link')
    t.match(properties.sorte, {
      type: 'object',
      properties: { href: { type: 'string', format: 'uri' }, title: { type: 'string' } },
      required: ['href'],
    })
    t.same((await json<typeof properties>($id)).properties, properties, 'its id is its address')
    t.equal((await fetch(`${address}/collections/batiments/queryables?profile=rel-as-uri`)).status, 400)
    const { paths } = await json<{ paths: Record<string, { get: { parameters: readonly { $ref: string }[] } }> }>(`${address}/api`)
    for (const path of [
      '/collections/batiments/items',
      '/collections/{collectionId}/items',
      '/collections/{collectionId}/items/{featureId}',
    ])
      t.ok(
        paths[path].get.parameters.some(({ $ref }) => $ref === '#/components/parameters/profile'),
        path,
      )
    for (const path of [items, `${items}/2`])
      for (const profile of ['rel-as-link', 'jsonfg', 'rien']) {
        const answer = await fetch(`${path}?f=html&profile=${profile}`)
        t.equal(answer.status, 200)
        t.same(profilesOfHeader(answer.headers.get('link')), profile === 'rel-as-link' ? ['rel-as-uri'] : [])
        const isLinked = (await answer.text()).includes(`href="${address}/collections/communes/items/a%2Fb"`)
        t.equal(isLinked, profile === 'rel-as-link', `${path} ${profile}`)
      }
    for (const path of [items, `${items}/2`]) {
      const page = await (await fetch(`${path}?f=html&lang=fr`)).text()
      const links = [...page.matchAll(/<a href="([^"]+\/communes\/items\/[^"]+)">([^<]+)<\/a>/g)]
      const [, href] = links.find(([, , text]) => text === 'a/b') ?? ['', '']
      t.match(href, /a%2Fb/, 'people see the key, which leads to the page of the feature')
      t.equal((await fetch(href.replaceAll('&#38;', '&'))).status, 200, href)
    }
  })

  await t.test('what was read by a profile may be sent back, where it was read', async t => {
    const put = async (to: string, body: object, method = 'PUT') => {
      const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/geo+json'
      const answer = await fetch(to, { method, headers: { 'content-type': type }, body: JSON.stringify(body) })
      return [answer.status, await answer.text()] as const
    }
    const now = () => sql('SELECT id, commune, sorte, voisin, secret FROM @batiments ORDER BY id')
    for (const profile of ['rel-as-key', 'rel-as-uri', 'rel-as-link'])
      for (const base of [items, `${address}/ville/collections/batiments/items`])
        for (const { id } of base === items ? rows : rows.slice(-3)) {
          const [status, text] = await put(`${base}/${id}`, await json<Feature>(`${base}/${id}?profile=${profile}`))
          t.equal(status, 204, `${profile} ${base} ${id} ${text}`)
        }
    t.same(await now(), rows, 'nothing has changed')
    const at = (collection: string, key: string) => `${address}/collections/${collection}/items/${encodeURIComponent(key)}`
    t.same(
      await put(
        `${items}/1`,
        { properties: { commune: at('communes', '100%'), sorte: null, voisin: { href: at('batiments', '4') } } },
        'PATCH',
      ),
      [204, ''],
    )
    t.match((await now())[0], { commune: '100%', sorte: null, voisin: 4, secret: 3 })
    const made = await put(items, { type: 'Feature', id: 99, geometry: null, properties: { commune: at('communes', 'a/b') } }, 'POST')
    t.equal(made[0], 201, made[1])
    t.match((await now()).at(-1), { id: 99, commune: 'a/b' })
    for (const [properties, status, told] of [
      [{ sorte: at('communes', '7') }, 422, /“sorte” takes a whole number/],
      [{ sorte: at('sortes', '7.5') }, 422, /“sorte” takes a whole number/],
      [{ sorte: { href: `${at('sortes', '7')}/x` } }, 422, /“sorte” takes a whole number/],
      [{ sorte: at('sortes', '8') }, 409, /“sorte” refers to something that is not there/],
      [{ commune: `${address}/collections/communes/items/%E0%A4%A` }, 409, /“commune” refers/],
      [{ commune: { title: 'a/b' } }, 422, /“commune” takes a text/],
      [{ commune: 'https://example.org/collections/communes/items/31555' }, 409, /“commune” refers/],
      [{ secret: at('prives', '3') }, 422, /“secret” takes a whole number/],
    ] as const)
      t.match(await put(`${items}/2`, { properties }, 'PATCH'), [status, told], JSON.stringify(properties))
    t.same((await now())[1], rows[1])
  })

  await t.test('many features, written in threads', async t => {
    await sql(
      `INSERT INTO @batiments (id, nom, commune, sorte) SELECT 1000 + i, repeat('x', 1000), CASE WHEN i % 3 > 0 THEN 'a/b' END, 7 FROM generate_series(1, 12000) i`,
    )
    const answer = await fetch(`${items}?profile=rel-as-link&limit=15000&sortby=id`)
    t.same(profilesOfHeader(answer.headers.get('link')), ['rel-as-link'])
    const { features } = (await answer.json()) as Document
    const made = features.filter(({ id }) => Number(id) > 1000)
    t.equal(made.length, 12_000)
    const href = `${address}/collections/communes/items/a%2Fb`
    const odd = made.filter(({ id, properties: { commune, sorte } }) => {
      const isRight = (Number(id) - 1000) % 3 > 0 ? (commune as Link | null)?.href === href : commune === null
      return !isRight || (sorte as Link).href !== `${address}/collections/sortes/items/7`
    })
    t.same(odd, [])
  })

  t.same(troubles(), [])
})
