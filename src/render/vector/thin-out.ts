/**
 * The x,y pairs without those that a straight run from a kept point to the next passes within `tolerance`: one pass, by narrowing the directions in
 * which the run may go on. First and last point stay. Rounded to `unit`, and what then is the same as the point before is left out.
 */
export function thinOut(points: Float64Array, tolerance: number, unit: number): Int32Array {
  const kept = new Int32Array(points.length)
  let count = 0
  const keep = (i: number) => {
    const [x, y] = [Math.round(points[i] / unit), Math.round(points[i + 1] / unit)]
    if (count > 0 && kept[count - 2] === x && kept[count - 1] === y) return
    kept[count++] = x
    kept[count++] = y
  }
  let anchor = 0
  // directions, as angles to the first one from the anchor
  let [base, least, most, farthest] = [0, 0, 0, -1]
  for (let i = 0; i < points.length; i += 2) {
    if (i === 0) {
      keep(0)
      continue
    }
    for (;;) {
      const [dx, dy] = [points[i] - points[anchor], points[i + 1] - points[anchor + 1]]
      const distance = Math.hypot(dx, dy)
      if (farthest < 0) {
        // all that is nearer to the anchor than that goes with it
        if (distance <= tolerance) break
        base = Math.atan2(dy, dx)
        const room = Math.asin(Math.min(1, tolerance / distance))
        least = -room
        most = room
        farthest = distance
        break
      }
      const angle = turnFrom(base, Math.atan2(dy, dx))
      if (angle >= least && angle <= most && distance >= farthest) {
        const room = Math.asin(Math.min(1, tolerance / distance))
        least = Math.max(least, angle - room)
        most = Math.min(most, angle + room)
        farthest = distance
        break
      }
      keep(i - 2)
      anchor = i - 2
      farthest = -1
    }
  }
  if (points.length > 2) keep(points.length - 2)
  return kept.slice(0, count)
}

function turnFrom(base: number, angle: number): number {
  const turn = angle - base
  return turn > Math.PI ? turn - 2 * Math.PI : turn < -Math.PI ? turn + 2 * Math.PI : turn
}
