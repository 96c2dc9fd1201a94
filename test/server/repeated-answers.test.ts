import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import t from 'tap'
import type { Service } from '#protocols/http/service.js'
import { smallServer } from '../support/small-server.js'

/** A service whose answers can be repeated: `size` bytes that are all the number in the address. */
function numbers(size: number) {
  const asked: string[] = []
  const told = { repeated: 0, isImpossible: false }
  const service: Service = async ({ method, query }) => {
    asked.push(`${method} ${query}`)
    const value = Number(query)
    return {
      status: 200,
      mediaType: 'image/jpeg',
      body: Buffer.alloc(size, value),
      headers: { vary: 'Accept', 'x-tile-source': 'stored' },
      cacheSeconds: 60,
      etag: `number-${query}`,
      repeat: {
        bytes: size,
        read(into, at) {
          if (told.isImpossible) return false
          told.repeated++
          into.fill(value, at, at + size)
          return true
        },
      },
    }
  }
  return { asked, told, service }
}

/** A service at `/number/:row/:column` whose bodies are all the column, and which knows answers of neighbours in columns below 100. */
function squares(size: number) {
  const asked: string[] = []
  const told = { isImpossible: false, isBroken: false }
  const repeat = (value: number) => ({
    bytes: size + value,
    read(into: Uint8Array, at: number) {
      if (told.isBroken) throw new Error('EIO')
      into.fill(value, at, at + size + value)
      return !told.isImpossible
    },
  })
  const service: Service = async ({ path: { row, column } }) => {
    asked.push(`${row}/${column}`)
    return {
      status: 200,
      mediaType: 'image/jpeg',
      body: Buffer.alloc(size + Number(column), Number(column)),
      headers: { vary: 'Accept' },
      cacheSeconds: 60,
      etag: `${Number(row)}-${Number(column)}`,
      repeat: repeat(Number(column)),
      neighbours: (row, column) => (column < 100 ? { etag: `${row}-${column}`, repeat: repeat(column) } : undefined),
    }
  }
  return { asked, told, service }
}

