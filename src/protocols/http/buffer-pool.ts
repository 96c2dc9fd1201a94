/** Buffers kept for the next answers: as many as are under way at a time on a busy server. */
const kept = 64
/** Smallest buffer; each size is twice the one before. */
const least = 64 << 10
/** Larger ones are not kept. */
const largest = 1 << 20

/** Memory for answers that is used again. */
export interface BufferPool {
  /** A buffer of at least `bytes`, of undefined content. */
  take(bytes: number): Buffer
  /** Nobody reads it any more. Those that never come back are left to the garbage collector. */
  giveBack(buffer: Buffer): void
}

/**
 * Memory for answers that is used again: a new buffer for each would be touched for the first time each time, and collected late. At most `kept` are
 * spare, and together no more than 16 of the largest.
 */
export function bufferPool(): BufferPool {
  const spare: Buffer[] = []
  let spareBytes = 0
  return {
    take(bytes) {
      const last = spare.pop()
      spareBytes -= last?.length ?? 0
      // one that is too small is let go, so that in the end all are as large as answers are
      return last && last.length >= bytes ? last : Buffer.allocUnsafeSlow(Math.max(least, 2 ** Math.ceil(Math.log2(bytes))))
    },
    giveBack(buffer) {
      if (spare.length >= kept || buffer.length > largest || spareBytes + buffer.length > 16 * largest) return
      spare.push(buffer)
      spareBytes += buffer.length
    },
  }
}
