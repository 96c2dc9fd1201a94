/** A place to try: the spot of the text (0,0 its lower left, 1,1 its upper right corner) that lies dx,dy pixels from the point. */
export type Position = readonly [anchorX: number, anchorY: number, dx: number, dy: number]

/** Around a point, best first: as readers look for a name beside its place (Imhof): right of it and above, then the other sides. */
const around: readonly (readonly [number, number])[] = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
  [0, 0.5],
  [1, 0.5],
  [0.5, 0],
  [0.5, 1],
]
const mostRings = 6
/** Between a point and a text that leaves the place it was meant for, in pixels. */
const leastGap = 2

/** Where to try a text of some height: as asked; and if it may move, in eight places around the point, then farther and farther away. */
export function positionsFor(
  [anchorX, anchorY]: readonly [number, number],
  [dx, dy]: readonly [number, number],
  maxDisplacement: number,
  height: number,
): Position[] {
  const positions: Position[] = [[anchorX, anchorY, dx, dy]]
  if (!(maxDisplacement > 0)) return positions
  const gap = Math.max(leastGap, Math.hypot(dx, dy))
  for (const [x, y] of around) {
    const diagonal = x === 0.5 || y === 0.5 ? 1 : Math.SQRT1_2
    positions.push([x, y, (1 - 2 * x) * gap * diagonal, (2 * y - 1) * gap * diagonal])
  }
  // two steps clear a text of the same height, though both have moved to whole pixels
  const step = Math.max(height / 2 + 0.75, maxDisplacement / mostRings)
  for (let ring = 1; ring * step <= maxDisplacement && ring <= mostRings; ring++) {
    for (let i = 0; i < 8; i++) {
      const angle = ((i + (ring % 2) / 2) * Math.PI) / 4
      positions.push([anchorX, anchorY, dx + ring * step * Math.cos(angle), dy - ring * step * Math.sin(angle)])
    }
  }
  return positions
}
