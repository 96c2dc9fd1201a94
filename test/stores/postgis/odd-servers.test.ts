import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { openFeatureStore } from '#stores/index.js'

/** A store whose server does with each connection what `behave` does. */
async function storeOf(test: Test, behave: (socket: Socket) => void) {
  const server = createServer(socket => behave(socket.on('error', () => {}))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  test.teardown(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return openFeatureStore({ kind: 'postgis', id: 'odd', url: `postgres://a:geheim@127.0.0.1:${port}/d?sslmode=disable` })
}

const odd: readonly (readonly [name: string, behave: (socket: Socket) => void])[] = [
  ['hangs up', socket => socket.destroy()],
  ['answers as a web server does', socket => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')],
  ['sends noise', socket => void socket.on('data', () => socket.write(Buffer.alloc(100_000, 0x7f)))],
  ['claims a giant message', socket => void socket.on('data', () => socket.write(Buffer.from([0x52, 0x7f, 0xff, 0xff, 0xff])))],
  ['asks for an unknown authentication', socket => void socket.on('data', () => socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 7])))],
  [
    'dies after the greeting',
    socket => void socket.on('data', () => socket.end(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]))),
  ],
]

for (const [name, behave] of odd)
  t.test(`a server that ${name} is unavailable`, async t => {
    const store = await storeOf(t, behave)
    const error = await store.ping().catch(error => error)
    t.match(error, { kind: 'unavailable', message: /database 127\.0\.0\.1/ })
    t.notMatch(`${error.message}${error.cause}${error.stack}`, /geheim/)
    await store.close()
  })

t.test('a server that says nothing is waited for no longer than the request lives', async t => {
  const sockets: Socket[] = []
  const store = await storeOf(t, socket => void sockets.push(socket.resume()))
  await t.rejects(store.ping(AbortSignal.timeout(100)), { kind: 'deadline', message: /longer/ })
  for (const socket of sockets) socket.destroy()
  await store.close()
})
