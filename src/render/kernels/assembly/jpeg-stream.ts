// The entropy-coded data of one JPEG scan (ITU-T T.81, B.1.1.5): stuffed bytes taken out, intervals between restart markers found.

/** Intervals of one scan; what has more is not read here. */
const MOST: i32 = 16384
/** Where each interval begins, in bytes behind the start of the data; one more entry is the end of the last. */
const starts = memory.data(4 * 16385, 16)
export let intervals: i32 = 0

/** How far the data lie behind where they go: a vector that is stored there reaches nothing that is still to be read. */
export const AHEAD: usize = 16

/**
 * Takes the stuffed bytes out of `bytes` that lie `AHEAD` of `start`, where they go; `spare` zeros follow. False for what does not end with an end
 * of image, or has other markers than restarts in their order.
 */
export function unstuff(start: usize, bytes: usize, spare: usize): bool {
  const marker = i8x16.splat(-1)
  const end = start + AHEAD + bytes
  let to = start
  let at = start + AHEAD
  intervals = 1
  store<u32>(starts, 0)
  while (at + 1 < end) {
    const chunk = v128.load(at)
    v128.store(to, chunk)
    const found = i8x16.bitmask(i8x16.eq(chunk, marker))
    const plain: usize = found === 0 ? 16 : <usize>ctz(found)
    at += plain
    to += plain
    if (found === 0) continue
    if (at + 1 >= end) break
    const code = load<u8>(at, 1)
    at += 2
    if (code === 0) {
      store<u8>(to++, 0xff)
    } else if (code === 0xd9) {
      store<u32>(starts + ((<usize>intervals) << 2), <u32>(to - start))
      memory.fill(to, 0, spare)
      return true
    } else {
      if (<i32>code !== 0xd0 + ((intervals - 1) & 7) || intervals === MOST) return false
      store<u32>(starts + ((<usize>intervals) << 2), <u32>(to - start))
      intervals++
    }
  }
  return false
}

export function startOf(interval: i32): usize {
  return load<u32>(starts + ((<usize>interval) << 2))
}
