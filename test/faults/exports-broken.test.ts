import t from 'tap'
import { exportsWorld, filesBelow, readSlowly } from '../support/exports-world.js'
import { withoutPrivatePostgres } from '../support/private-postgres.js'
import type { RunningServer } from '../support/running-server.js'
import { until } from '../support/until.js'

const options = { skip: withoutPrivatePostgres }

// Promised: the first bytes come before the last row is read; a client that does not read on stops the reading of the database.
t.test('exports are streamed', options, async t => {
  const world = await exportsWorld()
  t.teardown(() => world.remove())
  const server = await world.serve()
  t.teardown(() => server.stop())

  world.pause(0.001)
  for (const name of ['csv', 'geojsonl', 'fgb', 'kml', 'dxf']) {
    const reading = readSlowly(server, `/collections/dripping/items?f=${name}&limit=-1`)
    await reading.until(1)
    t.match(reading.text(), /^HTTP\/1\.1 200 OK\r\n/, `${name} has begun`)
    t.equal(world.statements('dripping').length, 1, 'while rows are still being read')
    reading.leave()
    await until(() => world.statements('dripping').length === 0)
  }
  world.pause(0)

  const tooMany = await fetch(`${server.address}/collections/twice/items?f=topojson&limit=-1`)
  t.equal(tooMany.status, 400, 'what is known to be too much for a format is not begun')
  t.match(await tooMany.json(), { title: 'unsupported format', detail: /50000 features at most, and there are more; .*f=fgb/ })

  const reading = readSlowly(server, '/collections/wide/items?f=csv&limit=-1')
  await reading.until(100_000)
  const isWaiting = () => world.statements('wide').some(({ wait }) => wait === 'ClientWrite')
  t.ok(await until(isWaiting), 'PostgreSQL waits for its client')
  t.ok(await reading.isWhole(), 'who reads on gets the rest')
  t.ok(reading.bytes() > 80_000_000, `${reading.bytes()} bytes`)
})

// Promised: what ends in the middle is no whole answer, is logged once, and frees everything.
t.test('exports break off', options, async t => {
  const world = await exportsWorld()
  t.teardown(() => world.remove())
  const server = await world.serve()
  t.teardown(() => server.stop())
  const begun = async (path: string) => {
    const reading = readSlowly(server, path)
    await reading.until(100_000)
    await until(() => world.statements('wide').length === 1)
    return reading
  }
  const wide = '/collections/wide/items?f=csv&limit=-1'

  await t.test('its statement is ended', async t => {
    for (const path of [wide, wide.replace('csv', 'geojson').replace('-1', '40000'), wide.replace('csv', 'fgb')]) {
      const before = complaints(server).length
      const reading = await begun(path)
      world.sql(`SELECT pg_terminate_backend(${world.statements('wide')[0]?.process})`)
      t.notOk(await reading.isWhole(), `${path}: the connection is broken`)
      t.ok(await until(() => complaints(server).length > before), 'it is logged')
      t.equal(complaints(server).length, before + 1, complaints(server).slice(before).join('\n'))
    }
  })

  await t.test('PostgreSQL crashes', async t => {
    const reading = await begun(wide)
    world.stop('immediate')
    t.notOk(await reading.isWhole(), 'the connection is broken')
    world.start()
    t.ok(await until(async () => (await fetch(`${server.address}/collections/many/items?limit=1`)).status === 200), 'the server goes on')
  })

  await t.test('its time is up', async t => {
    const hurried = await world.serve('limits: { exportSeconds: 3 }')
    t.teardown(() => hurried.stop())
    const reading = readSlowly(hurried, wide)
    await reading.until(1)
    t.ok(await until(() => world.statements('wide').length === 0), 'the statement ends')
    // on a machine that is busy enough it may be up before the first bytes
    t.ok(!(await reading.isWhole()) || /^HTTP\/1\.1 503 /.test(reading.text()), 'the connection is broken')
  })

  await t.test('a row cannot be read', async t => {
    const before = complaints(server).length
    const reading = readSlowly(server, '/collections/broken/items?f=csv&limit=-1')
    t.notOk(await reading.isWhole(), 'the connection is broken')
    t.match(reading.text(), /^HTTP\/1\.1 200 OK\r\n/, 'in the middle')
    t.notMatch(reading.text(), /division/, 'nobody is told of the inside')
    t.ok(await until(() => complaints(server).length > before), 'it is logged')
    const answer = await fetch(`${server.address}/collections/broken/items?f=gpkg&limit=-1`)
    t.equal(answer.status >= 400, true, 'what is made first tells of it')
    t.notMatch(await answer.text(), /division/)
  })

  await t.test('nothing is left', async t => {
    t.ok(await until(() => world.statements('wide').length + world.statements('broken').length === 0), 'no statement')
    t.ok(await until(() => filesBelow(world.temporary).length === 0), 'no file')
    const answer = await fetch(`${server.address}/collections/many/items?f=csv&limit=-1`)
    t.equal((await answer.text()).split('\r\n').length, 40_002, 'the server goes on')
  })
})

/** Lines of the log that complain. */
const complaints = ({ output }: RunningServer): readonly string[] =>
  output.stderr.split('\n').filter(line => /"level":"(warn|error|fatal)"/.test(line))
