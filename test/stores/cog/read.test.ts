import { join } from 'node:path'
import t from 'tap'
import { openCogStore } from '#stores/cog/cog-store.js'
import { samplesOf, type TiffSpec, writeTiff } from '../../support/make-tiff.js'
import { pick, seeded, seededInteger } from '../../support/seeded.js'

const folder = t.testdir()
const store = openCogStore({ id: 'rasters', root: folder })
t.teardown(() => store.close())

const types = ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64'] as const
const place = [700000, 6600000, 0.5, 0.5] as const

t.test('every layout gives the samples that were written', async t => {
  const random = seeded(11)
  for (let i = 0; i < 120; i++) {
    const type = pick(random, types)
    const count = seededInteger(random, 1, 5)
    const limit = type === 'int8' ? 127 : 255
    const isDeflated = random() < 0.6
    const image: TiffSpec = {
      width: seededInteger(random, 1, 70),
      height: seededInteger(random, 1, 70),
      type,
      bands: Array.from({ length: count }, (_, b) => (x, y) => (x * 7 + y * 13 + b * 50) % limit),
      ...(random() < 0.5
        ? { tile: [seededInteger(random, 1, 4) * 16, seededInteger(random, 1, 4) * 16] }
        : { rowsPerStrip: seededInteger(random, 1, 30) }),
      deflate: isDeflated,
      planar: random() < 0.4,
      ...(isDeflated && !type.startsWith('f') && random() < 0.5 && { predictor: 2 }),
      place,
      epsg: 2154,
    }
    const options = { isBig: random() < 0.3, isBigEndian: random() < 0.3 }
    const path = writeTiff(join(folder, `layout-${i}.tif`), [image], options)
    const { file, bands } = await store.describe(path)
    t.match({ width: file.width, height: file.height, count: bands.length }, { width: image.width, height: image.height, count })
    const window = {
      left: seededInteger(random, -5, 40),
      top: seededInteger(random, -5, 40),
      width: seededInteger(random, 1, 60),
      height: seededInteger(random, 1, 60),
    }
    const pixels = await store.read(file, 0, window)
    const [x0, y0] = [Math.max(0, window.left), Math.max(0, window.top)]
    const [x1, y1] = [Math.min(image.width, window.left + window.width), Math.min(image.height, window.top + window.height)]
    if (x1 <= x0 || y1 <= y0) {
      t.equal(pixels.width * pixels.height, 0, 'a window outside is empty')
      continue
    }
    t.match({ width: pixels.width, height: pixels.height }, { width: x1 - x0, height: y1 - y0 }, 'the window is clamped')
    for (let b = 0; b < count; b++) {
      const all = samplesOf(image, b)
      const expected = Array.from(
        { length: pixels.width * pixels.height },
        (_, j) => all[(y0 + Math.floor(j / pixels.width)) * image.width + x0 + (j % pixels.width)],
      )
      t.same(Array.from(pixels.bands[b]), expected, `${JSON.stringify({ ...image, bands: count, ...options })} band ${b}`)
    }
  }
})

t.test('long uncompressed strips are read in parts', async t => {
  const image: TiffSpec = { width: 1500, height: 700, bands: [(x, y) => (x + y * 3) % 251], place, epsg: 2154 }
  const { file } = await store.describe(writeTiff(join(folder, 'strip.tif'), [image]))
  t.ok(file.levels[0].blockHeight < 700)
  const { bands } = await store.read(file, 0, { left: 3, top: 170, width: 2, height: 300 })
  t.equal(bands[0][0], (3 + 170 * 3) % 251)
  t.equal(bands[0][599], (4 + 469 * 3) % 251)
})

t.test('blocks that were never written are nodata', async t => {
  const image: TiffSpec = { width: 32, height: 16, tile: [16, 16], bands: [() => 5], nodata: '9', missing: [1], place, epsg: 2154 }
  const { file } = await store.describe(writeTiff(join(folder, 'sparse.tif'), [image]))
  const { bands, mask } = await store.read(file, 0, { left: 0, top: 0, width: 32, height: 1 })
  t.equal(bands[0][0], 5)
  t.equal(bands[0][31], 9)
  t.equal(mask?.[0], 255)
  t.equal(mask?.[31], 0)
})

