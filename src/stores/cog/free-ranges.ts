interface Range {
  readonly at: number
  readonly bytes: number
}

/** The parts of a stretch of memory that nobody has. */
export function freeRanges(stretch: Range) {
  // in rising order, with something between any two
  let free: readonly Range[] = [stretch]
  return {
    /** Bytes that can be taken at once. */
    largest: () => free.reduce((most, { bytes }) => Math.max(most, bytes), 0),
    /** Address of `bytes` bytes, of which there must be so many in one piece. */
    take(bytes: number): number {
      const i = free.findIndex(range => range.bytes >= bytes)
      if (i < 0) throw new Error(`${bytes} bytes are not free in one piece`)
      const { at, bytes: all } = free[i]
      free = free.toSpliced(i, 1, ...(all > bytes ? [{ at: at + bytes, bytes: all - bytes }] : []))
      return at
    },
    /** What `take` gave, whole. */
    give(at: number, bytes: number): void {
      const before = free.findLast(range => range.at < at)
      const after = free.find(range => range.at > at)
      const start = before && before.at + before.bytes === at ? before.at : at
      const end = after && after.at === at + bytes ? after.at + after.bytes : at + bytes
      free = [...free.filter(range => range.at + range.bytes < start || range.at > end), { at: start, bytes: end - start }].sort(
        (a, b) => a.at - b.at,
      )
    },
  }
}
