import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { type EncodedImage, halfState, type MapBand, type MapJob, type RasterLayerJob } from '#core/queries.js'
import { pixelBytesOf } from '#formats/images/join-png.js'
import { startPng } from '#formats/images/png.js'
import { encodeInHalves } from '#workers/encode-in-halves.js'
import { mapCosts } from '#workers/map-costs.js'
import { openStores } from '#workers/open-stores.js'
import { type Pool, startPool } from '#workers/pool.js'
import { offerLower, shareEncoding, stateBytes } from '#workers/share-encoding.js'
import { blankJob } from '../support/blank-job.js'

const [width, height] = [400, 401]
const job = blankJob(width, height, { background: { color: 0xffffff, isTransparent: false } })
const format = startPng()
const opaque = { isOpaque: true }
const colourful = Uint8Array.from({ length: width * height * 4 }, (_, i) => (i % 4 === 3 ? 255 : (((i >> 2) >> ((i % 4) * 3)) * 7) & 255))
const plain = new Uint8Array(width * height * 4).fill(255)
const pixels = ({ bytes }: Pick<EncodedImage, 'bytes'>) => sharp(bytes).ensureAlpha().raw().toBuffer()
const stateOf = ({ states }: MapBand) => new Int32Array(states)

/** The thread that draws: offers the lower half, and goes on when `isReady`. */
async function upperHalf({ lower }: MapJob, isReady: (state: Int32Array) => boolean): Promise<Uint8Array> {
  const { top } = lower!
  const state = stateOf(lower!)
  t.ok(offerLower(lower!, top, { width, height, rgba: colourful }))
  while (!isReady(state)) await new Promise(setImmediate)
  Atomics.store(state, 0, halfState.halved)
  return format.encodeBand!({ width, height: top, rgba: colourful.subarray(0, top * width * 4) }, { top: 0, height }, opaque)
}

const isTaken = (state: Int32Array) => Atomics.load(state, 0) === halfState.taken

function lowerHalf({ band }: MapJob): Uint8Array {
  const { top, height: rows, pixels, pixelBytes } = band!
  return format.encodeBand!({ width, height: rows, rgba: new Uint8Array(pixels, top * width * 4) }, { top, height, pixelBytes }, opaque)
}

/** Draws wholes, and halves by `upper` and `lower`. */
function drawing(idle: () => number, upper: (job: MapJob) => Promise<Uint8Array>, lower = async (one: MapJob) => lowerHalf(one)) {
  const drawn: string[] = []
  const signals: (AbortSignal | undefined)[] = []
  const draw = async (one: MapJob, signal?: AbortSignal): Promise<EncodedImage> => {
    drawn.push(one.lower ? 'upper' : one.band ? 'lower' : 'whole')
    signals.push(signal)
    const whole = async () => format.encode({ width, height, rgba: colourful }, opaque)
    const bytes = await (one.lower ? upper(one) : one.band ? lower(one) : whole())
    return { mediaType: one.mediaType, bytes, timings: { draw: 10, encode: one.band ? 3 : 4 } }
  }
  return { drawn, signals, draw: encodeInHalves({ draw, idle, costs: mapCosts() }) }
}

t.test('a map that takes long to encode is encoded by two, and is the same', async t => {
  const { drawn, draw } = drawing(
    () => 2,
    one => upperHalf(one, isTaken),
  )
  const whole = await draw(job)
  for (let i = 0; i < 2; i++) {
    const image = await draw(job)
    t.equal(Buffer.compare(await pixels(image), await pixels(whole)), 0)
    t.ok(image.bytes.length < whole.bytes.length * 1.02)
    t.same(image.timings, { draw: 10, encode: 4 })
  }
  t.same(drawn, ['whole', 'upper', 'lower', 'upper', 'lower'], 'the first of its kind shows what it takes')
})

