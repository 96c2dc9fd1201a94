/** Pixels of a picture by their colours; clear ones are left out. */
export interface ColorBuckets {
  readonly count: number
  /** Whether there were any. */
  readonly hasClear: boolean
  /** Number of the bucket of a colour that is in the picture. */
  readonly of: (color: number) => number
  /** Pixels. */
  readonly weights: Float64Array
  /** Mean red, green, blue, times opacity, and mean opacity; four numbers each. */
  readonly means: Float32Array
  readonly isOpaque: Uint8Array
  /** The colour that most pixels have, if one has more than half of them, and by how many more. */
  readonly majority: Uint32Array
  readonly lead: Float64Array
}

/** Keys of colours that share their highest five bits and have about the same opacity. */
export const keys = 1 << 19
const opaque = 15

/** The key of a colour that is not clear. */
export function keyOf(color: number): number {
  const alpha = color >>> 24
  const level = alpha === 255 ? opaque : (alpha * opaque) >> 8
  return (level << 15) | ((color & 0xf80000) >> 9) | ((color & 0xf800) >> 6) | ((color & 0xf8) >> 3)
}

/** Colours that are each a bucket of their own, at most. */
const mostExact = 8192
const slots = 4 * mostExact

/** A bucket for each colour, or, of pictures with thousands, for those that are nearly the same. Colours are RGBA with red in the lowest byte. */
export function colorBuckets(colors: Uint32Array): ColorBuckets {
  return filled(colors, exactNumbers(), mostExact) ?? filled(colors, nearNumbers(), keys)!
}

/** Numbers buckets as they come: `add` gives a new number to a colour of which there is none. */
interface Numbers {
  readonly add: (color: number) => number
  readonly count: () => number
}

function exactNumbers(): Numbers {
  const held = new Uint32Array(slots)
  const numbers = new Int32Array(slots)
  let count = 0
  return {
    add(color) {
      let slot = Math.imul(color, 0x9e3779b1) >>> 17
      while (numbers[slot] !== 0 && held[slot] !== color) slot = (slot + 1) & (slots - 1)
      if (numbers[slot] === 0) {
        held[slot] = color
        numbers[slot] = ++count
      }
      return numbers[slot] - 1
    },
    count: () => count,
  }
}

function nearNumbers(): Numbers {
  const byKey = new Int32Array(keys)
  let count = 0
  return {
    add(color) {
      const key = keyOf(color)
      if (byKey[key] === 0) byKey[key] = ++count
      return byKey[key] - 1
    },
    count: () => count,
  }
}

/** Undefined where there are more than `most` buckets. Hot path. */
function filled(colors: Uint32Array, { add, count }: Numbers, most: number): ColorBuckets | undefined {
  const room = Math.min(colors.length, most)
  const sums = new Float64Array(room * 4)
  const [weights, lead] = [new Float64Array(room), new Float64Array(room)]
  const [majority, isOpaque] = [new Uint32Array(room), new Uint8Array(room)]
  let hasClear = false
  for (let i = 0, run = 1; i < colors.length; i += run) {
    const color = colors[i]
    for (run = 1; i + run < colors.length && colors[i + run] === color; ) run++
    const alpha = color >>> 24
    if (alpha === 0) {
      hasClear = true
      continue
    }
    const bucket = add(color)
    if (bucket >= most) return undefined
    isOpaque[bucket] = alpha === 255 ? 1 : 0
    const share = (run * alpha) / 255
    sums[bucket * 4] += (color & 255) * share
    sums[bucket * 4 + 1] += ((color >>> 8) & 255) * share
    sums[bucket * 4 + 2] += ((color >>> 16) & 255) * share
    sums[bucket * 4 + 3] += alpha * run
    weights[bucket] += run
    // the vote of Boyer and Moore
    if (majority[bucket] === color) lead[bucket] += run
    else if (lead[bucket] >= run) lead[bucket] -= run
    else {
      majority[bucket] = color
      lead[bucket] = run - lead[bucket]
    }
  }
  const means = Float32Array.from(sums.subarray(0, count() * 4), (sum, i) => sum / weights[i >> 2])
  return { count: count(), hasClear, of: add, weights, means, isOpaque, majority, lead }
}
