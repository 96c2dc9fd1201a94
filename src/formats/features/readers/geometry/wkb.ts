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
 * Whether `bytes` is one whole geometry: `whole`, or `broken` (truncated, lying counts, unknown types, trailing bytes, nested too deep);
 * or whole, but `not-finite` when an x or y is NaN or infinite (POINT EMPTY, all NaN, is fine), or `degenerate` when PostGIS would refuse
 * it: a line of one position, a ring of fewer than four or not closed. Hot: once per imported geometry.
 */
export function checkWkb(bytes: Uint8Array): WkbState {
  const walk: Walk = { bytes, at: 0, state: 'whole' }
  return walkGeometry(walk, 0, 0) && walk.at === bytes.length ? walk.state : 'broken'
}

export type WkbState = 'whole' | 'broken' | 'not-finite' | 'degenerate'

interface Walk {
  readonly bytes: Uint8Array
  at: number
  state: WkbState
}

/** Types whose parts are geometries of their own. */
const isCollection = (type: number) => (type >= 4 && type <= 7) || (type >= 9 && type <= 12) || type === 15 || type === 16

/** Part types a collection may hold, where that is one type; 0 when several go. */
const partType = (type: number) => (type >= 4 && type <= 6 ? type - 3 : type === 15 ? 3 : type === 16 ? 17 : 0)

function walkGeometry(walk: Walk, depth: number, wantedType: number): boolean {
  const { bytes } = walk
  const facts = wkbFacts(bytes, walk.at)
  if (facts.type === 0 || depth > maxDepth || (wantedType !== 0 && facts.type !== wantedType)) return false
  const isLittle = bytes[walk.at] === 1
  const hasSrid = (typeCode(bytes, walk.at) & ewkbSrid) !== 0
  walk.at += hasSrid ? 9 : 5
  const stride = 16 + (facts.hasZ ? 8 : 0) + (facts.hasM ? 8 : 0)
  if (facts.type === 1) return walkPoint(walk, stride, isLittle)
  if (facts.type === 2) return walkPositions(walk, stride, isLittle, 2)
  if (facts.type === 8) return walkPositions(walk, stride, isLittle, 3)
  const count = readCount(walk, isLittle)
  // every part takes at least its own count: a lying one is refused before the loop
  if (count < 0 || count > (bytes.length - walk.at) / (isCollection(facts.type) ? 9 : 4)) return false
  if (isCollection(facts.type)) {
    const wanted = partType(facts.type)
    for (let i = 0; i < count; i++) if (!walkGeometry(walk, depth + 1, wanted)) return false
    return true
  }
  for (let i = 0; i < count; i++) if (!walkPositions(walk, stride, isLittle, 4)) return false
  return true
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

/** `least`: positions a line (2), an arc (3) or a ring (4, and closed) must have; lines may have none. */
function walkPositions(walk: Walk, stride: number, isLittle: boolean, least: number): boolean {
  const { bytes } = walk
  const count = readCount(walk, isLittle)
  if (count < 0 || count * stride > bytes.length - walk.at) return false
  const start = walk.at
  const end = start + count * stride
  for (let at = start; at < end; at += stride)
    if (!isFiniteAt(bytes, at, isLittle) || !isFiniteAt(bytes, at + 8, isLittle)) walk.state = 'not-finite'
  const isEnough = count >= least || (count === 0 && least < 4)
  if ((!isEnough || (least === 4 && !isSameXy(bytes, start, end - stride))) && walk.state === 'whole') walk.state = 'degenerate'
  walk.at = end
  return true
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