function raw(url: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: IncomingHttpHeaders; rawHeaders: string[]; body: Buffer }>((resolve, reject) => {
    httpRequest(url, { method, headers }, answer => {
      const chunks: Buffer[] = []
      answer
        .on('data', chunk => chunks.push(chunk))
        .on('end', () => {
          const { statusCode = 0, rawHeaders } = answer
          resolve({ status: statusCode, headers: answer.headers, rawHeaders, body: Buffer.concat(chunks) })
        })
    })
      .on('error', reject)
      .end()
  })
}
/** Headers that say the same each time, as they were spelled. */
const lasting = ({ rawHeaders }: { rawHeaders: readonly string[] }) =>
  rawHeaders
    .flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${/^(x-request-id|server-timing|date)$/i.test(name) ? '…' : rawHeaders[i + 1]}`] : []))
    .sort()

t.test('an answer that can be repeated is the same the second time, and nobody is asked', async t => {
  const { asked, told, service } = numbers(3000)
  const server = await smallServer({ services: { number: service } })
  t.teardown(() => server.close())
  const url = `${server.address}/number?7`
  const first = await raw(url)
  const second = await raw(url, { 'x-request-id': 'mine' })
  t.same(asked, ['GET 7'])
  t.equal(told.repeated, 1)
  t.same([second.status, second.body], [first.status, first.body])
  t.same(lasting(second), lasting(first))
  t.ok(lasting(first).includes('X-Tile-Source: stored') && lasting(first).includes('Access-Control-Allow-Origin: *'))
  t.equal(second.headers['x-request-id'], 'mine')
  t.match(second.headers['server-timing'], /total;dur=\d/)
  await new Promise(setImmediate)
  const lines = server.log.filter(({ msg }) => msg === 'answered')
  t.match(
    lines,
    [
      { url: '/number?7', status: 200 },
      { url: '/number?7', status: 200, reqId: 'mine', method: 'GET' },
    ],
    'both are in the log',
  )
  t.ok(lines.every(({ ms }) => Number(ms) >= 0))
})

t.test('whatever may be answered otherwise is asked for', async t => {
  const { asked, told, service } = numbers(3000)
  const server = await smallServer({ services: { number: service } })
  t.teardown(() => server.close())
  const url = `${server.address}/number?7`
  const { headers } = await raw(url)
  asked.length = 0
  const head = await raw(url, {}, 'HEAD')
  t.same([head.status, head.headers['content-length'], head.body.length], [200, '3000', 0])
  t.equal((await raw(url, { 'if-none-match': headers.etag ?? '' })).status, 304)
  t.equal((await raw(url, { accept: 'image/png' })).status, 200, 'another Accept')
  t.equal((await raw(url, { authorization: 'Basic YTpi' })).status, 200, 'with a name')
  t.equal((await raw(url, { 'x-api-key': 'a' })).status, 200)
  t.equal((await raw(url, { 'content-length': '0' })).status, 200, 'with a body')
  t.equal((await raw(`${server.address}/parcs/number?7`)).status, 200, 'in another view')
  t.equal((await raw(url, {}, 'OPTIONS')).status, 204)
  t.same(asked, ['HEAD 7', ...Array.from({ length: 6 }, () => 'GET 7')])
  t.equal(told.repeated, 0)
  await raw(`${server.address}/parcs/number?7`)
  t.equal(told.repeated, 1, 'a view is an address, too')
})

t.test('what can no longer be repeated, or belongs to another atlas, is asked for again', async t => {
  const { asked, told, service } = numbers(3000)
  const server = await smallServer({ services: { number: service } })
  t.teardown(() => server.close())
  const url = `${server.address}/number?7`
  await raw(url)
  told.isImpossible = true
  t.equal((await raw(url)).body[0], 7)
  t.equal(asked.length, 2)
  told.isImpossible = false
  await raw(url)
  t.same([asked.length, told.repeated], [2, 1])
  server.setAccess({ accounts: new Map(), write: new Map() })
  await raw(url)
  t.same([asked.length, told.repeated], [3, 1])
  await raw(url)
  t.same([asked.length, told.repeated], [3, 2])
})

t.test('memory that is used again is never that of an answer still on its way', async t => {
  const size = 400_000
  const { told, service } = numbers(size)
  const server = await smallServer({ services: { number: service } })
  t.teardown(() => server.close())
  const address = (n: number) => `${server.address}/number?${n}`
  for (let n = 1; n <= 20; n++) await raw(address(n))
  // clients that read nothing while others are answered
  const slow = await Promise.all(
    [1, 2, 3].map(async n => {
      const socket = connect(Number(new URL(server.address).port), '127.0.0.1')
      socket.pause()
      // more than the system keeps for a client that does not read
      socket.write(`GET /number?${n} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(20))
      return { n, socket }
    }),
  )
  for (let round = 0; round < 3; round++)
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const { body } = await raw(address(i + 1))
        t.ok(body.length === size && body.every(byte => byte === i + 1), `${i + 1}, round ${round}`)
      }),
    )
  for (const { n, socket } of slow) {
    let [bytes, others] = [0, 0]
    await new Promise<void>(resolve => {
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        // heads are of printable letters, bodies of small numbers
        for (const byte of chunk) if (byte <= 20 && byte !== n && byte !== 10 && byte !== 13) others++
        if (bytes >= 20 * size) resolve()
      })
      socket.resume()
    })
    socket.destroy()
    t.equal(others, 0, `the slow client of ${n} got its own`)
  }
  t.ok(told.repeated > 60)
})

