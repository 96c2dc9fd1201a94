import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Problem } from '#core/problem.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { makeTiff, type TiffSpec, writeTiff } from '../../support/make-tiff.js'
import { pick, seeded, seededInteger } from '../../support/seeded.js'

const folder = t.testdir()
const store = openCogStore({ id: 'rasters', root: folder })
t.teardown(() => store.close())

const place = [700000, 6600000, 2, 2] as const
const good: TiffSpec = { width: 40, height: 30, tile: [16, 16], deflate: true, bands: [(x, y) => x + y], place, epsg: 2154 }

async function refused(t: Tap, name: string, kind: string, message: RegExp) {
  await t.rejects(store.describe(name), { kind, message }, `${name}: ${message}`)
}
type Tap = Pick<typeof t, 'rejects'>

t.test('what is no GeoTIFF is named with the reason', async t => {
  writeFileSync(join(folder, 'empty.tif'), '')
  writeFileSync(join(folder, 'short.tif'), 'II')
  writeFileSync(join(folder, 'text.tif'), 'This is not a picture at all, whatever its name says.')
  mkdirSync(join(folder, 'folder.tif'))
  await refused(t, 'empty.tif', 'invalid-data', /"empty.tif" is not a usable GeoTIFF: the file is empty/)
  await refused(t, 'short.tif', 'invalid-data', /too short/)
  await refused(t, 'text.tif', 'invalid-data', /first bytes are not those of a TIFF/)
  await refused(t, 'folder.tif', 'invalid-data', /"folder.tif" is/)
  await refused(t, 'missing.tif', 'not-found', /"missing.tif" does not exist/)
  await refused(t, 'photo.jp2', 'unsupported', /\.jp2 rasters are not read.*gdal_translate -of COG "photo.jp2" "photo.tif"/)
  await refused(t, 'photo.ecw', 'unsupported', /\.ecw rasters are not read/)
})

t.test('an unreadable file is named', { skip: process.getuid?.() === 0 ? 'root reads everything' : false }, async t => {
  chmodSync(writeTiff(join(folder, 'secret.tif'), [good]), 0)
  await refused(t, 'secret.tif', 'forbidden', /"secret.tif" cannot be read/)
})

t.test('lying headers are refused before anything is allocated', async t => {
  const bad = async (name: string, image: Partial<TiffSpec>, kind: string, message: RegExp) => {
    writeTiff(join(folder, `${name}.tif`), [{ ...good, ...image }])
    await refused(t, `${name}.tif`, kind, message)
  }
  const long = (...values: number[]) => [4, values] as const
  const short = (...values: number[]) => [3, values] as const
  await bad('no-width', { override: { 256: long(0) } }, 'invalid-data', /its size is 0 x 30/)
  await bad('huge', { override: { 256: long(0x7fffffff), 257: long(0x7fffffff) } }, 'invalid-data', /need \d+ blocks, it lists 6/)
  await bad('no-tile', { override: { 322: long(0) } }, 'invalid-data', /its blocks are 0 x 16/)
  await bad(
    'huge-tile',
    { override: { 322: long(60000), 323: long(60000) } },
    'unsupported',
    /one block of 60000 x 60000 pixels.*gdal_translate/,
  )
  await bad('no-offsets', { override: { 324: long() } }, 'invalid-data', /does not say where its pixels are/)
  await bad('bands', { override: { 277: long(70000) } }, 'invalid-data', /70000 bands/)
  await bad('bits', { override: { 258: short(24) } }, 'unsupported', /24 bits/)
  await bad(
    'compression',
    { override: { 259: short(34712) } },
    'unsupported',
    /JPEG 2000 compression 34712\).*gdal_translate -of COG -co COMPRESS=DEFLATE/,
  )
  await bad('cmyk', { override: { 262: short(5) } }, 'unsupported', /inks/)
  await bad('predictor', { override: { 317: short(9) } }, 'unsupported', /predictor 9/)
  await bad('nowhere', { place: undefined }, 'invalid-data', /does not say where it lies.*gdal_translate/)
  await bad('nan', { place: [Number.NaN, 0, 1, 1] }, 'invalid-data', /georeference that is not a number/)
  await bad('flat', { place: [0, 0, 0, 0] }, 'invalid-data', /georeference that is not a number or has no size/)
  const far = makeTiff([good], { lastPointer: 0xfffffff0 })
  writeFileSync(join(folder, 'far.tif'), far)
  await refused(t, 'far.tif', 'invalid-data', /cut off: image 2 lies beyond its end/)
})

t.test('a circle through the first image ends', async t => {
  const bytes = makeTiff([good])
  const view = new DataView(bytes.buffer)
  const first = view.getUint32(4, true)
  view.setUint32(first + 2 + 12 * view.getUint16(first, true), first, true)
  writeFileSync(join(folder, 'own-tail.tif'), bytes)
  await refused(t, 'own-tail.tif', 'invalid-data', /runs in a circle/)
})

