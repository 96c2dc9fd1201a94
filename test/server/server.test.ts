import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import type { Renderer } from '#core/ports.js'
import { fakeImage, smallServer } from '../support/small-server.js'
import { until } from '../support/until.js'

const getMap =
  'service=WMS&version=1.3.0&request=GetMap&layers=arbres&styles=&crs=EPSG:2154&bbox=770000,6279000,770200,6279200&width=100&height=100&format=image/png'

t.test('every answer, errors included, may be read by pages of other hosts (T-24)', async t => {
  const server = await smallServer()
  t.teardown(() => server.close())
  for (const path of [
    '/',
    '/wms?service=WMS&request=GetCapabilities',
    '/wms?service=WMS&request=Nonsense',
    '/nowhere',
    '/health/ready',
    '/datasets/none/wms',
  ]) {
    const answer = await fetch(server.address + path)
    await answer.arrayBuffer()
    t.equal(answer.headers.get('access-control-allow-origin'), '*', path)
    t.equal(answer.headers.get('x-content-type-options'), 'nosniff', path)
  }
  const preflight = await fetch(`${server.address}/wms`, {
    method: 'OPTIONS',
    headers: { origin: 'https://carte.example', 'access-control-request-headers': 'authorization' },
  })
  t.equal(preflight.status, 204)
  t.match(preflight.headers.get('access-control-allow-headers'), /authorization/i, 'M15: Basic authentication from a script')
  t.same(
    server.log.filter(({ level }) => level > 30),
    [],
    'no warning or error was logged',
  )
})

t.test('HEAD answers like GET without a body, with or without a trailing slash (T-23, T-35)', async t => {
  const server = await smallServer()
  t.teardown(() => server.close())
  for (const path of ['/', `/wms?${getMap}`, `/wms/?${getMap}`, '/health/live', '/health/live/', '/datasets/arbres', '/datasets/arbres/']) {
    const headers = { 'accept-encoding': 'identity' }
    const [get, head] = await Promise.all([
      fetch(server.address + path, { headers }),
      fetch(server.address + path, { method: 'HEAD', headers }),
    ])
    const body = await get.arrayBuffer()
    t.equal(get.status, 200, path)
    t.equal(head.status, 200, path)
    t.equal(Number(head.headers.get('content-length')), body.byteLength, `${path}: the length of what GET would send`)
    t.equal((await head.arrayBuffer()).byteLength, 0)
    t.equal(head.headers.get('etag'), get.headers.get('etag'))
  }
})

t.test('validators: an answer the client has already is 304, in whatever coding it came', async t => {
  const server = await smallServer()
  t.teardown(() => server.close())
  const url = `${server.address}/wms?service=WMS&request=GetCapabilities`
  const first = await raw(url, { 'accept-encoding': 'gzip' })
  t.equal(first.status, 200)
  t.equal(first.headers['content-encoding'], 'gzip')
  t.match(gunzipSync(first.body).toString(), /<WMS_Capabilities/)
  t.equal((await raw(url, { 'accept-encoding': 'gzip', 'if-none-match': String(first.headers.etag) })).status, 304)
  t.equal((await raw(url, { 'if-none-match': String(first.headers.etag) })).status, 304)
  t.equal((await raw(url, { 'if-none-match': '"other"' })).status, 200)
  const error = await raw(`${server.address}/wms?service=WMS&request=Nonsense`, {})
  t.equal(error.headers['cache-control'], 'no-store', 'errors are not kept')
  t.equal(error.headers.etag, undefined)
})

t.test('Server-Timing tells the parts of the work', async t => {
  const server = await smallServer()
  t.teardown(() => server.close())
  const answer = await fetch(`${server.address}/wms?${getMap}`)
  t.same(Buffer.from(await answer.arrayBuffer()), fakeImage)
  t.match(answer.headers.get('server-timing'), /draw;dur=1\.5.*total;dur=/)
})

t.test('spaces and datasets have endpoints of their own', async t => {
  const server = await smallServer({ publicUrl: 'https://geo.example/sig/' })
  t.teardown(() => server.close())
  for (const [path, base] of [
    ['/parcs/wms', 'https://geo.example/sig/parcs/wms'],
    ['/datasets/arbres/wms', 'https://geo.example/sig/datasets/arbres/wms'],
    ['/wms', 'https://geo.example/sig/wms'],
    ['/parcs/ows', 'https://geo.example/sig/parcs/'],
  ]) {
    const text = await (await fetch(`${server.address}${path}?service=WMS&request=GetCapabilities`)).text()
    t.ok(text.includes(base), `${path} says ${base}`)
    t.match(text, /<Name>arbres<\/Name>/)
    t.notMatch(text, /127\.0\.0\.1/)
  }
  t.equal((await fetch(`${server.address}/parcs/nowhere`)).status, 404)
  t.equal((await fetch(`${server.address}/%E0%A4%A/wms`)).status >= 400, true, 'a path that is not UTF-8')
})

