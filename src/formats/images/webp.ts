import { defaultQuality } from '#core/atlas.js'
import type { ImageFormat } from './index.js'

/** WebP, lossy, with alpha where there is any. Least effort: a tile takes a few milliseconds. */
export const webp: ImageFormat = {
  mediaType: 'image/webp',
  hasAlpha: true,
  encode: async ({ rgba, width, height }, { quality = defaultQuality } = {}) =>
    (await import('sharp'))
      .default(rgba, { raw: { width, height, channels: 4 }, limitInputPixels: false })
      .webp({ quality, effort: 0 })
      .toBuffer(),
}
