import t from 'tap'
import type { Atlas } from '#core/atlas.js'
import type { ExportPlan, ExportShelf } from '#core/export-shelf.js'
import { Problem } from '#core/problem.js'
import { exportSchedule } from '#jobs/exports/export-schedule.js'

/** Three collections, one a raster; what was made is noted, at times that are told. */
function world(plan: ExportPlan | undefined, open: (name: string) => Promise<void> = async () => {}) {
  const made: string[] = []
  const warnings: object[] = []
  let time = new Date(2026, 0, 1, 1, 0)
  const collections = new Map(['a', 'b', 'photo'].map(id => [id, { id, source: { kind: id === 'photo' ? 'raster' : 'features' } }]))
  const shelf: Pick<ExportShelf, 'open'> = {
    async open({ id }, extension) {
      const name = `${id}.${extension}`
      await open(name)
      return {
        mediaType: '',
        isWhole: false,
        async whole() {
          made.push(name)
          return { size: 1, etag: '', modified: new Date(), async *read() {} }
        },
        async *follow() {},
      }
    },
  }
  const schedule = exportSchedule({
    plan: () => plan,
    atlas: () => ({ collections }) as unknown as Atlas,
    shelf: shelf as ExportShelf,
    log: { info() {}, warn: details => warnings.push(details) },
    now: () => time,
  })
  return {
    made,
    warnings,
    schedule,
    lookAt: (day: number, hours: number, minutes: number) => {
      time = new Date(2026, 0, day, hours, minutes)
      return schedule.look()
    },
  }
}

const nightly: ExportPlan = { at: '03:00', collections: ['*'], formats: ['gpkg', 'csv'] }
const all = ['a.gpkg', 'a.csv', 'b.gpkg', 'b.csv']

t.test('files are made once a day, at their time', async t => {
  const { made, lookAt } = world(nightly)
  await lookAt(1, 2, 59)
  t.same(made, [], 'not before')
  await lookAt(1, 3, 0)
  t.same(made, all, 'of all collections with features, one after the other')
  await lookAt(1, 3, 1)
  await lookAt(1, 23, 59)
  t.equal(made.length, 4, 'once')
  await lookAt(2, 5, 0)
  t.equal(made.length, 8, 'late, where nobody looked in time')
})

t.test('nothing where nothing is planned', async t => {
  const { made, lookAt } = world(undefined)
  await lookAt(1, 4, 0)
  t.same(made, [])
})

t.test('what cannot be made keeps nothing else from being made', async t => {
  const fails = async (name: string) => {
    if (name === 'a.gpkg') throw new Error('the disk burns')
    if (name === 'b.gpkg') throw new Problem('unsupported-format', 'It cannot hold that.')
  }
  const { made, warnings, lookAt } = world(nightly, fails)
  await lookAt(1, 3, 5)
  t.same(made, ['a.csv', 'b.csv'])
  t.match(warnings, [{ collection: 'a', format: 'gpkg' }], 'and is told of, but for what no file of that format can be')
  t.equal(warnings.length, 1)
  const named = world({ ...nightly, collections: ['nope', 'b'] }, fails)
  await named.lookAt(1, 3, 5)
  t.same(named.made, ['b.csv'])
  t.same(named.warnings.map(one => ('collection' in one ? one.collection : '')), ['nope', 'nope', 'b']) // biome-ignore format: short
})

t.test('one run at a time, and none after the stop', async t => {
  let goOn = () => {}
  const { made, schedule, lookAt } = world(nightly, name => (name === 'b.gpkg' ? new Promise<void>(resolve => { goOn = resolve }) : Promise.resolve())) // biome-ignore format: short
  const running = lookAt(1, 3, 0)
  await new Promise(resolve => setImmediate(resolve))
  await lookAt(2, 3, 0)
  t.same(made, ['a.gpkg', 'a.csv'], 'the second does not begin')
  schedule.stop()
  goOn()
  await running
  t.same(made, ['a.gpkg', 'a.csv', 'b.gpkg'], 'what is begun is ended, and no more')
})
