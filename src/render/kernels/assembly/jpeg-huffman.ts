// Huffman codes of baseline JPEG (ITU-T T.81, F.2.2), read from 64 bits at a time. A look at the next bits gives a code, how far it leads, and
// mostly the value behind it, too; where values are not wanted, it gives all codes that lie in these bits.

/** Bits that are looked at for one code, and for several. */
const LOOK: i32 = 10
const SKIP: i32 = 10
/** Coefficients that a block's end leads over: more than any sum of runs. */
const END: u32 = 127
/** Tables of DC 0 to 3, then of AC 0 to 3. */
const TABLES: i32 = 8
/**
 * By the next bits: bits taken by the code and its value (6 bits), bits of the value if that is not here (4), coefficients led over (7), the value
 * (from bit 20). 0 for longer codes.
 */
const looks = memory.data(4 * 8 * 1024, 16)
/** The same for several codes (of AC only): bits taken (6), coefficients led over (7), whether the block ends (1). */
const skips = memory.data(2 * 4 * 1024, 16)
/** Of codes of each length: one more than the largest, moved to 16 bits; and what to add to a code for the place of its symbol. */
const limits = memory.data(8 * 17 * 4, 16)
const shifts = memory.data(8 * 17 * 4, 16)
const symbols = memory.data(8 * 256, 16)
/** Number of codes of each length from 1 to 16, then the symbols: where a table is put before it is built. */
const definition = memory.data(16 + 256, 16)

export function definitionAt(): usize {
  return definition
}

/** Builds a table from its definition, for AC from 4 on; false for one that cannot be. */
export function buildHuffman(table: i32): bool {
  const isDc = table < 4
  const own = symbols + ((<usize>table) << 8)
  const look = looks + ((<usize>table) << 12)
  memory.fill(look, 0, 4096)
  memory.copy(own, definition + 16, 256)
  let code: u32 = 0
  let count: i32 = 0
  for (let length = 1; length <= 16; length++) {
    const more = <i32>load<u8>(definition + <usize>length - 1)
    const at = (<usize>(table * 17 + length)) << 2
    store<i32>(shifts + at, count - <i32>code)
    if (count + more > 256 || code + more > (<u32>1) << length) return false
    for (let i = 0; i < more; i++, code++, count++) {
      const symbol = <u32>load<u8>(own + <usize>count)
      if (isDc && symbol > 11) return false
      if (length <= LOOK) fillLooks(look, code, length, symbol, isDc)
    }
    store<u32>(limits + at, code << (16 - length))
    code <<= 1
  }
  if (!isDc) buildSkips(look, skips + ((<usize>(table - 4)) << 11))
  return true
}

/** Coefficients that a symbol leads over, or END. */
function advanceOf(symbol: u32, isDc: bool): u32 {
  return isDc ? 1 : (symbol & 15) === 0 && symbol !== 0xf0 ? END : (symbol >> 4) + 1
}

function fillLooks(look: usize, code: u32, length: i32, symbol: u32, isDc: bool): void {
  const size = isDc ? <i32>symbol : <i32>(symbol & 15)
  const free = LOOK - length
  const entry = <u32>(length + size) | (advanceOf(symbol, isDc) << 10)
  for (let rest: u32 = 0; rest < (<u32>1) << free; rest++) {
    let whole = entry
    if (size > free) whole |= (<u32>size) << 6
    else if (size > 0) whole |= (<u32>extended(rest >> (free - size), size)) << 20
    store<u32>(look + ((<usize>((code << free) | rest)) << 2), whole)
  }
}

function buildSkips(look: usize, skip: usize): void {
  for (let bits = 0; bits < 1 << SKIP; bits++) {
    let taken = 0
    let advance: u32 = 0
    let isEnd: u32 = 0
    while (taken < SKIP) {
      const rest = ((bits << taken) & ((1 << SKIP) - 1)) >> (SKIP - LOOK)
      const entry = load<u32>(look + ((<usize>rest) << 2))
      const step = (entry >> 10) & 127
      // the code itself has to be known, what its value is does not matter
      const length = <i32>(entry & 63) - sizeIn(entry)
      if (entry === 0 || length > SKIP - taken || (step !== END && advance + step > 63)) break
      taken += <i32>(entry & 63)
      if (step === END) {
        isEnd = 1
        break
      }
      advance += step
    }
    store<u16>(skip + ((<usize>bits) << 1), <u16>(taken | (advance << 6) | (isEnd << 13)))
  }
}

/** Bits of the value of an entry, where it is not in the entry; else as many as it surely has not fewer. */
function sizeIn(entry: u32): i32 {
  const value = <i32>entry >> 20
  return value === 0 ? <i32>(entry >> 6) & 15 : 32 - clz(abs(value))
}

/** A value of `size` bits, the upper half being positive (F.2.2.1). */
function extended(bits: u32, size: i32): i32 {
  return <i32>bits - (((<i32>bits >> (size - 1)) - 1) & ((1 << size) - 1))
}

// Bits that have been read, the next one on top; how many; where the bytes behind them lie, and where they end.
let bits: u64 = 0
let have: i32 = 0
let next: usize = 0
let last: usize = 0

