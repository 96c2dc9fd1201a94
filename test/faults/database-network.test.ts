import t from 'tap'
import { infoOf, mapOf, nativeWorld, troubles } from '../support/native-world.js'
import { withoutPrivatePostgres } from '../support/private-postgres.js'
import { seeded, seededInteger } from '../support/seeded.js'
import { tcpProxy } from '../support/tcp-proxy.js'
import { faultsOf, referenceHashes, startTraffic } from '../support/traffic.js'

// Promised: whatever the network to PostgreSQL does, an answer is the right one or a 503 that says when to come back, in time; and when the
// network is well again, so is the server.
t.test('a bad network between the server and PostgreSQL', { skip: withoutPrivatePostgres }, async t => {
  const world = await nativeWorld()
  t.teardown(() => world.remove())
  const proxy = await tcpProxy(world.port)
  t.teardown(() => proxy.close())
  const server = await world.serve('limits: { requestSeconds: 3 }', { port: proxy.port })
  t.teardown(() => server.stop())
  const urls = Array.from({ length: 12 }, (_, at) => (at % 3 === 2 ? infoOf(server, 'parcels', at) : mapOf(server, 'parcels', { at })))
  const right = await referenceHashes(urls)
  const traffic = startTraffic(turn => urls[turn % urls.length]!)
  t.teardown(() => traffic.stop())

  await t.test('connections are reset in mid-answer', async t => {
    const random = seeded(1)
    proxy.set({ kind: 'cut', afterBytes: () => seededInteger(random, 1, 30_000) })
    const before = traffic.answers.length
    while (traffic.answers.length < before + 300) await traffic.settled(503, 1, 1)
    const cut = traffic.answers.slice(before)
    t.ok(
      cut.some(({ status }) => status === 503),
      'some are refused',
    )
    proxy.set({ kind: 'clear' })
    t.ok(await traffic.settled(200), 'and then none')
  })

  await t.test('everything takes longer', async t => {
    proxy.set({ kind: 'slow', milliseconds: 50 })
    t.ok(await traffic.settled(200), 'and is answered all the same')
  })

  await t.test('nothing arrives any more, and no end either', async t => {
    proxy.set({ kind: 'silent' })
    t.ok(await traffic.settled(503), 'requests are refused at their deadline')
    t.equal((await fetch(`${server.address}/health/live`)).status, 200)
    proxy.set({ kind: 'clear' })
    t.ok(await traffic.settled(200, 20, 60), 'those who ask later are served')
  })

  await traffic.stop()
  proxy.set({ kind: 'silent' })
  t.equal(await server.stop(), 0, 'not even the end waits for a network that is gone')
  t.same(faultsOf(traffic.answers, right), [], 'only right answers and polite refusals')
  t.same(traffic.failures, [], 'no connection was broken, none hung')
  t.same(troubles(server), [], 'nothing that is not understood was logged')
})
