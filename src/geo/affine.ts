import type { Bbox } from './bbox.js'

/**
 * Pixels to coordinates: `x = t[0] + column * t[1] + row * t[2]`, `y = t[3] + column * t[4] + row * t[5]`. Columns and rows count from the
 * outer corner of the first pixel: its centre is at 0.5, 0.5. The order GDAL uses for geotransforms.
 */
export type Affine = readonly [x0: number, dxColumn: number, dxRow: number, y0: number, dyColumn: number, dyRow: number]

/**
 * The affine of a map of `width` by `height` pixels whose outside edges are `bbox`; row 0 is the top. `angle`: degrees by which what is drawn is turned
 * clockwise around its middle, in pixels; the box is that of the map before.
 */
export function affineOfMap([minX, minY, maxX, maxY]: Bbox, width: number, height: number, angle = 0): Affine {
  const [perX, perY] = [(maxX - minX) / width, (maxY - minY) / height]
  if (angle === 0) return [minX, perX, 0, maxY, 0, -perY]
  const [cos, sin] = cosineAndSine(angle)
  const [middleX, middleY] = [(minX + maxX) / 2, (minY + maxY) / 2]
  return [
    middleX - ((cos * width + sin * height) / 2) * perX,
    cos * perX,
    sin * perX,
    middleY + ((cos * height - sin * width) / 2) * perY,
    sin * perY,
    -cos * perY,
  ]
}

/** Of an angle in degrees; exact for right angles. */
export function cosineAndSine(angle: number): readonly [cos: number, sin: number] {
  const quarters = angle / 90
  if (Number.isInteger(quarters))
    return (
      [
        [1, 0],
        [0, 1],
        [-1, 0],
        [0, -1],
      ] as const
    )[((quarters % 4) + 4) % 4]
  const radians = (angle * Math.PI) / 180
  return [Math.cos(radians), Math.sin(radians)]
}

/** Coordinates back to pixels, in the same form: `column = t[0] + x * t[1] + y * t[2]`, …; undefined when the affine is flat. */
export function invertAffine([x0, a, b, y0, c, d]: Affine): Affine | undefined {
  const determinant = a * d - b * c
  if (!Number.isFinite(determinant) || determinant === 0) return undefined
  const [e, f, g, h] = [d / determinant, -b / determinant, -c / determinant, a / determinant]
  return [-(x0 * e + y0 * f), e, f, -(x0 * g + y0 * h), g, h]
}
