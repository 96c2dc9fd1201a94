import sharp from 'sharp'
import t from 'tap'
import { type JpegEncoder, sharpJpegEncoder, turboJpegEncoder } from '#formats/images/jpeg.js'

const turbo = turboJpegEncoder()
const [width, height] = [100, 67]
const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) => {
  const [x, y] = [(i >> 2) % width, Math.floor((i >> 2) / width)]
  return [x * 2, y * 3, 128 + 60 * Math.sin((x + y) / 9), 255][i % 4]
})

async function checked(encode: JpegEncoder) {
  const bytes = await encode({ rgba, width, height })
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
  t.same([info.width, info.height, info.channels, (await sharp(bytes).metadata()).chromaSubsampling], [width, height, 3, '4:2:0'])
  let sum = 0
  for (let i = 0; i < width * height; i++) for (let k = 0; k < 3; k++) sum += Math.abs(data[i * 3 + k] - rgba[i * 4 + k])
  t.ok(sum / data.length < 3, `off by ${(sum / data.length).toFixed(2)} of 255 on average`)
  return data
}

t.test('libvips writes the picture', async () => {
  await checked(sharpJpegEncoder)
})

t.test('libjpeg-turbo writes the same picture', { skip: turbo ? false : 'needs the optional package @julusian/jpeg-turbo' }, async t => {
  const [a, b] = [await checked(turbo!), await checked(sharpJpegEncoder)]
  const off = a.reduce((sum, v, i) => sum + Math.abs(v - b[i]), 0) / a.length
  t.ok(off < 2, `off by ${off.toFixed(2)} on average`)
})
