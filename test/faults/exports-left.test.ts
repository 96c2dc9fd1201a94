import t, { type Test } from 'tap'
import { collectionFormats } from '#formats/features/index.js'
import { type ExportsWorld, exportsWorld, filesBelow, readSlowly } from '../support/exports-world.js'
import { troubles } from '../support/native-world.js'
import { withoutPrivatePostgres } from '../support/private-postgres.js'
import type { RunningServer } from '../support/running-server.js'
import { seeded, seededInteger } from '../support/seeded.js'
import { until } from '../support/until.js'

const options = { skip: withoutPrivatePostgres }

// Promised: a client that leaves ends its statement, frees its connection and its files, whatever the format and wherever it leaves.
t.test('clients leave', options, async t => {
  const world = await exportsWorld()
  t.teardown(() => world.remove())
  const server = await world.serve()
  t.teardown(() => server.stop())
  world.pause(0.001)
  const formats = collectionFormats.filter(({ names }) => !names.includes('gpx')) // which has no polygons

  await t.test('while nothing has come yet, in every format', async t => {
    for (const { names, isDocument } of formats) {
      const [name] = names
      const reading = readSlowly(server, `/collections/dripping/items?f=${name}&limit=${isDocument ? 30_000 : -1}`)
      t.ok(await until(() => world.statements('dripping').length > 0), `${name}: the statement runs`)
      reading.leave()
      t.ok(await until(() => world.statements('dripping').length === 0), `${name}: and ends`)
      t.ok(await until(() => filesBelow(world.temporary).length === 0), `${name}: nothing is left on disk`)
    }
  })

  await t.test('somewhere in what is streamed', async t => {
    const random = seeded(8)
    // a few of each kind: text, binary, compressed, with columns
    for (const name of ['csv', 'geojson', 'fgb', 'xlsx', 'parquet', 'kmz', 'gml32']) {
      const path = `/collections/wide/items?f=${name}&limit=${isDocument(name) ? 40_000 : -1}`
      const first = readSlowly(server, path)
      await first.until(1)
      const head = first.text().indexOf('\r\n\r\n') + 4
      first.leave()
      for (const place of [head - 1, head, head + 1, 65_536, 262_144 + head, seededInteger(random, head, 4_000_000)]) {
        const reading = readSlowly(server, path)
        await reading.until(place)
        reading.leave()
      }
      t.ok(await until(() => world.statements('wide').length === 0), `${name}: no statement is left`)
    }
  })

  await t.test('HEAD frees everything', async t => {
    for (const name of ['csv', 'gpkg', 'geojson']) {
      const answer = await fetch(`${server.address}/collections/wide/items?f=${name}&limit=${isDocument(name) ? 40_000 : -1}`, {
        method: 'HEAD',
      })
      t.equal(answer.status, 200, name)
    }
    // long pages that hold all, as the planner thinks, are begun before their head is sent; there are fewer connections than requests
    for (let i = 0; i < 6; i++) {
      const page = `/collections/wide/items?f=geojson&limit=100000&filter=${encodeURIComponent(`id < ${15_000 + i}`)}`
      const answer = await fetch(server.address + page, { method: 'HEAD', signal: AbortSignal.timeout(120_000) })
      t.equal(answer.status, 200, page)
    }
    t.ok(await until(() => world.statements('wide').length === 0), 'no statement is left')
    t.ok(await until(() => filesBelow(world.temporary).length === 0), 'nothing is left on disk')
  })

  await t.test('no connection was lost, and nothing is left', async t => {
    await stillServes(t, world, server)
    t.same(filesBelow(world.temporary), [])
    t.same(troubles(server), [])
  })
})

const isDocument = (name: string) => collectionFormats.find(({ names }) => names[0] === name)?.isDocument === true

/** More answers at once than there are connections. */
export async function stillServes(t: Test, world: ExportsWorld, server: RunningServer): Promise<void> {
  world.pause(0)
  const answers = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const answer = await fetch(`${server.address}/collections/many/items?f=csv&limit=-1`)
      return (await answer.text()).split('\r\n').length
    }),
  )
  t.same([...new Set(answers)], [40_002], 'all rows come, eight times at once')
}
