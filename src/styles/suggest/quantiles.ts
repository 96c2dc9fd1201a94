import type { ColumnStatistics } from '#rows/column-statistics.js'

/** Points that stand for the rows between two bounds. */
const pointsBetween = 4
/** Less than this is how sums of shares are not exact. */
const hair = 1e-9

/**
 * Values that part the rows into `classes` classes of about as many rows each, rising, without doubles, strictly between the least and the greatest
 * value, rounded as far as they stay apart. Fewer, or none, where many rows share a value.
 */
export function quantileBreaks({ common, bounds, nullShare }: ColumnStatistics, classes: number): readonly number[] {
  const points = common.flatMap(({ value, share }) => (typeof value === 'number' ? [{ value, weight: share }] : []))
  const listed = points.reduce((sum, { weight }) => sum + weight, 0)
  const between = Math.max(0, 1 - nullShare - listed) / Math.max(1, (bounds.length - 1) * pointsBetween)
  for (let i = 1; i < bounds.length; i++)
    for (let j = 0; j < pointsBetween; j++) {
      const share = (j + 1) / pointsBetween
      points.push({ value: bounds[i - 1] * (1 - share) + bounds[i] * share, weight: between })
    }
  points.sort((a, b) => a.value - b.value)
  const whole = points.reduce((sum, { weight }) => sum + weight, 0)
  const values = [...points.map(({ value }) => value), ...bounds].filter(Number.isFinite)
  if (values.length === 0 || !(whole > 0)) return []
  const [least, greatest] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity])
  const exact: number[] = []
  let sum = 0
  for (const { value, weight } of points) {
    while (exact.length < classes - 1 && sum + weight >= ((exact.length + 1) / classes - hair) * whole) exact.push(value)
    sum += weight
  }
  const breaks = [...new Set(exact)].filter(value => value > least && value <= greatest)
  const round = breaks.map((value, i) => rounded(value, Math.min(value - (breaks[i - 1] ?? least), (breaks[i + 1] ?? greatest) - value)))
  return rises(round) && round.every(value => value > least && value <= greatest) ? round : breaks
}

/** A value rounded to a power of ten that is not above a quarter of `room`, the distance to its neighbours: few rows change their class by it. */
function rounded(value: number, room: number): number {
  const power = Math.floor(Math.log10(room / 4))
  if (!Number.isFinite(power) || Math.abs(power) > 15) return value
  return power >= 0 ? Math.round(value / 10 ** power) * 10 ** power : Math.round(value * 10 ** -power) / 10 ** -power
}

const rises = (values: readonly number[]) => values.every((value, i) => i === 0 || value > values[i - 1])
