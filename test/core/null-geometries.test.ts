import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { FeatureSource } from '#core/atlas.js'
import { createNullWatch } from '#core/null-geometries.js'
import type { FeatureStore } from '#core/ports.js'

const sourceWith = (isNullable: boolean): FeatureSource => ({
  kind: 'features',
  store: 'main',
  schema: 's',
  table: 't',
  columns: [],
  geometries: [{ name: 'geom', type: 'POINT', dimensions: 'xy', srid: 2154, crs: 'EPSG:2154', isIndexed: true, isNullable }],
  geometry: 'geom',
  key: { kind: 'none' },
})
const source = sourceWith(true)

/** A store of which only what the watch asks is there. */
function watched() {
  const state = { version: '1' as string | undefined, nulls: 0, asked: 0, looked: 0, wait: 0 }
  const store = {
    async version() {
      state.asked++
      return state.version
    },
    async count() {
      state.looked++
      await sleep(state.wait)
      return state.nulls
    },
  } as unknown as FeatureStore
  return { state, store }
}

t.test('a table is looked through once after each change, and not for every request', async t => {
  const { state, store } = watched()
  let time = 0
  const mayLack = createNullWatch(() => time)
  t.equal(await mayLack(store, source, 0), false)
  for (let i = 0; i < 10; i++) t.equal(await mayLack(store, source, 0), false)
  t.same([state.asked, state.looked], [1, 1], 'a version is believed for a second')
  time = 2000
  await mayLack(store, source, 0)
  t.same([state.asked, state.looked], [2, 1], 'the same version is not looked through again')
  state.version = '2'
  state.nulls = 1
  time = 4000
  t.equal(await mayLack(store, source, 0), true)
  t.equal(state.looked, 2)
  state.nulls = 0
  t.equal(await mayLack(store, source, 1), false, 'an edit of our own counts at once')
  t.equal(state.looked, 3)
})

t.test('while nobody knows there may be some', async t => {
  const { state, store } = watched()
  state.wait = 300
  const mayLack = createNullWatch()
  t.equal(await mayLack(store, source, 0), true, 'looking takes longer than a request waits')
  await sleep(400)
  t.equal(await mayLack(store, source, 0), false)
  t.equal(state.looked, 1)
  state.version = undefined
  t.equal(await createNullWatch()(store, source, 0), true, 'changes cannot be told')
  t.equal(await createNullWatch()({ ...store, version: undefined } as unknown as FeatureStore, source, 0), true)
  t.equal(await createNullWatch()(store, sourceWith(false), 0), false, 'the column says it')
})