t.test('other formats, bands, busy threads and quick maps are left to one', async t => {
  let idle = 2
  const { drawn, draw } = drawing(() => idle, shouldNotBe)
  await draw(job)
  await draw({ ...job, mediaType: 'image/png; mode=8bit' })
  const band = { top: 0, height: 10, pixels: new SharedArrayBuffer(width * height * 4), states: new SharedArrayBuffer(4), index: 0 }
  await draw({ ...job, band })
  idle = 1
  await draw(job)
  t.same(drawn, ['whole', 'whole', 'lower', 'whole'])
  const quick = encodeInHalves({
    idle: () => 2,
    costs: mapCosts(),
    async draw({ lower }) {
      t.notOk(lower)
      return { mediaType: 'image/png', bytes: colourful, timings: { draw: 10, encode: 1 } }
    },
  })
  for (let i = 0; i < 3; i++) await quick(job)
})

const shouldNotBe = () => Promise.reject(new Error('not to be shared'))

t.test('kinds of maps that have a palette are soon left to one', async t => {
  const jobs: MapJob[] = []
  const draw = encodeInHalves({
    idle: () => 2,
    costs: mapCosts(),
    async draw(one) {
      jobs.push(one)
      const rgba = jobs.length === 1 ? colourful : plain
      return { mediaType: 'image/png', bytes: await format.encode({ width, height, rgba }, opaque), timings: { draw: 10, encode: 2 } }
    },
  })
  for (let i = 0; i < 4; i++) await draw(job)
  t.same(
    jobs.map(({ lower }) => lower !== undefined),
    [false, true, false, false],
  )
})

t.test('where nobody is idle any more, the first thread does it all', async t => {
  let asked = 0
  // idle when the map is asked for, and not when it is drawn
  const { drawn, draw } = drawing(
    () => [2, 0][asked++] ?? 0,
    async one => {
      const state = stateOf(one.lower!)
      await upperHalf(one, () => asked > 1)
      t.notOk(isTaken(state))
      Atomics.store(state, 0, halfState.kept)
      return format.encode({ width, height, rgba: colourful }, opaque)
    },
  )
  const whole = await draw(job)
  t.equal(Buffer.compare(await pixels(await draw(job)), await pixels(whole)), 0)
  t.same(drawn, ['whole', 'upper'])
})

t.test('a half that fails fails the map, and the other is left', async t => {
  for (const failing of ['upper', 'lower']) {
    const until = (signal: AbortSignal | undefined) =>
      new Promise<Uint8Array>((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason), { once: true }))
    const world = drawing(
      () => 2,
      async one => {
        const bytes = await upperHalf(one, isTaken)
        if (failing === 'upper') throw new Error('broken')
        return bytes
      },
      () => (failing === 'lower' ? Promise.reject(new Error('broken')) : until(world.signals.at(-1))),
    )
    await world.draw(job)
    await t.rejects(world.draw(job), { message: 'broken' }, failing)
    t.same(world.drawn, ['whole', 'upper', 'lower'])
    t.ok(world.signals.slice(1).every(signal => signal?.aborted))
  }
})

t.test('who leaves lets go of both halves; a map that was never drawn leaves nobody waiting', async t => {
  const { signals, draw } = drawing(
    () => 2,
    () => new Promise((_, reject) => signals.at(-1)!.addEventListener('abort', () => reject(new Error('left')), { once: true })),
  )
  await draw(job)
  const leaver = new AbortController()
  const left = draw(job, leaver.signal)
  leaver.abort()
  await t.rejects(left, { message: 'left' })
})