/** Reads from `from` to `end`. */
export function beginBits(from: usize, end: usize): void {
  bits = 0
  have = 0
  next = from
  last = end
}

/** Whether more has been taken than there was. */
export function isOverrun(): bool {
  return next - <usize>(have >> 3) > last
}

/** Whether all bytes have been taken, and no more. */
export function isSpent(): bool {
  return next - <usize>(have >> 3) === last
}

function bigEndian(at: usize): u64 {
  const bytes = v128.load64_zero(at)
  return i64x2.extract_lane(i8x16.shuffle(bytes, bytes, 7, 6, 5, 4, 3, 2, 1, 0, 7, 6, 5, 4, 3, 2, 1, 0), 0)
}

/** The entry of a code that is longer than a look, made up; 0 for none. */
function longEntry(table: i32, ahead: u32, isDc: bool): u32 {
  for (let length = LOOK + 1; length <= 16; length++) {
    const at = (<usize>(table * 17 + length)) << 2
    if (ahead >= load<u32>(limits + at)) continue
    const symbol = <u32>load<u8>(symbols + ((<usize>table) << 8) + <usize>((<i32>(ahead >> (16 - length)) + load<i32>(shifts + at)) & 255))
    const size = isDc ? symbol : symbol & 15
    return (<u32>length + size) | (size << 6) | (advanceOf(symbol, isDc) << 10)
  }
  return 0
}

function valueOf(entry: u32, ahead: u64): i32 {
  const size = <i32>(entry >> 6) & 15
  if (size === 0) return <i32>entry >> 20
  const taken = <i32>(entry & 63)
  return extended(<u32>((ahead << (<u64>(taken - size))) >> <u64>(64 - size)), size)
}

/** Where a code leads that is none. */
export const BAD: i32 = i32.MIN_VALUE

/** Difference of the DC coefficient; BAD for a code that is none. */
export function readDc(table: i32): i32 {
  bits |= bigEndian(next) >> <u64>have
  next += <usize>((63 - have) >> 3)
  have |= 56
  let entry = load<u32>(looks + ((<usize>table) << 12) + <usize>((bits >> (64 - LOOK)) << 2))
  if (entry === 0) {
    entry = longEntry(table, <u32>(bits >> 48), true)
    if (entry === 0) return BAD
  }
  const value = valueOf(entry, bits)
  bits <<= <u64>(entry & 63)
  have -= <i32>(entry & 63)
  return value
}

/** Reads the AC coefficients of a block into `into` by the `places` of their order, in bytes. The number of the last one; BAD for damage. */
export function readAc(table: i32, into: usize, places: usize): i32 {
  const look = looks + ((<usize>table) << 12)
  let ahead = bits
  let count = have
  let at = next
  let k: i32 = 1
  let used: i32 = 0
  while (k < 64) {
    ahead |= bigEndian(at) >> <u64>count
    at += <usize>((63 - count) >> 3)
    count |= 56
    let entry = load<u32>(look + <usize>((ahead >> (64 - LOOK)) << 2))
    if (entry === 0) {
      entry = longEntry(table, <u32>(ahead >> 48), false)
      if (entry === 0) return BAD
    }
    const taken = <i32>(entry & 63)
    k += <i32>(entry >> 10) & 127
    if (k > 64) {
      ahead <<= <u64>taken
      count -= taken
      if (k <= <i32>END) return BAD
      break
    }
    used = k - 1
    store<i16>(into + <usize>load<u8>(places + <usize>used), <i16>valueOf(entry, ahead))
    ahead <<= <u64>taken
    count -= taken
  }
  bits = ahead
  have = count
  next = at
  return used
}

/** Leads over the AC coefficients of a block; BAD for damage. */
export function skipAc(table: i32): i32 {
  const look = looks + ((<usize>table) << 12)
  const skip = skips + ((<usize>(table - 4)) << 11)
  let ahead = bits
  let count = have
  let at = next
  let k: i32 = 1
  while (k < 64) {
    ahead |= bigEndian(at) >> <u64>count
    at += <usize>((63 - count) >> 3)
    count |= 56
    let several = <i32>load<u16>(skip + <usize>((ahead >> (64 - SKIP)) << 1))
    let taken = several & 63
    let far = k + ((several >> 6) & 127)
    if (taken !== 0 && far + (several >> 13) <= 64) {
      ahead <<= <u64>taken
      count -= taken
      k = far
      if (several >> 13) break
      // once more, with what is left of the bits
      several = <i32>load<u16>(skip + <usize>((ahead >> (64 - SKIP)) << 1))
      taken = several & 63
      far = k + ((several >> 6) & 127)
      if (taken === 0 || far + (several >> 13) > 64) continue
      ahead <<= <u64>taken
      count -= taken
      k = far
      if (several >> 13) break
      continue
    }
    let entry = load<u32>(look + <usize>((ahead >> (64 - LOOK)) << 2))
    if (entry === 0) {
      entry = longEntry(table, <u32>(ahead >> 48), false)
      if (entry === 0) return BAD
    }
    taken = <i32>(entry & 63)
    ahead <<= <u64>taken
    count -= taken
    k += <i32>(entry >> 10) & 127
    if (k > 64 && k <= <i32>END) return BAD
  }
  bits = ahead
  have = count
  next = at
  return 0
}
