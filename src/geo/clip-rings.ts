import type { Bbox } from './bbox.js'

/** What of rings (x,y pairs, even-odd) lies within a rectangle; sides along its border are added where they leave it (Sutherland-Hodgman). */
export function clipRings(rings: readonly Float64Array[], [minX, minY, maxX, maxY]: Bbox): readonly Float64Array[] {
  if (rings.every(ring => isWithin(ring, minX, minY, maxX, maxY))) return rings
  return rings.flatMap(ring => {
    const clipped = [
      [0, minX, 1],
      [0, maxX, -1],
      [1, minY, 1],
      [1, maxY, -1],
    ].reduce<ArrayLike<number>>((points, [axis, border, side]) => clippedAt(points, axis, border, side), ring)
    return clipped.length >= 6 ? [Float64Array.from(clipped)] : []
  })
}

function isWithin(ring: Float64Array, minX: number, minY: number, maxX: number, maxY: number): boolean {
  for (let i = 0; i + 1 < ring.length; i += 2)
    if (!(ring[i] >= minX && ring[i] <= maxX && ring[i + 1] >= minY && ring[i + 1] <= maxY)) return false
  return true
}

/** The part of a ring beyond a border that crosses an axis (0: x, 1: y): above it for side 1, below for -1. */
function clippedAt(ring: ArrayLike<number>, axis: number, border: number, side: number): number[] {
  const kept: number[] = []
  for (let i = 0; i + 1 < ring.length; i += 2) {
    const before = i === 0 ? ring.length - 2 : i - 2
    const [from, to] = [(ring[before + axis] - border) * side, (ring[i + axis] - border) * side]
    if (from < 0 !== to < 0) {
      const share = from / (from - to)
      kept.push(ring[before] + share * (ring[i] - ring[before]), ring[before + 1] + share * (ring[i + 1] - ring[before + 1]))
    }
    if (to >= 0) kept.push(ring[i], ring[i + 1])
  }
  return kept
}
