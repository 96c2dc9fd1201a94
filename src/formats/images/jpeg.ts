import sharp from 'sharp'
import type { ImageFormat } from './index.js'

/** Good for orthophotos without visible blocks; about a tenth of the PNG. */
const quality = 85

/** JPEG (ITU-T T.81) by libvips, 4:2:0. Alpha is left out: draw on a background first. */
export const jpeg: ImageFormat = {
  mediaType: 'image/jpeg',
  hasAlpha: false,
  async encode({ rgba, width, height }) {
    const raw = { width, height, channels: 4 } as const
    return sharp(rgba, { raw, limitInputPixels: false }).removeAlpha().jpeg({ quality }).toBuffer()
  },
}
