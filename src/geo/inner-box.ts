import { type Bbox, bufferBbox } from './bbox.js'
import type { Geometry } from './geometry.js'

/** Parts of width and height that a box is tried to be smaller by, on each side. */
const margins = [0, 1 / 256, 1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4]
/** Times that the first of them that fits is brought nearer to the one before it, by half: along the edges of the box is where rows have to be looked at. */
const halvings = 3
/** Numbers of a geometry beyond which looking would take longer than it saves. */
const mostNumbers = 20_000

/**
 * A box around the middle of a polygon, all of which lies within it: large for rectangles and for what a projection made of them, undefined where none was
 * found. What lies in the box with all its own box meets the polygon for certain.
 */
export function innerBox(geometry: Geometry): Bbox | undefined {
  if (geometry.kind !== 'Polygon' || geometry.rings.length === 0) return undefined
  const { rings, dimensions } = geometry
  const stride = dimensions.length
  if (rings.reduce((sum, { length }) => sum + length, 0) > mostNumbers) return undefined
  const whole = boxOf(rings[0], stride)
  const boxAt = (margin: number) => {
    const box = bufferBbox(whole, (whole[0] - whole[2]) * margin, (whole[1] - whole[3]) * margin)
    return box[0] < box[2] && box[1] < box[3] && isWithin(box, rings, stride) ? box : undefined
  }
  const first = margins.findIndex(boxAt)
  if (first < 0) return undefined
  if (first === 0) return whole
  let [tooSmall, fitting] = [margins[first - 1], margins[first]]
  for (let i = 0; i < halvings; i++) {
    const middle = (tooSmall + fitting) / 2
    if (boxAt(middle)) fitting = middle
    else tooSmall = middle
  }
  return boxAt(fitting)
}

function boxOf(ring: Float64Array, stride: number): Bbox {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let i = 0; i < ring.length; i += stride) {
    minX = Math.min(minX, ring[i])
    maxX = Math.max(maxX, ring[i])
    minY = Math.min(minY, ring[i + 1])
    maxY = Math.max(maxY, ring[i + 1])
  }
  return [minX, minY, maxX, maxY]
}

/** No edge passes through the box, and its middle is inside by the even-odd rule: then all of it is. */
function isWithin(box: Bbox, rings: readonly Float64Array[], stride: number): boolean {
  const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]
  let isInside = false
  for (const ring of rings) {
    for (let i = stride; i < ring.length; i += stride) {
      const [ax, ay, bx, by] = [ring[i - stride], ring[i - stride + 1], ring[i], ring[i + 1]]
      if (passes(box, ax, ay, bx, by)) return false
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isInside = !isInside
    }
  }
  return isInside
}

/** Whether an edge may pass through the inside of a box. */
function passes([minX, minY, maxX, maxY]: Bbox, ax: number, ay: number, bx: number, by: number): boolean {
  if (Math.max(ax, bx) <= minX || Math.min(ax, bx) >= maxX || Math.max(ay, by) <= minY || Math.min(ay, by) >= maxY) return false
  const side = (x: number, y: number) => (bx - ax) * (y - ay) - (by - ay) * (x - ax)
  const sides = [side(minX, minY), side(maxX, minY), side(maxX, maxY), side(minX, maxY)]
  return !(sides.every(value => value <= 0) || sides.every(value => value >= 0))
}
