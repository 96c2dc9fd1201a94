import { writeFileSync } from 'node:fs'
import sharp from 'sharp'

/** A channel of a pixel that is off by more counts as differing. */
const tolerance = 32

const pixelsOf = image =>
  sharp(image)
    .flatten({ background: '#ffffff' })
    .convolve({ width: 3, height: 3, kernel: [1, 1, 1, 1, 1, 1, 1, 1, 1] })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })

/** Share of pixels, after a box blur of 3 x 3 over white, of which a channel is off by more than 32: antialiasing passes, a line at another place does not. */
export async function differingPixels(a, b) {
  const [one, other] = await Promise.all([pixelsOf(a), pixelsOf(b)])
  if (one.info.width !== other.info.width || one.info.height !== other.info.height) return 1
  let differing = 0
  for (let i = 0; i < one.data.length; i += 3)
    if ([0, 1, 2].some(k => Math.abs(one.data[i + k] - other.data[i + k]) > tolerance)) differing++
  return (differing * 3) / one.data.length
}

/** Writes a picture small, by a palette; its size. */
export async function writePicture(file, image) {
  const { data, info } = await sharp(image)
    .png({ palette: true, colours: 192, effort: 10, dither: 0.5 })
    .toBuffer({ resolveWithObject: true })
  writeFileSync(file, data)
  return { width: info.width, height: info.height }
}