t.test('overviews are levels, inside the file and beside it, with their masks', async t => {
  const base = { place, epsg: 2154, tile: [16, 16] as const }
  const full: TiffSpec = { ...base, width: 64, height: 48, bands: [() => 1] }
  const half: TiffSpec = { width: 32, height: 24, tile: [16, 16], bands: [() => 2], subfile: 1 }
  const quarter: TiffSpec = { width: 16, height: 12, rowsPerStrip: 4, bands: [() => 3], subfile: 1 }
  const mask: TiffSpec = { width: 64, height: 48, bits: 1, bands: [x => (x < 10 ? 0 : 1)], subfile: 4, photometric: 4, deflate: true }
  const halfMask: TiffSpec = { width: 32, height: 24, bits: 1, bands: [x => (x < 5 ? 0 : 1)], subfile: 5, photometric: 4 }
  const path = writeTiff(join(folder, 'pyramid.tif'), [full, mask, half, halfMask])
  writeTiff(`${path}.ovr`, [quarter])
  const { file } = await store.describe(path)
  t.same(
    file.levels.map(({ width, height }) => [width, height]),
    [
      [64, 48],
      [32, 24],
      [16, 12],
    ],
  )
  const values = await Promise.all([0, 1, 2].map(level => store.read(file, level, { left: 4, top: 4, width: 8, height: 2 })))
  t.same(
    values.map(({ bands }) => bands[0][0]),
    [1, 2, 3],
  )
  t.same(Array.from(values[0].mask!.subarray(0, 8)), [0, 0, 0, 0, 0, 0, 255, 255])
  t.same(Array.from(values[1].mask!.subarray(0, 3)), [0, 255, 255])
})

t.test('masks beside a file have overviews, too, and what was never written of them hides', async t => {
  const full: TiffSpec = { width: 64, height: 48, bands: [() => 1], place, epsg: 2154, nodata: '7' }
  const path = writeTiff(join(folder, 'masked.tif'), [full, { width: 32, height: 24, bands: [() => 2], subfile: 1 }])
  writeTiff(`${path}.msk`, [{ width: 64, height: 48, tile: [32, 16], bands: [x => (x < 10 ? 0 : 255)], missing: [1] }])
  writeTiff(`${path}.msk.ovr`, [{ width: 32, height: 24, bands: [x => (x < 5 ? 0 : 255)], subfile: 1 }])
  const { file } = await store.describe(path)
  const row = async (level: number) => Array.from((await store.read(file, level, { left: 0, top: 0, width: 64, height: 1 })).mask!)
  t.same(
    await row(0),
    Array.from({ length: 64 }, (_, x) => (x < 10 || x >= 32 ? 0 : 255)),
  )
  t.same(
    await row(1),
    Array.from({ length: 32 }, (_, x) => (x < 5 ? 0 : 255)),
  )
})

t.test('nodata, NaN and alpha hide pixels', async t => {
  const read = async (name: string, image: Partial<TiffSpec> & Pick<TiffSpec, 'bands'>) => {
    const { file, bands } = await store.describe(writeTiff(join(folder, name), [{ width: 3, height: 1, place, epsg: 2154, ...image }]))
    const pixels = await store.read(file, 0, { left: 0, top: 0, width: 3, height: 1 })
    return { mask: pixels.mask && Array.from(pixels.mask), bands }
  }
  t.same((await read('none.tif', { bands: [x => x] })).mask, undefined)
  t.same((await read('nodata.tif', { bands: [x => x], nodata: '1' })).mask, [255, 0, 255])
  t.same((await read('out-of-range.tif', { bands: [x => x], nodata: '-9999' })).mask, undefined, 'bytes cannot be -9999')
  t.same((await read('all.tif', { bands: [x => x, () => 1, () => 1], nodata: '1' })).mask, [255, 0, 255], 'only where every band is nodata')
  t.same(
    (
      await read('float.tif', {
        type: 'float32',
        bands: [x => [1.5, Number.NaN, -3.4028234663852886e38][x]],
        nodata: '-3.40282346638529e+38',
      })
    ).mask,
    [255, 0, 0],
  )
  t.same((await read('nan.tif', { type: 'float32', bands: [x => [1.5, Number.NaN, 0][x]], nodata: 'nan' })).mask, [255, 0, 255])
  const alpha = await read('alpha.tif', { bands: [() => 9, () => 9, () => 9, x => x * 100], extraSamples: [2] })
  t.same(alpha.mask, [0, 100, 200])
  t.equal(alpha.bands[3].meaning, 'alpha')
})

