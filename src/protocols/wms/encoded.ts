import type { Sharp } from 'sharp'

/** How images that are no map (exceptions) are written. */
const writers = {
  'image/png': (image: Sharp) => image.png(),
  'image/jpeg': (image: Sharp) => image.jpeg({ quality: 90 }),
  'image/webp': (image: Sharp) => image.webp({ lossless: true, effort: 0 }),
  'image/avif': (image: Sharp) => image.avif({ quality: 80, effort: 0 }),
  'image/gif': (image: Sharp) => image.gif(),
  'image/tiff': (image: Sharp) => image.tiff({ compression: 'deflate' }),
} as const

export type StillType = keyof typeof writers

/** What such an image comes as where a map would come as `mediaType`. */
export function stillType(mediaType: string): StillType {
  return Object.hasOwn(writers, mediaType) ? (mediaType as StillType) : 'image/png'
}

/** An image that is no map, written. */
export function encoded(image: Sharp, mediaType: StillType): Promise<Uint8Array> {
  return writers[mediaType](image).toBuffer()
}
