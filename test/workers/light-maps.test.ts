import t from 'tap'
import { steadyNow } from '#core/clock.js'
import type { EncodedImage, FeatureLayerJob, MapJob } from '#core/queries.js'
import type { Style, Symbolizer } from '#styles/style.js'
import { type JobDrawer, startJobDrawer } from '#workers/job-drawer.js'
import { lightMaps } from '#workers/light-maps.js'
import { kindOf, mapCosts } from '#workers/map-costs.js'
import { memorySource } from '../support/memory-store.js'
import { smallTown, townStyle } from '../support/small-town.js'

const { parcels } = smallTown('EPSG:2154', (x, y) => [770_000 + x, 6_279_000 + y])
const layer: FeatureLayerJob = {
  kind: 'features',
  source: memorySource('memory', parcels),
  geometry: parcels.geometries[0],
  style: townStyle(parcels),
  key: 'parcels 1',
}
const job: MapJob = {
  width: 256,
  height: 256,
  crs: 'EPSG:2154',
  bbox: [770_000, 6_279_000, 770_400, 6_279_400],
  background: { color: 0xffffff, isTransparent: false },
  mediaType: 'image/png',
  scaleDenominator: 5000,
  pixelRatio: 1,
  layers: [layer],
  maxFeatures: 1000,
  deadline: steadyNow() + 900_000,
}
const imageOf = (timings: EncodedImage['timings'], longest?: number): EncodedImage => ({
  mediaType: 'image/png',
  bytes: new Uint8Array(0),
  timings,
  ...(longest !== undefined && { longest }),
})
const light = imageOf({ draw: 9, rows: 8.5, encode: 0.5 })
const heavy = imageOf({ draw: 9, rows: 1, encode: 0.5 })
const styled = (...symbolizers: Symbolizer[]): MapJob => {
  const style: Style = { passes: [{ rules: [{ name: '', symbolizers }] }] }
  return { ...job, layers: [{ ...layer, style }] }
}
const text: Symbolizer = {
  kind: 'text',
  text: { kind: 'literal', value: 'x' },
  font: { families: ['sans-serif'], size: 10 },
  color: '#000000',
  opacity: 1,
  placement: { kind: 'point', anchor: [0, 0] },
}

function started(draw: JobDrawer['draw'] = async () => light) {
  const costs = mapCosts()
  return { costs, maps: lightMaps({ tools: startJobDrawer().tools, draw }, () => [], costs) }
}

t.test('maps that take little computing are light, however long their rows are waited for', t => {
  const { costs, maps } = started()
  t.notOk(maps.prepare(job), 'nothing is known')
  costs.learnFrom(kindOf(job), heavy)
  t.notOk(maps.prepare(job))
  for (let i = 0; i < 20; i++) costs.learnFrom(kindOf(job), light)
  t.ok(maps.prepare(job))
  costs.learnFrom(kindOf(job), imageOf({ draw: 30, rows: 1 }))
  t.ok(maps.prepare(job), 'once it took long: the processor was elsewhere')
  for (let i = 0; i < 50; i++) costs.learnFrom(kindOf(job), heavy)
  t.notOk(maps.prepare(job), 'it takes long now')
  t.end()
})

t.test('a map that takes longer is light where its thread looks up in between, unless it takes too long in all', t => {
  for (const [image, isLight] of [
    [imageOf({ draw: 7, rows: 1, encode: 1 }), false],
    [imageOf({ draw: 7, rows: 1, encode: 1 }, 3), false],
    [imageOf({ draw: 7, rows: 1, encode: 1 }, 1), true],
    [imageOf({ draw: 70, rows: 1, encode: 1 }, 1), false],
  ] as const) {
    const { costs, maps } = started()
    costs.learnFrom(kindOf(job), image)
    t.equal(maps.prepare(job) !== undefined, isLight)
  }
  t.end()
})

t.test('bands teach what a map takes in all, and in one go', t => {
  const { costs, maps } = started()
  const band = imageOf({ draw: 4, rows: 1, encode: 1 }, 1)
  costs.learnFromBands(kindOf(job), [band, imageOf({ draw: 3, rows: 1.5, encode: 0.5 }, 0.75)])
  t.same(costs.of(kindOf(job)), { whole: undefined, inBands: undefined, work: 6, longest: 1 })
  t.ok(maps.prepare(job))
  costs.learnFromBands(kindOf({ ...job, scaleDenominator: 20_000 }), [band, band, band])
  t.notOk(maps.prepare({ ...job, scaleDenominator: 20_000 }))
  t.end()
})

t.test('large maps, texts and maps of other things are not', t => {
  const { costs, maps } = started()
  const raster = { kind: 'raster', store: 'x', files: [], bands: [], style: { passes: [] } } as const
  for (const [asked, isTaken] of [
    [job, true],
    [styled(text), false],
    [{ ...job, width: 1024 }, false],
    [{ ...job, layers: [layer, raster] }, false],
    [{ ...job, layers: [] }, false],
  ] as const) {
    costs.learnFrom(kindOf(asked), light)
    t.equal(maps.prepare(asked) !== undefined, isTaken)
  }
  t.end()
})

t.test('one is drawn at a time, also after one that failed', async t => {
  const ends: (() => void)[] = []
  const { costs, maps } = started(
    () =>
      new Promise((resolve, reject) => {
        ends.push(() => (ends.length > 1 ? resolve(light) : reject(new Error('broken'))))
      }),
  )
  costs.learnFrom(kindOf(job), light)
  const failed = maps.prepare(job)?.()
  t.notOk(maps.prepare(job))
  ends[0]()
  await t.rejects(Promise.resolve(failed), { message: 'broken' })
  t.ok(maps.prepare(job))
  const drawn = maps.prepare(job)?.()
  t.notOk(maps.prepare(job))
  ends[1]()
  t.equal(await drawn, light)
  t.ok(maps.prepare(job))
  await maps.close()
})

t.test('kinds tell layers, scales, sizes and formats apart', t => {
  const others: MapJob[] = [
    { ...job, layers: [{ ...layer, key: 'parcels 2' }] },
    { ...job, scaleDenominator: 20_000 },
    { ...job, width: 1024 },
    { ...job, mediaType: 'image/jpeg' },
  ]
  t.equal(new Set([job, ...others].map(kindOf)).size, 5)
  t.equal(kindOf({ ...job, bbox: [0, 0, 1, 1], scaleDenominator: 5100 }), kindOf(job))
  t.end()
})
