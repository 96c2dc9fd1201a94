import { avif } from './avif.js'
import { startJpeg } from './jpeg.js'
import { startPngEncoder } from './png.js'
import { webp } from './webp.js'

/** Pixels to be encoded: RGBA with straight alpha, row by row from the upper left corner. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly rgba: Uint8Array
}

export interface EncodeOptions {
  /** Of lossy formats, 1 to 100, as JPEG counts. */
  readonly quality?: number
}

export interface ImageFormat {
  readonly mediaType: string
  /** Whether pixels may be transparent; where not, they must come opaque. */
  readonly hasAlpha: boolean
  encode(picture: Picture, options?: EncodeOptions): Uint8Array | Promise<Uint8Array>
}

/** Good for orthophotos without visible blocks; about a tenth of the PNG. */
export const defaultQuality = 85

/**
 * Every image format that maps are answered in, the default first. One list a thread: encoders have memory of their own. Libvips is loaded when it
 * is first needed, which takes a tenth of a second: most threads never do.
 */
export function startImageFormats(): readonly ImageFormat[] {
  const encodePng = startPngEncoder()
  return [
    { mediaType: 'image/png', hasAlpha: true, encode: ({ rgba, width, height }) => encodePng(rgba, width, height) },
    startJpeg(),
    webp,
    avif,
  ]
}
