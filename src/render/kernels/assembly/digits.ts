// Numbers as decimal digits, eight at a time in one word. Callers have made room for 48 bytes.

const zeros: u64 = 0x3030303030303030
const e8: f64 = 1e8
const powers = memory.data<f64>([1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12])
const MOST: f64 = 9007199254740991

export function powerOfTen(exponent: i32): f64 {
  return load<f64>(powers + ((<usize>exponent) << 3))
}

/** The eight digits of a number below 10^8, one a byte, the first in the lowest. */
export function eightDigits(value: u32): u64 {
  const high = value / 10000
  const fours = <u64>high | ((<u64>(value - high * 10000)) << 32)
  // floor(n / 100) for n < 10,000, and floor(n / 10) for n < 100, in every lane
  const hundreds = ((fours * 10486) >> 20) & 0x0000007f0000007f
  const twos = hundreds | ((fours - hundreds * 100) << 16)
  const tens = ((twos * 103) >> 10) & 0x000f000f000f000f
  return tens | ((twos - tens * 10) << 8)
}

/** Whole numbers below 10^8. */
export function putSmall(to: usize, value: u32): usize {
  const digits = eightDigits(value)
  const lead: u64 = value == 0 ? 7 : ctz(digits) >> 3
  store<u64>(to, (digits + zeros) >> (lead << 3))
  return to + <usize>(8 - lead)
}

export function putWhole(to: usize, value: u64): usize {
  if (value < 100000000) return putSmall(to, <u32>value)
  const high = value / 100000000
  to = putWhole(to, high)
  store<u64>(to, eightDigits(<u32>(value - high * 100000000)) + zeros)
  return to + 8
}

export function putInteger(to: usize, value: i64): usize {
  if (value >= 0) return putWhole(to, <u64>value)
  store<u8>(to, 0x2d)
  return putWhole(to + 1, 0 - <u64>value)
}

/** So many digits of a number below 10^8, with zeros in front. */
export function putPadded(to: usize, value: u32, count: u64): usize {
  store<u64>(to, (eightDigits(value) + zeros) >> ((8 - count) << 3))
  return to + <usize>count
}

/** Eight digits without the zeros they end with. */
function putTrimmed(to: usize, value: f64): usize {
  const digits = eightDigits(<u32>value)
  store<u64>(to, digits + zeros)
  return to + <usize>(8 - (clz(digits) >> 3))
}

/**
 * A number with at most `decimals` (0 to 12) decimals, trailing zeros left out, never in exponent notation, never `-0`: half a unit is rounded away from
 * zero. 0 for what has more digits than a double holds, and for what is not finite.
 */
export function putFixed(to: usize, value: f64, decimals: i32, scale: f64): usize {
  const size = abs<f64>(value) * scale
  let scaled = floor<f64>(size)
  if (size - scaled >= 0.5) scaled += 1
  if (!(scaled < MOST)) return 0
  if (value < 0 && scaled > 0) {
    store<u8>(to, 0x2d)
    to++
  }
  const whole = floor<f64>(scaled / scale)
  if (whole < e8) to = putSmall(to, <u32>whole)
  else to = putWhole(to, <u64>whole)
  const rest = scaled - whole * scale
  if (rest == 0) return to
  store<u8>(to, 0x2e)
  to++
  if (decimals <= 8) return putTrimmed(to, rest * powerOfTen(8 - decimals))
  const behind = powerOfTen(decimals - 8)
  const first = floor<f64>(rest / behind)
  const last = rest - first * behind
  if (last == 0) return putTrimmed(to, first)
  store<u64>(to, eightDigits(<u32>first) + zeros)
  return putTrimmed(to + 8, last * powerOfTen(16 - decimals))
}

/**
 * The shortest text that reads as the same double, as JavaScript writes it (ECMA-262, Number::toString). 0 where that takes more than 15 digits or an
 * exponent: fifteen digits or fewer that read as the double are the only such ones, and so the shortest.
 */
export function putDouble(to: usize, value: f64): usize {
  const size = abs<f64>(value)
  if (size == 0) {
    store<u8>(to, 0x30)
    return to + 1
  }
  if (!(size >= 1e-6 && size < 1e15)) return 0
  let scale: f64 = 1
  for (let decimals: usize = 0; decimals <= 22; decimals++) {
    const digits = nearest<f64>(size * scale)
    if (digits >= 1e15) return 0
    if (digits / scale == size) {
      if (value < 0) {
        store<u8>(to, 0x2d)
        to++
      }
      return putPoint(to, putWhole(to, <u64>digits), decimals)
    }
    scale *= 10
  }
  return 0
}

/** Puts a point into the digits between `to` and `end`, so that there are `decimals` behind it. */
function putPoint(to: usize, end: usize, decimals: usize): usize {
  if (decimals == 0) return end
  const count = end - to
  if (count > decimals) {
    memory.copy(end - decimals + 1, end - decimals, decimals)
    store<u8>(end - decimals, 0x2e)
    return end + 1
  }
  const lead = decimals - count
  memory.copy(to + 2 + lead, to, count)
  store<u16>(to, 0x2e30)
  memory.fill(to + 2, 0x30, lead)
  return to + 2 + decimals
}
