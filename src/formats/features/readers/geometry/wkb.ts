/** Facts about one WKB or EWKB geometry, read without decoding it. */
export interface WkbFacts {
  /** Base type 1 … 17 of ISO 13249-3, Z and M aside. */
  readonly type: number
  readonly hasZ: boolean
  readonly hasM: boolean
}

/** PostGIS names by WKB type code. */
export const wkbTypeNames: readonly string[] = [
  'GEOMETRY',
  'POINT',
  'LINESTRING',
  'POLYGON',
  'MULTIPOINT',
  'MULTILINESTRING',
  'MULTIPOLYGON',
  'GEOMETRYCOLLECTION',
  'CIRCULARSTRING',
  'COMPOUNDCURVE',
  'CURVEPOLYGON',
  'MULTICURVE',
  'MULTISURFACE',
  'GEOMETRY', // abstract curve
  'GEOMETRY', // abstract surface
  'POLYHEDRALSURFACE',
  'TIN',
  'TRIANGLE',
]

const ewkbZ = 0x80000000
const ewkbM = 0x40000000
const ewkbSrid = 0x20000000
/** Deeper nesting than any real collection; PostGIS itself refuses at 200. */
const maxDepth = 32

/** Type and dimensions from the first five bytes at `at`; type 0 when they are not those of a geometry. */
export function wkbFacts(bytes: Uint8Array, at = 0): WkbFacts {
  if (bytes.length < at + 5) return { type: 0, hasZ: false, hasM: false }
  const code = typeCode(bytes, at)
  const iso = (code & 0xffff) / 1000
  const base = (code & 0xffff) % 1000
  const known = base >= 1 && base <= 17 && iso < 4 && (code & 0x1fff0000) === 0 && bytes[at] <= 1
  const variant = Math.trunc(iso)
  return {
    type: known ? base : 0,
    hasZ: (code & ewkbZ) !== 0 || variant === 1 || variant === 3,
    hasM: (code & ewkbM) !== 0 || variant === 2 || variant === 3,
  }
}

function typeCode(bytes: Uint8Array, at: number): number {
  return bytes[at] === 0
    ? (bytes[at + 1] << 24) | (bytes[at + 2] << 16) | (bytes[at + 3] << 8) | bytes[at + 4]
    : bytes[at + 1] | (bytes[at + 2] << 8) | (bytes[at + 3] << 16) | (bytes[at + 4] << 24)
}

/**
 * Whether `bytes` is one whole geometry: `whole`, or `broken` (truncated, lying counts, unknown types, trailing bytes, wrong parts, nested too deep);
 * or whole, but `not-finite` when an x or y is NaN or infinite (POINT EMPTY, all NaN, is fine), or `degenerate` when PostGIS would refuse
 * it: a line of one position, a ring of fewer than four or not closed, half an arc. Hot: once per imported geometry.
 */
export function checkWkb(bytes: Uint8Array): WkbState {
  const walk: Walk = { bytes, at: 0, state: 'whole' }
  return walkGeometry(walk, 0, ~0) && walk.at === bytes.length ? walk.state : 'broken'
}

export type WkbState = 'whole' | 'broken' | 'not-finite' | 'degenerate'

interface Walk {
  readonly bytes: Uint8Array
  at: number
  state: WkbState
}

const bits = (...types: readonly number[]) => types.reduce((mask, type) => mask | (1 << type), 0)

/** Types that the parts of a type may have, as bits; 0 for those that are made of positions. By type code. */
const partTypes: readonly number[] = [
  0,
  0,
  0,
  0,
  bits(1), // MULTIPOINT
  bits(2), // MULTILINESTRING
  bits(3), // MULTIPOLYGON
  ~0, // GEOMETRYCOLLECTION
  0,
  bits(2, 8), // COMPOUNDCURVE
  bits(2, 8, 9), // CURVEPOLYGON
  bits(2, 8, 9), // MULTICURVE
  bits(3, 10), // MULTISURFACE
  0,
  0,
  bits(3), // POLYHEDRALSURFACE
  bits(17), // TIN
  0,
]

