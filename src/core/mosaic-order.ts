import type { RasterFile } from './atlas.js'

/** Which of two overlapping files of a mosaic is on top: the newer, the older, or the one whose path comes later. */
export type MosaicOrder = 'date desc' | 'date asc' | 'name'

/** Where nothing is said: files without a date lie below those with one. */
export const newestOnTop: MosaicOrder = 'date desc'

/** Compares files so that the one to be drawn later, on top, comes later; by path where the order leaves them equal. */
export function drawingOrder(order: MosaicOrder): (a: RasterFile, b: RasterFile) => number {
  const sign = order === 'date asc' ? -1 : order === 'date desc' ? 1 : 0
  const age = ({ time }: RasterFile) => (time === undefined ? Number.NEGATIVE_INFINITY : sign * time)
  return (a, b) => (sign === 0 ? 0 : compare(age(a), age(b))) || compare(a.path, b.path)
}

const compare = <T extends number | string>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0)
