// Geometries as GeoJSON (RFC 7946, 3.1) from EWKB: little endian, of the six kinds without curves and collections. Others, and what is malformed, are left to
// the host.
import { putFixed } from './digits'
import { putPair, setPairNumbers } from './fixed-pair'
import { putByte, putBytes, room } from './output'

const POINT: u32 = 1
const LINE: u32 = 2
const POLYGON: u32 = 3

/** Of each kind: where its name begins, and how long it is. */
const names = memory.data<u8>([
  80,
  111,
  105,
  110,
  116,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  5, // Point
  76,
  105,
  110,
  101,
  83,
  116,
  114,
  105,
  110,
  103,
  0,
  0,
  0,
  0,
  0,
  10, // LineString
  80,
  111,
  108,
  121,
  103,
  111,
  110,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  7, // Polygon
  77,
  117,
  108,
  116,
  105,
  80,
  111,
  105,
  110,
  116,
  0,
  0,
  0,
  0,
  0,
  10, // MultiPoint
  77,
  117,
  108,
  116,
  105,
  76,
  105,
  110,
  101,
  83,
  116,
  114,
  105,
  110,
  103,
  15, // MultiLineString
  77,
  117,
  108,
  116,
  105,
  80,
  111,
  108,
  121,
  103,
  111,
  110,
  0,
  0,
  0,
  12, // MultiPolygon
]) // prettier-ignore
const typeWords = memory.data<u8>([123, 34, 116, 121, 112, 101, 34, 58, 34, 0, 0, 0, 0, 0, 0, 0]) // {"type":"
const coordinateWords = memory.data<u8>([34, 44, 34, 99, 111, 111, 114, 100, 105, 110, 97, 116, 101, 115, 34, 58]) // ","coordinates":

/** Of heights, which are metres whatever x and y are. */
const heightDecimals: i32 = 3

/** y is written in front of x. */
let isFlipped: bool = false

// The geometry at hand, and where reading has come to.
let kind: u32 = 0
let stride: usize = 16
let hasZ: bool = false
let position: usize = 0
let end: usize = 0

export function setNumbers(decimals: i32, newIsFlipped: bool): void {
  setPairNumbers(decimals)
  isFlipped = newIsFlipped
}

/** Appends the geometry in `length` bytes at `at`; 0 where the host must. */
export function putGeometry(to: usize, at: usize, length: usize): usize {
  position = at
  end = at + length
  if (!readHead()) return 0
  room(to, 64)
  if (kind == POINT) {
    if (end - position < stride) return 0
    if (isEmptyPoint()) return putBytes(to, nullWord, 4)
  }
  to = putBytes(to, typeWords, 9)
  const name = names + ((<usize>kind - 1) << 4)
  to = putBytes(to, name, load<u8>(name, 15))
  to = putBytes(to, coordinateWords, 16)
  to = kind <= POLYGON ? putCoordinates(to) : putParts(to, kind - 3)
  return to == 0 ? 0 : putByte(to, 0x7d)
}

export const nullWord = memory.data<u8>([110, 117, 108, 108, 0, 0, 0, 0])

/** Byte order, type and SRID. False for what is not written here. */
function readHead(): bool {
  if (end - position < 5 || load<u8>(position) != 1) return false
  const type = load<u32>(position, 1)
  kind = type & 0x1fffffff
  if (kind < POINT || kind > 6) return false
  hasZ = (type & 0x80000000) != 0
  stride = 16 + (hasZ ? 8 : 0) + ((type & 0x40000000) != 0 ? 8 : 0)
  position += 5
  if ((type & 0x20000000) != 0) {
    if (end - position < 4) return false
    position += 4
  }
  return true
}

/** A count of things of at least so many bytes; -1 where they cannot be there. */
function readCount(leastBytes: usize): i32 {
  if (end - position < 4) return -1
  const count = load<u32>(position)
  position += 4
  return <u64>count * <u64>leastBytes > <u64>(end - position) ? -1 : <i32>count
}

function isEmptyPoint(): bool {
  return isNaN<f64>(load<f64>(position))
}

function putCoordinates(to: usize): usize {
  if (kind == POINT) return end - position < stride ? 0 : putPosition(to)
  if (kind == LINE) return putPath(to)
  const rings = readCount(4)
  if (rings < 0) return 0
  to = putByte(to, 0x5b)
  for (let i = 0; i < rings; i++) {
    if (i > 0) to = putByte(to, 0x2c)
    to = putPath(to)
    if (to == 0) return 0
  }
  return putByte(to, 0x5d)
}

function putParts(to: usize, wanted: u32): usize {
  let written = 0
  let left = readCount(9)
  if (left < 0) return 0
  to = putByte(to, 0x5b)
  for (; left > 0; left--) {
    if (!readHead() || kind != wanted) return 0
    if (kind == POINT) {
      if (end - position < stride) return 0
      if (isEmptyPoint()) {
        position += stride
        continue
      }
    }
    room(to, 8)
    if (written++ > 0) to = putByte(to, 0x2c)
    to = putCoordinates(to)
    if (to == 0) return 0
  }
  return putByte(to, 0x5d)
}

function putPath(to: usize): usize {
  const count = readCount(stride)
  if (count < 0) return 0
  room(to, 8)
  to = putByte(to, 0x5b)
  if (count == 0) return putByte(to, 0x5d)
  for (let i = 0; i < count; i++) {
    to = putPosition(to)
    if (to == 0) return 0
    to = putByte(to, 0x2c)
  }
  // instead of the last comma
  return putByte(to - 1, 0x5d)
}

function putPosition(to: usize): usize {
  room(to, 160)
  const pair = v128.load(position)
  to = putPair(to, isFlipped ? v128.shuffle<u64>(pair, pair, 1, 0) : pair)
  if (to == 0) return 0
  if (hasZ) {
    to = putFixed(putByte(to, 0x2c), load<f64>(position, 16), heightDecimals, 1000)
    if (to == 0) return 0
  }
  position += stride
  return putByte(to, 0x5d)
}
