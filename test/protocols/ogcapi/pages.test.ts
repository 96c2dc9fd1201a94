import t, { type Test } from 'tap'
import { writeEwkb } from '#geo/ewkb.js'
import type { FieldInput } from '#rows/pg-field-writer.js'
import type { MemoryTable } from '../../support/memory-store.js'
import { placesOfTrees, smallServer } from '../../support/small-server.js'

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'
const evil = `"><script>alert(1)</script><img src=x onerror='alert(2)'>`
const evilColumn = `na"me<b onmouseover='x'>`
const long = `${'texte trop long '.repeat(40)}fin`

const point = (i: number) =>
  writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(770_050 + i, 6_279_100) }, { srid: 2154 })

/** Thirty rows with what pages have trouble with. */
const table: MemoryTable = {
  schema: 'public',
  table: 'arbres',
  columns: [
    { name: 'essence', kind: 'text', nativeType: 'text', isNullable: true, comment: 'Essence de l’arbre <i>' },
    { name: evilColumn, kind: 'text', nativeType: 'text', isNullable: true },
    { name: 'grand', kind: 'bigint', nativeType: 'bigint', isNullable: true },
    { name: 'jour', kind: 'date', nativeType: 'date', isNullable: true },
    { name: 'ouvert', kind: 'boolean', nativeType: 'boolean', isNullable: true },
    { name: 'page', kind: 'text', nativeType: 'text', isNullable: true },
  ],
  geometries: [placesOfTrees],
  rows: Array.from({ length: 30 }, (_, i): FieldInput[] => [
    ['Érable', 'Chêne', evil][i % 3],
    i === 1 ? long : evil,
    i === 0 ? 9223372036854775807n : BigInt(i),
    i === 2 ? null : `2024-02-${String(1 + (i % 28)).padStart(2, '0')}`,
    i % 2 === 0,
    ['https://example.org/a?b=1&c=2', 'javascript:alert(1)', 'http://example.org/"onclick="x'][i % 3],
    point(i),
  ]),
}

interface Page {
  readonly status: number
  readonly text: string
  readonly headers: Headers
}

/** Every tag of a page; what the data hold must never be one. */
const tagsOf = (text: string) => [...text.matchAll(/<([a-z][a-z0-9]*)\b([^>]*)>/gi)].map(([, name, attributes]) => ({ name, attributes }))

