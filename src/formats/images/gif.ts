import type { ImageFormat, Picture } from './index.js'

/** GIF89a knows pixels that are there and pixels that are not: less than half of a colour is none. */
const leastAlpha = 128
const effort = 4
const dither = 0.5

/** GIF with a palette of 256 colours, one of them transparent where anything is. By libvips. */
export const gif: ImageFormat = {
  mediaType: 'image/gif',
  hasAlpha: true,
  encode: async (picture, { isOpaque = false } = {}) => {
    const { width, height } = picture
    const { default: sharp } = await import('sharp')
    return sharp(isOpaque ? picture.rgba : allOrNothing(picture), { raw: { width, height, channels: 4 }, limitInputPixels: false })
      .gif({ colours: 256, effort, dither })
      .toBuffer()
  },
}

/** A copy with each pixel opaque or not there, so that colours are chosen for what is seen. */
function allOrNothing({ rgba }: Picture): Uint8Array {
  const pixels = Uint8Array.from(rgba)
  for (let i = 0; i < pixels.length; i += 4) {
    if (pixels[i + 3] >= leastAlpha) pixels[i + 3] = 255
    else pixels.fill(0, i, i + 4)
  }
  return pixels
}
