import { defaultQuality } from '#core/atlas.js'
import type { ImageFormat } from './index.js'

/** Qualities of AVIF lie lower than those of JPEG for the same looks. */
const perJpegQuality = 0.7

/** AVIF with alpha where there is any. Least effort, but still ten times the time of a JPEG. */
export const avif: ImageFormat = {
  mediaType: 'image/avif',
  hasAlpha: true,
  encode: async ({ rgba, width, height }, { quality = defaultQuality } = {}) =>
    (await import('sharp'))
      .default(rgba, { raw: { width, height, channels: 4 }, limitInputPixels: false })
      .avif({ quality: Math.max(1, Math.round(quality * perJpegQuality)), effort: 0 })
      .toBuffer(),
}
