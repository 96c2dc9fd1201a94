import type { Bbox } from '#geo/bbox.js'
import { avif } from './avif.js'
import { gif } from './gif.js'
import { startJpeg } from './jpeg.js'
import { jpegOrPng } from './jpeg-png.js'
import { startPng } from './png.js'
import { startPng8 } from './png8.js'
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

/** Where some rows of a picture belong. */
export interface BandPlace {
  readonly top: number
  /** Of the whole picture. */
  readonly height: number
  /** Bytes of a pixel in the file, where another band has settled that. */
  readonly pixelBytes?: number
}

export interface ImageFormat {
  /** What it is asked for by. */
  readonly mediaType: string
  /** What its pictures are, where that is another. */
  readonly writtenType?: string
  /** Whether pixels may be transparent; where not, they must come opaque. */
  readonly hasAlpha: boolean
  /** Whether `encode` has read all pixels when it returns. */
  readonly isPrompt?: boolean
  encode(picture: Picture, options?: EncodeOptions): Uint8Array | Promise<Uint8Array>
  /**
   * Encodes some rows of a picture, so that several threads can write one: all its bands are joined by `joinPng`. Nothing (no bytes) where these rows
   * alone do not settle how pixels are written, and nobody else has.
   */
  encodeBand?(rows: Picture, place: BandPlace, options?: EncodeOptions): Uint8Array
  /** The format it really writes a picture in, where the type leaves the choice. */
  writtenAs?(picture: Picture): ImageFormat
}

/**
 * Every image format that maps are answered in, the default first. One list a thread: encoders have memory of their own. Libvips is loaded when it
 * is first needed, which takes a tenth of a second: most threads never do.
 */
export function startImageFormats(): readonly ImageFormat[] {
  const [png, jpeg] = [startPng(), startJpeg()]
  const png8 = startPng8(png)
  return [png, png8, jpeg, jpegOrPng('image/vnd.jpeg-png', jpeg, png), jpegOrPng('image/vnd.jpeg-png8', jpeg, png8), webp, avif, gif, tiff]
}
