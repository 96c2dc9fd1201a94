// Length-limited Huffman codes for deflate (RFC 1951, 3.2.2). Codes are kept as (reversed code << 8 | length), u32 a symbol; length 0: unused.

const MOST: i32 = 288
const sorted = memory.data(288 * 4, 16)
const weights = memory.data(576 * 4, 16)
const parents = memory.data(576 * 4, 16)
const perLength = memory.data(64 * 4, 16)
const nextCode = memory.data(64 * 4, 16)

function at(base: usize, i: i32): usize {
  return base + ((<usize>i) << 2)
}

function reversed(code: u32, length: u32): u32 {
  let r: u32 = 0
  for (let i: u32 = 0; i < length; i++) {
    r = (r << 1) | (code & 1)
    code >>>= 1
  }
  return r
}

/** Symbols in use, rarest first, as weight << 9 | symbol. */
function sortSymbols(frequencies: usize, count: i32): i32 {
  let used = 0
  for (let i = 0; i < count; i++) {
    const frequency = load<u32>(at(frequencies, i))
    if (frequency == 0) continue
    store<u32>(at(sorted, used), (min<u32>(frequency, 0x3fffff) << 9) | i)
    used++
  }
  for (let gap = used >> 1; gap > 0; gap >>= 1) {
    for (let i = gap; i < used; i++) {
      const key = load<u32>(at(sorted, i))
      let j = i
      for (; j >= gap && load<u32>(at(sorted, j - gap)) > key; j -= gap) store<u32>(at(sorted, j), load<u32>(at(sorted, j - gap)))
      store<u32>(at(sorted, j), key)
    }
  }
  return used
}

/** Counts how many symbols have each code length in the tree of least total length: leaves and joined nodes in two sorted queues. */
function countLengths(used: i32, longest: i32): void {
  for (let i = 0; i < used; i++) store<u32>(at(weights, i), load<u32>(at(sorted, i)) >>> 9)
  let leaf = 0
  let joined = used
  const nodes = 2 * used - 1
  for (let node = used; node < nodes; node++) {
    let weight: u32 = 0
    for (let k = 0; k < 2; k++) {
      const isLeaf = joined == node || (leaf < used && load<u32>(at(weights, leaf)) <= load<u32>(at(weights, joined)))
      const child = isLeaf ? leaf++ : joined++
      weight += load<u32>(at(weights, child))
      store<i32>(at(parents, child), node)
    }
    store<u32>(at(weights, node), weight)
  }
  memory.fill(perLength, 0, 64 * 4)
  // from the root down, weights become depths
  store<u32>(at(weights, nodes - 1), 0)
  for (let node = nodes - 2; node >= 0; node--) {
    const depth = load<u32>(at(weights, load<i32>(at(parents, node)))) + 1
    store<u32>(at(weights, node), depth)
    if (node < used) {
      const counter = at(perLength, min<i32>(depth, longest))
      store<u32>(counter, load<u32>(counter) + 1)
    }
  }
}

/** Cutting long codes short has oversubscribed the code: lengthens short ones until it fits. */
function fitLengths(longest: i32): void {
  let total: u32 = 0
  for (let length = 1; length <= longest; length++) total += load<u32>(at(perLength, length)) << (longest - length)
  for (; total > (<u32>1) << longest; total--) {
    const last = at(perLength, longest)
    store<u32>(last, load<u32>(last) - 1)
    for (let length = longest - 1; length > 0; length--) {
      const counter = at(perLength, length)
      if (load<u32>(counter) == 0) continue
      store<u32>(counter, load<u32>(counter) - 1)
      store<u32>(counter + 4, load<u32>(counter + 4) + 2)
      break
    }
  }
}

/** Writes the codes of `count` symbols with the given frequencies, none longer than `longest` bits. */
export function buildCodes(frequencies: usize, count: i32, codes: usize, longest: i32): void {
  memory.fill(codes, 0, (<usize>min<i32>(count, MOST)) << 2)
  const used = sortSymbols(frequencies, count)
  if (used == 0) return
  if (used == 1) {
    store<u32>(at(codes, load<u32>(sorted) & 511), 1)
    return
  }
  countLengths(used, longest)
  fitLengths(longest)
  // the rarest get the longest codes
  let next = 0
  for (let length = longest; length > 0; length--) {
    for (let left = load<u32>(at(perLength, length)); left > 0; left--) store<u32>(at(codes, load<u32>(at(sorted, next++)) & 511), length)
  }
  let code: u32 = 0
  for (let length = 1; length <= longest; length++) {
    code = (code + (length > 1 ? load<u32>(at(perLength, length - 1)) : 0)) << 1
    store<u32>(at(nextCode, length), code)
  }
  for (let i = 0; i < count; i++) {
    const length = load<u32>(at(codes, i))
    if (length == 0) continue
    const own = at(nextCode, length)
    store<u32>(at(codes, i), (reversed(load<u32>(own), length) << 8) | length)
    store<u32>(own, load<u32>(own) + 1)
  }
}
