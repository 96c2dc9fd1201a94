/** minX, minY, maxX, maxY in pixels, y down. */
export type Rectangle = readonly [number, number, number, number]

/** Where labels may be placed. */
export interface Frame {
  /** Labels lie wholly within. */
  readonly room: Rectangle
  /**
   * Only labels whose anchor lies within, left and upper side included: those of a cell of a grid of tiles. All of the frame when absent, as
   * on a map that stands for itself.
   */
  readonly owned?: Rectangle
}

/** A map of its own. */
export const frameOfMap = (width: number, height: number): Frame => ({ room: [0, 0, width, height] })

/**
 * Whether a point lies within, left and upper side included. In 256ths of a pixel: cells reckon from corners of their own, and points on the
 * side between two must be in one of them whatever the last bits say.
 */
export function isIn([minX, minY, maxX, maxY]: Rectangle, x: number, y: number): boolean {
  const [atX, atY] = [Math.round(x * 256) / 256, Math.round(y * 256) / 256]
  return atX >= minX && atX < maxX && atY >= minY && atY < maxY
}

/** Whether all boxes (see `PlacedLabel`) lie within, and there are some. */
export function holds([minX, minY, maxX, maxY]: Rectangle, boxes: readonly number[]): boolean {
  for (let i = 0; i < boxes.length; i += 4) {
    if (!(boxes[i] >= minX && boxes[i + 1] >= minY && boxes[i + 2] <= maxX && boxes[i + 3] <= maxY)) return false
  }
  return boxes.length > 0
}

/** Whether the box around lists of x,y pairs meets a rectangle. */
export function meets([minX, minY, maxX, maxY]: Rectangle, lists: readonly Float64Array[]): boolean {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const points of lists) {
    for (let i = 0; i + 1 < points.length; i += 2) {
      if (points[i] < left) left = points[i]
      if (points[i] > right) right = points[i]
      if (points[i + 1] < top) top = points[i + 1]
      if (points[i + 1] > bottom) bottom = points[i + 1]
    }
  }
  return left <= maxX && right >= minX && top <= maxY && bottom >= minY
}
