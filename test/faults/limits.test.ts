import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import t from 'tap'
import { infoOf, mapOf, nativeWorld, troubles } from '../support/native-world.js'
import { withoutPrivatePostgres } from '../support/private-postgres.js'
import { until } from '../support/until.js'

t.test('what a request holds in the database', { skip: withoutPrivatePostgres }, async t => {
  const world = await nativeWorld()
  t.teardown(() => world.remove())

  await t.test('a client that leaves frees it', async t => {
    const server = await world.serve()
    t.teardown(() => server.stop())
    world.pause(60)
    for (const url of [mapOf(server, 'slow'), infoOf(server, 'slow')]) {
      const leaving = request(url).on('error', () => {})
      leaving.end()
      t.ok(await until(() => world.running() === 1), 'the statement runs')
      leaving.destroy()
      t.ok(await until(() => world.running() === 0), 'and is cancelled')
    }
    world.pause(0)
    t.equal((await fetch(mapOf(server, 'slow'))).status, 200, 'the connections serve on')
    t.same(troubles(server), [])
  })

  await t.test('the deadline reaches the statement', async t => {
    const server = await world.serve('limits: { requestSeconds: 1 }')
    t.teardown(() => server.stop())
    world.pause(60)
    for (const url of [mapOf(server, 'slow'), infoOf(server, 'slow')]) {
      const answer = await fetch(url)
      t.equal(answer.status, 503)
      t.match(await answer.text(), /<ServiceException.*longer/s)
      t.ok(await until(() => world.running() === 0), 'the database does not work on')
    }
    world.pause(0)
    t.same(troubles(server), [])
  })

  await t.test('more than it can do is refused, not heaped up', async t => {
    // what waits has its time: it is the queue that refuses
    const server = await world.serve('limits: { requestSeconds: 300 }', { env: { ARPENT_WORKERS: '1' } })
    t.teardown(() => server.stop())
    for (const [what, url] of [
      ['maps', (at: number) => mapOf(server, 'slow', { at })],
      ['places', (at: number) => infoOf(server, 'slow', at)],
    ] as const) {
      world.pause(0)
      await (await fetch(url(0))).arrayBuffer()
      world.pause(0.1)
      const before = resident(server.process.pid!)
      const answers = await Promise.all(
        Array.from({ length: 300 }, async (_, at) => {
          const answer = await fetch(url(at), { signal: AbortSignal.timeout(400_000) })
          await answer.arrayBuffer()
          return { status: answer.status, retryAfter: Number(answer.headers.get('retry-after')) }
        }),
      )
      const refused = answers.filter(({ status }) => status === 503)
      t.ok(
        answers.every(({ status }) => status === 200 || status === 503),
        `${what}: answers and refusals`,
      )
      t.ok(refused.length >= 100 && refused.length < 300, `${what}: ${refused.length} of 300 refused`)
      t.ok(
        refused.every(({ retryAfter }) => retryAfter > 0),
        'told when to come back',
      )
      t.ok(resident(server.process.pid!) - before < 100, 'in bounded memory')
      world.pause(0)
      t.equal((await fetch(url(0))).status, 200, 'and then it goes on')
    }
    t.same(troubles(server), [])
  })
})

/** Megabytes. */
function resident(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) / 256
}
