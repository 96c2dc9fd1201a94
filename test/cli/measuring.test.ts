import pino from 'pino'
import t from 'tap'
import { startMeasuring } from '#cli/measuring.js'
import type { Publisher } from '#cli/publish/publisher.js'
import { parseConfig } from '#config/load-config.js'
import { buildAtlas } from '#core/build-atlas.js'
import { atlasPlan } from '../support/publications.js'

/** A publisher that counts how often it is to look again, and fails at first. */
function counting(collections: string) {
  const config = parseConfig(`stores: { m: { kind: embedded } }\ncollections: ${collections}`, { where: 'x', folder: '/', variables: {} })
  const atlas = buildAtlas(atlasPlan([]))
  const counted = { times: 0, reached: () => {} }
  const until = new Promise<void>(resolve => {
    counted.reached = resolve
  })
  const publisher = {
    config: () => config,
    atlas: () => atlas,
    remeasure: async () => {
      counted.times++
      if (counted.times === 1) throw new Error('down')
      if (counted.times === 3) counted.reached()
      return atlas
    },
  } as unknown as Publisher
  return { publisher, counted, until }
}

t.test('what dimensions hold is looked at again and again, whatever happens', async t => {
  const { publisher, counted, until } = counting('{ c: { table: t, time: vu } }')
  const measuring = startMeasuring(publisher, pino({ enabled: false }), 1)
  const alive = setInterval(() => {}, 1000) // its own timer keeps no process
  await until
  clearInterval(alive)
  measuring.stop()
  t.ok(counted.times >= 3)
})

t.test('without dimensions nothing is asked', async t => {
  const { publisher, counted } = counting('{ c: { table: t } }')
  const measuring = startMeasuring(publisher, pino({ enabled: false }), 1)
  await new Promise(resolve => setTimeout(resolve, 30))
  measuring.stop()
  t.equal(counted.times, 0)
})
