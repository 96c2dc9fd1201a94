import type { Rectangle } from './frame.js'

/** Whether a rectangle lies wholly inside rings (x,y pairs, even-odd). */
export function holdsRectangle(rings: readonly Float64Array[], [minX, minY, maxX, maxY]: Rectangle): boolean {
  const [midX, midY] = [(minX + maxX) / 2, (minY + maxY) / 2]
  let isInside = false
  for (const ring of rings) {
    let [ax, ay] = ring.length > 1 ? ring.slice(-2) : [NaN, NaN]
    for (let i = 0; i + 1 < ring.length; i += 2) {
      const [bx, by] = [ring[i], ring[i + 1]]
      if (ay > midY !== by > midY && midX < ((bx - ax) * (midY - ay)) / (by - ay) + ax) isInside = !isInside
      if (crosses(ax, ay, bx, by, minX, minY, maxX, maxY)) return false
      ax = bx
      ay = by
    }
  }
  return isInside
}

/** Whether a segment has a part within a rectangle (Liang-Barsky). */
function crosses(ax: number, ay: number, bx: number, by: number, minX: number, minY: number, maxX: number, maxY: number): boolean {
  if (Math.max(ax, bx) <= minX || Math.min(ax, bx) >= maxX || Math.max(ay, by) <= minY || Math.min(ay, by) >= maxY) return false
  let [from, to] = [0, 1]
  for (const [d, low, high] of [
    [bx - ax, minX - ax, maxX - ax],
    [by - ay, minY - ay, maxY - ay],
  ]) {
    if (d === 0) continue
    const [t0, t1] = d > 0 ? [low / d, high / d] : [high / d, low / d]
    from = Math.max(from, t0)
    to = Math.min(to, t1)
  }
  return from < to
}

/** The widest level stretch inside the rings at height y: its middle and width. */
export function widestAt(rings: readonly Float64Array[], y: number): { x: number; width: number } | undefined {
  const crossings = crossingsAt(rings, y)
  let best: { x: number; width: number } | undefined
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    const width = crossings[i + 1] - crossings[i]
    if (!best || width > best.width) best = { x: crossings[i] + width / 2, width }
  }
  return best
}

/** Share of a rectangle that lies inside the rings, by three level lines through it. */
export function shareInside(rings: readonly Float64Array[], [minX, minY, maxX, maxY]: Rectangle): number {
  const heights = [0.1, 0.5, 0.9]
  let inside = 0
  for (const height of heights) {
    const crossings = crossingsAt(rings, minY + height * (maxY - minY))
    for (let i = 0; i + 1 < crossings.length; i += 2) inside += Math.max(0, Math.min(maxX, crossings[i + 1]) - Math.max(minX, crossings[i]))
  }
  return inside / (heights.length * (maxX - minX))
}

/** Where the border crosses height y, from left to right: inside from the first to the second, from the third to the fourth, and so on. */
function crossingsAt(rings: readonly Float64Array[], y: number): number[] {
  const crossings: number[] = []
  for (const ring of rings) {
    let [ax, ay] = ring.length > 1 ? ring.slice(-2) : [NaN, NaN]
    for (let i = 0; i + 1 < ring.length; i += 2) {
      const [bx, by] = [ring[i], ring[i + 1]]
      if (ay > y !== by > y) crossings.push(((bx - ax) * (y - ay)) / (by - ay) + ax)
      ax = bx
      ay = by
    }
  }
  return crossings.sort((a, b) => a - b)
}