t.test('a million images cost no more than a few hundred', async t => {
  // Directories of one useless entry each, each pointing to the next.
  const head = makeTiff([good])
  const count = 100_000
  const bytes = new Uint8Array(head.length + count * 18)
  bytes.set(head)
  const view = new DataView(bytes.buffer)
  const first = view.getUint32(4, true)
  view.setUint32(first + 2 + 12 * view.getUint16(first, true), head.length, true)
  for (let i = 0; i < count; i++) {
    const at = head.length + i * 18
    view.setUint16(at, 1, true)
    view.setUint32(at + 14, i + 1 < count ? at + 18 : 0, true)
  }
  writeFileSync(join(folder, 'million.tif'), bytes)
  const { file } = await store.describe('million.tif')
  t.equal(file.levels.length, 1)
})

t.test('blocks that lie are refused when they are read', async t => {
  const read = async (name: string, image: Partial<TiffSpec>) => {
    const path = writeTiff(join(folder, `${name}.tif`), [{ ...good, ...image }])
    const { file } = await store.describe(path)
    return store.read(file, 0, { left: 0, top: 0, width: 40, height: 30 })
  }
  const six = (value: number) => [4, Array.from({ length: 6 }, () => value)] as const
  await t.rejects(read('beyond', { override: { 324: six(0xfffffff0) } }), { kind: 'invalid-data', message: /"beyond.tif" is cut off/ })
  await t.rejects(read('garbage', { override: { 324: six(0) } }), {
    kind: 'invalid-data',
    message: /"garbage.tif" is damaged: a block cannot be decoded/,
  })
  await t.rejects(read('greedy', { override: { 325: six(0x7fffffff) } }), {
    kind: 'invalid-data',
    message: /a block claims 2147483647 bytes/,
  })
  await t.rejects(read('raw', { deflate: false, override: { 325: six(9) } }), {
    kind: 'invalid-data',
    message: /a block has 9 bytes instead of 256/,
  })
})

t.test('a deflate bomb ends at the size of the block', async t => {
  // A tile of 16 x 16 whose data inflate to 4 million bytes.
  const bomb: TiffSpec = {
    width: 2000,
    height: 2000,
    bands: [() => 0],
    deflate: true,
    place,
    epsg: 2154,
    override: { 256: [4, [16]], 257: [4, [16]], 278: [4, [16]] },
  }
  const { file } = await store.describe(writeTiff(join(folder, 'bomb.tif'), [bomb]))
  await t.rejects(store.read(file, 0, { left: 0, top: 0, width: 16, height: 16 }), {
    kind: 'invalid-data',
    message: /"bomb.tif" is damaged/,
  })
})

t.test('300 damaged files: a Problem or pixels, never a crash', async t => {
  const random = seeded(4711)
  const overview: TiffSpec = { width: 20, height: 15, bands: [() => 3], subfile: 1, rowsPerStrip: 5 }
  const sources = [
    makeTiff([good, overview]),
    makeTiff([{ ...good, type: 'float32', deflate: false, nodata: '-9999' }]),
    makeTiff([{ ...good, bands: [x => x, x => x, x => x, () => 255], extraSamples: [2], predictor: 2, planar: true }], { isBig: true }),
    makeTiff(
      [
        {
          ...good,
          tile: undefined,
          rowsPerStrip: 7,
          bits: 4,
          photometric: 3,
          colorMap: Array.from({ length: 48 }, (_, i) => i * 1000),
          deflate: false,
        },
      ],
      { isBigEndian: true },
    ),
  ]
  const outcomes = { pixels: 0, problems: 0 }
  for (let i = 0; i < 300; i++) {
    const bytes = pick(random, sources).slice()
    for (let changes = seededInteger(random, 1, 4); changes > 0; changes--) {
      const at = random() < 0.5 ? seededInteger(random, 0, 15) : seededInteger(random, Math.max(0, bytes.length - 400), bytes.length - 1)
      bytes[at] = pick(random, [0, 1, 0x7f, 0x80, 0xff, seededInteger(random, 0, 255)])
    }
    const cut = random() < 0.2 ? bytes.subarray(0, seededInteger(random, 0, bytes.length)) : bytes
    writeFileSync(join(folder, `mutant-${i}.tif`), cut)
    try {
      const { file } = await store.describe(`mutant-${i}.tif`)
      await store.read(file, file.levels.length - 1, { left: 0, top: 0, width: 64, height: 64 })
      outcomes.pixels++
    } catch (error) {
      if (!(error instanceof Problem) || error.kind === 'internal') throw error
      outcomes.problems++
    }
  }
  t.equal(outcomes.pixels + outcomes.problems, 300)
  t.ok(outcomes.problems > 50 && outcomes.pixels > 25, `${outcomes.pixels} still gave pixels, ${outcomes.problems} were refused`)
})
