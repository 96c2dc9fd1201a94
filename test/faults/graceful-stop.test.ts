import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import t from 'tap'
import { infoOf, mapOf, nativeWorld, troubles } from '../support/native-world.js'
import { withoutPrivatePostgres } from '../support/private-postgres.js'
import { until } from '../support/until.js'

t.test('SIGTERM in mid-request drops nothing', { skip: withoutPrivatePostgres }, async t => {
  const world = await nativeWorld()
  t.teardown(() => world.remove())

  await t.test('slow statements, of a map and of a place', async t => {
    const server = await world.serve()
    // a worker's first map takes its time, and both statements are to run at once
    for (const url of [mapOf(server, 'slow'), infoOf(server, 'slow')]) await (await fetch(url)).arrayBuffer()
    world.pause(60)
    const answers = Promise.all([fetch(mapOf(server, 'slow')), fetch(infoOf(server, 'slow'))])
    t.ok(await until(() => world.running() === 2), 'both statements run')
    const stopped = server.stop()
    t.ok(await until(async () => !(await isListening(server.address))), 'nobody new is let in')
    world.pause(0)
    const [map, info] = await answers
    t.equal(map.status, 200)
    t.equal((await map.arrayBuffer()).byteLength, Number(map.headers.get('content-length')), 'the map is whole')
    t.equal(((await info.json()) as { features: unknown[] }).features.length, 1)
    t.equal(await stopped, 0)
    t.same(troubles(server), [])
  })

  await t.test('a big map, read slowly', async t => {
    const server = await world.serve()
    const answer = await new Promise<IncomingMessage>((resolve, reject) =>
      get(mapOf(server, 'parcels', { size: 6000 }).replace('image/png', 'image/jpeg'), resolve).on('error', reject),
    )
    t.equal(answer.statusCode, 200)
    const length = Number(answer.headers['content-length'])
    t.ok(length > 500_000, 'more than the buffers of a connection hold')
    const stopped = server.stop()
    let read = 0
    for await (const chunk of answer) {
      read += (chunk as Buffer).length
      if (read < length / 2) await new Promise(resolve => setTimeout(resolve, 20))
    }
    t.equal(read, length, 'every byte arrived')
    t.equal(await stopped, 0)
    t.same(troubles(server), [])
  })

  await t.test('connections without a request do not hold it up', async t => {
    const server = await world.serve()
    const { hostname, port } = new URL(server.address)
    const silent = connect(Number(port), hostname).on('error', () => {})
    await new Promise(resolve => silent.once('connect', resolve))
    await (await fetch(mapOf(server, 'parcels'))).arrayBuffer()
    t.equal(await server.stop(), 0)
  })

  await t.test('what takes longer than the grace is given up, and its statement with it', async t => {
    const server = await world.serve()
    world.pause(60)
    const answer = fetch(mapOf(server, 'slow')).then(
      () => 'answered',
      () => 'broken off',
    )
    await until(() => world.running() === 1)
    t.equal(await server.stop(), 0)
    t.equal(await answer, 'broken off', 'nothing half is answered as if it were whole')
    t.ok(await until(() => world.running() === 0), 'the database does not work on')
    t.same(troubles(server), [])
    world.pause(0)
  })
})

function isListening(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address)
  return new Promise(resolve => {
    const socket = connect(Number(port), hostname)
      .once('connect', () => {
        socket.destroy()
        resolve(true)
      })
      .once('error', () => resolve(false))
  })
}
