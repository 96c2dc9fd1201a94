import sharp from 'sharp'
import t from 'tap'
import { exceptionImage } from '#protocols/wms/exception-image.js'

t.test('an exception is drawn into an image of any size, however small', async t => {
  const background = { color: 0xffffff, isTransparent: false }
  const message = 'LayerNotDefined: there is no layer of that name. '.repeat(8)
  const sizes = [1, 2, 5, 6, 7, 11, 12, 13, 17, 22, 23, 40, 399, 400, 401]
  for (const width of sizes) {
    for (const height of sizes) {
      const { info } = await sharp(await exceptionImage({ width, height, background, mediaType: 'image/png' }, message))
        .raw()
        .toBuffer({ resolveWithObject: true })
      if (info.width !== width || info.height !== height) t.fail(`${width} × ${height} became ${info.width} × ${info.height}`)
    }
  }
})
