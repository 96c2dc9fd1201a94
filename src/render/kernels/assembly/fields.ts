// Values of PostgreSQL's binary form as text (see src/rows/pg-field.ts): what is rare, and what does not fit its type, is left to the host. Callers have made
// room for 64 bytes.
import { putDouble, putInteger, putPadded, putSmall, putWhole } from './digits'
import { putByte, room } from './output'

const DAY: i64 = 86400000000
/** 0000-01-01 and 10000-01-01, in days since 2000-01-01. */
const firstDay: i32 = -730485
const endDay: i32 = 2921940
const hexadecimal = memory.data<u8>([48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102])

export function integerAt(at: usize): i32 {
  return bswap<i32>(load<i32>(at))
}
export function longAt(at: usize): i64 {
  return bswap<i64>(load<i64>(at))
}
function shortAt(at: usize): u32 {
  return bswap<u16>(load<u16>(at))
}

export function putIntegerField(to: usize, at: usize, length: i32): usize {
  if (length == 4) return putInteger(to, integerAt(at))
  if (length == 8) return putInteger(to, longAt(at))
  if (length == 2) return putInteger(to, <i16>shortAt(at))
  return 0
}

/** Doubles; of floats only small whole ones. */
export function putDoubleField(to: usize, at: usize, length: i32): usize {
  if (length == 8) return putDouble(to, reinterpret<f64>(longAt(at)))
  if (length != 4) return 0
  const value = reinterpret<f32>(integerAt(at))
  return abs<f32>(value) < 16777216 && floor<f32>(value) == value ? putDouble(to, value) : 0
}

/** Exact, as PostgreSQL writes it. */
export function putNumericField(to: usize, at: usize, length: i32): usize {
  if (length < 8) return 0
  const count = <i32>shortAt(at)
  const weight = <i32>(<i16>shortAt(at + 2))
  const sign = shortAt(at + 4)
  const scale = <i32>shortAt(at + 6)
  if ((sign != 0 && sign != 0x4000) || length < 8 + 2 * count) return 0
  room(to, <usize>(4 * (max<i32>(weight, 0) + 2) + scale + 16))
  if (sign != 0) to = putByte(to, 0x2d)
  if (weight < 0) to = putByte(to, 0x30)
  else {
    to = putSmall(to, groupAt(at, 0, count))
    for (let i = 1; i <= weight; i++) to = putPadded(to, groupAt(at, i, count), 4)
  }
  if (scale == 0) return to
  to = putByte(to, 0x2e)
  const end = to + <usize>scale
  for (let i = weight + 1; to < end; i++) to = putPadded(to, groupAt(at, i, count), 4)
  return end
}

function groupAt(at: usize, i: i32, count: i32): u32 {
  return i >= 0 && i < count ? shortAt(at + 8 + ((<usize>i) << 1)) % 10000 : 0
}

/** `2024-02-29`; years 0 to 9999. */
function putDay(to: usize, days: i32): usize {
  if (days < firstDay || days >= endDay) return 0
  // counting from March of year 0 in eras of 400 years; a whole era is added so that nothing is negative
  const shifted = <u32>(days + 730425 + 146097)
  const era = shifted / 146097
  const day = shifted - era * 146097
  const yearOfEra = (day - day / 1460 + day / 36524 - day / 146096) / 365
  const dayOfYear = day - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  const marchMonth = (5 * dayOfYear + 2) / 153
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  to = putPadded(to, yearOfEra + era * 400 - 400 + (month <= 2 ? 1 : 0), 4)
  to = putPadded(putByte(to, 0x2d), month, 2)
  return putPadded(putByte(to, 0x2d), dayOfYear - (153 * marchMonth + 2) / 5 + 1, 2)
}

/** `08:30:00.25` from microseconds since midnight. */
function putClock(to: usize, micros: i64): usize {
  const seconds = <u32>(micros / 1000000)
  let rest = <u32>(micros - <i64>seconds * 1000000)
  to = putPadded(to, seconds / 3600, 2)
  to = putPadded(putByte(to, 0x3a), (seconds / 60) % 60, 2)
  to = putPadded(putByte(to, 0x3a), seconds % 60, 2)
  if (rest == 0) return to
  let places: u64 = 6
  while (rest % 10 == 0) {
    rest /= 10
    places--
  }
  return putPadded(putByte(to, 0x2e), rest, places)
}

/** In quotes. */
export function putDateField(to: usize, at: usize, length: i32): usize {
  if (length != 4) return 0
  to = putDay(putByte(to, 0x22), integerAt(at))
  return to == 0 ? 0 : putByte(to, 0x22)
}

/** In quotes; without zone. */
export function putTimeField(to: usize, at: usize, length: i32): usize {
  if (length != 8) return 0
  const micros = longAt(at)
  if (micros < 0 || micros > DAY) return 0
  return putByte(putClock(putByte(to, 0x22), micros), 0x22)
}

/** In quotes. */
export function putTimestampField(to: usize, at: usize, length: i32, hasZone: bool): usize {
  if (length != 8) return 0
  const micros = longAt(at)
  let days = micros / DAY
  let rest = micros - days * DAY
  if (rest < 0) {
    days--
    rest += DAY
  }
  if (days < firstDay || days >= endDay) return 0
  to = putDay(putByte(to, 0x22), <i32>days)
  to = putClock(putByte(to, 0x54), rest)
  if (hasZone) to = putByte(to, 0x5a)
  return putByte(to, 0x22)
}

/** In quotes. */
export function putUuidField(to: usize, at: usize, length: i32): usize {
  if (length != 16) return 0
  to = putByte(to, 0x22)
  for (let i: usize = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) to = putByte(to, 0x2d)
    const byte = load<u8>(at + i)
    store<u8>(to, load<u8>(hexadecimal + (byte >> 4)))
    store<u8>(to, load<u8>(hexadecimal + (byte & 15)), 1)
    to += 2
  }
  return putByte(to, 0x22)
}

const words = memory.data<u8>([116, 114, 117, 101, 0, 0, 0, 0, 102, 97, 108, 115, 101, 0, 0, 0])

export function putBooleanField(to: usize, at: usize, length: i32): usize {
  if (length != 1) return 0
  const isTrue = load<u8>(at) != 0
  store<u64>(to, load<u64>(words + (isTrue ? 0 : 8)))
  return to + (isTrue ? 4 : 5)
}

/** An oid. */
export function putUnsignedField(to: usize, at: usize, length: i32): usize {
  return length == 4 ? putWhole(to, <u64>(<u32>integerAt(at))) : 0
}
