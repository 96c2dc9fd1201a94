import type { Contour } from './mark-shapes.js'

/** A step of an outline as fonts have it: M, L, Q, C, Z of SVG paths, in em, y up. */
export interface OutlineCommand {
  readonly type: string
  readonly values: readonly number[]
}

type Point = readonly [x: number, y: number]

/** Chords of a curve: at 64 pixels an em, the bends of letters stay within a fifth of a pixel. */
const chords = 8

/** The outline of a character as the contours of a mark: the em is as high as the mark is large, and the middle of the outline lies on the place. */
export function glyphContours(commands: readonly OutlineCommand[]): readonly Contour[] | undefined {
  const contours: Point[][] = []
  let [x, y] = [0, 0]
  for (const { type, values } of commands) {
    if (type === 'M') contours.push([])
    const contour = contours.at(-1)
    if (!contour || values.length < 2) continue
    const corners: Point[] = [[x, y]]
    for (let i = 0; i < values.length; i += 2) corners.push([values[i], values[i + 1]])
    if (type === 'Q' || type === 'C') for (let i = 1; i < chords; i++) contour.push(onCurve(corners, i / chords))
    ;[x, y] = corners.at(-1)!
    contour.push([x, y])
  }
  const all = contours.flat()
  if (all.length === 0) return undefined
  const [minX, minY, maxX, maxY] = all.reduce(
    ([x0, y0, x1, y1], [px, py]) => [Math.min(x0, px), Math.min(y0, py), Math.max(x1, px), Math.max(y1, py)],
    [Infinity, Infinity, -Infinity, -Infinity],
  )
  const placed = ([px, py]: Point): Point => [2 * px - minX - maxX, minY + maxY - 2 * py]
  return contours.filter(({ length }) => length > 2).map(contour => ({ points: contour.map(placed) }))
}

/** De Casteljau's way through any number of corners. */
function onCurve(corners: readonly Point[], t: number): Point {
  if (corners.length === 1) return corners[0]
  return onCurve(
    corners.slice(1).map(([x, y], i) => [corners[i][0] + (x - corners[i][0]) * t, corners[i][1] + (y - corners[i][1]) * t] as const),
    t,
  )
}
