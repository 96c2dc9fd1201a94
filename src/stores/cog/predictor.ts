import { endianness } from 'node:os'
import { codecOf } from './codecs.js'
import type { TiffLayout } from './tiff-layout.js'

/**
 * Puts the samples of a decompressed block into this machine's byte order and undoes the floating point predictor (TIFF Technical Note 3),
 * row by row. LERC blocks of big-endian files hold swapped numbers, too. What is not compressed is left as it was, in a copy; anything else is changed in place. Horizontal differences are left to `splitBands`.
 */
export function toMachineOrder(bytes: Uint8Array, layout: TiffLayout, rowBytes: number): Uint8Array {
  const { bits, predictor } = layout
  const isMachineLittle = endianness() === 'LE'
  if (predictor === 3) {
    const planes = new Uint8Array(rowBytes)
    for (let at = 0; at + rowBytes <= bytes.length; at += rowBytes)
      undoFloatRow(bytes.subarray(at, at + rowBytes), planes, layout.samples / layout.planes, bits / 8, isMachineLittle)
    return bytes
  }
  if (bits % 8 !== 0 || bits === 8 || layout.isLittle === isMachineLittle) return bytes
  const own = codecOf(layout.compression) === 'none' ? bytes.slice() : bytes
  const view = Buffer.from(own.buffer, own.byteOffset, own.byteLength - (own.byteLength % (bits / 8)))
  if (bits === 16) view.swap16()
  else if (bits === 32) view.swap32()
  else view.swap64()
  return own
}

/** A row was split into planes of equal significance, most significant first, then differenced byte by byte. Hot. */
function undoFloatRow(row: Uint8Array, planes: Uint8Array, stride: number, size: number, isMachineLittle: boolean) {
  planes.set(row)
  if (stride === 1) {
    let sum = 0
    for (let i = 0; i < planes.length; i++) {
      sum = (sum + planes[i]) & 255
      planes[i] = sum
    }
  } else for (let i = stride; i < planes.length; i++) planes[i] += planes[i - stride]
  const count = Math.floor(row.length / size)
  for (let b = 0; b < size; b++) {
    const from = b * count
    for (let i = 0, at = isMachineLittle ? size - 1 - b : b; i < count; i++, at += size) row[at] = planes[from + i]
  }
}
