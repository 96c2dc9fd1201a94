import type { Bbox } from '#geo/bbox.js'
import { avif } from './avif.js'
import { startJpeg } from './jpeg.js'
import { startPng } from './png.js'
import { tiff } from './tiff.js'
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
  /** Whether every pixel is known to be opaque. */
  readonly isOpaque?: boolean
  /** Where the picture lies, for formats that say so. The box is x,y: its edges are the outer edges of the pixels. */
  readonly place?: { readonly crs: string; readonly bbox: Bbox; readonly angle?: number }
  /** Ends the work between two blocks, in formats that have some. */
  readonly signal?: AbortSignal
}

export interface ImageFormat {
  readonly mediaType: string
  /** Whether pixels may be transparent; where not, they must come opaque. */
  readonly hasAlpha: boolean
  /** Whether `encode` has read all pixels when it returns. */
  readonly isPrompt?: boolean
  encode(picture: Picture, options?: EncodeOptions): Uint8Array | Promise<Uint8Array>
}

/**
 * Every image format that maps are answered in, the default first. One list a thread: encoders have memory of their own. Libvips is loaded when it
 * is first needed, which takes a tenth of a second: most threads never do.
 */
export function startImageFormats(): readonly ImageFormat[] {
  return [startPng(), startJpeg(), webp, avif, tiff]
}
