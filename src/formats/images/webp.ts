import sharp from 'sharp'
import { defaultQuality, type ImageFormat } from './index.js'

/** WebP, lossy, with alpha where there is any. Least effort: a tile takes a few milliseconds. */
export const webp: ImageFormat = {
  mediaType: 'image/webp',
  hasAlpha: true,
  encode: ({ rgba, width, height }, { quality = defaultQuality } = {}) =>
    sharp(rgba, { raw: { width, height, channels: 4 }, limitInputPixels: false })
      .webp({ quality, effort: 0 })
      .toBuffer(),
}
