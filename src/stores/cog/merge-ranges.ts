import type { ByteRange } from './byte-file.js'

export interface MergeBounds {
  /** Bytes between two ranges that are read rather than asked around. */
  readonly gap: number
  /** Bytes that are asked for at once, unless a single range is longer. */
  readonly most: number
}

/** Ranges to be read at once, and the indices of the wanted ranges that lie inside each. */
export interface MergedRange extends ByteRange {
  readonly members: readonly number[]
}

/** Few ranges that cover all of `ranges`, by offset. Ranges may overlap and be in any order. */
export function mergeRanges(ranges: readonly ByteRange[], { gap, most }: MergeBounds): MergedRange[] {
  const order = ranges.map((_, i) => i).sort((a, b) => ranges[a].offset - ranges[b].offset)
  const merged: { offset: number; length: number; members: number[] }[] = []
  for (const i of order) {
    const { offset, length } = ranges[i]
    const last = merged.at(-1)
    const end = offset + length
    if (last && offset <= last.offset + last.length + gap && Math.max(end, last.offset + last.length) - last.offset <= most) {
      last.length = Math.max(last.length, end - last.offset)
      last.members.push(i)
    } else merged.push({ offset, length, members: [i] })
  }
  return merged
}

/** Reads `ranges` through `read`, which is asked for merged ones, all at once. */
export async function readMerged(
  ranges: readonly ByteRange[],
  bounds: MergeBounds,
  read: (range: ByteRange) => Promise<Uint8Array>,
): Promise<Uint8Array[]> {
  const result = new Array<Uint8Array>(ranges.length)
  await Promise.all(
    mergeRanges(ranges, bounds).map(async ({ offset, length, members }) => {
      const bytes = await read({ offset, length })
      for (const i of members) result[i] = bytes.subarray(ranges[i].offset - offset, ranges[i].offset - offset + ranges[i].length)
    }),
  )
  return result
}