t.test('a palette comes with the pixels', async t => {
  const colorMap = [0, 0xffff, 0x8080, 0, 0, 0x4040, 0xffff, 0, 0, 0, 0, 0].flatMap(value => [value])
  const image: TiffSpec = { width: 4, height: 1, bits: 2, bands: [x => x], photometric: 3, colorMap, place, epsg: 2154 }
  const { file, bands } = await store.describe(writeTiff(join(folder, 'palette.tif'), [image]))
  t.equal(bands[0].meaning, 'palette')
  const { bands: samples, palette } = await store.read(file, 0, { left: 0, top: 0, width: 4, height: 1 })
  t.same(Array.from(samples[0]), [0, 1, 2, 3])
  t.same(Array.from(palette!.subarray(0, 3)), [0x000000, 0xff4000, 0x80ff00])
})

t.test('bands are told apart', async t => {
  const meanings = async (name: string, image: Partial<TiffSpec>, count: number) => {
    const bands = Array.from({ length: count }, () => () => 1)
    const path = writeTiff(join(folder, name), [{ width: 2, height: 2, bands, place, epsg: 2154, ...image }])
    return (await store.describe(path)).bands.map(({ meaning }) => meaning)
  }
  t.same(await meanings('one.tif', {}, 1), ['gray'])
  t.same(await meanings('rgb.tif', {}, 3), ['red', 'green', 'blue'])
  t.same(await meanings('irc.tif', { extraSamples: [0] }, 4), ['red', 'green', 'blue', 'infrared'])
  t.same(await meanings('unnamed.tif', { photometric: 1 }, 4), ['red', 'green', 'blue', 'infrared'])
  t.same(await meanings('gray-alpha.tif', { photometric: 1, extraSamples: [2] }, 2), ['gray', 'alpha'])
  const metadata =
    '<GDALMetadata><Item name="COLORINTERP" sample="0" role="colorinterp">NIR</Item><Item name="COLORINTERP" sample="1" role="colorinterp">Red</Item>' +
    '<Item name="COLORINTERP" sample="2" role="colorinterp">Green</Item><Item name="DESCRIPTION" sample="0" role="description">near &amp; far</Item></GDALMetadata>'
  t.same(await meanings('named.tif', { metadata }, 3), ['infrared', 'red', 'green'])
})

t.test('deep bands get a range: from statistics, else from the 2nd to the 98th percentile', async t => {
  const deep: TiffSpec = {
    width: 100,
    height: 100,
    type: 'uint16',
    bands: [(x, y) => (x === 0 ? 60000 : 1000 + y * 10)],
    place,
    epsg: 2154,
  }
  const measured = await store.describe(writeTiff(join(folder, 'deep.tif'), [deep]))
  t.same(measured.bands[0].range, [1020, 1980])
  const metadata =
    '<GDALMetadata><Item name="STATISTICS_MINIMUM" sample="0">5</Item><Item name="STATISTICS_MAXIMUM" sample="0">77.5</Item></GDALMetadata>'
  const told = await store.describe(writeTiff(join(folder, 'told.tif'), [{ ...deep, metadata }]))
  t.same(told.bands[0].range, [5, 77.5])
})
