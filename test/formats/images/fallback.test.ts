import sharp from 'sharp'
import t from 'tap'
import { blockSide } from '#formats/coverages/cog-spec.js'
import { blockEncoder } from '#formats/coverages/encode-blocks.js'
import { startJpeg } from '#formats/images/jpeg.js'
import { startPng, startPngEncoders } from '#formats/images/png.js'
import { loadKernel } from '#render/kernels/load-kernel.js'

/** What a machine says for which a package has no binding. */
const absent = () => {
  throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' })
}
const withoutKernel = () => startPngEncoders(loadKernel('not-there'))

/** A gradient with waves, `steps` values a channel; a corner fades out unless all is opaque. */
function pictureOf({ isOpaque, steps = 256 }: { isOpaque: boolean; steps?: number }) {
  const [width, height] = [121, 83]
  const size = 256 / steps
  const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) => {
    const [x, y] = [(i >> 2) % width, Math.floor((i >> 2) / width)]
    if (i % 4 === 3) return isOpaque || x + y > 60 ? 255 : (x + y) * 4
    return Math.floor([x * 2, y * 3, 128 + 60 * Math.sin((x + y) / 9)][i % 4] / size) * size
  })
  return { width, height, rgba }
}
const pixels = async (bytes: Uint8Array) => sharp(bytes).ensureAlpha().raw().toBuffer()
/** The first quantisation table of a JPEG (ITU-T T.81, B.2.4.1). */
const quantisation = (jpeg: Uint8Array) => {
  const at = Buffer.from(jpeg).indexOf('ffdb', 'hex')
  return [...jpeg.subarray(at + 5, at + 69)]
}
const meanDistance = (a: Uint8Array, b: Uint8Array) => a.reduce((sum, v, i) => sum + Math.abs(v - b[i]), 0) / a.length

t.test('PNG without our kernel is written by libvips, to the same pixels', async t => {
  const [own, other] = [startPng(), startPng(withoutKernel)]
  t.not(other.encode, own.encode)
  t.same([other.mediaType, other.hasAlpha], ['image/png', true])
  for (const isOpaque of [true, false])
    for (const steps of [256, 4]) {
      const picture = pictureOf({ isOpaque, steps })
      const bytes = await other.encode(picture, { isOpaque })
      t.equal(bytes[25], isOpaque ? 2 : 6, 'RGB or RGBA')
      const [a, b] = [await pixels(await own.encode(picture)), await pixels(bytes)]
      t.ok(
        a.every((value, i) => value === b[i] || a[i | 3] === 0),
        `${isOpaque ? 'opaque' : 'with alpha'}, ${steps} steps`,
      )
    }
})

t.test('JPEG without libjpeg-turbo is written by libvips, to nearly the same pixels', async t => {
  const [own, other] = [startJpeg(), startJpeg(absent)]
  t.not(other.encode, own.encode)
  const picture = pictureOf({ isOpaque: true })
  for (const quality of [30, 60, 85, 95]) {
    const [a, b] = [await own.encode(picture, { quality }), await other.encode(picture, { quality })]
    const off = meanDistance(await pixels(a), await pixels(b))
    t.ok(off < 2, `quality ${quality}: off by ${off.toFixed(2)} of 255 on average`)
    t.same(quantisation(a), quantisation(b), 'the same tables: quality means the same')
  }
})

t.test('photographs in GeoTIFFs need no libjpeg-turbo either', async t => {
  const block = { bands: [0, 1, 2].map(b => Uint8Array.from({ length: blockSide ** 2 }, (_, i) => ((i % blockSide) + (i >> 9) * b) >> 2)) }
  const [a, b] = await Promise.all([undefined, absent].map(load => blockEncoder({ compression: 'jpeg' }, load)(block)))
  const off = meanDistance(await pixels(a), await pixels(b))
  t.ok(off < 2, `off by ${off.toFixed(2)} on average`)
})
