import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { type ImageFormat, type Picture, startImageFormats } from '#formats/images/index.js'
import { gdalPython, withoutGdal } from '../../support/gdal.js'
import { unlessAll } from '../../support/programs.js'
import { seeded } from '../../support/seeded.js'

const skip = unlessAll(withoutGdal)
const [width, height] = [200, 160]
const formats = startImageFormats()
const format = (mediaType: string): ImageFormat => formats.find(each => each.mediaType === mediaType)!
const png8 = format('image/png; mode=8bit')
const gif = format('image/gif')

const pictureOf = (color: (x: number, y: number) => readonly number[]): Picture => ({
  width,
  height,
  rgba: Uint8Array.from(Array.from({ length: width * height }, (_, i) => color(i % width, Math.floor(i / width))).flat()),
})

const random = seeded(8)
/** Fields, woods and roofs, with the noise of a camera. */
const photograph = pictureOf((x, y) => {
  const field = 40 * Math.sin(x / 37) * Math.cos(y / 23) + 25 * Math.sin((x + 2 * y) / 11)
  const roof = (x >> 4) % 5 === 2 && (y >> 4) % 4 === 1 ? 70 : 0
  const noise = 14 * (random() - 0.5)
  return [110 + field + roof, 120 + 0.8 * field + noise, 80 + 0.4 * field - 0.5 * roof + noise, 255].map(value =>
    Math.min(255, Math.max(0, Math.round(value))),
  )
})
/** A flat background with soft discs of many colours, half seen through, over nothing on the left half. */
const overlay = pictureOf((x, y) => {
  const distance = Math.hypot((x % 40) - 20, (y % 40) - 20)
  const alpha = Math.round(255 * Math.min(1, Math.max(0, (18 - distance) / 4)))
  if (alpha > 0) return [(x * 255) / width, (y * 255) / height, 60, alpha].map(Math.round)
  return x < width / 2 ? [0, 0, 0, 0] : [250, 245, 230, 255]
})
const few = pictureOf((x, y) => [(x >> 4) * 16, (y >> 4) * 20, 0, x < 50 ? 0 : y < 20 ? 128 : 255])

const pixels = async (bytes: Uint8Array) => sharp(bytes).ensureAlpha().raw().toBuffer()

/** Of what is seen over a gray ground, in decibels. */
function psnr(a: Uint8Array, b: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i += 4)
    for (let k = 0; k < 3; k++) {
      const seen = (of: Uint8Array) => (of[i + k] * of[i + 3] + 128 * (255 - of[i + 3])) / 255
      sum += (seen(a) - seen(b)) ** 2
    }
  return 10 * Math.log10(255 ** 2 / ((sum * 4) / (3 * a.length)))
}

/** As GDAL sees a file: its bands, the colours of its palette and how many of them can be seen through. */
function lookedAt(bytes: Uint8Array): { readonly driver: string; readonly bands: number; readonly colors: number; readonly clear: number } {
  const path = join(mkdtempSync(join(tmpdir(), 'arpent-palette-')), 'picture')
  writeFileSync(path, bytes)
  return gdalPython(
    `
ds = gdal.Open(sys.argv[1])
table = ds.GetRasterBand(1).GetColorTable()
entries = [table.GetColorEntry(i) for i in range(table.GetCount())] if table else []
print(json.dumps({'driver': ds.GetDriver().ShortName, 'bands': ds.RasterCount, 'colors': len(entries), 'clear': sum(e[3] < 255 for e in entries)}))`,
    path,
  )
}

/** 256 colours by GDAL's median cut, and the picture dithered to them: what others would send. */
function byGdal({ rgba }: Picture): Uint8Array {
  const path = join(mkdtempSync(join(tmpdir(), 'arpent-palette-')), 'rgba')
  writeFileSync(path, rgba)
  const values = gdalPython<string>(
    `
import numpy, base64
width, height = int(sys.argv[2]), int(sys.argv[3])
rgba = numpy.fromfile(sys.argv[1], dtype=numpy.uint8).reshape(height, width, 4)
source = gdal.GetDriverByName('MEM').Create('', width, height, 3)
for b in range(3): source.GetRasterBand(b + 1).WriteArray(rgba[:, :, b])
bands = [source.GetRasterBand(b + 1) for b in range(3)]
table = gdal.ColorTable()
gdal.ComputeMedianCutPCT(*bands, 256, table)
target = gdal.GetDriverByName('MEM').Create('', width, height, 1)
gdal.DitherRGB2PCT(*bands, target.GetRasterBand(1), table)
entries = numpy.array([table.GetColorEntry(i) for i in range(table.GetCount())], dtype=numpy.uint8)
entries[:, 3] = 255
print(json.dumps(base64.b64encode(entries[target.ReadAsArray()].tobytes()).decode()))`,
    path,
    width,
    height,
  )
  return Buffer.from(values, 'base64')
}

/** The same by libimagequant, with half of its dithering. */
const byLibimagequant = async ({ rgba }: Picture) =>
  pixels(
    await sharp(rgba, { raw: { width, height, channels: 4 } })
      .png({ palette: true, colours: 256, effort: 4, dither: 0.5 })
      .toBuffer(),
  )

t.test('PNG8 of up to 256 colours is exact', async t => {
  const png = await png8.encode(few)
  t.same(png, await format('image/png').encode(few))
  t.equal(psnr(few.rgba, await pixels(png)), Infinity)
})

