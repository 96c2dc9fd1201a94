import type { Rectangle } from './frame.js'

/** A line with the way to each of its points. */
export interface MeasuredLine {
  /** x,y pairs; neighbours differ. */
  readonly points: Float64Array
  /** Pixels from the beginning to each point. */
  readonly ways: Float64Array
  readonly length: number
}

/** Measures a line, without the points that are no numbers or repeat the one before. Undefined when nothing is left. */
export function measureLine(points: ArrayLike<number>): MeasuredLine | undefined {
  const kept = new Float64Array(points.length)
  const ways = new Float64Array(points.length / 2)
  let count = 0
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [x, y] = [points[i], points[i + 1]]
    if (!Number.isFinite(x + y)) continue
    const step = count === 0 ? 0 : Math.hypot(x - kept[count * 2 - 2], y - kept[count * 2 - 1])
    if (count > 0 && step === 0) continue
    ways[count] = count === 0 ? 0 : ways[count - 1] + step
    kept[count * 2] = x
    kept[count * 2 + 1] = y
    count++
  }
  if (count < 2) return undefined
  return { points: kept.slice(0, count * 2), ways: ways.slice(0, count), length: ways[count - 1] }
}

/** The same line from its other end. */
export function reversed({ points, ways, length }: MeasuredLine): MeasuredLine {
  const count = ways.length
  const back = new Float64Array(count * 2)
  for (let i = 0; i < count; i++) {
    back[i * 2] = points[(count - 1 - i) * 2]
    back[i * 2 + 1] = points[(count - 1 - i) * 2 + 1]
  }
  return { points: back, ways: ways.map((_, i) => length - ways[count - 1 - i]), length }
}

/** The place `way` pixels from the beginning, which must lie on the line. */
export function placeAt({ points, ways }: MeasuredLine, way: number): readonly [x: number, y: number] {
  let low = 0
  let high = ways.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (ways[middle] <= way) low = middle
    else high = middle
  }
  const t = (way - ways[low]) / (ways[high] - ways[low])
  return [
    points[low * 2] + t * (points[high * 2] - points[low * 2]),
    points[low * 2 + 1] + t * (points[high * 2 + 1] - points[low * 2 + 1]),
  ]
}

/** The parts of a line within a rectangle, as ways `from … to`. */
export function partsWithin({ points, ways }: MeasuredLine, [minX, minY, maxX, maxY]: Rectangle): { from: number; to: number }[] {
  const parts: { from: number; to: number }[] = []
  for (let i = 0; i + 1 < ways.length; i++) {
    const [ax, ay] = [points[i * 2], points[i * 2 + 1]]
    const [dx, dy] = [points[i * 2 + 2] - ax, points[i * 2 + 3] - ay]
    let [t0, t1] = [0, 1]
    for (const [d, low, high] of [
      [dx, minX - ax, maxX - ax],
      [dy, minY - ay, maxY - ay],
    ]) {
      if (d === 0) {
        if (low > 0 || high < 0) t1 = -1
        continue
      }
      t0 = Math.max(t0, (d > 0 ? low : high) / d)
      t1 = Math.min(t1, (d > 0 ? high : low) / d)
    }
    if (t1 <= t0) continue
    const step = ways[i + 1] - ways[i]
    const [from, to] = [ways[i] + t0 * step, ways[i] + t1 * step]
    const last = parts.at(-1)
    if (last && from - last.to < 1e-6) last.to = to
    else parts.push({ from, to })
  }
  return parts
}
