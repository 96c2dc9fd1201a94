import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { chooseState, loadRecordsOf } from '#cli/publish/choose-state.js'
import { syncLoader } from '#cli/publish/sync-loader.js'
import { curesFor } from '#cli/publishing.js'
import { parseConfig } from '#config/load-config.js'
import type { FeatureStore, LoadRecord, StateStore, Stores } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { recordsInMemory } from '#core/records-in-memory.js'
import { geojsonText, madeFeatures } from '../../support/make-files.js'
import { memoryStore } from '../../support/memory-store.js'

const config = (text: string) => parseConfig(text, { where: 'arpent.yaml', folder: '/nowhere', variables: {} })
const two = (more = '') =>
  config(`stores:
  local: { kind: embedded }
  main: { kind: postgis, url: "postgres://gis@db/geo" }
  other: { kind: postgis, url: "postgres://gis@db/other" }
${more}`)

/** A state in memory; `obstacle` is a reason, or `down`. */
function memoryState(obstacle?: string): StateStore & { readonly records: Map<string, Map<string, LoadRecord>> } {
  const records = new Map<string, Map<string, LoadRecord>>()
  return {
    records,
    obstacle: async () => {
      if (obstacle === 'down') throw new Problem('unavailable', 'The database does not answer.')
      return obstacle === undefined ? undefined : { code: 'no-privilege', reason: obstacle }
    },
    isPresent: async () => records.size > 0,
    rasters: () => ({ list: async () => [], put: async () => {}, forget: async () => {} }),
    loads(store) {
      const of = records.get(store) ?? new Map<string, LoadRecord>()
      records.set(store, of)
      return recordsInMemory(of)
    },
  }
}

const storesOf = (states: Record<string, StateStore | undefined>): Stores => ({
  features(id): FeatureStore {
    if (!(id in states)) throw new Problem('unavailable', `${id} is not open`)
    const state = states[id]
    return { ...memoryStore(id, []), ...(state && { state }) }
  },
  raster: () => {
    throw new Error('no rasters')
  },
})

const choose = (text: string | undefined, states: Record<string, StateStore | undefined>) =>
  chooseState(two(text), storesOf(states), curesFor)

t.test('the first PostGIS that can be written keeps the state, the embedded one only where there is none', async t => {
  const [local, main, other] = [memoryState(), memoryState(), memoryState()]
  t.equal((await choose('', { local, main, other })).kept?.id, 'main')
  t.equal((await choose('', { local, main: memoryState('no'), other })).kept?.id, 'other')
  t.equal((await choose('', { local, main: memoryState('no'), other: memoryState('no') })).kept?.id, 'local')
  t.equal((await choose('state: { store: local }', { local, main, other })).kept?.id, 'local')
  t.same(await choose('', { main: memoryState('no'), other: memoryState('no') }), {}, 'an embedded one could be started: nothing to tell')
})

t.test('where it cannot be kept, the verdict says why, what follows and what helps', async t => {
  const named = await choose('state: { store: main }', {
    local: memoryState(),
    main: memoryState('the user gis may not create a schema in it'),
    other: memoryState(),
  })
  t.equal(named.kept, undefined)
  t.match(named.inForce, {
    kind: 'off',
    finding: {
      severity: 'error',
      message: /main, because the user gis may not.*loaded anew at every start/,
      cure: /GRANT CREATE ON DATABASE "geo" TO "gis"/,
    },
  })
  const nothing = await chooseState(
    config('stores: { main: { kind: postgis, url: "postgres://gis@db/geo" } }'),
    storesOf({ main: memoryState('no') }),
    curesFor,
  )
  t.match(nothing.inForce, { finding: { severity: 'warning', code: 'state-off' } })
})

t.test('a database that does not answer is waited for', async t => {
  const { kept, inForce } = await choose('', { local: memoryState(), main: memoryState('down'), other: memoryState() })
  t.equal(kept, undefined)
  t.match(inForce, { finding: { code: 'unavailable', message: /off until main answers/ } })
})

t.test('what was remembered elsewhere moves to where state is kept, and back', async t => {
  const [local, main] = [memoryState(), memoryState()]
  const record: LoadRecord = { path: '/a#a', fingerprint: 'x', schema: 'public', table: 'a', rows: 1, notes: [] }
  await local.loads('').put(record)
  const stores = storesOf({ local, main, other: undefined })
  const nameOf = (id: string) => `name of ${id}`
  const there = await loadRecordsOf('local', { kept: { id: 'main', state: main } }, two(), stores, nameOf)
  t.same(await there?.list(), [record])
  t.same([...main.records.keys()], ['name of local'])
  t.same(await local.loads('').list(), [])
  const back = await loadRecordsOf('local', { kept: { id: 'local', state: local } }, two(), stores, nameOf)
  t.same(await back?.list(), [record])
  t.same(await main.loads('name of local').list(), [])
  t.equal(await loadRecordsOf('local', {}, two(), stores, nameOf), undefined)
})

t.test('without state, files are loaded anew by every process and leave nothing behind', async t => {
  const folder = t.testdir()
  const path = join(folder, 'a.geojson')
  writeFileSync(path, geojsonText(madeFeatures(3)))
  const store = memoryStore('local', [])
  const quiet = { write: () => {} }
  const names = async () => (await store.discover({})).map(({ schema, table }) => `${schema}.${table}`).sort()
  const first = syncLoader(quiet)
  t.match(await first(store, undefined, [path]), { tables: [{ schema: 'untracked', table: 'a' }] })
  t.match(await first(store, undefined, [path]), { tables: [{ schema: 'untracked', table: 'a' }] })
  t.same(await names(), ['untracked.a'])
  const known = new Map<string, LoadRecord>()
  const back = await first(store, recordsInMemory(known), [path])
  t.match(
    back,
    { tables: [{ schema: 'public', table: 'a' }], others: [{ schema: 'untracked', table: 'a' }] },
    'state is back: tracked from now on',
  )
  t.match(await first(store, undefined, [path]), { tables: [{ schema: 'public', table: 'a' }] }, 'state is away: what it said last holds')
  await syncLoader(quiet)(store, recordsInMemory(known), [path])
  t.same(await names(), ['public.a'], 'the next start clears what was not tracked')
})