t.test('PNG8 of more colours has a palette, and is nearer to the photograph than what GDAL makes of it', { skip }, async t => {
  const png = await png8.encode(photograph, { isOpaque: true })
  t.same(lookedAt(png), { driver: 'PNG', bands: 1, colors: 256, clear: 0 })
  const [own, other] = [psnr(photograph.rgba, await pixels(png)), psnr(photograph.rgba, byGdal(photograph))]
  t.ok(own > other + 1, `${own.toFixed(2)} dB, ${other.toFixed(2)} dB by median cut`)
  const theirs = psnr(photograph.rgba, await byLibimagequant(photograph))
  t.ok(own > theirs - 0.5, `${theirs.toFixed(2)} dB by libimagequant`)
})

t.test('PNG8 keeps what is transparent, what is opaque and what is between', { skip }, async t => {
  const png = await png8.encode(overlay)
  const { driver, bands, clear } = lookedAt(png)
  t.same([driver, bands], ['PNG', 1])
  t.ok(clear > 10, `${clear} colours can be seen through`)
  const back = await pixels(png)
  const wrong = { clear: 0, opaque: 0, flat: 0 }
  for (let i = 0; i < back.length; i += 4) {
    const a = overlay.rgba[i + 3]
    if (a === 0 && back[i + 3] !== 0) wrong.clear++
    if (a === 255 && back[i + 3] !== 255) wrong.opaque++
    if (overlay.rgba[i] === 250 && overlay.rgba[i + 1] === 245 && Math.abs(back[i] - 250) + Math.abs(back[i + 1] - 245) > 2) wrong.flat++
  }
  t.same(wrong, { clear: 0, opaque: 0, flat: 0 }, 'flat areas are clean: no dots of other colours')
  const [own, theirs] = [psnr(overlay.rgba, back), psnr(overlay.rgba, await byLibimagequant(overlay))]
  t.ok(own > theirs - 0.5, `${own.toFixed(2)} dB, ${theirs.toFixed(2)} dB by libimagequant`)
})

t.test('GIF has one colour that is not there, and it lies where less than half was', { skip }, async t => {
  const image = await gif.encode(overlay)
  t.match(lookedAt(image), { driver: 'GIF', bands: 1, clear: 1 })
  const back = await pixels(image)
  let wrong = 0
  for (let i = 3; i < back.length; i += 4) if (back[i] !== (overlay.rgba[i] >= 128 ? 255 : 0)) wrong++
  t.equal(wrong, 0)
  const opaque = await gif.encode(photograph, { isOpaque: true })
  t.match(lookedAt(opaque), { driver: 'GIF', bands: 1, clear: 0 })
  t.ok(psnr(photograph.rgba, await pixels(opaque)) > 35)
})

t.test('sizes, numbers of colours and pictures of every kind come back as they went', async t => {
  for (const [columns, rows, count] of [
    [1, 1, 1],
    [3, 2, 6],
    [257, 1, 256],
    [64, 64, 256],
    [64, 64, 255],
    [300, 200, 2],
  ]) {
    // numbered colours in no order, of which GIF's codes learn little
    const rgba = Uint8Array.from({ length: columns * rows * 4 }, (_, i) => {
      const color = (((i >> 2) * 7919) >> 3) % count
      return [color, (color * 31) & 255, 255 - color, 255][i & 3]
    })
    for (const each of [png8, gif]) {
      const back = await pixels(await each.encode({ width: columns, height: rows, rgba }))
      t.ok(back.equals(Buffer.from(rgba)), `${each.mediaType}: ${columns} x ${rows}, ${count} colours`)
    }
  }
  const clear = { width: 9, height: 7, rgba: new Uint8Array(252) }
  for (const each of [png8, gif])
    t.ok((await pixels(await each.encode(clear))).equals(Buffer.from(clear.rgba)), `${each.mediaType}: nothing`)
  const noise = { width: 500, height: 400, rgba: Uint8Array.from({ length: 800_000 }, () => Math.floor(random() * 256)) }
  for (const each of [png8, gif]) {
    const back = await pixels(await each.encode(noise))
    t.ok(new Set(new Uint32Array(Uint8Array.from(back).buffer)).size <= 256, `${each.mediaType}: noise`)
    t.ok(psnr(noise.rgba, back) > 14, `${psnr(noise.rgba, back).toFixed(1)} dB`)
  }
})

t.test('an area that is one colour keeps it, whatever is around it', async t => {
  const flat = pictureOf((x, y) => (y < 80 ? [201, 117, 33, 255] : [(x * 7 + y) & 255, (y * 5) & 255, (x * y) & 255, 255]))
  const back = await pixels(await png8.encode(flat))
  t.ok(back.subarray(0, 80 * width * 4).equals(Buffer.from(flat.rgba.subarray(0, 80 * width * 4))))
})

t.test('JPEG where nothing is transparent, else PNG, and the type says which', async t => {
  for (const [mediaType, clear] of [
    ['image/vnd.jpeg-png', 'image/png'],
    ['image/vnd.jpeg-png8', 'image/png; mode=8bit'],
  ]) {
    const either = format(mediaType)
    t.equal(either.writtenAs?.(photograph).mediaType, 'image/jpeg')
    t.equal(either.writtenAs?.(overlay).mediaType, clear)
    t.equal((await sharp(await either.encode(photograph)).metadata()).format, 'jpeg')
    const png = await either.encode(overlay)
    // byte 25 of a PNG is its kind of colours: 3 has a palette, 6 is RGBA
    t.same([(await sharp(png).metadata()).format, png[25]], ['png', mediaType.endsWith('8') ? 3 : 6])
  }
  const almost = { ...photograph, rgba: photograph.rgba.slice() }
  almost.rgba[almost.rgba.length - 1] = 254
  t.equal(format('image/vnd.jpeg-png').writtenAs?.(almost).mediaType, 'image/png', 'a single pixel')
})