function requireHarmless(t: Test, { text, headers }: Page, what: string): void {
  t.match(headers.get('content-security-policy'), /script-src 'self'/, `${what}: a policy`)
  const harmful = tagsOf(text).filter(({ name, attributes }) => {
    const isOurs = /^ defer src="http:\/\/127\.0\.0\.1:\d+\/web\/[a-z]+\.js"$/.test(attributes)
    const hasHandler = /\son\w+=/i.test(attributes.replace(/"[^"]*"/g, '""'))
    return (name === 'script' && !isOurs) || hasHandler || /(href|src)="\s*javascript:/i.test(attributes)
  })
  t.same(harmful, [], `${what}: scripts of ours alone, and no handlers`)
  t.notOk(text.includes('<img src=x'), `${what}: what is in the data is text`)
}

t.test('pages of features', async t => {
  const server = await smallServer({ table })
  t.teardown(() => server.close())
  const get = async (path: string, headers: Record<string, string> = {}): Promise<Page> => {
    const answer = await fetch(server.address + path, { headers })
    return { status: answer.status, text: await answer.text(), headers: answer.headers }
  }
  const items = '/collections/arbres/items'

  t.test('browsers get HTML, programs JSON, and f= has the last word', async t => {
    const tiles = '/collections/arbres/map/tiles'
    const resources = [
      '/collections',
      '/collections/arbres',
      items,
      `${items}/0-1`,
      '/conformance',
      '/api',
      '/functions',
      tiles,
      `${tiles}/WebMercatorQuad`,
    ]
    for (const path of [...resources, ...['queryables', 'sortables', 'schema'].map(name => `/collections/arbres/${name}`)]) {
      const html = [
        await get(path, { accept: browser }),
        await get(`${path}?f=html`),
        await get(`${path}?f=html`, { accept: 'application/json' }),
      ]
      for (const page of html) {
        t.equal(page.status, 200, `${path}: ${page.text.slice(0, 200)}`)
        t.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
        t.match(page.headers.get('vary'), /Accept\b/)
      }
      const documents = [await get(path), await get(path, { accept: '*/*' }), await get(`${path}?f=json`, { accept: browser })]
      for (const document of documents) {
        t.match(document.headers.get('content-type'), /json/, path)
        t.ok(JSON.parse(document.text))
      }
    }
  })

  t.test('speak French and English', async t => {
    const french = await get(items, { accept: browser, 'accept-language': 'fr-FR,fr;q=0.9,en;q=0.5' })
    t.equal(french.headers.get('content-language'), 'fr')
    t.match(french.text, /<html lang="fr">/)
    t.match(french.text, /1–25 sur 30/)
    t.match(french.text, /<h1>Arbres<\/h1>/)
    const english = await get(`${items}?f=html&lang=en`, { 'accept-language': 'fr' })
    t.equal(english.headers.get('content-language'), 'en')
    t.match(english.text, /1–25 of 30/)
    t.match(english.text, /<h1>Trees<\/h1>/)
    t.equal((await get(`${items}?f=html`, { 'accept-language': 'de' })).headers.get('content-language'), 'en')
  })

  t.test('show values as they are', async t => {
    const { text } = await get(`${items}?f=html&lang=en`)
    t.match(text, /9223372036854775807/, 'all digits of a big integer')
    t.match(text, /<time>2024-02-01<\/time>/)
    t.match(text, /<span class="null" title="no value">–<\/span>/)
    t.match(text, /<a href="https:\/\/example\.org\/a\?b=1&#38;c=2" rel="noopener nofollow">/, 'an address is a link')
    t.equal(text.match(/<a href="[^"]*example\.org/g)?.length, 9, 'of 25 rows, those with a whole address, and no other')
    t.match(text, /<details><summary>texte trop long [^<]{0,90}…<\/summary>[^<]*fin<\/details>/, 'a long text is cut, and there')
    t.match(text, /Essence de l’arbre &#60;i&#62; <small>essence<\/small>/, 'a comment is the heading')
    t.equal(text.match(/<tr data-row=/g)?.length, 25)
  })

  t.test('escape all that comes from data, names and requests (T-62)', async t => {
    const said = encodeURIComponent(evil)
    for (const query of [
      '',
      `&essence=${said}`,
      `&q=${said}`,
      `&filter=${said}`,
      `&sortby=${said}`,
      `&bbox=${said}`,
      `&datetime=${said}`,
      `&${said}=1`,
      `&lang=${said}`,
      `&limit=${said}`,
      `&crs=${said}`,
      `&cursor=${said}`,
    ])
      requireHarmless(t, await get(`${items}?f=html${query}`), query)
    for (const path of [
      `${items}/0-3?f=html`,
      `${items}/${said}?f=html`,
      `/collections/${said}?f=html`,
      `/collections/${said}/items?f=html`,
      '/collections/arbres?f=html',
      '/collections?f=html',
      '/api?f=html',
      '/conformance?f=html&lang=fr',
      '/functions?f=html',
      '/collections/arbres/schema?f=html',
      '/collections/arbres/queryables?f=html',
      '/collections/arbres/aggregate?f=html&group-by=essence',
      '/collections/arbres/distinct?f=html&property=essence',
    ])
      requireHarmless(t, await get(path), path)
    t.match((await get(`${items}?f=html&essence=${said}`)).text, /1–10 of 10/, 'such a value can be asked for')
  })

  t.test('sort, page and filter by links and a form that need no script', async t => {
    const linked = async (page: Page, pattern: RegExp) => {
      const [, href = ''] = pattern.exec(page.text) ?? []
      t.not(href, '', String(pattern))
      return get(href.replaceAll('&#38;', '&').replace(server.address, ''))
    }
    const ids = ({ text }: Page) => [...text.matchAll(/data-id="0-(\d+)"/g)].map(([, id]) => Number(id))
    const first = await get(`${items}?f=html`)
    const next = await linked(first, /<a rel="next" href="([^"]+)"/)
    t.match(next.text, />26–30 of 30</)
    t.same(ids(await linked(next, /<a rel="prev" href="([^"]+)"/)), ids(first), 'and back')
    t.match(next.text, /[?&;]cursor=/, 'by cursor')
    t.notMatch(next.text, /rel="next"/)
    t.same(
      [...ids(first), ...ids(next)],
      Array.from({ length: 30 }, (_, i) => i + 1),
      'the two pages are all of it',
    )
    const sorted = await linked(first, /<a href="([^"]+)" title="[^"]*">grand/)
    t.match(sorted.text, /aria-sort="ascending"/)
    const down = await linked(sorted, /<a href="([^"]+)" title="[^"]*">grand/)
    t.match(down.text, /aria-sort="descending"/)
    t.equal(ids(down)[0], 1, 'the greatest is in the first row of the table')
    const previous = await linked(await get(`${items}?f=html&limit=10&offset=20`), /<a rel="prev" href="([^"]+)"/)
    t.same(ids(previous), [11, 12, 13, 14, 15, 16, 17, 18, 19, 20])
    // as a form without script sends it: what is empty, too
    const filtered = await get(`${items}?f=html&q=&essence=Ch%C3%AAne&grand=&jour=&ouvert=true&bbox=&filter=grand+%3E+10&limit=25`)
    t.same(ids(filtered), [17, 23, 29])
    t.match(filtered.text, /essence: <b>Chêne<\/b>/)
    t.match(filtered.text, /<option value="true" selected>/)
    t.match(filtered.text, /<input type="date" name="jour" value="">/)
    t.match(filtered.text, /<input type="number" step="1" name="grand" value="">/)
  })

  t.test('offer exactly what is selected in every format that can hold it', async t => {
    const { text } = await get(`${items}?f=html&essence=%C3%89rable`)
    const files = [...text.matchAll(/<a href="([^"]+)" download>([^<]+)</g)].map(([, href, title]) => [
      title,
      href.replaceAll('&#38;', '&'),
    ])
    t.ok(files.length >= 10, `there are ${files.length}`)
    for (const [title, href] of files) t.equal((await fetch(href)).status, 200, title)
    const csv = files.find(([title]) => title === 'CSV')?.[1] ?? ''
    t.equal((await (await fetch(csv)).text()).split('\r\n').length, 1 + 10 + 1, 'all ten, not a page')
    const without = await get(`${items}?f=html&skip-geometry=true`)
    t.notMatch(without.text, />GPX</, 'what cannot hold it is not offered')
  })

  t.test('what is wrong is told on the page, the form still there', async t => {
    const wrong = await get(`${items}?f=html&filter=essenc+%3D+1`)
    t.equal(wrong.status, 400)
    t.match(wrong.text, /role="alert">[^<]*essence/)
    t.match(wrong.text, />essenc = 1<\/textarea>/)
    t.equal((await get(`${items}/0-99?f=html`)).status, 404)
    t.equal((await get('/collections/nowhere/items?f=html')).status, 404)
    t.equal((await get('/collections/nowhere?f=html')).headers.get('content-type'), 'text/html; charset=utf-8')
  })

  t.test('what is wrong is told in French to who reads French, and to programs in English', async t => {
    const wrong = [
      ...[
        'filter=essenc+%3D+1',
        'filter=essence+%3D+1',
        'filter=grand+%3E',
        'filter=grand+LIKE+%27a%25%27',
        'filter=grand+%3E+%27x%27',
        'filter=essence+%3D+%27Ch',
        'filter=NULL+%3D+essence',
        'filter=DATE(%272024-13-45%27)+%3C+jour',
        'filter=S_INTERSECTS(essence,POINT(1+2))',
        'filter=S_INTERSECTS(geom,BBOX(1,2))',
        'filter=S_INTERSECTS(geom,POINT(1000+2000))',
        'filter=essence+IN+()',
        'filter=FOO(grand)+%3D+1',
        'filter=UPPER(essence,grand)+%3D+1',
        'filter=geom+%3D+1',
        'filter=5',
        `filter=${'('.repeat(300)}`,
        'filter={%22op%22:%22=%22}',
        'filter={%22op%22',
        'filter=a&filter-lang=sql',
        'filter-crs=EPSG:99999&filter=essence+%3D+%27a%27',
        'limit=0',
        'limit=ten',
        'limit=-1',
        'offset=-5',
        'offset=1e9',
        'offset=99999999999',
        'bbox=1,2,3',
        'bbox=1,5,3,2',
        'bbox=1,200,3,400',
        'datetime=yesterday',
        'datetime=2024-02-01/2024-01-01',
        'datetime=1/2/3',
        'grand=beaucoup',
        'jour=hier',
        'ouvert=peut-etre',
        'sortby=haut',
        'sortby=,',
        `sortby=${'grand,'.repeat(20)}essence`,
        'sortby=geom',
        'properties=haut',
        'q=%20',
        'cursor=abc',
        'crs=EPSG:99999',
        'essenc=Ch%C3%AAne',
        'nothinglikeit=1',
        'zoom-level=99',
      ].map(query => `${items}?${query}`),
      `${items}/0-99?`,
      `${items}/0-1?foo=1`,
      '/collections/arbre/items?',
      '/collections/nowhere?',
      '/collections/nowhere/schema?',
      '/collections/arbres/map/tiles/Nowhere?',
      '/collections/arbres/schema?limit=1',
    ]
    // nothing of it is in what was asked, nor in names of this server and of CQL2, which are in capitals
    const english = /\b([Tt]he|is|are|not|would|[Tt]here|[Tt]his|has|have|wants|[Nn]o|here|with|than|[Nn]ear|be|of|at|its|and)\b/
    for (const path of wrong) {
      const { text, status, headers } = await get(`${path}&f=html`, { 'accept-language': 'fr-FR,fr;q=0.9,en;q=0.5' })
      const [, said = ''] = /role="alert">([^<]*)</.exec(text) ?? []
      t.equal(headers.get('content-language'), 'fr')
      t.notMatch(said, english, `${path}: ${said}`)
      const document = await get(`${path}&f=json`, { 'accept-language': 'fr' })
      // where JSON has another limit than the page, both are right
      if (status < 400 && !said) continue
      t.match(said, /\p{L}{3}/u, path)
      if (document.status < 400) continue
      t.match(JSON.parse(document.text).detail, english, `${path}: JSON`)
      t.equal(document.status, status, path)
    }
    const near = await get(`${items}?f=html&lang=fr&filter=essenc+%3D+1`)
    t.match(near.text, /role="alert">« filter » ne peut pas être demandé ici\. Il n’y a pas de propriété “essenc” ici\. Proche : essence/)
    t.match((await get('/collections/arbre?f=html&lang=fr')).text, /Il n’y a pas de collection « arbre » ici ; arbres en est proche\./)
    t.match((await get('/?f=html&lang=fr')).text, /<li class="error">/)
  })

  t.test('a feature: all values, every form, and how it is changed by who may', async t => {
    const { text } = await get(`${items}/0-2?f=html`)
    t.match(text, new RegExp(`${'texte trop long '.repeat(40)}fin`), 'the whole text')
    t.match(text, /f=gpkg/)
    t.notMatch(text, /curl/)
    t.match(text, /data-features="http[^"]*\/items\/0-2\?f=geojson"/)
  })

  t.test('every page that documents speak of is there, in every view', async t => {
    interface Linked {
      readonly links?: readonly { readonly href: string; readonly type?: string }[]
      readonly collections?: readonly Linked[]
    }
    const asked = new Set<string>()
    const addresses = (document: Linked): string[] => [
      ...(document.links ?? []).flatMap(({ href, type }) => (type === 'text/html' && href.startsWith(server.address) ? [href] : [])),
      ...(document.collections ?? []).flatMap(addresses),
    ]
    for (const view of ['', '/parcs', '/datasets/arbres'])
      for (const path of ['/?f=json', '/collections', '/collections/arbres', items, `${items}/0-1`])
        for (const href of addresses(JSON.parse((await get(view + path)).text))) asked.add(href)
    t.ok(asked.size >= 15, `${asked.size} pages`)
    for (const href of asked) {
      const page = await get(href.slice(server.address.length))
      t.equal(page.status, 200, href)
      t.match(page.headers.get('content-type'), 'text/html', href)
    }
    const { text } = await get(`/parcs${items}?f=html`)
    t.match(text, `data-wms="${server.address}/parcs/wms"`)
    t.match(text, `data-features="${server.address}/parcs${items}?f=geojson&#38;limit=25"`)
  })

  t.test('the API page names operations, parameters and addresses that answer', async t => {
    const { text } = await get('/api?f=html')
    t.match(text, /<code>\/collections\/{collectionId}\/items<\/code>/)
    t.match(text, /<th scope="row">sortby<\/th>/)
    for (const [, href] of text.matchAll(/: <a href="([^"]+)">http/g))
      t.ok([200, 400, 404, 501].includes((await fetch(href.replaceAll('&#38;', '&'))).status), href)
  })

  t.same(
    server.log.filter(({ level }) => level >= 40),
    [],
  )
})
