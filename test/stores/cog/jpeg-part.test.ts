import { createRequire } from 'node:module'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { createBlockCache } from '#stores/cog/block-cache.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { jpegPartToRgba, type PartPlace } from '#stores/cog/jpeg-part.js'
import { turboJpegToRgba } from '#stores/cog/jpeg-to-rgba.js'
import { wholeJpeg } from '#stores/cog/whole-jpeg.js'
import { gdal, withoutGdal } from '../../support/gdal.js'
import { makeJpeg } from '../../support/make-jpeg.js'
import { writeTiff } from '../../support/make-tiff.js'
import { pick, seeded, seededInteger } from '../../support/seeded.js'

const whole = turboJpegToRgba()
if (!whole) {
  t.pass('parts are only decoded where libjpeg-turbo is')
  t.end()
  process.exit(0)
}
const turbo = createRequire(import.meta.url)('@julusian/jpeg-turbo')

interface Picture {
  readonly jpeg: Uint8Array
  readonly width: number
  readonly height: number
  readonly isRgb?: boolean
}

/** A part of a picture, or undefined where it is left to others. */
function partOf(
  { jpeg, width, height, isRgb = false }: Picture,
  { fromX, fromY, width: columns, height: rows }: Omit<PartPlace, 'toX' | 'toY'>,
) {
  const into = new Uint8Array((columns + 3) * (rows + 1) * 4).fill(7)
  const place = { fromX, fromY, toX: 2, toY: 1, width: columns, height: rows }
  const stored = { bytes: jpeg, tables: undefined, isRgb, width, heights: [height, height] as const }
  return jpegPartToRgba(stored, place, into, columns + 3) ? into : into.every(value => value === 7) ? undefined : 'written to'
}

const all = ({ width, height }: Picture) => ({ fromX: 0, fromY: 0, width, height })

/** The same out of the whole picture, with the 7 that was there before. */
function cut(rgba: Uint8Array, width: number, { fromX, fromY, width: columns, height: rows }: Omit<PartPlace, 'toX' | 'toY'>): Uint8Array {
  const into = new Uint8Array((columns + 3) * (rows + 1) * 4).fill(7)
  for (let y = 0; y < rows; y++) {
    const from = ((fromY + y) * width + fromX) * 4
    into.set(rgba.subarray(from, from + columns * 4), ((y + 1) * (columns + 3) + 2) * 4)
  }
  return into
}

/** As a block of a file, of which it does not matter how it begins. */
async function decoded({ jpeg, width, height }: Picture): Promise<Uint8Array> {
  const rgba = new Uint8Array(width * height * 4)
  await whole!(wholeJpeg(jpeg, undefined, false), rgba)
  return rgba
}

/** Parts at random places, at the edges, and everything, that are not what libjpeg-turbo makes of them. */
async function wrongParts(random: () => number, picture: Picture): Promise<unknown[]> {
  const { width, height } = picture
  const rgba = await decoded(picture)
  const parts = [all(picture)]
  for (let i = 0; i < 12; i++) {
    const [columns, rows] = [seededInteger(random, 1, width), seededInteger(random, 1, height)]
    const [x, y] = [seededInteger(random, 0, width - columns), seededInteger(random, 0, height - rows)]
    parts.push({ fromX: i % 3 ? x : 0, fromY: i % 4 ? y : height - rows, width: columns, height: rows })
  }
  return parts.filter(part => {
    const found = partOf(picture, part)
    return !(found instanceof Uint8Array) || Buffer.compare(found, cut(rgba, width, part)) !== 0
  })
}

/** Waves, edges and noise. */
function photo(random: () => number, width: number, height: number): Buffer {
  const raw = Buffer.alloc(width * height * 4, 255)
  const [a, b, noise] = [random() / 5, random() / 5, random() * 80]
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 4)
      for (let k = 0; k < 3; k++)
        raw[at + k] = Math.max(0, Math.min(255, 128 + 90 * Math.sin(x * a + y * b + k) + ((x >> 4) & 1) * 60 + (random() - 0.5) * noise))
  return raw
}

