import type { SampleArray } from '#core/ports.js'
import type { SampleType, TiffLayout } from './tiff-layout.js'

/** An array of `length` samples of a type; float16 is held as float32. */
export function sampleArray(type: SampleType, length: number): SampleArray {
  switch (type) {
    case 'uint8':
      return new Uint8Array(length)
    case 'uint16':
      return new Uint16Array(length)
    case 'uint32':
      return new Uint32Array(length)
    case 'int8':
      return new Int8Array(length)
    case 'int16':
      return new Int16Array(length)
    case 'int32':
      return new Int32Array(length)
    case 'float64':
      return new Float64Array(length)
    default:
      return new Float32Array(length)
  }
}

/** Decoded bytes (machine byte order, rows of whole bytes) to one array per band they hold. Hot. */
export function splitBands(bytes: Uint8Array, layout: TiffLayout, height: number): SampleArray[] {
  const { blockWidth: width, bits, sampleType } = layout
  const count = layout.samples / layout.planes
  const bands = Array.from({ length: count }, () => sampleArray(sampleType, width * height))
  if (bits % 8 !== 0) unpackBits(bytes, bits, count, width, height, bands)
  else if (sampleType === 'float16') {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1
    for (let b = 0; b < count; b++)
      for (let i = 0; i < width * height; i++) bands[b][i] = float16(view.getUint16((i * count + b) * 2, isLittle))
  } else {
    const samples = aligned(bytes, bands[0])
    if (count === 1) bands[0].set(samples.subarray(0, width * height))
    else for (let b = 0; b < count; b++) for (let i = 0, from = b; i < width * height; i++, from += count) bands[b][i] = samples[from]
  }
  return bands
}

function aligned<A extends SampleArray>(bytes: Uint8Array, like: A): SampleArray {
  const size = like.BYTES_PER_ELEMENT
  const source = bytes.byteOffset % size === 0 ? bytes : bytes.slice()
  const Typed = like.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => SampleArray
  return new Typed(source.buffer, source.byteOffset, Math.floor(source.byteLength / size))
}

function unpackBits(bytes: Uint8Array, bits: number, count: number, width: number, height: number, bands: SampleArray[]) {
  const rowBytes = Math.ceil((width * bits * count) / 8)
  const mask = (1 << bits) - 1
  for (let y = 0; y < height; y++)
    for (let x = 0, bit = y * rowBytes * 8; x < width; x++)
      for (let b = 0; b < count; b++, bit += bits) {
        const at = bit >> 3
        const word = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
        bands[b][y * width + x] = (word >> (24 - (bit & 7) - bits)) & mask
      }
}

/** IEEE 754 binary16 to number. */
function float16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 31
  const fraction = half & 1023
  if (exponent === 0) return sign * 2 ** -24 * fraction
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * 2 ** (exponent - 25) * (1024 + fraction)
}
