/** A point with its distance from the border; negative outside. */
export interface InnerPoint {
  readonly x: number
  readonly y: number
  readonly distance: number
}

/** Distances to segments that are worked out, at most: shapes of a million needles end with a coarser answer. */
const mostDistances = 4e6

/**
 * The pole of inaccessibility: the point inside rings (x,y pairs, even-odd) farthest from their border, to `precision` pixels. Undefined when
 * the rings have no area.
 */
export function poleOfInaccessibility(rings: readonly Float64Array[], precision = 1): InnerPoint | undefined {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity]
  let vertices = 0
  for (const ring of rings) {
    vertices += ring.length / 2
    for (let i = 0; i + 1 < ring.length; i += 2) {
      minX = Math.min(minX, ring[i])
      maxX = Math.max(maxX, ring[i])
      minY = Math.min(minY, ring[i + 1])
      maxY = Math.max(maxY, ring[i + 1])
    }
  }
  const side = Math.min(maxX - minX, maxY - minY)
  if (!(side > 0) || !Number.isFinite(maxX - minX + maxY - minY)) return undefined
  // squares that cover the shape, the most promising first: its centre's distance and half its diagonal bound what is in it
  const start = Math.max(side, Math.max(maxX - minX, maxY - minY) / 8)
  let open: { x: number; y: number; half: number; distance: number; most: number }[] = []
  const piece = (x: number, y: number, half: number) => {
    const distance = distanceInside(rings, x, y)
    return { x, y, half, distance, most: distance + half * Math.SQRT2 }
  }
  for (let x = minX; x < maxX; x += start)
    for (let y = minY; y < maxY; y += start) open.push(piece(x + start / 2, y + start / 2, start / 2))
  let best = piece((minX + maxX) / 2, (minY + maxY) / 2, 0)
  const mostPieces = Math.min(1000, mostDistances / (vertices + 1))
  for (let looked = open.length; open.length > 0 && looked < mostPieces; ) {
    let top = 0
    for (let i = 1; i < open.length; i++) if (open[i].most > open[top].most) top = i
    const { x, y, half, distance, most } = open[top]
    open[top] = open.at(-1)!
    open.pop()
    if (distance > best.distance) best = { x, y, half: 0, distance, most: distance }
    if (most - best.distance <= precision) {
      open = []
      break
    }
    const quarter = half / 2
    for (const [dx, dy] of [
      [-1, -1],
      [1, -1],
      [-1, 1],
      [1, 1],
    ])
      open.push(piece(x + dx * quarter, y + dy * quarter, quarter))
    looked += 4
  }
  for (const { x, y, distance } of open) if (distance > best.distance) best = { x, y, half: 0, distance, most: distance }
  return best.distance > 0 ? { x: best.x, y: best.y, distance: best.distance } : undefined
}

/** Distance of a point from the border of the rings; negative outside. */
function distanceInside(rings: readonly Float64Array[], x: number, y: number): number {
  let isInside = false
  let least = Infinity
  for (const ring of rings) {
    let [ax, ay] = ring.length > 1 ? ring.slice(-2) : [NaN, NaN]
    for (let i = 0; i + 1 < ring.length; i += 2) {
      const [bx, by] = [ring[i], ring[i + 1]]
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isInside = !isInside
      least = Math.min(least, squareToSegment(x, y, ax, ay, bx, by))
      ax = bx
      ay = by
    }
  }
  return (isInside ? 1 : -1) * Math.sqrt(least)
}

function squareToSegment(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay]
  const square = dx * dx + dy * dy
  const t = square > 0 ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / square)) : 0
  const [ex, ey] = [x - ax - t * dx, y - ay - t * dy]
  return ex * ex + ey * ey
}
