import t from 'tap'
import { withoutPrivatePostgres } from '../support/private-postgres.js'
import type { RunningServer } from '../support/running-server.js'
import { infoOf, mapOf, nativeWorld, troubles, until } from './native-world.js'

t.test('PostgreSQL is killed and restarted under traffic', { skip: withoutPrivatePostgres, timeout: 180_000 }, async t => {
  const world = await nativeWorld()
  t.teardown(() => world.remove())
  const server = await world.serve()
  t.teardown(() => server.stop())
  const { pid } = server.process

  const traffic = startTraffic(server)
  await until(() => traffic.answers.length > 20)
  const before = traffic.answers.length
  t.ok(traffic.answers.every(({ status }) => status === 200))

  await t.test('a backend is killed: the server resets all others', async t => {
    const victim = world.sql(
      `SELECT pid FROM pg_stat_activity WHERE application_name NOT LIKE 'psql%' AND backend_type = 'client backend' LIMIT 1`,
    )
    process.kill(Number(victim), 'SIGKILL')
    t.ok(await until(() => recovered(traffic)), 'it recovers by itself')
  })

  await t.test('the whole server crashes, stays away, and comes back', async t => {
    world.stop('immediate')
    t.ok(await until(() => traffic.answers.slice(-8).every(({ status }) => status === 503)), 'everything is told to come back later')
    world.start()
    t.ok(await until(() => recovered(traffic)), 'it recovers by itself')
  })

  await t.test('the whole server is stopped politely, and comes back', async t => {
    world.stop('fast')
    await until(() => traffic.answers.slice(-8).every(({ status }) => status === 503))
    world.start()
    t.ok(await until(() => recovered(traffic)), 'it recovers by itself')
  })

  await traffic.stop()
  const after = traffic.answers.slice(before)
  const statuses = new Set(after.map(({ status }) => status))
  t.same([...statuses].sort(), [200, 503], 'nothing but answers and polite refusals')
  const refusals = after.filter(({ status }) => status === 503)
  t.ok(
    refusals.every(({ body, retryAfter }) => /<ServiceException/.test(body) && retryAfter !== null),
    'refusals are exceptions that say when to come back',
  )
  t.notOk(
    refusals.some(({ body }) => /SELECT|password|\bat .*\.js/.test(body)),
    'and tell nothing of the inside',
  )
  t.same(traffic.failures, [], 'no connection was broken, none hung')
  t.equal(server.process.exitCode, null)
  t.equal(server.process.pid, pid, 'no process was lost')
  t.same(troubles(server), [], 'nothing that is not understood was logged')
  for (let at = 0; at < 10; at++) t.equal((await fetch(mapOf(server, 'parcels', { at }))).status, 200)
  t.equal(await server.stop(), 0)
})

t.test('a database that is away at the start is published when it comes', { skip: withoutPrivatePostgres, timeout: 120_000 }, async t => {
  const world = await nativeWorld()
  t.teardown(() => world.remove())
  world.stop('fast')
  const server = await world.serve()
  t.teardown(() => server.stop())
  t.match(await (await fetch(`${server.address}/health/ready`)).json(), { status: 'degraded', collections: 0 })
  t.match(server.output.stdout, /does not answer|cannot be reached/, 'the verdict says so')
  world.start()
  t.ok(await until(async () => (await fetch(mapOf(server, 'parcels'))).status === 200, 40), 'without being told')
  t.match(await (await fetch(`${server.address}/health/ready`)).json(), { status: 'ready' })
})

interface Answer {
  readonly status: number
  readonly body: string
  readonly retryAfter: string | null
}

/** Four clients who ask for maps and places without a pause, each given up after 20 seconds. */
function startTraffic(server: RunningServer) {
  const answers: Answer[] = []
  const failures: string[] = []
  let isOver = false
  const client = async (number: number) => {
    for (let turn = 0; !isOver; turn++) {
      const at = number * 1000 + turn
      try {
        const answer = await fetch((turn % 3 === 2 ? infoOf : mapOf)(server, 'parcels', at as never), {
          signal: AbortSignal.timeout(20_000),
        })
        const body = await answer.text()
        answers.push({ status: answer.status, body: answer.status === 200 ? '' : body, retryAfter: answer.headers.get('retry-after') })
        if (answer.status !== 200) await new Promise(resolve => setTimeout(resolve, 20))
      } catch (error) {
        failures.push(String(error))
      }
    }
  }
  const clients = [0, 1, 2, 3].map(client)
  return {
    answers,
    failures,
    async stop() {
      isOver = true
      await Promise.all(clients)
    },
  }
}

const recovered = ({ answers }: { answers: readonly Answer[] }) =>
  answers.length > 40 && answers.slice(-40).every(({ status }) => status === 200)
