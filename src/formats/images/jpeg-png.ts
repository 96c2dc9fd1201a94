import type { ImageFormat, Picture } from './index.js'

/**
 * GeoServer's types that leave the choice to what is drawn: JPEG where no pixel is transparent, else PNG. The answer names the type it is in. With
 * a background that is not transparent they are always JPEG.
 */
export function jpegOrPng(mediaType: string, jpeg: ImageFormat, png: ImageFormat): ImageFormat {
  const writtenAs = (picture: Picture) => (isOpaque(picture) ? jpeg : png)
  return { mediaType, hasAlpha: true, writtenAs, encode: (picture, options) => writtenAs(picture).encode(picture, options) }
}

function isOpaque({ rgba }: Picture): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return false
  return true
}