t.test('the landing page speaks HTML and JSON, French and English, and escapes', async t => {
  const server = await smallServer()
  t.teardown(() => server.close())
  const page = async (path: string, headers: Record<string, string>) => fetch(server.address + path, { headers })
  const french = await page('/', { accept: 'text/html', 'accept-language': 'fr-FR,fr' })
  t.match(french.headers.get('content-security-policy'), /default-src 'none'/)
  t.equal(french.headers.get('content-language'), 'fr')
  const text = await french.text()
  t.match(text, /Arbres/)
  t.match(text, /Trees &#38; &#60;more&#62;/)
  t.match(text, /It is not a TIFF\./, 'what was left out is reported')
  t.match(await (await page('/', { accept: 'text/html', 'accept-language': 'en' })).text(), /Show on the map/)
  t.match(await (await page('/?q=zzz', { accept: 'text/html', 'accept-language': 'en' })).text(), /No dataset matches/)
  t.notMatch(await (await page('/?q=%22%3E%3Cscript%3Ealert(1)', { accept: 'text/html' })).text(), /<script>alert/, 'T-62')
  const json = (await (await page('/', { accept: 'application/json' })).json()) as { links: { rel: string; href: string; type: string }[] }
  t.ok(
    json.links.every(({ href, type }) => href.startsWith(server.address) && type),
    'T-45: links are absolute and typed',
  )
  for (const { href, rel } of json.links) t.equal((await fetch(href)).status, 200, `the link ${rel} leads somewhere`)
  t.equal((await page('/web/..%2Fpackage.json', {})).status, 404)
  t.equal((await page('/web/page.css', {})).headers.get('content-type'), 'text/css; charset=utf-8')
  t.equal((await page('/preview/arbres', {})).headers.get('content-type'), 'image/png')
  t.equal((await page('/preview/none', {})).status, 404)
})

t.test('health: live, and degraded with the names of what is left out', async t => {
  const server = await smallServer()
  t.teardown(() => server.close())
  t.same(await (await fetch(`${server.address}/health/live`)).json(), { status: 'live' })
  t.match(await (await fetch(`${server.address}/health/ready`)).json(), {
    status: 'degraded',
    collections: 1,
    leftOut: [{ source: 'broken.tif', reasons: ['It is not a TIFF.'] }],
  })
})

t.test('bad HTTP is answered politely', async t => {
  const server = await smallServer({ limits: { bodyBytes: 1000 } })
  t.teardown(() => server.close())
  const large = await fetch(`${server.address}/wms`, { method: 'POST', body: 'x'.repeat(2000), headers: { 'content-type': 'text/xml' } })
  t.equal(large.status, 413)
  t.match(await large.json(), { status: 413, detail: /1000 bytes/ })
  // RFC 9110, 15.5.6: what is there and cannot be done so says what can
  for (const [path, method, allow] of [
    ['wms?service=WMS&request=GetCapabilities', 'DELETE', 'GET, HEAD, POST, OPTIONS'],
    ['conformance', 'POST', 'GET, HEAD, OPTIONS'],
    ['collections/arbres/schema', 'PUT', 'GET, HEAD, OPTIONS'],
    ['collections/arbres/items', 'DELETE', 'GET, HEAD, POST, OPTIONS'],
    ['collections/arbres/items/1', 'POST', 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS'],
  ] as const) {
    const wrong = await fetch(`${server.address}/${path}`, { method })
    const said = [wrong.status, wrong.headers.get('allow'), wrong.headers.get('content-type')]
    t.same(said, [405, allow, 'application/problem+json'], `${method} ${path}: ${await wrong.text()}`)
  }
  t.equal((await fetch(`${server.address}/wms?${'x'.repeat(100_000)}`)).status >= 400, true)
  const form = await fetch(`${server.address}/wms`, {
    method: 'POST',
    body: getMap,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  t.same(Buffer.from(await form.arrayBuffer()), fakeImage, 'KVP by POST')
  t.same(
    server.log.filter(({ level }) => level > 30),
    [],
    'no warning or error was logged',
  )
})

t.test('a failure inside tells the client nothing and the log everything', async t => {
  const renderer: Renderer = {
    draw: async () => {
      throw new Error('password=hunter2 at /srv/secret')
    },
  }
  const server = await smallServer({ renderer })
  t.teardown(() => server.close())
  const answer = await fetch(`${server.address}/wms?${getMap}&token=abc`, { headers: { 'x-request-id': 'my-id-1' } })
  t.equal(answer.status, 500)
  t.equal(answer.headers.get('x-request-id'), 'my-id-1')
  t.notMatch(await answer.text(), /hunter2|secret/)
  t.ok(
    server.log.some(({ level }) => level === 50),
    'it was logged',
  )
  t.notMatch(JSON.stringify(server.log.filter(({ msg }) => msg === 'answered')), /abc/, 'secrets in addresses are not')
})

t.test('the signal of a request reaches the renderer: when the client leaves, and at the deadline', async t => {
  const reasons: string[] = []
  let started = () => {}
  const renderer: Renderer = {
    draw: (_job, signal) =>
      new Promise((_resolve, reject) => {
        started()
        signal?.addEventListener('abort', () => {
          reasons.push((signal.reason as Error).name)
          reject(signal.reason)
        })
      }),
  }
  const [server, hurried] = await Promise.all([60, 1].map(requestSeconds => smallServer({ renderer, limits: { requestSeconds } })))
  t.teardown(() => Promise.all([server.close(), hurried.close()]))
  const underWay = new Promise<void>(resolve => {
    started = resolve
  })
  const request = httpRequest(`${server.address}/wms?${getMap}`)
  request.on('error', () => {})
  request.end()
  await underWay
  request.destroy()
  while (reasons.length === 0) await new Promise(resolve => setTimeout(resolve, 5))
  t.same(reasons, ['AbortError'])
  const late = await fetch(`${hurried.address}/wms?${getMap}`)
  t.equal(late.status, 503)
  t.match(await late.text(), /longer than this server allows/)
  t.same(reasons, ['AbortError', 'TimeoutError'])
})

t.test('closing finishes what runs and takes nothing new', async t => {
  let finish = () => {}
  let started = () => {}
  const renderer: Renderer = {
    draw: () => {
      started()
      return new Promise(resolve => {
        finish = () => resolve({ mediaType: 'image/png', bytes: fakeImage, timings: {} })
      })
    },
  }
  const server = await smallServer({ renderer })
  const underWay = new Promise<void>(resolve => {
    started = resolve
  })
  const answer = raw(`${server.address}/wms?${getMap}`, {})
  await underWay
  const closed = server.close()
  const isRefused = () =>
    new Promise<boolean>(resolve => {
      const socket = connect(Number(new URL(server.address).port), '127.0.0.1')
      socket.once('connect', () => resolve(false)).once('error', () => resolve(true))
      socket.once('connect', () => socket.destroy())
    })
  t.ok(await until(isRefused), 'new connections are refused')
  finish()
  t.same((await answer).body, fakeImage)
  await closed
})

t.test('closing does not wait for a connection that nothing was sent over', async t => {
  const server = await smallServer()
  const silent = connect(Number(new URL(server.address).port), '127.0.0.1').on('error', () => {})
  await new Promise(resolve => silent.once('connect', resolve))
  // so that the server has the connection, too
  await (await fetch(`${server.address}/health/live`)).arrayBuffer()
  const ended = new Promise(resolve => silent.once('close', resolve))
  // longer than a test may take
  await server.close(3600)
  await ended
  t.pass()
})

/** A request with exactly these headers; `fetch` decompresses and adds its own. */
function raw(url: string, headers: Record<string, string>): Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { headers }, answer => {
      const chunks: Buffer[] = []
      answer
        .on('data', chunk => chunks.push(chunk))
        .on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }))
    })
      .on('error', reject)
      .end()
  })
}

t.test('what is wrong with a long address is told in the form that was asked for; one without end is not read', async t => {
  const server = await smallServer()
  t.teardown(() => server.close())
  const long = getMap.replace('layers=arbres', `layers=${'x'.repeat(100_000)}`)
  const answer = await fetch(`${server.address}/wms?${long}`)
  const text = await answer.text()
  t.match([answer.status, answer.headers.get('content-type')], [400, /xml/])
  t.match(text, /<ServiceException code="LayerNotDefined" locator="layers">/)
  t.ok(text.length < 2000, 'and not repeated')
  const json = await fetch(`${server.address}/wms?${long}&exceptions=application/json`)
  t.match(await json.json(), { exceptions: [{ code: 'LayerNotDefined' }] })
  t.equal((await fetch(`${server.address}/wms?${'x'.repeat(300_000)}`)).status, 431)
})