t.test('a neighbour of what was answered is answered the same way as if its service had been asked', async t => {
  const { asked, told, service } = squares(3000)
  const [server, other] = await Promise.all([0, 1].map(() => smallServer({ services: { 'number/:row/:column': service } })))
  t.teardown(() => Promise.all([server.close(), other.close()]))
  await raw(`${server.address}/number/1/2?f=jpeg`)
  asked.length = 0
  const answers = []
  for (const path of ['3/5', '3/5', '007/9']) answers.push(await raw(`${server.address}/number/${path}?f=jpeg`))
  t.same(asked, [])
  for (const [i, path] of ['3/5', '3/5', '007/9'].entries()) {
    const usual = await raw(`${other.address}/number/${path}?f=jpeg&x=${i}`)
    t.same([answers[i].status, lasting(answers[i])], [usual.status, lasting(usual)])
    t.ok(answers[i].body.equals(usual.body))
  }
  await new Promise(setImmediate)
  t.match(
    server.log.filter(({ msg }) => msg === 'answered').map(({ url }) => url),
    ['/number/1/2?f=jpeg', '/number/3/5?f=jpeg', '/number/3/5?f=jpeg', '/number/007/9?f=jpeg'],
  )
  asked.length = 0
  for (const path of ['3/100?f=jpeg', '3/6', '3/6?f=png', '3/x?f=jpeg', '-3/6?f=jpeg', '1234567890/1?f=jpeg'])
    await raw(`${server.address}/number/${path}`)
  await raw(`${server.address}/number/3/6?f=jpeg`, { accept: 'image/png' })
  await raw(`${server.address}/number/3/6?f=jpeg`, {}, 'HEAD')
  t.equal(asked.length, 8, 'everything else is asked for')
  asked.length = 0
  told.isImpossible = true
  t.equal((await raw(`${server.address}/number/4/4?f=jpeg`)).body[0], 4)
  told.isImpossible = false
  told.isBroken = true
  t.equal((await raw(`${server.address}/number/4/5?f=jpeg`)).body[0], 5)
  told.isBroken = false
  t.same(asked, ['4/4', '4/5'], 'what cannot be read is, too')
  server.setAccess({ accounts: new Map(), write: new Map() })
  await raw(`${server.address}/number/4/6?f=jpeg`)
  t.same(asked, ['4/4', '4/5', '4/6'], 'another atlas')
})

t.test('connections are kept or closed as clients say, and answers come in the order of the requests', async t => {
  const { told, service } = numbers(300_000)
  const server = await smallServer({ services: { number: service } })
  t.teardown(() => server.close())
  for (const n of [1, 2, 3]) await raw(`${server.address}/number?${n}`)
  /** All that comes until the server hangs up. */
  const talk = (text: string) =>
    new Promise<string>((resolve, reject) => {
      let all = ''
      connect(Number(new URL(server.address).port), '127.0.0.1')
        .setEncoding('latin1')
        .on('data', data => {
          all += data
        })
        .on('end', () => resolve(all))
        .on('error', reject)
        .end(text)
    })
  told.repeated = 0
  const closed = await talk('GET /number?1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  const isClosed = (answer: string, byte: number) =>
    answer.startsWith('HTTP/1.1 200 OK\r\n') && answer.endsWith(`Connection: close\r\n\r\n${String.fromCharCode(byte).repeat(300_000)}`)
  t.ok(isClosed(closed, 1))
  const old = await talk('GET /number?2 HTTP/1.0\r\n\r\n')
  t.ok(isClosed(old, 2))
  t.equal(told.repeated, 2)
  const request = (n: number, more = '') => `GET /number?${n} HTTP/1.1\r\nHost: a\r\n${more}\r\n`
  const piped = await talk(request(1) + request(2) + request(1, 'If-None-Match: *\r\n') + request(3, 'Connection: close\r\n'))
  const order = [...piped.matchAll(/HTTP\/1\.1 (\d+)|(.)\2{299999}/gs)].map(([, status, byte]) => status ?? byte.charCodeAt(0))
  t.same(order, ['200', 1, '200', 2, '304', '200', 3])
})
