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
  if (stride === 1)
    for (let i = 0, sum = 0; i < planes.length; i++) {
      sum = (sum + row[i]) & 255
      planes[i] = sum
    }
  else {
    planes.set(row)
    for (let i = stride; i < planes.length; i++) planes[i] += planes[i - stride]
  }
  const count = Math.floor(row.length / size)
  if (size === 4 && isMachineLittle && row.byteOffset % 4 === 0) {
    joinPlanes(planes, new Uint32Array(row.buffer, row.byteOffset, count), count)
    return
  }
  for (let b = 0; b < size; b++) {
    const from = b * count
    for (let i = 0, at = isMachineLittle ? size - 1 - b : b; i < count; i++, at += size) row[at] = planes[from + i]
  }
}

/** The usual case, a word at a time. */
function joinPlanes(planes: Uint8Array, words: Uint32Array, count: number) {
  for (let i = 0, second = count, third = count * 2, fourth = count * 3; i < count; i++)
    words[i] = (planes[i] << 24) | (planes[second + i] << 16) | (planes[third + i] << 8) | planes[fourth + i]
}
