import t from 'tap'
import { steadyNow } from '#core/clock.js'
import { Problem } from '#core/problem.js'
import { startPool } from '#workers/pool.js'
import { blankJob as job } from '../support/blank-job.js'

const frail = new URL('./frail-worker.js', import.meta.url)

function recorded() {
  const warnings: string[] = []
  return { warnings, log: { warn: (_: object, message: string) => void warnings.push(message) } }
}

const kindOf = async (drawing: Promise<unknown>) => {
  try {
    await drawing
    return 'drawn'
  } catch (error) {
    return error instanceof Problem ? error.kind : String(error)
  }
}

for (const size of [0, 2]) {
  t.test(`a pool of ${size} draws, refuses and closes`, async t => {
    const { warnings, log } = recorded()
    const pool = startPool({ size, stores: () => [], log })
    const image = await pool.draw(job(20, 10))
    t.equal(image.mediaType, 'image/png')
    t.same([...image.bytes.subarray(1, 4)], [...Buffer.from('PNG')])
    t.ok(image.timings.draw >= 0 && image.timings.encode >= 0, 'the parts of the work are timed')
    t.equal((await pool.draw(job(20, 10, { mediaType: 'image/jpeg' }))).bytes[0], 0xff)
    t.equal(await kindOf(pool.draw(job(20, 10, { mediaType: 'image/x-pcx' }))), 'unsupported-format')
    t.equal(await kindOf(pool.draw(job(0, 10))), 'invalid-parameter')
    t.equal(await kindOf(pool.draw(job(100_000, 100_000))), 'too-large')
    t.equal(await kindOf(pool.draw(job(20, 10, { deadline: steadyNow() - 1 }))), 'deadline')
    t.equal(await kindOf(pool.draw(job(20, 10), AbortSignal.abort())), 'cancelled')
    const layer = { kind: 'raster', store: 'nowhere', files: [], bands: [], style: { passes: [] } } as const
    t.equal(await kindOf(pool.draw(job(20, 10, { layers: [layer] }))), 'unavailable', 'a store that is not open')
    const many = await Promise.all(Array.from({ length: 30 }, (_, i) => pool.draw(job(10 + i, 10))))
    t.equal(many.length, 30)
    await pool.close()
    t.same(warnings, [])
    t.equal(pool.stats().running, 0)
  })
}

t.test('the same map is drawn once for all who wait for it', async t => {
  const { log } = recorded()
  const pool = startPool({ size: 1, stores: () => [], log, script: frail })
  const leaver = new AbortController()
  const [a, b, c] = [pool.draw(job(4, 1)), pool.draw(job(4, 1, { deadline: steadyNow() + 800_000 })), pool.draw(job(4, 1), leaver.signal)]
  leaver.abort()
  t.equal(await kindOf(c), 'cancelled', 'who leaves is let go')
  t.equal(await a, await b, 'the others wait on')
  t.match(pool.stats(), { drawn: 1, shared: 2, failed: 0 })
  await pool.close()
})

t.test('maps of different quality are different maps', async t => {
  const { log } = recorded()
  const pool = startPool({ size: 1, stores: () => [], log, script: frail })
  await Promise.all([pool.draw(job(4, 1)), pool.draw(job(4, 1, { quality: 40 })), pool.draw(job(4, 1, { quality: 40 }))])
  t.match(pool.stats(), { drawn: 2, shared: 1, failed: 0 })
  await pool.close()
})

t.test('when the last has left, drawing stops, even in a thread that hears nothing', async t => {
  const { log, warnings } = recorded()
  const pool = startPool({ size: 1, stores: () => [], log, script: frail })
  const [one, two] = [new AbortController(), new AbortController()]
  const drawings = [kindOf(pool.draw(job(3, 1), one.signal)), kindOf(pool.draw(job(3, 1), two.signal))]
  await new Promise(resolve => setTimeout(resolve, 50))
  one.abort()
  t.equal(pool.stats().running, 1, 'still drawn for the other')
  two.abort()
  t.same(await Promise.all(drawings), ['cancelled', 'cancelled'])
  t.equal((await pool.draw(job(1, 7))).bytes[0], 7, 'the thread is free again')
  t.same(warnings, [])
  await pool.close()
})

t.test('a full queue refuses, and says when to come back', async t => {
  const { log } = recorded()
  const pool = startPool({ size: 1, stores: () => [], log, script: frail, maxWaiting: 3 })
  const drawings = Array.from({ length: 10 }, (_, i) => pool.draw(job(4, i)))
  const results = await Promise.allSettled(drawings)
  const refused = results.flatMap(result => (result.status === 'rejected' ? [result.reason as Problem] : []))
  t.equal(results.length - refused.length, 5, 'two in hand and three waiting')
  t.ok(refused.every(({ kind, retryAfter }) => kind === 'overloaded' && retryAfter! > 0))
  await pool.close()
})

t.test('waiting ends at the deadline, and when the client leaves', async t => {
  const { log } = recorded()
  const pool = startPool({ size: 1, stores: () => [], log, script: frail })
  const busy = [pool.draw(job(4, 1)), pool.draw(job(4, 2))]
  const leaver = new AbortController()
  const late = kindOf(pool.draw(job(4, 3, { deadline: steadyNow() + 20 })))
  const left = kindOf(pool.draw(job(4, 4), leaver.signal))
  leaver.abort()
  t.equal(await left, 'cancelled')
  t.equal(await late, 'deadline')
  await Promise.all(busy)
  t.equal(pool.stats().waiting, 0)
  await pool.close()
})

t.test('a thread that dies is replaced; its jobs are tried once more, then fail', async t => {
  const { log, warnings } = recorded()
  const pool = startPool({ size: 1, stores: () => [], log, script: frail })
  t.equal(await kindOf(pool.draw(job(2, 1))), 'internal')
  t.equal(pool.stats().lost, 2)
  t.equal(warnings.length, 2)
  t.equal((await pool.draw(job(1, 9))).bytes[0], 9, 'a new thread draws')
  await pool.close()
})

t.test('a thread that only starts is not taken for stuck', async t => {
  const { log, warnings } = recorded()
  const pool = startPool({ size: 1, stores: () => [], log, script: new URL('./late-worker.js', import.meta.url) })
  const [hurried, patient] = [kindOf(pool.draw(job(1, 8, { deadline: steadyNow() + 20 }))), pool.draw(job(1, 9))]
  t.equal(await hurried, 'deadline', 'who has no time is told so')
  pool.updateStores()
  t.equal((await patient).bytes[0], 9)
  t.same(warnings, [], 'no thread was lost')
  await pool.close()
})

t.test('closing finishes what runs and waits, and takes nothing more', async t => {
  const { log, warnings } = recorded()
  const pool = startPool({ size: 1, stores: () => [], log, script: frail })
  const drawings = Array.from({ length: 5 }, (_, i) => pool.draw(job(4, i)))
  const closed = pool.close()
  t.equal(await kindOf(pool.draw(job(4, 99))), 'unavailable')
  t.equal((await Promise.all(drawings)).length, 5)
  await closed
  t.same(warnings, [], 'ending is not dying')
})
