import { endianness } from 'node:os'
import type { TiffLayout } from './tiff-layout.js'

/**
 * Undoes the predictor of a decompressed block and puts its samples into this machine's byte order. Works in a copy where it changes
 * anything. Horizontal differencing: TIFF 6.0, section 14; floating point: TIFF Technical Note 3.
 */
export function undoPredictor(bytes: Uint8Array, layout: TiffLayout, rowBytes: number): Uint8Array {
  const { bits, predictor } = layout
  const bytesPerSample = bits / 8
  const isMachineLittle = endianness() === 'LE'
  const mustSwap = bits % 8 === 0 && bits > 8 && layout.isLittle !== isMachineLittle && predictor !== 3 && layout.compression !== 34887
  if (predictor === 1 && !mustSwap) return bytes
  const stride = layout.samples / layout.planes
  const out = bytes.slice()
  if (predictor === 3) {
    for (let at = 0; at + rowBytes <= out.length; at += rowBytes)
      undoFloatRow(out.subarray(at, at + rowBytes), stride, bytesPerSample, isMachineLittle)
    return out
  }
  if (mustSwap) swapBytes(out, bytesPerSample)
  if (predictor === 2) addUp(typed(out, bytesPerSample), rowBytes / bytesPerSample, stride)
  return out
}

function addUp(samples: Uint8Array | Uint16Array | Uint32Array | BigUint64Array, perRow: number, stride: number) {
  for (let row = 0; row < samples.length; row += perRow)
    for (let i = row + stride; i < row + perRow; i++) (samples as Uint8Array)[i] += (samples as Uint8Array)[i - stride]
}

function typed(bytes: Uint8Array, size: number) {
  const length = Math.floor(bytes.byteLength / size)
  if (size === 8) return new BigUint64Array(bytes.buffer, bytes.byteOffset, length)
  if (size === 4) return new Uint32Array(bytes.buffer, bytes.byteOffset, length)
  if (size === 2) return new Uint16Array(bytes.buffer, bytes.byteOffset, length)
  return bytes
}

/** A row was split into planes of equal significance, most significant first, then differenced byte by byte. */
function undoFloatRow(row: Uint8Array, stride: number, size: number, isMachineLittle: boolean) {
  for (let i = stride; i < row.length; i++) row[i] += row[i - stride]
  const planes = row.slice()
  const count = Math.floor(row.length / size)
  for (let i = 0; i < count; i++)
    for (let b = 0; b < size; b++) row[i * size + (isMachineLittle ? size - 1 - b : b)] = planes[b * count + i]
}

function swapBytes(bytes: Uint8Array, size: number) {
  for (let at = 0; at + size <= bytes.length; at += size) bytes.subarray(at, at + size).reverse()
}
