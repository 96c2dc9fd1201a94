import { createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import t, { type Test } from 'tap'
import { sendAtOnce } from '#protocols/http/whole-answer.js'

/** Answers `body` to everything, with these headers; the usual way says that it did. */
async function answering(t: Test, headers: Record<string, string>, body = 'abc', status = 200) {
  const finished: string[] = []
  let sent = 0
  const server = createServer((incoming, response) => {
    response.statusCode = status
    response.once('finish', () => finished.push(incoming.url!))
    if (!sendAtOnce(response, headers, Buffer.from(body), 9, () => void sent++)) response.writeHead(status, { Usual: 'yes' }).end(body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.closeAllConnections())
  t.teardown(() => server.close())
  return { port: (server.address() as AddressInfo).port, finished, sent: () => sent }
}

const get = (port: number, headers = {}) =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    request({ port, path: '/', headers: { connection: 'keep-alive', ...headers } }, incoming => {
      let body = ''
      incoming.setEncoding('utf8').on('data', text => {
        body += text
      })
      incoming.on('end', () => resolve({ status: incoming.statusCode!, headers: incoming.headers, body }))
    })
      .on('error', reject)
      .end()
  })

t.test('an answer goes out as one piece: status, headers, length, and the connection stays', async t => {
  const { port, finished, sent } = await answering(t, { 'content-type': 'text/plain', etag: '"é"' }, 'x'.repeat(300_000), 404)
  const { status, headers, body } = await get(port)
  t.match({ status, headers }, { status: 404, headers: { 'content-type': 'text/plain', 'content-length': '300000', etag: '"é"' } })
  t.match(headers, { connection: 'keep-alive', 'keep-alive': 'timeout=9' })
  t.equal(headers.usual, undefined)
  t.equal(body.length, 300_000)
  t.same(finished, ['/'])
  t.equal(sent(), 1)
})

t.test('requests that follow each other on one connection are answered in their order', async t => {
  const { port, finished } = await answering(t, {})
  const socket = connect(port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  const asked = ['/1', '/2', '/3']
  socket.write(asked.map(path => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''))
  let text = ''
  for await (const piece of socket) {
    text += piece
    if (text.split('abc').length > asked.length) break
  }
  t.equal(text.split('HTTP/1.1 200 OK').length, 4)
  t.same(finished, asked)
})

t.test('the usual way has what it alone knows', async t => {
  for (const [headers, asked, status] of [
    [{}, { connection: 'close' }, 200],
    [{ connection: 'close' }, {}, 200],
    [{ link: 'a\r\nevil: yes' }, {}, 200],
    [{ title: '日' }, {}, 200],
    [{}, {}, 304],
  ] as const) {
    const { port } = await answering(t, headers, 'abc', status)
    const answer = await get(port, asked)
    t.equal(answer.headers.usual, 'yes', JSON.stringify([headers, asked, status]))
    t.equal(answer.headers.evil, undefined)
  }
})
