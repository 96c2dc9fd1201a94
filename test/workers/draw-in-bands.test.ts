import sharp from 'sharp'
import t from 'tap'
import { steadyNow } from '#core/clock.js'
import type { EncodedImage, MapJob } from '#core/queries.js'
import { startPng } from '#formats/images/png.js'
import { transformBbox } from '#geo/transform.js'
import type { Style, TextSymbolizer } from '#styles/style.js'
import { drawInBands } from '#workers/draw-in-bands.js'
import { inlineRenderer } from '#workers/inline-renderer.js'
import { mapCosts } from '#workers/map-costs.js'
import { memorySource, memoryStore } from '../support/memory-store.js'
import { smallTown, townStyle } from '../support/small-town.js'

const town = smallTown('EPSG:2154', (x, y) => [770_000 + x, 6_279_000 + y])
const tables = [town.parcels, town.houses, town.streets, town.trees]
const store = memoryStore('memory', tables)
const renderer = inlineRenderer({
  features: () => store,
  raster: () => {
    throw new Error('no rasters here')
  },
})
const job: MapJob = {
  width: 256,
  height: 250,
  crs: 'EPSG:2154',
  bbox: [770_000, 6_279_000, 770_400, 6_279_390.625],
  background: { color: 0xffffff, isTransparent: true },
  mediaType: 'image/png',
  scaleDenominator: 5000,
  pixelRatio: 1,
  layers: tables.map(table => ({
    kind: 'features',
    source: memorySource('memory', table),
    geometry: table.geometries[0],
    style: townStyle(table),
  })),
  maxFeatures: 1000,
  deadline: steadyNow() + 900_000,
}

/** The same place in web mercator. */
const mercatorBox = transformBbox(job.bbox, 'EPSG:2154', 'EPSG:3857')!

/** Draws and notes what was drawn, as if each map took so long. */
function recording(milliseconds: number) {
  const jobs: MapJob[] = []
  const draw = async (job: MapJob, signal?: AbortSignal): Promise<EncodedImage> => {
    jobs.push(job)
    const image = await renderer.draw(job, signal)
    return { ...image, timings: { ...image.timings, draw: milliseconds } }
  }
  return { jobs, draw }
}
const pixels = (image: EncodedImage) => sharp(image.bytes).ensureAlpha().raw().toBuffer()

for (const [crs, angle] of [
  ['EPSG:2154', 0],
  ['EPSG:3857', 0],
  ['EPSG:2154', 35],
  ['EPSG:3857', 200],
] as const)
  t.test(`a map in bands is the whole map, ${crs}, turned by ${angle} degrees`, async t => {
    const { jobs, draw } = recording(100)
    const inBands = drawInBands({ draw, idle: () => 3, costs: mapCosts() })
    const bbox = crs === 'EPSG:3857' ? mercatorBox : job.bbox
    const asked = { ...job, crs, bbox, angle }
    const whole = await inBands(asked)
    t.equal(jobs.length, 1, 'the first of its kind is drawn whole')
    const again = await inBands(asked)
    t.equal(jobs.length, 1 + 3 + 1, 'three bands, and putting them together')
    const [a, b] = [await pixels(whole), await pixels(again)]
    t.equal(Buffer.compare(a, b), 0)
  })

t.test('quick maps, busy threads, texts and other maps are left whole', async t => {
  const text: TextSymbolizer = {
    kind: 'text',
    text: { kind: 'literal', value: 'x' },
    font: { families: ['sans-serif'], size: 10 },
    color: '#000000',
    opacity: 1,
    placement: { kind: 'point', anchor: [0, 0] },
  }
  const style: Style = { passes: [{ rules: [{ name: '', symbolizers: [text] }] }] }
  const texts = { ...job, layers: job.layers.map(layer => ({ ...layer, style })) } as MapJob
  for (const [milliseconds, idle, asked] of [
    [1, 2, job],
    [100, 1, job],
    [100, 0, job],
    [100, 2, { ...job, height: 100 }],
    [100, 2, texts],
  ] as const) {
    const { jobs, draw } = recording(milliseconds)
    const inBands = drawInBands({ draw, idle: () => idle, costs: mapCosts() })
    for (let i = 0; i < 3; i++) await inBands(asked)
    t.equal(jobs.length, 3)
  }
})

t.test('bands of many colours are encoded where they are drawn, and a blank one as they are', async t => {
  const [width, height] = [400, 400]
  const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) =>
    i % 4 === 3 || i < width * 200 * 4 ? 255 : (((i >> 2) >> ((i % 4) * 3)) * 7) & 255,
  )
  const format = startPng()
  const jobs: MapJob[] = []
  const draw = async (job: MapJob): Promise<EncodedImage> => {
    jobs.push(job)
    const { band } = job
    const rows = band && rgba.subarray(band.top * width * 4, (band.top + band.height) * width * 4)
    const bytes = rows
      ? format.encodeBand!({ width, height: band.height, rgba: rows }, { ...band, height }, { isOpaque: true })
      : await format.encode({ width, height, rgba }, { isOpaque: true })
    return { mediaType: 'image/png', bytes, timings: { draw: 100, encode: 1 } }
  }
  const inBands = drawInBands({ draw, idle: () => 2, costs: mapCosts() })
  const asked = { ...job, width, height }
  const whole = await inBands(asked)
  const again = await inBands(asked)
  t.same(
    jobs.map(({ band, pixels }) => [band?.top, band?.pixelBytes, pixels !== undefined]),
    [
      [undefined, undefined, false],
      [0, undefined, false],
      [200, undefined, false],
      [0, 3, true],
    ],
  )
  t.equal(Buffer.compare(await pixels(again), await pixels(whole)), 0)
  t.ok(again.bytes.length < whole.bytes.length * 1.01)
  t.same(again.timings, { draw: 100, encode: 1 })
})

t.test('a band that fails fails the map, and the others are left', async t => {
  const signals: AbortSignal[] = []
  let calls = 0
  const inBands = drawInBands({
    idle: () => 2,
    costs: mapCosts(),
    async draw(_, signal) {
      if (calls++ === 0) return { mediaType: 'image/png', bytes: new Uint8Array(0), timings: { draw: 100 } }
      if (signal) signals.push(signal)
      if (calls === 2) throw new Error('broken')
      await new Promise(resolve => signal?.addEventListener('abort', resolve, { once: true }))
      throw signal?.reason
    },
  })
  await inBands(job)
  await t.rejects(inBands(job), { message: 'broken' })
  t.ok(signals.every(({ aborted }) => aborted))
})

t.test('as many bands as a large machine has threads may listen for the end', async t => {
  const warnings: Error[] = []
  const note = (warning: Error) => void warnings.push(warning)
  process.on('warning', note)
  t.teardown(() => process.off('warning', note))
  let calls = 0
  const inBands = drawInBands({
    idle: () => 32,
    costs: mapCosts(),
    async draw(_, signal) {
      calls++
      // in the queue, and in the thread
      for (let i = 0; i < 2; i++) signal?.addEventListener('abort', () => {})
      return { mediaType: 'image/png', bytes: new Uint8Array(0), timings: { draw: 100 } }
    },
  })
  const high = { ...job, height: 2048 }
  await inBands(high)
  await inBands(high)
  t.equal(calls, 1 + 32 + 1)
  await new Promise(resolve => setImmediate(resolve))
  t.same(warnings, [])
})
