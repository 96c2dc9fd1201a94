/** A box in the units of the points: what lies outside is cut off. */
export interface CutBox {
  readonly minX: number
  readonly minY: number
  readonly maxX: number
  readonly maxY: number
}

/** A piece of a line, and how far from the beginning of the line it begins. */
export interface LinePiece {
  readonly points: Float64Array
  readonly from: number
}

/** Whether all x,y pairs lie in a box. */
export function liesIn(points: Float64Array, { minX, minY, maxX, maxY }: CutBox): boolean {
  for (let i = 0; i < points.length; i += 2)
    if (!(points[i] >= minX && points[i] <= maxX && points[i + 1] >= minY && points[i + 1] <= maxY)) return false
  return true
}

/** What of a ring lies in a box, by Sutherland and Hodgman: still one ring, whose parts may be joined along the sides of the box. */
export function cutRing(points: Float64Array, box: CutBox): Float64Array {
  let ring: ArrayLike<number> = points
  const sides = [
    [0, 1, box.minX],
    [0, -1, -box.maxX],
    [1, 1, box.minY],
    [1, -1, -box.maxY],
  ] as const
  for (const [axis, sign, limit] of sides) ring = cutSide(ring, axis, sign, limit)
  return Float64Array.from(ring)
}

function cutSide(ring: ArrayLike<number>, axis: 0 | 1, sign: 1 | -1, limit: number): number[] {
  const kept: number[] = []
  const depth = (i: number) => ring[i + axis] * sign - limit
  for (let i = 0, before = ring.length - 2; i < ring.length; before = i, i += 2) {
    const [a, b] = [depth(before), depth(i)]
    if (a < 0 !== b < 0) {
      const t = a / (a - b)
      kept.push(ring[before] + (ring[i] - ring[before]) * t, ring[before + 1] + (ring[i + 1] - ring[before + 1]) * t)
    }
    if (b >= 0) kept.push(ring[i], ring[i + 1])
  }
  return kept
}

/** The pieces of a line that lie in a box, by Liang and Barsky; a ring comes with its first point again at its end. */
export function cutLine(points: Float64Array, box: CutBox): LinePiece[] {
  const pieces: LinePiece[] = []
  let piece: number[] = []
  let from = 0
  let way = 0
  const end = () => {
    if (piece.length > 2) pieces.push({ points: Float64Array.from(piece), from })
    piece = []
  }
  for (let i = 0; i + 3 < points.length; i += 2) {
    const [x, y] = [points[i], points[i + 1]]
    const [dx, dy] = [points[i + 2] - x, points[i + 3] - y]
    const length = Math.hypot(dx, dy)
    const shares = sharesIn(x, y, dx, dy, box)
    if (!shares) end()
    else {
      const [a, b] = shares
      if (a > 0) end()
      if (piece.length === 0) {
        from = way + a * length
        piece.push(x + dx * a, y + dy * a)
      }
      piece.push(x + dx * b, y + dy * b)
      if (b < 1) end()
    }
    way += length
  }
  end()
  return pieces
}

function sharesIn(x: number, y: number, dx: number, dy: number, box: CutBox): readonly [number, number] | undefined {
  let [from, to] = [0, 1]
  const sides = [
    [-dx, x - box.minX],
    [dx, box.maxX - x],
    [-dy, y - box.minY],
    [dy, box.maxY - y],
  ]
  for (const [direction, room] of sides) {
    if (direction === 0) {
      if (room < 0) return undefined
    } else if (direction < 0) from = Math.max(from, room / direction)
    else to = Math.min(to, room / direction)
  }
  return from <= to ? [from, to] : undefined
}