t.test('a thread keeps the lower rows, or leaves them, and begins no sharing that another began', t => {
  const common = () => ({
    top: 201,
    height: 200,
    pixels: new SharedArrayBuffer(colourful.length),
    states: new SharedArrayBuffer(stateBytes),
    index: 1,
  })
  const whole = { width, height, rgba: colourful }
  const kept = common()
  const bytes = shareEncoding(kept, whole, format, opaque)!
  t.equal(stateOf(kept)[0], halfState.kept)
  t.equal(bytes.at(-1), 0x82, 'a whole file')
  const taken = common()
  const taking: typeof format = {
    ...format,
    encodeBand(rows, place, options) {
      t.equal(Atomics.compareExchange(stateOf(taken), 0, halfState.offered, halfState.taken), halfState.offered)
      t.equal(Buffer.compare(new Uint8Array(taken.pixels, 201 * width * 4), colourful.subarray(201 * width * 4)), 0)
      return format.encodeBand!(rows, place, options)
    },
  }
  const upper = shareEncoding(taken, whole, taking, opaque)!
  t.equal(stateOf(taken)[0], halfState.halved)
  t.equal(pixelBytesOf(upper), 3)
  t.equal(shareEncoding(taken, whole, format, opaque), undefined, 'after another thread died over it')
  t.equal(stateOf(taken)[0], halfState.kept)
  const early = common()
  t.ok(offerLower(early, 180, whole))
  t.notOk(offerLower(early, 180, whole), 'once only')
  t.equal(Buffer.compare(new Uint8Array(early.pixels, 180 * width * 4), colourful.subarray(180 * width * 4)), 0)
  Atomics.store(stateOf(early), 0, halfState.taken)
  const above = shareEncoding(early, whole, format, opaque, true)!
  t.same(
    above,
    format.encodeBand!({ width, height: 180, rgba: colourful }, { top: 0, height }, opaque),
    'rows above those that were offered',
  )
  const palette = common()
  t.equal(shareEncoding(palette, { ...whole, rgba: plain }, format, opaque), undefined)
  t.equal(stateOf(palette)[0], halfState.kept)
  t.end()
})

async function photographJob(): Promise<MapJob> {
  const stores = openStores([{ kind: 'cog', id: 'photographs' }])
  const { file, bands } = await stores.raster('photographs').describe('fixtures/warm-up/photograph.tif')
  await stores.close()
  const layer: RasterLayerJob = { kind: 'raster', store: 'photographs', files: [file], bands, style: { passes: [] } }
  return { ...job, width: 500, height: 500, crs: file.crs, bbox: file.bbox, layers: [layer] }
}

t.test('the memory of a large image goes back to the thread with the next map', async t => {
  const photograph = await photographJob()
  const pool = startPool({ size: 1, stores: () => [{ kind: 'cog', id: 'photographs' }], log: { warn() {} } })
  t.teardown(() => pool.close())
  const { bytes, giveBack } = await pool.draw(photograph)
  const right = bytes.slice()
  giveBack!()
  t.same((await pool.draw(photograph)).bytes, right)
  t.equal(bytes.length, 0, 'handed over')
  t.notOk((await pool.draw({ ...photograph, width: 50, height: 50 })).giveBack, 'not of small ones')
})

t.test('threads encode a map in halves; one that dies over its half takes nothing with it', async t => {
  const folder = t.testdir()
  process.env.HALVES = folder
  const photograph = await photographJob()
  const warnings: string[] = []
  const log = { warn: (_: object, message: string) => void warnings.push(message) }
  const pool: Pool = startPool({
    size: 2,
    stores: () => [{ kind: 'cog', id: 'photographs' }],
    log,
    script: new URL('./half-worker.js', import.meta.url),
  })
  await pool.ready()
  const right = await pixels(await pool.draw(photograph))
  /** Draws until a map was in halves and `is` so. */
  const drawUntil = async (is: () => boolean) => {
    for (let i = 0, inHalves = false; i < 100 && !(inHalves && is()); i++) {
      const { drawn } = pool.stats()
      const image = await pool.draw(photograph)
      if (Buffer.compare(await pixels(image), right) !== 0) return t.fail('the map is another')
      inHalves ||= pool.stats().drawn - drawn > 1
    }
    t.ok(is())
  }
  await drawUntil(() => true)
  const alone = await pool.draw(photograph)
  t.ok(alone.giveBack)
  alone.giveBack?.()
  t.equal(Buffer.compare(await pixels(await pool.draw(photograph)), right), 0, 'in memory that was given back')
  for (const half of ['lower', 'upper']) {
    writeFileSync(join(folder, half), '')
    await drawUntil(() => !existsSync(join(folder, half)))
  }
  t.equal(pool.stats().lost, 2)
  t.equal(pool.stats().failed, 0)
  t.equal(warnings.length, 2)
  await pool.ready()
  await drawUntil(() => true)
  const last = pool.draw(photograph)
  await pool.close()
  t.equal(Buffer.compare(await pixels(await last), right), 0, 'a pool that closes finishes what it has')
})
