/** Pixels of a window as a store reads them: one array of `width * height` samples per band. */
export interface RasterPixels {
  readonly width: number
  readonly height: number
  readonly bands: readonly Samples[]
  /** 0 where there is nothing, 255 where there is; absent when every pixel counts. */
  readonly mask?: Uint8Array
  /** Entries of 0xRRGGBB. */
  readonly palette?: Uint32Array
}

export type Samples = Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array

/** Room for `length` samples of the type of `like`. */
export function samplesLike(like: Samples, length: number): Samples {
  const Typed = like.constructor as new (length: number) => Samples
  return new Typed(length)
}
