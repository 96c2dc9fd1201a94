import t from 'tap'
import { freeRanges } from '#stores/cog/free-ranges.js'
import { seeded } from '../../support/seeded.js'

t.test('nothing is given twice, and what is given back is one piece again', async t => {
  const random = seeded(11)
  const ranges = freeRanges({ at: 100, bytes: 1000 })
  const taken: { at: number; bytes: number }[] = []
  for (let i = 0; i < 3000; i++) {
    const bytes = 1 + Math.floor(random() * 200)
    if (random() < 0.55 && ranges.largest() >= bytes) {
      const at = ranges.take(bytes)
      t.ok(at >= 100 && at + bytes <= 1100, 'inside', { diagnostic: false })
      if (taken.some(other => at < other.at + other.bytes && other.at < at + bytes)) t.fail('given twice')
      taken.push({ at, bytes })
    } else if (taken.length > 0) {
      const [{ at, bytes }] = taken.splice(Math.floor(random() * taken.length), 1)
      ranges.give(at, bytes)
    }
  }
  for (const { at, bytes } of taken) ranges.give(at, bytes)
  t.equal(ranges.largest(), 1000)
  t.equal(ranges.take(1000), 100)
  t.equal(ranges.largest(), 0)
  t.throws(() => ranges.take(1))
})
