// Two numbers as decimal digits at once, as `putFixed` writes them. Vertices that follow one another share their first digits: those stand ready as words, and
// the eight digits behind them are written for both numbers by the same instructions. Callers have made room for 96 bytes.
import { powerOfTen, putFixed, putPadded, putSmall } from './digits'
import { putByte } from './output'

const e8: f64 = 1e8
/** So that all digits together are fewer than a double holds. */
const MOST_HIGH: f64 = 90071992

let decimals: i32 = 3
let scale: f64 = 1000
/** Of the eight digits, those in front of the point. */
let wholes: u64 = 5

/** Of both numbers: what the words stand for, in units of the last digit (not a number: there are none), and whether a minus is among them (all bits). */
const lows = memory.data<f64>([NaN, NaN])
const signs = memory.data<u64>([0, 0])
/** The words, 32 bytes each: a bracket or comma, the first digits, and the point where it is in front of the eight. */
const words = memory.data(64)
let firstLength: usize = 0
let secondLength: usize = 0

export function setPairNumbers(newDecimals: i32): void {
  if (newDecimals == decimals) return
  decimals = newDecimals
  scale = powerOfTen(newDecimals)
  wholes = newDecimals < 8 ? <u64>(8 - newDecimals) : 0
  v128.store(lows, f64x2.splat(NaN))
}

/** `[`, and two numbers with a comma between them; 0 where `putFixed` says so of one of them. */
export function putPair(to: usize, pair: v128): usize {
  const size = f64x2.mul(f64x2.abs(pair), f64x2.splat(scale))
  const floors = f64x2.floor(size)
  const isUp = f64x2.ge(f64x2.sub(size, floors), f64x2.splat(0.5))
  const scaled = f64x2.add(floors, v128.and(isUp, f64x2.splat(1)))
  const sign = f64x2.lt(pair, f64x2.splat(0))
  let rest = f64x2.sub(scaled, v128.load(lows))
  const isNear = v128.and(f64x2.ge(rest, f64x2.splat(0)), f64x2.lt(rest, f64x2.splat(e8)))
  if (!i64x2.all_true(v128.and(isNear, i64x2.eq(sign, v128.load(signs))))) {
    if (!keepWords(scaled, sign)) return putPlainPair(to, pair)
    rest = f64x2.sub(scaled, v128.load(lows))
  }
  const digits = sixteenDigits(i32x4.trunc_sat_f64x2_u_zero(rest))
  const first = i64x2.extract_lane(digits, 0)
  const second = i64x2.extract_lane(digits, 1)
  // zeros at the end of the words would have to go, too
  if (first == 0 || second == 0) return putPlainPair(to, pair)
  const texts = v128.or(digits, i8x16.splat(0x30))
  v128.store(to, v128.load(words))
  to = putEight(to + firstLength, first, i64x2.extract_lane(texts, 0))
  v128.store(to, v128.load(words, 32))
  return putEight(to + secondLength, second, i64x2.extract_lane(texts, 1))
}

/** The eight digits, with the point where it is among them, without the zeros they end with. */
function putEight(to: usize, digits: u64, text: u64): usize {
  const zeros = clz(digits) >> 3
  store<u64>(to, text)
  if (wholes == 0) return to + 8 - <usize>zeros
  const point = to + <usize>wholes
  store<u8>(point, 0x2e)
  store<u64>(point + 1, text >> (wholes << 3))
  return <i32>zeros >= decimals ? point : to + 9 - <usize>zeros
}

/** As `eightDigits`, of two numbers. */
function sixteenDigits(values: v128): v128 {
  const wide = i64x2.extend_low_i32x4_u(values)
  // floor(n / 10,000) for n < 10^8
  const high = i64x2.shr_u(i64x2.extmul_low_i32x4_u(values, i32x4.splat(109951163)), 40)
  const fours = v128.or(high, i64x2.shl(i32x4.sub(wide, i32x4.dot_i16x8_s(high, i32x4.splat(10000))), 32))
  const hundreds = i32x4.shr_u(i32x4.dot_i16x8_s(fours, i32x4.splat(10486)), 20)
  const twos = v128.or(hundreds, i32x4.shl(i32x4.sub(fours, i32x4.dot_i16x8_s(hundreds, i32x4.splat(100))), 16))
  const tens = i16x8.shr_u(i16x8.mul(twos, i16x8.splat(103)), 10)
  return v128.or(tens, i16x8.shl(i16x8.sub(twos, i16x8.mul(tens, i16x8.splat(10))), 8))
}

function putPlainPair(to: usize, pair: v128): usize {
  to = putFixed(putByte(to, 0x5b), f64x2.extract_lane(pair, 0), decimals, scale)
  return to == 0 ? 0 : putFixed(putByte(to, 0x2c), f64x2.extract_lane(pair, 1), decimals, scale)
}

/** Makes words for numbers of this size; false where none can stand in front of eight digits. */
function keepWords(scaled: v128, sign: v128): bool {
  const high = f64x2.floor(f64x2.div(scaled, f64x2.splat(e8)))
  const first = f64x2.extract_lane(high, 0)
  const second = f64x2.extract_lane(high, 1)
  const least: f64 = decimals < 8 ? 1 : 0
  if (!(first >= least && second >= least && first < MOST_HIGH && second < MOST_HIGH)) return false
  firstLength = putWords(words, 0x5b, <u32>first, i64x2.extract_lane(sign, 0) != 0) - words
  secondLength = putWords(words + 32, 0x2c, <u32>second, i64x2.extract_lane(sign, 1) != 0) - words - 32
  v128.store(lows, f64x2.mul(high, f64x2.splat(e8)))
  v128.store(signs, sign)
  return true
}

function putWords(to: usize, lead: u8, high: u32, isNegative: bool): usize {
  to = putByte(to, lead)
  if (isNegative) to = putByte(to, 0x2d)
  if (decimals < 8) return putSmall(to, high)
  const scale = <u32>powerOfTen(decimals - 8)
  const whole = high / scale
  to = putByte(putSmall(to, whole), 0x2e)
  return putPadded(to, high - whole * scale, <u64>(decimals - 8))
}
