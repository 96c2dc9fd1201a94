import t from 'tap'
import { mapOf, nativeWorld, troubles } from '../support/native-world.js'
import { withoutPrivatePostgres } from '../support/private-postgres.js'
import { faultsOf, startTraffic } from '../support/traffic.js'
import { until } from '../support/until.js'

// Promised: a PostgreSQL that gives fewer connections than wanted is used with those it gives; with none, everything is refused politely until
// there are some again; and at the start it is waited for.
t.test('PostgreSQL runs out of connections', { skip: withoutPrivatePostgres }, async t => {
  const world = await nativeWorld()
  t.teardown(() => world.remove())
  world.sql('CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader;')
  const allow = (connections: number) =>
    world.sql(
      `ALTER ROLE reader CONNECTION LIMIT ${connections}; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader'`,
    )

  await t.test('under traffic', async t => {
    const server = await world.serve('', { user: 'reader' })
    t.teardown(() => server.stop())
    const traffic = startTraffic(turn => mapOf(server, 'parcels', { at: turn }))
    t.teardown(() => traffic.stop())
    t.ok(await traffic.settled(200))

    allow(1)
    t.ok(await until(() => traffic.answers.slice(-40).some(({ status }) => status === 200)), 'one is enough for some')
    allow(0)
    t.ok(await traffic.settled(503), 'without any, all are told to come back later')
    allow(-1)
    t.ok(await traffic.settled(200), 'and then all are served')

    await traffic.stop()
    t.same(faultsOf(traffic.answers), [], 'only answers and polite refusals')
    t.same(traffic.failures, [], 'none hung')
    t.same(troubles(server), [])
  })

  await t.test('at the start', async t => {
    allow(0)
    const server = await world.serve('', { user: 'reader' })
    t.teardown(() => server.stop())
    t.match(await (await fetch(`${server.address}/health/ready`)).json(), { status: 'degraded', collections: 0 })
    t.match(server.output.stdout, /no connection left/, 'the verdict says what is missing')
    allow(-1)
    t.ok(await until(async () => (await fetch(mapOf(server, 'parcels'))).status === 200), 'it is published when there are some')
    t.same(troubles(server), [])
  })
})