t.test('parts are what libjpeg-turbo makes of them: of photographs', async t => {
  const random = seeded(1)
  for (const subsampling of [turbo.SAMP_444, turbo.SAMP_422, turbo.SAMP_420])
    for (const quality of [10, 50, 75, 90, 100])
      for (const [width, height] of [
        [128, 96],
        [seededInteger(random, 16, 150), seededInteger(random, 1, 99)],
      ]) {
        // biome-ignore format: sizes
        const raw = photo(random, width, height)
        const jpeg: Uint8Array = turbo.compressSync(raw, { format: turbo.FORMAT_RGBA, width, height, subsampling, quality })
        t.same(await wrongParts(random, { jpeg, width, height }), [], `${subsampling} ${quality} ${width} x ${height}`)
        const optimal = await sharp(raw, { raw: { width, height, channels: 4 } })
          .jpeg({ quality, chromaSubsampling: subsampling === turbo.SAMP_444 ? '4:4:4' : '4:2:0', optimiseCoding: true })
          .toBuffer()
        t.same(await wrongParts(random, { jpeg: optimal, width, height }), [], 'with tables of its own')
      }
})

t.test('parts are what libjpeg-turbo makes of them: of any coefficients, between restarts, beyond black and white', async t => {
  const random = seeded(2)
  for (let i = 0; i < 60; i++) {
    const [width, height] = [seededInteger(random, 16, 120), seededInteger(random, 1, 90)]
    const spec = {
      width,
      height,
      ratio: pick(random, [[1, 1], [2, 1], [2, 2]] as const), // biome-ignore format: a list
      restart: i % 3 ? seededInteger(random, 1, 12) : 0,
      steps: pick(random, [[1, 2], [1, 40], [1, 255]] as const), // biome-ignore format: a list
      most: pick(random, [2, 5, 10]),
    }
    t.same(await wrongParts(random, { jpeg: makeJpeg(random, spec), width, height }), [], JSON.stringify(spec))
  }
})

t.test('red, green and blue as they are', async t => {
  const [width, height] = [64, 48]
  const jpeg = makeJpeg(seeded(3), { width, height, ratio: [1, 1], restart: 0, steps: [1, 20], most: 4 })
  const adobe = Uint8Array.of(0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0)
  const marked = Buffer.concat([jpeg.subarray(0, 2), adobe, jpeg.subarray(2)])
  const rgba = await decoded({ jpeg: marked, width, height })
  for (const picture of [{ jpeg, isRgb: true }, { jpeg: marked }])
    t.same(
      partOf({ ...picture, width, height }, { fromX: 9, fromY: 8, width: 31, height: 30 }),
      cut(rgba, width, { fromX: 9, fromY: 8, width: 31, height: 30 }),
    )
})

t.test('what is coded in other ways is left to libjpeg-turbo', async t => {
  const [width, height] = [64, 48]
  const raw = photo(seeded(4), width, height)
  const image = sharp(raw, { raw: { width, height, channels: 4 } })
  const others = {
    progressive: await image.clone().jpeg({ progressive: true }).toBuffer(),
    gray: await image.clone().toColourspace('b-w').jpeg().toBuffer(),
    inks: await image.clone().toColourspace('cmyk').jpeg().toBuffer(),
    'other samples': turbo.compressSync(raw, { format: turbo.FORMAT_RGBA, width, height, subsampling: turbo.SAMP_440 }),
  }
  for (const [name, jpeg] of Object.entries(others)) t.equal(partOf({ jpeg, width, height }, all({ jpeg, width, height })), undefined, name)
  const plain = await image.jpeg().toBuffer()
  t.equal(
    partOf({ jpeg: plain, width: 72, height }, { ...all({ jpeg: plain, width, height }) }),
    undefined,
    'another size than the file says',
  )
})

