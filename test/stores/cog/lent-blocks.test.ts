import { Worker } from 'node:worker_threads'
import t from 'tap'
import { createBlockCache } from '#stores/cog/block-cache.js'
import { borrowBlocks, lendBlocks } from '#stores/cog/lent-blocks.js'
import { seeded } from '../../support/seeded.js'

const side = 20
const bytes = side * side * 4
/** A block all of whose bytes are `value`. */
const load =
  (value: number, loads: number[] = []) =>
  async (room: (bytes: number) => Uint8Array) => {
    loads.push(value)
    return { kind: 'colors', width: side, height: side, rgba: room(bytes).fill(value) } as const
  }
/** Blocks are kept when everybody who waited has had them. */
const settled = () => new Promise(setImmediate)

t.test('a cache reads what the other one keeps, and loads what has left it', async t => {
  const lender = lendBlocks(4 * bytes)
  const lending = createBlockCache(4 * bytes, { lender })
  const borrowing = createBlockCache(4 * bytes, { borrower: borrowBlocks(lender.lent) })
  const loads: number[] = []
  const seen: number[] = []
  const get = (value: number) =>
    borrowing.use(String(value), load(value, loads), ({ rgba, width }) => seen.push(rgba[0], rgba[bytes - 1], width))
  for (const value of [1, 2, 3]) {
    await lending.use(String(value), load(value), () => {})
    await settled()
  }
  for (const value of [1, 2, 3]) t.equal(get(value), undefined, 'at once')
  t.same(seen, [1, 1, side, 2, 2, side, 3, 3, side])
  t.same(loads, [])
  for (const value of [4, 5]) {
    await lending.use(String(value), load(value), () => {})
    await settled()
  }
  await get(1)
  t.same(loads, [1], 'the oldest had to go')
  await get(5)
  t.same(loads, [1])
})

t.test('a block that is overwritten while it is read is read again elsewhere', async t => {
  const lender = lendBlocks(4 * bytes)
  const lending = createBlockCache(4 * bytes, { lender })
  const borrowing = createBlockCache(4 * bytes, { borrower: borrowBlocks(lender.lent) })
  await lending.use('1', load(1), () => {})
  await settled()
  const loads: number[] = []
  const into = new Uint8Array(bytes)
  let uses = 0
  const coming = borrowing.use('1', load(1, loads), ({ rgba }) => {
    into.set(rgba.subarray(0, bytes / 2))
    // as other threads may at any moment
    if (uses++ === 0) for (const value of [2, 3, 4, 5]) void lending.use(String(value), load(value), () => {})
    into.set(rgba.subarray(bytes / 2), bytes / 2)
  })
  t.ok(coming, 'it has to be loaded after all')
  await coming
  t.same([uses, loads], [2, [1]])
  t.ok(into.every(byte => byte === 1))
})

t.test('threads read whole blocks or none, whatever is decoded meanwhile', async t => {
  const keys = 12
  const lender = lendBlocks(8 * bytes)
  const lending = createBlockCache(8 * bytes, { lender })
  const worker = new Worker(new URL('./borrow-worker.js', import.meta.url), { workerData: { lent: lender.lent, keys, enough: 3000 } })
  lender.watch(slabs => worker.postMessage(slabs))
  let counts: { whole: number; missed: number; torn: number } | undefined
  worker.once('message', told => {
    counts = told
  })
  const failed = new Promise<never>((_, reject) => worker.once('error', reject))
  const random = seeded(5)
  const wrong: number[] = []
  while (!counts) {
    for (let i = 0; i < 20; i++) {
      const value = 1 + Math.floor(random() * keys)
      await lending.use(String(value), load(value), ({ rgba }) => {
        if (rgba[0] !== value) wrong.push(value)
      })
    }
    await Promise.race([settled(), failed])
  }
  t.equal(counts.torn, 0)
  t.ok(counts.missed > 0, `${counts.missed} were not there, or taken back`)
  t.same(wrong, [])
})
