import sharp from 'sharp'
import t from 'tap'
import { startImageFormats } from '#formats/images/index.js'
import { seeded } from '../../support/seeded.js'

const random = seeded(85)
const [width, height] = [128, 128]
const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) => (i % 4 === 3 ? 255 : 128 + 80 * Math.sin(i / 97) + 40 * random()))
const place = { crs: 'EPSG:3857', bbox: [0, 0, 128, 128] } as const

t.test('lossy formats heed the quality, the others do not; without one it is 85', async t => {
  for (const { mediaType, encode } of startImageFormats()) {
    const sizeAt = async (quality?: number) =>
      (await encode({ width, height, rgba }, { place, ...(quality !== undefined && { quality }) })).length
    const [low, usual, said, high] = [await sizeAt(30), await sizeAt(), await sizeAt(85), await sizeAt(95)]
    t.equal(usual, said, `${mediaType}: ${usual} bytes`)
    if (/^image\/(png|tiff|gif)/.test(mediaType)) t.same([low, high], [usual, usual], mediaType)
    else t.ok(low < usual && usual < high, `${mediaType}: ${low} < ${usual} < ${high}`)
  }
})

t.test('every format is one that libvips reads', async t => {
  for (const { mediaType, encode } of startImageFormats()) {
    const head = await sharp(await encode({ width, height, rgba }, { place })).metadata()
    t.same([head.width, head.height], [width, height], mediaType)
  }
})
