import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'

/** Makes objects that stay, turn by turn, before and after a thread has started; prints megabytes for young objects, and the limits before and after. */
const program = `
  import { once } from 'node:events'
  import { setImmediate } from 'node:timers/promises'
  import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8'
  import { Worker } from 'node:worker_threads'
  import { boundYoungObjects } from '${new URL('../../../dist/cli/bound-young-objects.js', import.meta.url)}'
  const limit = () => getHeapStatistics().heap_size_limit
  const young = () => getHeapSpaceStatistics().find(space => space.space_name === 'new_space').space_size / 2 / 2 ** 20
  const kept = []
  async function fill() {
    for (let turn = 0; turn < 2000; turn++) {
      kept.push(new Array(4000).fill(turn))
      await setImmediate()
    }
    return young()
  }
  const before = limit()
  if (process.argv[1] === 'bound') boundYoungObjects()
  const first = await fill()
  await once(new Worker('', { eval: true }), 'exit')
  console.log(JSON.stringify({ before, after: limit(), young: [first, await fill()] }))
`

async function run(how: string) {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, how])
  return JSON.parse(stdout) as { before: number; after: number; young: number[] }
}

t.test('the room for young objects stays small, the limit of all of them what it is', async t => {
  const { young, before, after } = await run('bound')
  t.ok(
    young.every(megabytes => megabytes <= 8),
    `${young} MB`,
  )
  t.equal(after, before)
  const free = await run('free')
  t.ok(free.young[1] > 8, `left to itself: ${free.young} MB`)
  t.equal(free.before, before)
})