t.test('damage is left to libjpeg-turbo, which refuses it', async t => {
  const random = seeded(Number(process.env.ARPENT_JPEG_SEED ?? 5))
  const count = Number(process.env.ARPENT_JPEG_CASES ?? 1500)
  let [taken, left] = [0, 0]
  for (let i = 0; i < count; i++) {
    const [width, height] = [seededInteger(random, 16, 60), seededInteger(random, 8, 50)]
    const spec = { ratio: pick(random, [[1, 1], [2, 1], [2, 2]] as const), restart: i % 2 ? 3 : 0, steps: [1, 30], most: 4 } as const // biome-ignore format: a list
    const whole = makeJpeg(random, { ...spec, width, height })
    const jpeg = random() < 0.2 ? whole.slice(0, seededInteger(random, 0, whole.length)) : whole.slice()
    for (let hits = seededInteger(random, 0, 3); hits > 0; hits--) {
      // two thirds of them in the data
      const at = seededInteger(random, random() < 0.66 ? Math.min(420, jpeg.length - 1) : 0, jpeg.length - 1)
      if (at >= 0) jpeg[at] = random() < 0.3 ? 0xff : seededInteger(random, 0, 255)
    }
    const picture = { jpeg, width, height }
    const found = partOf(picture, all(picture))
    if (found === undefined) left++
    else {
      taken++
      const wanted = await decoded(picture).catch((error: Error) => error)
      if (wanted instanceof Error || !(found instanceof Uint8Array)) t.fail(`case ${i} was decoded: ${wanted}`)
      else if (Buffer.compare(found, cut(wanted, width, all(picture))) !== 0) t.fail(`case ${i} has other pixels`)
    }
  }
  t.ok(taken > count / 10 && left > count / 10, `${taken} decoded, ${left} left`)
})

t.test('a block is decoded in part, then as a whole, and looks the same', { skip: withoutGdal }, async t => {
  const folder = t.testdir()
  const wave = (x: number, y: number) => Math.round(120 + 60 * Math.sin(x / 9) + 40 * Math.cos(y / 7))
  const source = writeTiff(join(folder, 'source.tif'), [
    { width: 256, height: 256, bands: [wave, (x, y) => wave(y, x), (x, y) => wave(x + y, x)], place: [700000, 6600000, 1, 1], epsg: 2154 },
  ])
  const options = ['COMPRESS=JPEG', 'PHOTOMETRIC=YCBCR', 'TILED=YES', 'BLOCKXSIZE=128', 'BLOCKYSIZE=128'].flatMap(one => ['-co', one])
  gdal('gdal_translate', '-q', ...options, source, join(folder, 'photo.tif'))
  const cache = createBlockCache(16e6)
  const store = openCogStore({ id: 'parts', root: folder, cache })
  t.teardown(() => store.close())
  const { file } = await store.describe('photo.tif')
  const read = async (left: number, top: number, side: number) => {
    const into = new Uint8Array(side * side * 4)
    t.ok(await store.readColors!(file, 0, { left, top, width: side, height: side }, into))
    return into
  }
  const first = await read(90, 85, 60)
  t.equal(cache.stats.bytes, 0, 'nothing is kept of parts')
  t.same(await read(90, 85, 60), first)
  await cache.idle()
  await new Promise(setImmediate)
  t.ok(cache.stats.bytes > 0, 'what is wanted again is kept')
  t.same(await read(90, 85, 60), first)
  const large = openCogStore({ id: 'large', root: folder, cache: createBlockCache(16e6) })
  t.teardown(() => large.close())
  const everything = new Uint8Array(256 * 256 * 4)
  t.ok(await large.readColors!(file, 0, { left: 0, top: 0, width: 256, height: 256 }, everything))
  for (let y = 0; y < 60; y++)
    t.same(first.subarray(y * 240, y * 240 + 240), everything.subarray(((85 + y) * 256 + 90) * 4, ((85 + y) * 256 + 150) * 4))
})