/** `allowed`: types that may stand here; `like`: the geometry around, whose dimensions its parts share. */
function walkGeometry(walk: Walk, depth: number, allowed: number, like?: WkbFacts): boolean {
  const { bytes } = walk
  const facts = wkbFacts(bytes, walk.at)
  if (facts.type === 0 || facts.type === 13 || facts.type === 14 || depth > maxDepth || (allowed & (1 << facts.type)) === 0) return false
  if (like && (like.hasZ !== facts.hasZ || like.hasM !== facts.hasM)) return false
  const isLittle = bytes[walk.at] === 1
  const hasSrid = (typeCode(bytes, walk.at) & ewkbSrid) !== 0
  walk.at += hasSrid ? 9 : 5
  const stride = 16 + (facts.hasZ ? 8 : 0) + (facts.hasM ? 8 : 0)
  if (facts.type === 1) return walkPoint(walk, stride, isLittle)
  if (facts.type === 2 || facts.type === 8) return walkPositions(walk, stride, isLittle, facts.type)
  const count = readCount(walk, isLittle)
  const parts = partTypes[facts.type]
  // every part takes at least its own count: a lying one is refused before the loop
  if (count < 0 || count > (bytes.length - walk.at) / (parts === 0 ? 4 : 9)) return false
  for (let i = 0; i < count; i++)
    if (!(parts === 0 ? walkPositions(walk, stride, isLittle, facts.type) : walkGeometry(walk, depth + 1, parts, facts))) return false
  return facts.type !== 17 || count <= 1
}

function walkPoint(walk: Walk, stride: number, isLittle: boolean): boolean {
  if (walk.at + stride > walk.bytes.length) return false
  const xOk = isFiniteAt(walk.bytes, walk.at, isLittle)
  const yOk = isFiniteAt(walk.bytes, walk.at + 8, isLittle)
  const isEmpty = !xOk && !yOk && isNaNAt(walk.bytes, walk.at, isLittle) && isNaNAt(walk.bytes, walk.at + 8, isLittle)
  if (!isEmpty && !(xOk && yOk)) walk.state = 'not-finite'
  walk.at += stride
  return true
}

/** Positions of a line (2), a chain of arcs (8), a ring (3) or a triangle (17). */
function walkPositions(walk: Walk, stride: number, isLittle: boolean, type: number): boolean {
  const { bytes } = walk
  const count = readCount(walk, isLittle)
  if (count < 0 || count * stride > bytes.length - walk.at) return false
  const start = walk.at
  const end = start + count * stride
  for (let at = start; at < end; at += stride)
    if (!isFiniteAt(bytes, at, isLittle) || !isFiniteAt(bytes, at + 8, isLittle)) walk.state = 'not-finite'
  if (walk.state === 'whole' && !isEnough(count, type)) walk.state = 'degenerate'
  if (walk.state === 'whole' && (type === 3 || type === 17) && !isSameXy(bytes, start, end - stride)) walk.state = 'degenerate'
  walk.at = end
  return true
}

/** Lines may have no position at all, rings may not. */
function isEnough(count: number, type: number): boolean {
  if (type === 2) return count !== 1
  if (type === 8) return count === 0 || (count >= 3 && count % 2 === 1)
  return type === 17 ? count === 4 : count >= 4
}

function isSameXy(bytes: Uint8Array, a: number, b: number): boolean {
  for (let i = 0; i < 16; i++) if (bytes[a + i] !== bytes[b + i]) return false
  return true
}

function readCount(walk: Walk, isLittle: boolean): number {
  const { bytes, at } = walk
  if (at + 4 > bytes.length) return -1
  walk.at += 4
  return isLittle
    ? (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0
    : ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0
}

/** A double is finite unless its eleven exponent bits are all set. */
function isFiniteAt(bytes: Uint8Array, at: number, isLittle: boolean): boolean {
  const high = isLittle ? at + 7 : at
  if ((bytes[high] & 0x7f) !== 0x7f) return true
  return (bytes[isLittle ? at + 6 : at + 1] & 0xf0) !== 0xf0
}

function isNaNAt(bytes: Uint8Array, at: number, isLittle: boolean): boolean {
  return Number.isNaN(new DataView(bytes.buffer, bytes.byteOffset + at, 8).getFloat64(0, isLittle))
}
