import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { featuresWorld, places } from '../../support/features-world.js'
import { runServer } from '../../support/running-server.js'

type Row = Readonly<Record<string, number>> & Readonly<{ extent: readonly number[]; 'year(jour)': string | null }>
interface Answer {
  readonly rows: readonly Row[]
  readonly groups: readonly { readonly width: number }[]
  readonly measures: readonly { readonly function: string }[]
  readonly values: readonly { readonly value: string | null; readonly count: number }[]
  readonly property: string
  readonly hasMore: boolean
  readonly numberReturned: number
}

t.test('groups of features, and values of a property', async t => {
  const world = await featuresWorld()
  t.teardown(() => world.stop())
  const ask = (path: string) => fetch(`${world.address}/collections/${path}`)
  const get = async (path: string) => {
    const answer = await ask(path)
    t.equal(answer.status, 200, path)
    return (await answer.json()) as Answer
  }
  const refused = async (path: string, message: RegExp, status = 400) => {
    const answer = await ask(path)
    t.equal(answer.status, status, path)
    t.equal(answer.headers.get('content-type')?.split(';')[0], 'application/problem+json')
    t.match(((await answer.json()) as { detail: string }).detail, message, path)
  }

  await t.test('the number of features is what is told where nobody asks for more', async t => {
    t.match(await get('lieux/aggregate'), {
      collection: 'lieux',
      groups: [],
      measures: [{ name: 'count', function: 'count' }],
      numberReturned: 1,
      hasMore: false,
      rows: [{ count: 60 }],
    })
    t.same((await get('table/aggregate')).rows, [{ count: 2 }])
    t.same(
      (await get('lieux/aggregate?bbox=0,0,180,90')).rows[0].count,
      places.filter(({ at }) => !at || (at[0] >= 0 && at[1] >= 0)).length,
      'those without geometry are in every box',
    )
  })

  await t.test('months of a year, with sums and extents', async t => {
    const { rows, groups, measures } = await get(
      'lieux/aggregate?group-by=year(jour)&measures=count,sum(code),median(code),extent&time-zone=Europe/Paris',
    )
    t.match(groups, [{ name: 'year(jour)', property: 'jour', interval: 'year', timeZone: 'Europe/Paris' }])
    t.same(
      measures.map((one: { function: string }) => one.function),
      ['count', 'sum', 'percentile', 'extent'],
    )
    for (const row of rows) {
      const year = row['year(jour)']?.slice(0, 4) ?? null
      const own = places.filter(({ jour }) => (jour?.slice(0, 4) ?? null) === year)
      t.equal(row.count, own.length, String(year))
      t.equal(
        row['sum(code)'],
        own.reduce((sum, { code }) => sum + code, 0),
      )
      const at = own.flatMap(place => (place.at ? [place.at] : []))
      const box = [
        Math.min(...at.map(([x]) => x)),
        Math.min(...at.map(([, y]) => y)),
        Math.max(...at.map(([x]) => x)),
        Math.max(...at.map(([, y]) => y)),
      ]
      t.ok(
        box.every((side, i) => Math.abs(side - row.extent[i]) < 1e-9),
        JSON.stringify(row.extent),
      )
    }
    t.equal(rows.length, new Set(places.map(({ jour }) => jour?.slice(0, 4))).size)
    const squares = (await get('carres/aggregate?measures=extent')).rows[0].extent
    t.ok(squares[0] > 5.9 && squares[2] < 6.3 && squares[1] > 48.9 && squares[3] < 49.2, 'extents are in longitude and latitude')
  })

  await t.test('histograms, orders and limits', async t => {
    const { rows } = await get('lieux/aggregate?group-by=width(code,20)')
    t.same(rows, [
      { 'width(code,20)': 0, count: 19 },
      { 'width(code,20)': 20, count: 20 },
      { 'width(code,20)': 40, count: 20 },
      { 'width(code,20)': 60, count: 1 },
    ])
    const bins = await get('lieux/aggregate?group-by=bins(code,10)')
    t.ok(bins.rows.length <= 10 && bins.groups[0].width === 10, JSON.stringify(bins.groups))
    const top = await get('lieux/aggregate?group-by=nom&measures=count,max(code)&sortby=-max(code)&limit=3')
    t.same(
      top.rows.map(row => row['max(code)']),
      [60, 59, 58],
    )
    t.equal(top.hasMore, true)
    t.equal(top.numberReturned, 3)
  })

  await t.test('CSV has the same rows', async t => {
    const answer = await ask('lieux/aggregate?group-by=nom&q=forêt&sortby=nom&limit=2&f=csv&measures=count,extent')
    t.match(answer.headers.get('content-type'), /^text\/csv/)
    const lines = (await answer.text()).split('\r\n')
    t.equal(lines[0], 'nom,count,extent.minx,extent.miny,extent.maxx,extent.maxy')
    t.match(lines[1], /^Forêt d'Étain 0,1,-179\.5,-80,-179\.5,-80$/)
    t.equal(lines.length, 4)
  })

  await t.test('values of a property', async t => {
    const { values, property, hasMore } = await get('lieux/distinct?property=NOM&prefix=FOR%C3%8AT')
    t.same(
      values.map(({ value }) => value).sort(),
      places
        .filter(({ nom }) => nom.startsWith('Forêt'))
        .map(({ nom }) => nom)
        .sort(),
    )
    t.same([property, hasMore, values[0].count], ['nom', false, 1])
    const days = await get('lieux/distinct?property=jour&limit=1')
    t.same(days.values, [{ value: null, count: places.filter(({ jour }) => jour === null).length }], 'null is a value, the commonest first')
    t.equal(days.hasMore, true)
    t.same((await get('lieux/distinct?property=nom&prefix=%25')).values, [], 'a prefix is no pattern')
    t.same((await get('lieux/distinct?property=nom&filter=code<3&sortby=value')).values.length, 2)
    t.equal(await (await ask('table/distinct?property=libelle&sortby=-value&f=csv')).text(), 'value,count\r\nun,1\r\ndeux,1\r\n')
  })

  await t.test('the document of the API speaks of both, and their addresses answer what it says', async t => {
    const { paths } = (await (await ask('../api')).json()) as {
      paths: Record<string, { get: { responses: { 200: { content: object } } } }>
    }
    for (const [name, query] of [['aggregate', 'group-by=nom'], ['distinct', 'property=nom']] as const) // biome-ignore format: a table
      for (const form of ['json', 'csv', 'html']) {
        const answer = await ask(`lieux/${name}?${query}&f=${form}`)
        t.equal(answer.status, 200)
        const types = Object.keys(paths[`/collections/{collectionId}/${name}`].get.responses[200].content)
        t.ok(types.includes(answer.headers.get('content-type')!.split(';')[0]), `${name} ${form}`)
      }
  })

  await t.test('what is not understood is refused, with what would have worked', async () => {
    await refused('lieux/aggregate?groupby=nom', /Near it are group-by/)
    await refused('lieux/aggregate?group-by=non', /nom/)
    await refused('lieux/aggregate?group-by=mounth(jour)', /month is near it/)
    await refused('lieux/aggregate?measures=somme(code)', /sum/)
    await refused('lieux/aggregate?measures=sum', /name of a property/)
    await refused('lieux/aggregate?measures=percentile(code)', /and a number/)
    await refused('lieux/aggregate?measures=percentile(code,x)', /0 to 1/)
    await refused('lieux/aggregate?measures=sum(nom)', /code/)
    await refused('lieux/aggregate?limit=0', /1 to 100000/)
    await refused('lieux/aggregate?f=png', /json, csv/)
    await refused('lieux/aggregate?group-by=month(jour)&time-zone=Paris', /Europe\/Paris/)
    await refused('lieux/distinct', /property=fid would work/)
    await refused('lieux/distinct?property=non', /property cannot.*nom/)
    await refused('lieu/distinct?property=nom', /lieux is near it/, 404)
    for (const text of ["';DROP TABLE lieux--", '")) OR ((1=1', 'a"b', '((((', '\u0000']) {
      for (const parameter of ['group-by', 'measures', 'sortby', 'time-zone'])
        await refused(`lieux/aggregate?group-by=day(jour)&${parameter}=${encodeURIComponent(text)}`, /./)
      await get(`lieux/distinct?property=nom&prefix=${encodeURIComponent(text)}`)
    }
  })
})

t.test('many groups come in pieces, all of them, in both forms; a page for people shows the first of them', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'arpent-groups-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const count = 30_000
  const lines = Array.from({ length: count }, (_, i) => `${i};parcelle numéro ${i}`)
  writeFileSync(join(folder, 'nombreux.csv'), `numero;nom\n${lines.join('\n')}\n`)
  const server = await runServer([folder])
  t.teardown(() => server.stop())
  const ask = (query: string) => fetch(`${server.address}/collections/nombreux/aggregate?${query}`)
  for (const form of ['json', 'csv']) {
    const answer = await ask(`group-by=nom,numero&limit=100000&f=${form}`)
    t.equal(answer.status, 200)
    t.equal(answer.headers.get('etag'), null, 'it begins before its end is known')
    const text = await answer.text()
    if (form === 'csv') t.equal(text.split('\r\n').length, 1 + count + 1)
    else {
      const { rows, numberReturned, hasMore } = JSON.parse(text) as Answer
      t.same([rows.length, numberReturned, hasMore], [count, count, false])
      t.equal(new Set(rows.map(row => row.numero)).size, count)
    }
  }
  const some = (await (await ask(`group-by=nom,numero&limit=${count - 1}`)).json()) as Answer
  t.same([some.rows.length, some.hasMore], [count - 1, true])
  const page = await (await ask('group-by=numero&limit=20000&f=html')).text()
  t.ok(page.includes('<table') && page.length < 2_000_000, `${page.length} characters`)
})
