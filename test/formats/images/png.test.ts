import sharp from 'sharp'
import t from 'tap'
import { joinPng, pixelBytesOf } from '#formats/images/join-png.js'
import { startPngEncoders } from '#formats/images/png.js'
import { seeded } from '../../support/seeded.js'

const { encode, encodeBand } = startPngEncoders()

async function decoded(png: Uint8Array) {
  const { data, info } = await sharp(png, { limitInputPixels: false }).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

/** Where the decoded picture first differs; colours of transparent pixels do not count. */
function firstDifference(rgba: Uint8Array, data: Uint8Array): number | undefined {
  for (let i = 0; i < rgba.length; i += 4) {
    if (rgba[i + 3] === 0 && data[i + 3] === 0) continue
    for (let k = 0; k < 4; k++) if (rgba[i + k] !== data[i + k]) return i / 4
  }
  return rgba.length === data.length ? undefined : rgba.length / 4
}

const colorType = (png: Uint8Array) => png[25]

t.test('what libvips reads is what was written', async t => {
  const random = seeded(51)
  const byte = () => Math.floor(random() * 256)
  const kinds = {
    noise: () => [byte(), byte(), byte(), byte()],
    opaqueNoise: () => [byte(), byte(), byte(), 255],
    gradient: (x: number, y: number) => [x & 255, y & 255, (x + y) & 255, 255],
    fade: (x: number, y: number) => [200, y & 255, 10, x & 255],
    fewColors: (x: number, y: number) =>
      [
        [0, 0, 0, 0],
        [255, 0, 0, 255],
        [0, 90, 0, 128],
      ][(x * 7 + y * 3) % 3],
    stripes: (x: number) => [(x >> 3) * 16, 100, 100, 255],
    // too many for a palette, each seen before within the window or just beyond it
    manyColors: () => {
      const k = Math.floor(random() * 700)
      return [k & 255, k >> 8, 7, 255]
    },
    manyFaint: () => {
      const k = Math.floor(random() * 700)
      return [k & 255, k >> 8, 7, 100 + (k & 15)]
    },
  }
  for (const [name, kind] of Object.entries(kinds)) {
    for (const [width, height] of [
      [1, 1],
      [1, 300],
      [300, 1],
      [7, 5],
      [256, 256],
      [257, 63],
      [2, 2],
    ]) {
      const runs = random() < 0.5
      const rgba = new Uint8Array(width * height * 4)
      for (let i = 0; i < width * height; i++) {
        if (runs && i > 0 && random() < 0.7) rgba.copyWithin(i * 4, i * 4 - 4, i * 4)
        else rgba.set(kind(i % width, Math.floor(i / width)), i * 4)
      }
      const png = encode(rgba, width, height)
      const back = await decoded(png)
      t.equal(firstDifference(rgba, back.data), undefined, `${name}, ${width} x ${height}, ${png.length} bytes`)
      t.same([back.width, back.height], [width, height])
    }
  }
})

t.test('palette, RGB or RGBA, as the pixels allow', async t => {
  const picture = (color: (i: number) => readonly number[]) =>
    Uint8Array.from({ length: 64 * 64 }, (_, i) => i).length && Uint8Array.from(Array.from({ length: 64 * 64 }, (_, i) => color(i)).flat())
  const type = (color: (i: number) => readonly number[]) => colorType(encode(picture(color) as Uint8Array, 64, 64))
  t.equal(
    type(i => [i & 255, 0, 0, 255]),
    3,
    '256 colours',
  )
  t.equal(
    type(i => [i & 255, i === 300 ? 1 : 0, 0, 255]),
    2,
    '257 opaque ones',
  )
  t.equal(
    type(i => [i & 255, i >> 8, 0, i === 0 ? 254 : 255]),
    6,
    'many, one not opaque',
  )
  t.equal(
    type(i => [i & 255, 77, 0, 0]),
    3,
    'colours that nobody sees are one',
  )
})

t.test('pictures of one colour are tiny', async t => {
  for (const [color, most] of [
    [[255, 255, 255, 255], 140],
    [[0, 0, 0, 0], 150],
  ] as const) {
    for (const [width, height] of [
      [256, 256],
      [512, 512],
      [1000, 3],
    ]) {
      const rgba = Uint8Array.from(Array.from({ length: width * height }, () => color).flat())
      const png = encode(rgba, width, height)
      t.ok(png.length < most + (width * height) / 5000, `${width} x ${height}: ${png.length} bytes`)
      t.equal(firstDifference(rgba, (await decoded(png)).data), undefined)
    }
  }
})

t.test('long pictures fill several blocks, wide ones have rows beyond the window', async t => {
  const random = seeded(52)
  for (const [width, height] of [
    [9001, 40],
    [40, 9001],
    [16_000, 3],
  ]) {
    const rgba = Uint8Array.from({ length: width * height * 4 }, () => (random() < 0.8 ? 255 : random() * 256))
    t.equal(firstDifference(rgba, (await decoded(encode(rgba, width, height))).data), undefined, `${width} x ${height}`)
  }
})

t.test('the same pixels give the same bytes, whatever was encoded before', async t => {
  const random = seeded(53)
  const rgba = Uint8Array.from({ length: 50 * 50 * 4 }, () => random() * 256)
  const first = encode(rgba, 50, 50)
  encode(
    rgba.map(v => 255 - v),
    25,
    100,
  )
  t.same(encode(rgba, 50, 50), first)
})

t.test('too few pixels are refused', async t => {
  t.throws(() => encode(new Uint8Array(15), 2, 2), { message: /needs 16 bytes; there are 15/ })
  t.throws(() => encode(new Uint8Array(16), 0, 2), RangeError)
})

t.test('bands that are joined are the whole picture', async t => {
  const random = seeded(52)
  const kinds = {
    opaque: (x: number, y: number) => [x & 255, y & 255, (x * y) & 255, 255],
    faint: (x: number, y: number) => [x & 255, y & 255, 7, y < 200 ? 255 : x & 255],
    'blank above': (x: number, y: number) => (y < 150 ? [255, 255, 255, 255] : [x & 255, y & 255, Math.floor(random() * 256), 255]),
    'blank below': (x: number, y: number) => (y > 250 ? [0, 0, 0, 0] : [x & 255, y & 255, 9, 90]),
  }
  const [width, height] = [600, 400]
  for (const [name, kind] of Object.entries(kinds)) {
    const rgba = new Uint8Array(width * height * 4)
    for (let i = 0; i < width * height; i++) rgba.set(kind(i % width, Math.floor(i / width)), i * 4)
    const isOpaque = rgba.every((value, i) => i % 4 < 3 || value === 255)
    for (const tops of [[0], [0, 150], [0, 130, 260]]) {
      const write = (pixelBytes?: number) => (top: number, i: number) => {
        const end = tops[i + 1] ?? height
        const rows = rgba.subarray(top * width * 4, end * width * 4)
        return encodeBand(rows, width, end - top, { top, height, ...(pixelBytes && { pixelBytes }) }, isOpaque)
      }
      const alone = tops.map(write())
      const pixelBytes = alone.map(pixelBytesOf).find(known => known !== undefined)
      t.equal(pixelBytes, isOpaque ? 3 : 4, 'one of them settles it')
      const again = tops.map(write(pixelBytes))
      const bands = alone.map((band, i) => (band.length > 0 ? band : again[i]))
      const png = joinPng(bands)
      const { data, ...size } = await decoded(png)
      t.same(size, { width, height })
      t.equal(firstDifference(rgba, data), undefined, `${name} in ${tops.length}`)
    }
  }
})

t.test('a band is not encoded where others may know better', async t => {
  const band = (rgba: Uint8Array, width: number, rows: number, isOpaque: boolean) =>
    encodeBand(rgba, width, rows, { top: 0, height: 1000 }, isOpaque).length
  const many = Uint8Array.from({ length: 256 * 256 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i >> (i % 4 === 0 ? 2 : 10)) & 255))
  t.ok(band(many, 256, 256, true) > 0)
  t.equal(band(many, 256, 256, false), 0, 'others may be transparent')
  t.equal(band(many, 256, 100, true), 0, 'small')
  t.equal(band(new Uint8Array(256 * 256 * 4).fill(255), 256, 256, true), 0, 'there may be a palette')
})
