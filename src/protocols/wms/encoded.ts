import type { Sharp } from 'sharp'
import type { PictureFormat } from './appearance.js'

/** An image that is no map (a legend, an exception), written. */
export function encoded(image: Sharp, mediaType: PictureFormat): Promise<Uint8Array> {
  switch (mediaType) {
    case 'image/png':
      return image.png().toBuffer()
    case 'image/jpeg':
      return image.jpeg({ quality: 90 }).toBuffer()
    case 'image/tiff':
      return image.tiff({ compression: 'deflate' }).toBuffer()
  }
}
