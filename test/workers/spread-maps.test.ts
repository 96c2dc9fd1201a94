import { setMaxListeners } from 'node:events'
import t from 'tap'
import { steadyNow } from '#core/clock.js'
import type { EncodedImage, MapJob } from '#core/queries.js'
import { openPixelMemory } from '#render/pixel-memory.js'
import { lendBlocks } from '#stores/cog/lent-blocks.js'
import { openStores } from '#workers/open-stores.js'
import { startPool } from '#workers/pool.js'
import { spreadMaps } from '#workers/spread-maps.js'

const image: EncodedImage = { mediaType: 'image/jpeg', bytes: new Uint8Array(), timings: {} }

function noting() {
  const drawn: string[] = []
  const map = (name: string) => ({
    async here() {
      drawn.push(`${name} here`)
      return image
    },
    async elsewhere() {
      drawn.push(`${name} elsewhere`)
      return image
    },
  })
  return { drawn, map }
}

t.test('a map that comes alone is drawn here', async t => {
  const { drawn, map } = noting()
  const spread = spreadMaps(() => true)
  await spread.draw(map('a'))
  await spread.draw(map('b'))
  t.same(drawn, ['a here', 'b here'])
})

t.test('of several one is drawn here, the others by whoever has nothing to do', async t => {
  const { drawn, map } = noting()
  let idle = 2
  const spread = spreadMaps(() => idle-- > 0)
  const all = Promise.all(['a', 'b', 'c', 'd', 'e'].map(name => spread.draw(map(name))))
  t.equal(spread.waiting, 5)
  await new Promise(setImmediate)
  t.same(drawn, ['a elsewhere', 'b elsewhere', 'c here'])
  idle = 1
  await new Promise(setImmediate)
  t.same(drawn.slice(3), ['d elsewhere', 'e here'], 'the next turn of the loop')
  await all
  t.equal(spread.waiting, 0)
})

t.test('what cannot be drawn is told to who asked, and the next ones are drawn', async t => {
  const { drawn, map } = noting()
  const spread = spreadMaps(() => false)
  const failing = { here: () => Promise.reject(new Error('no')), elsewhere: () => Promise.reject(new Error('no')) }
  const [failed, good] = await Promise.allSettled([spread.draw(failing), spread.draw(map('b'))])
  t.same([failed.status, good.status], ['rejected', 'fulfilled'])
  t.same(drawn, ['b here'])
})

t.test('small photographs asked for at once are drawn by several threads, and are what one of them draws', async t => {
  const addresses = [{ kind: 'cog', id: 'photographs' }] as const
  const blockBytes = 8e6
  const memory = openPixelMemory(blockBytes)!
  const here = openStores(addresses, blockBytes, { lender: lendBlocks(blockBytes), memory })
  const pool = startPool({ size: 2, stores: () => addresses, here, blockBytes, log: { warn: (_, message) => t.fail(message) } })
  t.teardown(async () => {
    await pool.close()
    await here.close()
  })
  await pool.ready()
  const { file, bands } = await here.raster('photographs').describe('fixtures/warm-up/photograph.tif')
  const [west, south] = file.bbox
  const job = (i: number): MapJob => ({
    width: 128,
    height: 128,
    crs: file.crs,
    bbox: [west + i, south + i, west + i + 40, south + i + 40],
    background: { color: 0xffffff, isTransparent: false },
    mediaType: 'image/jpeg',
    scaleDenominator: 1000,
    pixelRatio: 1,
    maxFeatures: 1,
    layers: [{ kind: 'raster', store: 'photographs', files: [file], bands, style: { passes: [] } }],
    deadline: steadyNow() + 900_000,
  })
  const numbers = Array.from({ length: 40 }, (_, i) => i)
  const alone: EncodedImage[] = []
  for (const i of numbers) alone.push(await pool.draw(job(i)))
  t.ok(
    alone.every(({ timings }) => timings.wait === undefined),
    'one after the other, all are drawn here',
  )
  const together = await Promise.all(numbers.map(i => pool.draw(job(i))))
  const elsewhere = together.filter(({ timings }) => timings.wait !== undefined).length
  t.ok(elsewhere > 0 && elsewhere < 40, `${elsewhere} of 40 were drawn by threads`)
  for (const i of numbers) t.same(together[i].bytes, alone[i].bytes, `map ${i}`)
  const left = new AbortController()
  setMaxListeners(0, left.signal)
  const leaving = Promise.allSettled(numbers.map(i => pool.draw(job(100 + i), left.signal)))
  left.abort()
  t.same([...new Set((await leaving).map(({ status }) => status))], ['rejected'], 'nobody draws for who has left')
})
