import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { openCogStore } from '#stores/cog/cog-store.js'
import { sharpJpegToRgba, turboJpegToRgba } from '#stores/cog/jpeg-to-rgba.js'
import { gdal, withoutGdal } from '../../support/gdal.js'
import { type TiffSpec, writeTiff } from '../../support/make-tiff.js'

const folder = t.testdir()
const store = openCogStore({ id: 'rasters' })
t.teardown(() => store.close())

const photo: TiffSpec = {
  width: 130,
  height: 90,
  tile: [48, 32],
  deflate: true,
  bands: [(x, y) => (x * 3 + y) % 256, (x, y) => (x + y * 2) % 256, (x, y) => ((x * 2) % 256) & ~(y & 3)],
  place: [700000, 6600000, 2, 2],
  epsg: 2154,
}
const window = { left: 7, top: 11, width: 101, height: 70 }

/** Greatest difference between `readColors` and what painting of `read` gives; -1 when the raster is no photograph. */
async function difference(path: string): Promise<number> {
  const { file, bands } = await store.describe(path)
  const colors = new Uint8Array(window.width * window.height * 4)
  if (!(await store.readColors!(file, 0, window, colors))) return -1
  const pixels = await store.read(file, 0, window)
  const order = ['red', 'green', 'blue'].map(meaning => bands.findIndex(band => band.meaning === meaning))
  let greatest = 0
  for (let i = 0; i < window.width * window.height; i++) {
    const alpha = pixels.mask?.[i] ?? 255
    const wanted = [...order.map(band => Math.round((pixels.bands[band][i] * alpha) / 255)), alpha]
    for (const [k, value] of wanted.entries()) greatest = Math.max(greatest, Math.abs(colors[i * 4 + k] - value))
  }
  return greatest
}

t.test('colours are the samples, with alpha, mask and nodata multiplied in', async t => {
  const bands = [...photo.bands]
  const fourth = (x: number, y: number) => (x * 7 + y * 5) % 256
  const mask: TiffSpec = { ...photo, bands: [(x, y) => ((x + y) % 3 ? 1 : 0)], bits: 1, subfile: 4, photometric: 4, place: undefined }
  const files: readonly (readonly [string, TiffSpec[], number])[] = [
    ['plain', [photo], 0],
    ['strips', [{ ...photo, tile: undefined, rowsPerStrip: 7 }], 0],
    ['alpha', [{ ...photo, bands: [...bands, fourth], extraSamples: [2] }], 0],
    ['infrared', [{ ...photo, bands: [...bands, fourth], extraSamples: [0] }], 0],
    ['nodata', [{ ...photo, bands: [x => x & 1, () => 0, () => 0], nodata: '0' }], 0],
    ['impossible nodata', [{ ...photo, nodata: '-9999' }], 0],
    ['masked', [photo, mask], 0],
    ['sparse', [{ ...photo, missing: [0, 4] }], 0],
    ['planar', [{ ...photo, planar: true }], -1],
    ['gray', [{ ...photo, bands: bands.slice(0, 1) }], -1],
    ['deep', [{ ...photo, type: 'uint16' }], -1],
    ['infrared with nodata', [{ ...photo, bands: [...bands, fourth], extraSamples: [0], nodata: '3' }], -1],
  ]
  for (const [name, images, wanted] of files) t.equal(await difference(writeTiff(join(folder, `${name}.tif`), images)), wanted, name)
})

t.test('JPEG blocks are within a few of 255, whatever their colours are stored as', { skip: withoutGdal }, async t => {
  const smooth = (x: number, y: number) => Math.round(120 + 60 * Math.sin(x / 9) + 40 * Math.cos(y / 7))
  const source = writeTiff(join(folder, 'source.tif'), [{ ...photo, bands: [smooth, (x, y) => smooth(y, x), (x, y) => smooth(x + y, x)] }])
  for (const options of [
    ['PHOTOMETRIC=YCBCR'],
    ['PHOTOMETRIC=RGB'],
    ['PHOTOMETRIC=YCBCR', 'TILED=YES', 'BLOCKXSIZE=64', 'BLOCKYSIZE=48'],
  ]) {
    const path = join(folder, 'jpeg.tif')
    gdal('gdal_translate', '-q', ...['COMPRESS=JPEG', ...options].flatMap(option => ['-co', option]), source, path)
    const greatest = await difference(path)
    t.ok(greatest <= 6, `${options}: off by ${greatest}`)
  }
})

t.test('libjpeg-turbo and libvips decode the same picture, and refuse the same damage', async t => {
  const [width, height] = [64, 48]
  const raw = Uint8Array.from({ length: width * height * 3 }, (_, i) => 128 + 90 * Math.sin(i / 50))
  const jpeg = await sharp(raw, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer()
  const decoders = [sharpJpegToRgba, ...[turboJpegToRgba()].filter(decode => decode !== undefined)]
  const pictures = []
  for (const decode of decoders) {
    const rgba = new Uint8Array(width * height * 4)
    await decode(jpeg, rgba)
    pictures.push(rgba)
    await t.rejects(decode(jpeg.subarray(0, 100), rgba), 'cut off in its head')
    await t.rejects(decode(jpeg, new Uint8Array(width * height * 4 - 400)), 'larger than there is room for')
  }
  const [a, b = a] = pictures
  t.ok(a.every((value, i) => Math.abs(value - b[i]) <= 6))
})
