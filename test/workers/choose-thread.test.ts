import t from 'tap'
import { chooseThread } from '#workers/choose-thread.js'
import type { RenderThread } from '#workers/render-thread.js'
import { seeded } from '../support/seeded.js'

const threads = (...loads: number[]) => new Set(loads.map(load => ({ load }) as RenderThread))
const map = (x: number, y: number, size = 200) => ({ bbox: [x, y, x + size, y + size] as const })

t.test('maps of one area go to one thread, as long as it has no more to do than others', t => {
  const four = threads(0, 0, 0, 0)
  const random = seeded(3)
  const chosen = Array.from({ length: 50 }, () => chooseThread(four, map(700_000 + random() * 500, 6_600_000 + random() * 500), 2))
  t.ok(new Set(chosen).size <= 2, 'neighbours share a thread, but for those over the border of an area')
  const everywhere = Array.from({ length: 400 }, () => chooseThread(four, map(random() * 1e6, random() * 1e6), 2))
  const counts = [...four].map(thread => everywhere.filter(one => one === thread).length)
  t.ok(
    counts.every(count => count > 60),
    `areas are spread evenly: ${counts}`,
  )
  t.end()
})

t.test('the idle take what others would have to wait for, and the full take nothing', t => {
  const [busy, idle] = threads(1, 0)
  for (let i = 0; i < 20; i++) t.equal(chooseThread(new Set([busy, idle]), map(i * 1e5, 0), 2), idle)
  t.equal(chooseThread(threads(2, 2), map(0, 0), 2), undefined)
  t.equal(chooseThread(threads(), map(0, 0), 2), undefined)
  for (const size of [0, Number.MIN_VALUE, 1e308]) t.ok(chooseThread(threads(0, 0), map(1e300, -1e300, size), 2), 'whatever is asked')
  t.end()
})
