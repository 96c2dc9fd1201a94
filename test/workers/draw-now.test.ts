import t from 'tap'
import { steadyNow } from '#core/clock.js'
import type { MapJob, RasterLayerJob } from '#core/queries.js'
import { openPixelMemory } from '#render/pixel-memory.js'
import { startJobDrawer } from '#workers/job-drawer.js'
import { openStores } from '#workers/open-stores.js'
import { quickMaps } from '#workers/quick-maps.js'

t.test('a photograph whose blocks are in memory is drawn at once, as it is drawn in steps', async t => {
  const memory = openPixelMemory(8e6)!
  const stores = openStores([{ kind: 'cog', id: 'photographs' }], 8e6, { memory })
  t.teardown(() => stores.close())
  const drawer = startJobDrawer([], { forJobs: memory, forNow: memory })
  const quick = quickMaps(drawer, stores)
  const { file, bands } = await stores.raster('photographs').describe('fixtures/warm-up/photograph.tif')
  const [west, south, east, north] = file.bbox
  const layer: RasterLayerJob = { kind: 'raster', store: 'photographs', files: [file], bands, style: { passes: [] } }
  const job = (change: Partial<MapJob> = {}): MapJob => ({
    width: 100,
    height: 80,
    crs: file.crs,
    bbox: [west + 20, south + 20, west + 60, south + 52],
    background: { color: 0xffffff, isTransparent: false },
    mediaType: 'image/jpeg',
    scaleDenominator: 1000,
    pixelRatio: 1,
    maxFeatures: 1,
    layers: [layer],
    deadline: steadyNow() + 30_000,
    ...change,
  })
  const inSteps = (one: MapJob) => drawer.draw(one, stores, one)
  t.equal(quick.drawNow(job()), undefined, 'nothing is in memory')
  for (const change of [{}, { quality: 40 }, { angle: 30 }, { bbox: [west + 30, south + 20, west + 60, south + 45] as const }]) {
    // the first map shows parts of blocks, the second has whole ones
    const steps = await inSteps(job(change))
    await inSteps(job(change))
    await new Promise(setImmediate)
    const now = quick.drawNow(job(change))
    t.same(now?.bytes, steps.bytes, JSON.stringify(change))
    t.equal(now?.mediaType, steps.mediaType)
    t.same(Object.keys(now?.timings ?? {}), Object.keys(steps.timings))
  }
  const half: RasterLayerJob['style'] = { passes: [{ rules: [{ name: 'half', symbolizers: [{ kind: 'raster', opacity: 0.5 }] }] }] }
  for (const [why, change] of Object.entries({
    'it is late': { deadline: steadyNow() - 1 },
    'a part of it is beyond the photograph': { bbox: [east - 10, north - 10, east + 10, north + 10] as const },
    'it shines through': { layers: [{ ...layer, style: half }] },
    'it is no JPEG': { mediaType: 'image/png' },
    'there are two layers': { layers: [layer, layer] },
    'it is a band of another': {
      band: { top: 0, height: 80, pixels: new SharedArrayBuffer(32_000), states: new SharedArrayBuffer(4), index: 0 },
    },
  }))
    t.equal(quick.drawNow(job(change)), undefined, why)
})
