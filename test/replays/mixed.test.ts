import t from 'tap'
import { runWorld } from '../clients/support/run-world.js'
import { pick, seeded } from '../support/seeded.js'
import { ask } from './support/judge.js'
import { withPlaces } from './support/places.js'
import { type Replay, readReplays } from './support/replay.js'

/** How many; `npm run clients -- mixed` asks ten thousand. */
const requests = Number(process.env.ARPENT_TEST_REQUESTS ?? 400)
/** Clients at the same time. */
const clients = 4

/** What all clients of the replays send, those told apart that follow an address of an answer. */
const replays = readReplays()
  .flatMap(client => client.replays)
  .filter(({ target, follow }) => !follow && !target.startsWith('http'))

t.test(`${requests} requests of all clients, mixed, end without a word in the log`, { timeout: 1_200_000 }, async t => {
  const server = await runWorld()
  t.teardown(() => server.stop())
  const saidBefore = complaintsIn(server.output.stderr).length

  const random = seeded(7)
  const queue = Array.from({ length: requests }, () => moved(pick(random, replays), random))
  const faults: string[] = []
  const statuses = new Map<number, number>()
  const started = performance.now()
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let replay = queue.pop(); replay; replay = queue.pop()) {
        const { status, bytes } = await ask(server.address, replay)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        if (status !== replay.answer.status)
          faults.push(
            `${status}, not ${replay.answer.status}: ${replay.what}: ${replay.target.slice(0, 600)}: ${bytes.toString().slice(0, 300)}`,
          )
      }
    }),
  )
  t.comment(
    `${((performance.now() - started) / 1000).toFixed(1)} s; ${[...statuses].map(([status, count]) => `${count} with ${status}`).join(', ')}`,
  )
  t.equal(
    [...statuses.values()].reduce((sum, count) => sum + count, 0),
    requests,
  )
  t.ok((statuses.get(200) ?? 0) > requests / 2, 'most are answered')
  t.same(faults.slice(0, 10), [], 'each as when it is asked alone')
  t.same(complaintsIn(server.output.stderr).slice(saidBefore), [], 'no warning and no error is logged')
})

const complaintsIn = (log: string) => log.split('\n').filter(line => /"level":"(warn|error|fatal)"/.test(line))

/** The same request, or, of maps that are answered, one of a place nearby in another size: few are kept from before. */
function moved(replay: Replay, random: () => number): Replay {
  const target = withPlaces(replay.target)
  const box = /([?&]bbox=)([^&]*)/i.exec(target)
  const numbers = box ? decodeURIComponent(box[2]).split(',').map(Number) : []
  const isMap = /[?&]request=(get)?map\b/i.test(target) && replay.answer.status === 200 && !/tiled=true/i.test(target)
  if (!isMap || numbers.length !== 4 || !numbers.every(Number.isFinite) || random() < 0.3) return { ...replay, target }
  const [a, b, c, d] = numbers
  const [east, north] = [(random() - 0.5) * (c - a), (random() - 0.5) * (d - b)]
  const width = 100 + Math.floor(random() * 300)
  const there = target
    .replace(box![0], `${box![1]}${[a + east, b + north, c + east, d + north].join(',')}`)
    .replace(/([?&]width=)\d+/i, `$1${width}`)
    .replace(/([?&]height=)\d+/i, `$1${width}`)
  return { ...replay, target: there }
}
