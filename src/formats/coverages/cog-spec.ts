import type { RasterBand } from '#core/atlas.js'
import type { SampleArray } from '#core/ports.js'
import type { Affine } from '#geo/affine.js'

/** What a Cloud-Optimized GeoTIFF is to hold (OGC 21-026). */
export interface CogSpec {
  readonly width: number
  readonly height: number
  readonly bands: readonly RasterBand[]
  /** Code with an EPSG number; others are left out of the file. */
  readonly crs: string
  readonly transform: Affine
  /** Side of its blocks in pixels, a multiple of 16; the constant below where absent. */
  readonly blockSide?: number
  /** Images below the full one, each half as wide and high as the one before. */
  readonly overviews: number
  readonly hasMask: boolean
  /** `jpeg`: one or three bands of 8 bits; `webp`: three; `deflate`: with a predictor, exact. */
  readonly compression: 'jpeg' | 'webp' | 'deflate'
  /** Of Deflate, 1 to 9; 6 where absent. */
  readonly deflateLevel?: number
  /** When the picture was taken, in milliseconds since the epoch. */
  readonly time?: number
  /** 0xRRGGBB, for one band of palette indices. */
  readonly palette?: Uint32Array
}

/** Side of the blocks of every image, in pixels, unless a spec says otherwise. */
export const blockSide = 512

/** One block, as many pixels in each direction as the spec says; beyond the image it may hold anything. */
export interface CogBlock {
  readonly bands: readonly SampleArray[]
  /** 0 where there is nothing; absent where there is something everywhere. */
  readonly mask?: Uint8Array
}

/** Sizes of all images, the full one first. */
export function imageSizes({ width, height, overviews }: CogSpec): readonly { readonly width: number; readonly height: number }[] {
  return Array.from({ length: overviews + 1 }, (_, i) => ({ width: Math.ceil(width / 2 ** i), height: Math.ceil(height / 2 ** i) }))
}

/** One block as the file stores it. */
export interface EncodedCogBlock {
  readonly image: Uint8Array
  /** Of the mask; absent where there is something everywhere. */
  readonly mask?: Uint8Array
}
