// Where text goes. Everything that writes takes the address to write at and returns the one behind, or 0 for what it does not write: the host does then.

/** Bytes of memory so far. */
let end: usize = 0

/** Makes room for `bytes` at `to`, and for whole words behind them. Traps when there is no more memory. */
export function room(to: usize, bytes: usize): void {
  if (to + bytes + 16 > end) grow(to + bytes + 16)
}

function grow(needed: usize): void {
  const have = (<usize>memory.size()) << 16
  if (needed > have && memory.grow(<i32>((needed - have + 0xffff) >> 16) + 4) < 0) unreachable()
  end = (<usize>memory.size()) << 16
}

/** Copies a few bytes, whole words at a time: there is room behind. */
export function putBytes(to: usize, from: usize, length: usize): usize {
  for (let i: usize = 0; i < length; i += 8) store<u64>(to + i, load<u64>(from + i))
  return to + length
}

export function putByte(to: usize, byte: u8): usize {
  store<u8>(to, byte)
  return to + 1
}
