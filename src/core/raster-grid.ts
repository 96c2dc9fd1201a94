import type { RasterFile } from './atlas.js'

/** From the CRS of a raster to its full resolution pixels: column, row, where 0,0 is the outer corner of the first; whole numbers are edges. */
export function pixelAt({
  transform: [x0, a, b, y0, d, e],
}: Pick<RasterFile, 'transform'>): (x: number, y: number) => readonly [number, number] {
  const determinant = a * e - b * d
  return (x, y) => [(e * (x - x0) - b * (y - y0)) / determinant, (a * (y - y0) - d * (x - x0)) / determinant]
}
