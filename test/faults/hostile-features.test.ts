import t from 'tap'
import { nastyValues } from '../fuzz/nasty-words.js'
import { nativeWorld, troubles } from '../support/native-world.js'
import { withoutPrivatePostgres } from '../support/private-postgres.js'

const injections = [
  "' OR '1'='1", "'; DROP TABLE parcels; --", '"; DROP TABLE parcels; --', '1; DELETE FROM parcels', "x' UNION SELECT current_user --", '$1', '$$', "\\' OR 1=1 --", 'a"b', 'pg_sleep(60)', '(SELECT pg_sleep(60))',
  "1' AND pg_sleep(60) IS NULL --", 'name::regclass', 'ctid', '@id', 'tableoid', 'U&"\\0027"', '＇ OR 1=1', '/**/', '\0', "a\0'", '%', '_', '\\', '{', 'name\tOR\n1=1',
] // biome-ignore format: a list to be read across
const nested = (depth: number) => `${'NOT ('.repeat(depth)}id=1${')'.repeat(depth)}`
const called = (times: number, head: string, tail: string) => `${head.repeat(times)}name${tail.repeat(times)}='x'`
const bombs = [
  nested(50_000), '('.repeat(100_000), `${'{"op":"not","args":['.repeat(8000)}1${']}'.repeat(8000)}`, Array(20_000).fill('id=1').join(' OR '), `id IN (${Array(60_000).fill('1').join(',')})`, `name LIKE '${'%a'.repeat(5000)}'`,
  `name = '${'x'.repeat(200_000)}'`, `S_INTERSECTS(geom,LINESTRING(${Array(20_000).fill('1 1').join(',')}))`, called(50, 'casei(', ')'), called(25, 'casei(accenti(', '))'), called(50, 'accenti(', ')'),
  called(50, 'lower(', ')'), called(25, 'replace(', ",'a','aaaaaaaaaaaaaaaaa')"), called(10, 'concat(name,', ')'), called(8, 'lpad(', ",10000,'é')"),
] // biome-ignore format: as above

/** Where each value is put. */
const places: readonly ((value: string) => string)[] = [
  ...['filter', 'q', 'sortby', 'properties', 'exclude-properties', 'bbox', 'bbox-crs', 'crs', 'datetime', 'cursor', 'limit', 'offset', 'name', 'id', 'f', 'zoom-level', 'max-allowable-offset'].map(
    parameter => (value: string) => `/collections/parcels/items?${parameter}=${value}`,
  ),
  value => `/collections/parcels/items?${value}=1`,
  value => `/collections/parcels/items?filter=name='${value}'`,
  value => `/collections/parcels/items?filter=name+LIKE+'${value}'`,
  value => `/collections/parcels/items/${value}`,
  value => `/collections/${value}/items`,
  value => `/collections/parcels/aggregate?group-by=${value}`,
  value => `/collections/parcels/aggregate?measures=${value}`,
  value => `/collections/parcels/aggregate?group-by=name&time-zone=${value}`,
  value => `/collections/parcels/distinct?property=${value}`,
  value => `/collections/parcels/distinct?property=name&prefix=${value}`,
  value => `/files/exports/${value}.csv`,
  value => `/files/exports/parcels.${value}`,
] // biome-ignore format: as above

// Promised: whatever a parameter or a name says, it is a value and no SQL; the answer is what was asked or a problem that tells nothing of the inside.
t.test('hostile requests over PostgreSQL', { skip: withoutPrivatePostgres }, async t => {
  const world = await nativeWorld()
  t.teardown(() => world.remove())
  const server = await world.serve()
  t.teardown(() => server.stop())
  const wrong: string[] = []
  let asked = 0
  const ask = async (path: string) => {
    asked++
    const answer = await fetch(`${server.address}${path}`, { signal: AbortSignal.timeout(120_000) })
    const body = await answer.text()
    const isProblem = answer.headers.get('content-type') === 'application/problem+json'
    const says = isProblem ? (JSON.parse(body) as { status: number; detail: string }) : undefined
    const isRight = answer.status < 300 ? !isProblem : answer.status < 500 && says?.status === answer.status && says.detail.length > 0
    const told = /SQLSTATE|syntax error at|\bSELECT .* FROM |pg_catalog|node_modules|\.js:\d|\/tmp\//.exec(
      says?.detail.replaceAll('current_user', '') ?? '',
    )
    if (!isRight || told) wrong.push(`${answer.status} ${path.slice(0, 200)}: ${body.slice(0, 300)}`)
    return { status: answer.status, body }
  }

  for (const value of [...injections, ...nastyValues]) {
    const encoded = encodeURIComponent(value.replace(/\p{Surrogate}/gu, ''))
    await Promise.all(places.map(place => ask(place(encoded))))
  }
  t.same(wrong.splice(0), [], `${asked} requests`)

  for (const bomb of bombs) {
    const { status } = await ask(`/collections/parcels/items?filter=${encodeURIComponent(bomb).replaceAll('%20', '+')}`)
    if (status >= 500 && status !== 501) wrong.push(`${status} ${bomb.slice(0, 40)}`)
  }
  // not UTF-8, and the same thing twice
  for (const place of places) for (const value of ['%ff%fe', '%c3%28', '%zz']) await ask(place(value))
  for (const name of ['f', 'limit', 'bbox', 'filter', 'crs', 'cursor', 'name']) await ask(`/collections/parcels/items?${name}=1&${name}=2`)
  t.same(wrong, [], `${asked} requests`)

  const every = JSON.parse((await ask(`/collections/parcels/items?f=geojson&limit=1&name=${encodeURIComponent("' OR '1'='1")}`)).body) as {
    numberMatched: number
  }
  t.equal(every.numberMatched, 0, 'it is a value, and nothing has it')
  t.equal(world.sql('SELECT count(*) FROM parcels').trim(), '400', 'nothing was changed')
  t.same(troubles(server), [], 'nothing was logged as an error')
})
