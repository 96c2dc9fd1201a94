import type { ColorBuckets } from './color-buckets.js'

/** Runs of the k-means; more change nothing that is seen. */
const rounds = 3

/** Colours sorted by their green. */
export interface Palette {
  /** As the means of buckets: four numbers each. */
  readonly means: Float32Array
  readonly isOpaque: Uint8Array
}

interface Box {
  readonly from: number
  readonly to: number
  /** Sum of squared distances from the middle. */
  readonly spread: number
  readonly axis: number
  readonly middle: readonly number[]
  readonly isOpaque: boolean
}

/** Boxes cut at the middle of their longest side, the one with the greatest error first. */
export function firstPalette({ count, hasClear, means, weights, isOpaque }: ColorBuckets, most: number): Palette {
  const order = Int32Array.from({ length: count }, (_, i) => i).sort((a, b) => isOpaque[b] - isOpaque[a])
  const measured = (from: number, to: number): Box => {
    const [sum, squares] = [
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]
    let weight = 0
    for (let i = from; i < to; i++) {
      const bucket = order[i]
      const w = weights[bucket]
      weight += w
      for (let k = 0; k < 4; k++) {
        const value = means[bucket * 4 + k]
        sum[k] += w * value
        squares[k] += w * value * value
      }
    }
    const middle = sum.map(value => value / weight)
    const spreads = squares.map((square, k) => square - sum[k] * middle[k])
    const axis = spreads.indexOf(Math.max(...spreads))
    // a single bucket has none, whatever rounding says
    const spread = to - from > 1 ? spreads.reduce((all, one) => all + one, 0) : 0
    return { from, to, spread, axis, middle, isOpaque: isOpaque[order[from]] === 1 }
  }
  const border = order.findIndex(bucket => isOpaque[bucket] === 0)
  const kinds =
    border < 0
      ? [[0, count]]
      : [
          [0, border],
          [border, count],
        ]
  const boxes = kinds.flatMap(([from, to]) => (from < to ? [measured(from, to)] : []))
  while (boxes.length > 0 && boxes.length < most - (hasClear ? 1 : 0)) {
    const at = boxes.reduce((widest, { spread }, i) => (spread > boxes[widest].spread ? i : widest), 0)
    const { from, to, spread, axis, middle } = boxes[at]
    if (spread <= 0) break
    let [low, high] = [from, to - 1]
    while (low <= high) {
      if (means[order[low] * 4 + axis] <= middle[axis]) low++
      else [order[low], order[high--]] = [order[high], order[low]]
    }
    if (low === from || low === to) break
    boxes[at] = measured(from, low)
    boxes.push(measured(low, to))
  }
  const sorted = boxes.sort((a, b) => a.middle[1] - b.middle[1])
  return {
    means: Float32Array.from(sorted.flatMap(({ middle }) => middle)),
    isOpaque: Uint8Array.from(sorted, box => (box.isOpaque ? 1 : 0)),
  }
}

/** The nearest colour of the same kind, where colours are sorted by green: the search begins at `near` and goes both ways. Hot path. */
export function nearest({ means, isOpaque }: Palette, r: number, g: number, b: number, a: number, kind: number, near: number): number {
  const count = isOpaque.length
  let best = -1
  let least = Number.POSITIVE_INFINITY
  for (let up = near, down = near - 1; up < count || down >= 0; ) {
    if (up < count) {
      const dg = means[up * 4 + 1] - g
      if (dg > 0 && dg * dg >= least) up = count
      else {
        if (isOpaque[up] === kind) {
          const [dr, db, da] = [means[up * 4] - r, means[up * 4 + 2] - b, means[up * 4 + 3] - a]
          const distance = dr * dr + dg * dg + db * db + da * da
          if (distance < least) {
            least = distance
            best = up
          }
        }
        up++
      }
    }
    if (down >= 0) {
      const dg = g - means[down * 4 + 1]
      if (dg > 0 && dg * dg >= least) down = -1
      else {
        if (isOpaque[down] === kind) {
          const [dr, db, da] = [means[down * 4] - r, means[down * 4 + 2] - b, means[down * 4 + 3] - a]
          const distance = dr * dr + dg * dg + db * db + da * da
          if (distance < least) {
            least = distance
            best = down
          }
        }
        down--
      }
    }
  }
  return best
}

/** Where among sorted colours a green belongs. */
export function placeOf({ means, isOpaque }: Palette, green: number): number {
  let [low, high] = [0, isOpaque.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (means[middle * 4 + 1] < green) low = middle + 1
    else high = middle
  }
  return low
}

/** A palette, and the entry that each bucket of colours has in it. */
export interface Assigned extends Palette {
  /** By bucket. */
  readonly indexes: Uint8Array
  /** Straight alpha, red in the lowest byte. */
  readonly colors: Uint32Array
}

/** Colours moved to the middle of what is nearest to them, again and again; then to a colour that most of it has. */
export function refined(buckets: ColorBuckets, first: Palette): Assigned {
  const { count, means, weights, isOpaque, majority, lead } = buckets
  let palette = first
  const indexes = new Uint8Array(count)
  for (let round = 0; ; round++) {
    for (let i = 0; i < count; i++) {
      const [r, g, b, a] = [means[i * 4], means[i * 4 + 1], means[i * 4 + 2], means[i * 4 + 3]]
      indexes[i] = nearest(palette, r, g, b, a, isOpaque[i], placeOf(palette, g))
    }
    if (round === rounds) break
    palette = moved(buckets, palette, indexes)
  }
  const colors = Uint32Array.from(palette.isOpaque, (kind, i) => straight(palette.means, i, kind))
  const [total, best] = [new Float64Array(colors.length), new Float64Array(colors.length)]
  for (let i = 0; i < count; i++) total[indexes[i]] += weights[i]
  for (let i = 0; i < count; i++) {
    const index = indexes[i]
    if (lead[i] * 2 <= total[index] || lead[i] <= best[index]) continue
    best[index] = lead[i]
    colors[index] = majority[i]
  }
  return { ...palette, indexes, colors }
}

function moved({ count, means, weights }: ColorBuckets, { means: before, isOpaque }: Palette, indexes: Uint8Array): Palette {
  const sums = new Float64Array(before.length)
  const total = new Float64Array(isOpaque.length)
  for (let i = 0; i < count; i++) {
    const [index, w] = [indexes[i], weights[i]]
    total[index] += w
    for (let k = 0; k < 4; k++) sums[index * 4 + k] += w * means[i * 4 + k]
  }
  const middle = (i: number) => Array.from({ length: 4 }, (_, k) => (total[i] > 0 ? sums[i * 4 + k] / total[i] : before[i * 4 + k]))
  const sorted = Array.from(isOpaque, (kind, i) => ({ kind, middle: middle(i) })).sort((a, b) => a.middle[1] - b.middle[1])
  return { means: Float32Array.from(sorted.flatMap(({ middle }) => middle)), isOpaque: Uint8Array.from(sorted, ({ kind }) => kind) }
}

function straight(means: Float32Array, index: number, kind: number): number {
  const alpha = kind ? 255 : Math.min(254, Math.max(1, Math.round(means[index * 4 + 3])))
  const channel = (k: number) => Math.min(255, Math.round((means[index * 4 + k] * 255) / alpha))
  return ((alpha << 24) | (channel(2) << 16) | (channel(1) << 8) | channel(0)) >>> 0
}
