/** Bytes that are brought close by at once: so many that they still are when they are copied. */
const near: i32 = 32 << 10
/** Of all that was read in vain, so that no compiler leaves out reading it. */
let seen: u32 = 0

/**
 * Copies `rows` rows of `bytes`, 1 at least; strides are bytes from one to the next. Blocks are more than processors keep close by, and a copy of row after
 * row waits for the first bytes of each: what is read without use for it comes side by side. Hot.
 */
export function copyRows(from: usize, fromStride: usize, to: usize, toStride: usize, bytes: usize, rows: i32): void {
  const most = max<i32>(1, near / <i32>bytes)
  for (let row = 0; row < rows; row += most) {
    const count = min<i32>(most, rows - row)
    fetch(from, fromStride, bytes, count)
    for (let i = 0; i < count; i++) {
      memory.copy(to, from, bytes)
      from += fromStride
      to += toStride
    }
  }
}

function fetch(from: usize, stride: usize, bytes: usize, rows: i32): void {
  let all: u32 = 0
  for (let row = 0; row < rows; row++) {
    for (let at = from; at < from + bytes; at += 64) all |= load<u32>(at)
    from += stride
  }
  seen |= all
}
