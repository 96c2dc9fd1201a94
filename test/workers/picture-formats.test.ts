import t from 'tap'
import { clear, readPicture, share } from '../support/picture.js'
import { smallTown } from '../support/small-town.js'
import { drawTables } from '../support/vector-maps.js'
import { styleOf } from '../support/vector-scenes.js'

const { houses } = smallTown('EPSG:2154', (x, y) => [770_000 + x, 6_279_000 + y])
const faint = styleOf({ kind: 'fill', color: '#c04020', opacity: 0.4, outline: { color: '#204060', opacity: 0.7, width: 2 } })
const drawn = async (mediaType: string, isTransparent = true) =>
  readPicture(await drawTables([[houses, faint]], mediaType, { background: { color: 0xffffff, isTransparent } }))

t.test('what is half seen through is so in every format that can say it', async t => {
  const png = await drawn('image/png')
  t.ok(share(png, (_r, _g, _b, a) => a > 50 && a < 200) > 0.02, 'there is some')
  for (const mediaType of ['image/vnd.jpeg-png', 'image/vnd.jpeg-png8', 'image/png; mode=8bit']) {
    const { pixels, format } = await drawn(mediaType)
    t.equal(format, 'png')
    // a palette of more than 256 colours may be a little off
    const most = pixels.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - png.pixels[i]) * (i % 4 === 3 ? 1 : png.pixels[i | 3] / 255)),
      0,
    )
    t.ok(most <= (mediaType === 'image/vnd.jpeg-png' ? 0 : 12), `${mediaType}: ${most}`)
  }
  const gif = await drawn('image/gif')
  t.equal(
    share(gif, (_r, _g, _b, a) => a > 0 && a < 255),
    0,
  )
  t.ok(clear(gif) > 0.5 && clear(gif) < clear(png) + 0.2)
})

t.test('over a background all of it is opaque', async t => {
  const png = await drawn('image/png', false)
  for (const mediaType of ['image/vnd.jpeg-png', 'image/png; mode=8bit', 'image/gif', 'image/webp', 'image/avif']) {
    const picture = await drawn(mediaType, false)
    t.equal(
      share(picture, (_r, _g, _b, a) => a < 255),
      0,
      mediaType,
    )
    const mean = picture.pixels.reduce((sum, value, i) => sum + Math.abs(value - png.pixels[i]), 0) / picture.pixels.length
    t.ok(mean < 3, `${mediaType}: ${mean.toFixed(2)}`)
  }
  t.equal((await drawn('image/vnd.jpeg-png', false)).format, 'jpeg')
})
