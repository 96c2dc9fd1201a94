import t from 'tap'
import { infoOf, mapOf, nativeWorld, troubles } from '../support/native-world.js'
import { withoutPrivatePostgres } from '../support/private-postgres.js'
import { faultsOf, startTraffic } from '../support/traffic.js'
import { until } from '../support/until.js'

t.test('PostgreSQL is killed and restarted under traffic', { skip: withoutPrivatePostgres }, async t => {
  const world = await nativeWorld()
  t.teardown(() => world.remove())
  const server = await world.serve()
  t.teardown(() => server.stop())
  const { pid } = server.process

  const traffic = startTraffic(turn => (turn % 3 === 2 ? infoOf(server, 'parcels', turn) : mapOf(server, 'parcels', { at: turn })))
  await until(() => traffic.answers.length > 20)
  const before = traffic.answers.length
  t.ok(traffic.answers.every(({ status }) => status === 200))

  await t.test('a backend is killed: the server resets all others', async t => {
    const victim = world.sql(
      `SELECT pid FROM pg_stat_activity WHERE application_name NOT LIKE 'psql%' AND backend_type = 'client backend' LIMIT 1`,
    )
    if (!victim) throw new Error('there is no backend') // process 0 would be this test and who runs it
    process.kill(Number(victim), 'SIGKILL')
    t.ok(await traffic.settled(200, 40), 'it recovers by itself')
  })

  await t.test('the whole server crashes, stays away, and comes back', async t => {
    world.stop('immediate')
    t.ok(await traffic.settled(503, 8), 'everything is told to come back later')
    world.start()
    t.ok(await traffic.settled(200, 40), 'it recovers by itself')
  })

  await t.test('the whole server is stopped politely, and comes back', async t => {
    world.stop('fast')
    await traffic.settled(503, 8)
    world.start()
    t.ok(await traffic.settled(200, 40), 'it recovers by itself')
  })

  await traffic.stop()
  const after = traffic.answers.slice(before)
  const statuses = new Set(after.map(({ status }) => status))
  t.same([...statuses].sort(), [200, 503], 'nothing but answers and polite refusals')
  t.same(faultsOf(after), [], 'refusals are exceptions that say when to come back, and tell nothing of the inside')
  t.same(traffic.failures, [], 'no connection was broken, none hung')
  t.equal(server.process.exitCode, null)
  t.equal(server.process.pid, pid, 'no process was lost')
  t.same(troubles(server), [], 'nothing that is not understood was logged')
  for (let at = 0; at < 10; at++) t.equal((await fetch(mapOf(server, 'parcels', { at }))).status, 200)
  t.equal(await server.stop(), 0)
})

t.test('a database that is away at the start is published when it comes', { skip: withoutPrivatePostgres }, async t => {
  const world = await nativeWorld()
  t.teardown(() => world.remove())
  world.stop('fast')
  const server = await world.serve()
  t.teardown(() => server.stop())
  t.match(await (await fetch(`${server.address}/health/ready`)).json(), { status: 'degraded', collections: 0 })
  t.match(server.output.stdout, /does not answer|cannot be reached/, 'the verdict says so')
  world.start()
  t.ok(await until(async () => (await fetch(mapOf(server, 'parcels'))).status === 200), 'without being told')
  t.match(await (await fetch(`${server.address}/health/ready`)).json(), { status: 'ready' })
})
