import type { FileHandle } from 'node:fs/promises'
import { recordBytes } from './box-records.js'

/** A box that grows; empty while its least is above its greatest. */
export interface Box {
  minX: number
  minY: number
  maxX: number
  maxY: number
}

/** A box with nothing in it. */
export const emptyBox = (): Box => ({
  minX: Number.POSITIVE_INFINITY,
  minY: Number.POSITIVE_INFINITY,
  maxX: Number.NEGATIVE_INFINITY,
  maxY: Number.NEGATIVE_INFINITY,
})

/** Whether nothing was put into a box. */
export const isEmptyBox = ({ minX, maxX }: Box): boolean => !(minX <= maxX)

/** Makes a box larger, so that it holds another. */
export function growBox(box: Box, minX: number, minY: number, maxX: number, maxY: number): void {
  if (minX < box.minX) box.minX = minX
  if (minY < box.minY) box.minY = minY
  if (maxX > box.maxX) box.maxX = maxX
  if (maxY > box.maxY) box.maxY = maxY
}

/** Cells along each side of the curve, and features: both must fit into the 53 bits of one number. */
const sideBits = 13
const countBits = 27
const mostFeatures = 2 ** countBits

/**
 * The numbers of the records in the order of a Hilbert curve over `box`, those without a place last, equals in the order they came. Reads the records
 * once; sorts numbers made of place and number, eight bytes each.
 */
export async function sortAlongHilbert(records: FileHandle, count: number, box: Box): Promise<(rank: number) => number> {
  if (count > mostFeatures) throw new RangeError(`An index over ${count} features is more than ${mostFeatures}.`)
  const keys = new Float64Array(count)
  const cells = 2 ** sideBits
  const scaleX = (cells - 1) / (box.maxX - box.minX || 1)
  const scaleY = (cells - 1) / (box.maxY - box.minY || 1)
  const chunk = Buffer.allocUnsafeSlow(2048 * recordBytes)
  const view = new DataView(chunk.buffer)
  for (let first = 0; first < count; first += 2048) {
    const length = Math.min(2048, count - first)
    await records.read(chunk, 0, length * recordBytes, first * recordBytes)
    for (let i = 0; i < length; i++) {
      const at = i * recordBytes
      const x = ((view.getFloat64(at, true) + view.getFloat64(at + 16, true)) / 2 - box.minX) * scaleX
      const y = ((view.getFloat64(at + 8, true) + view.getFloat64(at + 24, true)) / 2 - box.minY) * scaleY
      const place = x >= 0 && y >= 0 ? hilbert(x, y) : cells * cells - 1
      keys[first + i] = place * mostFeatures + first + i
    }
  }
  keys.sort()
  return rank => keys[rank] % mostFeatures
}

/** Where on the curve the cell lies that holds x,y. */
function hilbert(x: number, y: number): number {
  let [cellX, cellY] = [x | 0, y | 0]
  let place = 0
  for (let side = 1 << (sideBits - 1); side > 0; side >>= 1) {
    const right = cellX & side ? 1 : 0
    const upper = cellY & side ? 1 : 0
    place = place * 4 + ((3 * right) ^ upper)
    // the curve of a quarter is turned
    if (upper === 0) {
      if (right === 1) {
        cellX = side - 1 - (cellX & (side - 1))
        cellY = side - 1 - (cellY & (side - 1))
      }
      const swapped = cellX
      cellX = cellY
      cellY = swapped
    }
  }
  return place
}
