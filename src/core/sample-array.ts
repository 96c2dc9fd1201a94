import type { RasterBand } from './atlas.js'
import type { SampleArray } from './ports.js'

const arrays = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  float16: Float32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const satisfies Readonly<Record<RasterBand['sampleType'], unknown>>

/** An array of `length` samples of a type, or of those that lie in `buffer`; float16 is held as float32. */
export function sampleArray(type: RasterBand['sampleType'], length: number, buffer?: ArrayBufferLike, offset?: number): SampleArray {
  const Typed = arrays[type] as new (source: number | ArrayBufferLike, offset?: number, length?: number) => SampleArray
  return buffer ? new Typed(buffer, offset, length) : new Typed(length)
}
