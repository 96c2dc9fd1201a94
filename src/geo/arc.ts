/** A circular arc: angles in radians, counter-clockwise positive; it runs from `start` over `sweep`. */
export interface Arc {
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly start: number
  /** Negative when clockwise; ±2π for a full circle. */
  readonly sweep: number
  /** Share of the sweep, 0 to 1, at which the middle control point lies. */
  readonly middle: number
}

/**
 * The arc from the first point through the second to the third. When first and third coincide it is the full circle over the second as the
 * opposite point, as SQL/MM has it. Undefined when the points lie on a straight line or are not finite.
 */
export function arcThrough(x1: number, y1: number, x2: number, y2: number, x3: number, y3: number): Arc | undefined {
  if (x1 === x3 && y1 === y3) {
    const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2]
    const radius = Math.hypot(x2 - x1, y2 - y1) / 2
    if (!(radius > 0) || !Number.isFinite(radius)) return undefined
    return { x, y, radius, start: Math.atan2(y1 - y, x1 - x), sweep: 2 * Math.PI, middle: 0.5 }
  }
  // Relative to the first point, so that large coordinates lose no digits.
  const [bx, by, cx, cy] = [x2 - x1, y2 - y1, x3 - x1, y3 - y1]
  const cross = bx * cy - by * cx
  const [b2, c2] = [bx * bx + by * by, cx * cx + cy * cy]
  const [ux, uy] = [(cy * b2 - by * c2) / (2 * cross), (bx * c2 - cx * b2) / (2 * cross)]
  const radius = Math.hypot(ux, uy)
  // Below this the bend is under the rounding of the coordinates themselves.
  if (!Number.isFinite(radius) || Math.abs(cross) <= 1e-12 * Math.max(b2, c2)) return undefined
  const start = Math.atan2(-uy, -ux)
  const direction = Math.sign(cross)
  const sweep = turn(direction * (Math.atan2(cy - uy, cx - ux) - start))
  const toMiddle = turn(direction * (Math.atan2(by - uy, bx - ux) - start))
  return { x: x1 + ux, y: y1 + uy, radius, start, sweep: direction * sweep, middle: toMiddle / sweep }
}

/** The angle brought into 0 (exclusive) to 2π. */
function turn(angle: number): number {
  return angle > 0 ? angle : angle + 2 * Math.PI
}

/** Calls `visit` with the points where the arc goes farthest west, east, south or north between its ends. */
export function visitExtremes(arc: Arc, visit: (x: number, y: number) => void): void {
  for (let quarter = 0; quarter < 4; quarter++) {
    const angle = (quarter * Math.PI) / 2
    const along = (arc.sweep > 0 ? angle - arc.start : arc.start - angle) % (2 * Math.PI)
    if ((along + 2 * Math.PI) % (2 * Math.PI) <= Math.abs(arc.sweep))
      visit(arc.x + arc.radius * [1, 0, -1, 0][quarter], arc.y + arc.radius * [0, 1, 0, -1][quarter])
  }
}
