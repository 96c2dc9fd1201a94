import type { ImageFormat, Picture } from './index.js'

/** Colours of a palette. */
const most = 256
/** Libimagequant's own scale is 1 to 10: 4 takes a third longer than the least for half a decibel, 7 takes five times as long. */
const effort = 4
/** Full strength shows as noise on photographs, none as steps on ramps. */
const dither = 0.5

/**
 * PNG with a palette of 256 colours, which may be transparent to any degree. Maps that have no more are exact, by `png`; of others the colours that
 * do best are chosen by libimagequant, which spreads the error where colours run and leaves flat areas alone. What is opaque stays opaque, and what
 * is not there is not.
 */
export function startPng8(png: ImageFormat): ImageFormat {
  return {
    mediaType: 'image/png; mode=8bit',
    hasAlpha: true,
    async encode(picture, options) {
      if (hasFewColors(picture)) return png.encode(picture, options)
      const { rgba, width, height } = picture
      const { default: sharp } = await import('sharp')
      const raw = { raw: { width, height, channels: 4 }, limitInputPixels: false } as const
      const reduced = (compressionLevel: number) =>
        sharp(rgba, raw).png({ palette: true, colours: most, effort, dither, compressionLevel }).toBuffer()
      if (options?.isOpaque) return reduced(6)
      const pixels = await sharp(await reduced(0), { limitInputPixels: false })
        .ensureAlpha()
        .raw()
        .toBuffer()
      settleAlpha(rgba, pixels)
      return png.encode({ width, height, rgba: pixels }, options)
    },
  }
}

/** Colours that an opaque pixel got become opaque, those that a pixel got which is not there disappear: libimagequant is off by a few hundredths. */
function settleAlpha(rgba: Uint8Array, pixels: Uint8Array): void {
  const colors = new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4)
  const settled = new Map<number, number>()
  const settle = (alpha: number, opacity: number) => {
    let last = -1
    for (let i = 0; i < colors.length; i++) {
      const color = colors[i]
      if (rgba[i * 4 + 3] !== alpha || color === last) continue
      last = color
      settled.set(color, opacity === 0 ? 0 : withAlpha(color, opacity))
    }
  }
  settle(0, 0)
  settle(255, 255)
  for (let i = 0; i < colors.length; i++) colors[i] = settled.get(colors[i]) ?? colors[i]
}

/** In the lowest bytes first, as machines that run this have it. */
const withAlpha = (color: number, alpha: number) => ((color & 0xffffff) | (alpha << 24)) >>> 0

/** Whether a palette holds all colours. Photographs are told by their first rows. Hot path. */
export function hasFewColors({ rgba }: Pick<Picture, 'rgba'>): boolean {
  const colors = new Set<number>()
  let last = -1
  for (let i = 0; i < rgba.length; i += 4) {
    // transparent pixels are one colour
    const color = rgba[i + 3] === 0 ? 0 : ((rgba[i] << 24) | (rgba[i + 1] << 16) | (rgba[i + 2] << 8) | rgba[i + 3]) >>> 0
    if (color === last) continue
    last = color
    colors.add(color)
    if (colors.size > most) return false
  }
  return true
}
