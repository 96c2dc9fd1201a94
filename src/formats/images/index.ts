import { startJpeg } from './jpeg.js'
import { startPngEncoder } from './png.js'

/** Pixels to be encoded: RGBA with straight alpha, row by row from the upper left corner. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly rgba: Uint8Array
}

export interface ImageFormat {
  readonly mediaType: string
  /** Whether pixels may be transparent; where not, they must come opaque. */
  readonly hasAlpha: boolean
  encode(picture: Picture): Uint8Array | Promise<Uint8Array>
}

/** Every image format that maps are answered in, the default first. One list a thread: encoders have memory of their own. */
export function startImageFormats(): readonly ImageFormat[] {
  const encodePng = startPngEncoder()
  return [{ mediaType: 'image/png', hasAlpha: true, encode: ({ rgba, width, height }) => encodePng(rgba, width, height) }, startJpeg()]
}

/** Media types of `startImageFormats`, for capabilities. */
export const imageMediaTypes = ['image/png', 'image/jpeg'] as const
