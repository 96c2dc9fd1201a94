import { EwkbCursor, leastPartBytes, leastRingBytes } from './ewkb-cursor.js'
import { EwkbError } from './ewkb-error.js'
import { type Dimensions, type Geometry, type GeometryHead, geometryCodes, maxGeometryDepth, partKinds } from './geometry.js'

export { EwkbError } from './ewkb-error.js'
export { ewkbBbox, ewkbSrid, ewkbType } from './ewkb-scan.js'

/**
 * Decodes WKB of any PostGIS type, ISO or EWKB, either byte order. A point of NaNs is the empty point. Throws `EwkbError` when the bytes
 * are truncated, followed by others, of unknown type, mixed in dimensions, composed of the wrong parts, or nested too deep.
 */
export function readEwkb(bytes: Uint8Array): Geometry {
  const cursor = new EwkbCursor(bytes)
  const geometry = readGeometry(cursor, 0)
  cursor.end()
  return geometry
}

/** The position of a point in little endian, as PostgreSQL sends it, from `length` bytes of `data` into `place`. False for anything else, broken bytes included. Hot. */
export function readPlainPoint(data: DataView, from: number, length: number, place: Float64Array): boolean {
  if (length < 21) return false
  const type = data.getUint32(from + 1, true)
  const hasSrid = type === 0x20000001
  const at = from + (hasSrid ? 9 : 5)
  if (data.getUint8(from) !== 1 || !(type === 1 || hasSrid) || at + 16 !== from + length) return false
  place[0] = data.getFloat64(at, true)
  place[1] = data.getFloat64(at + 8, true)
  return !Number.isNaN(place[0]) && !Number.isNaN(place[1])
}

function readGeometry(cursor: EwkbCursor, depth: number): Geometry {
  cursor.header(depth)
  const { kind, dimensions, srid, stride } = cursor
  const head: GeometryHead = depth === 0 && srid !== undefined ? { dimensions, srid } : { dimensions }
  switch (kind) {
    case 'Point': {
      const coordinates = readPositions(cursor, 1, stride)
      const isEmpty = Number.isNaN(coordinates[0]) && Number.isNaN(coordinates[1])
      return { kind, ...head, coordinates: isEmpty ? new Float64Array(0) : coordinates }
    }
    case 'LineString':
    case 'CircularString':
      return { kind, ...head, coordinates: readPositions(cursor, cursor.count(8 * stride), stride) }
    case 'Polygon':
    case 'Triangle': {
      const rings: Float64Array[] = []
      for (let left = cursor.count(leastRingBytes); left > 0; left--) rings.push(readPositions(cursor, cursor.count(8 * stride), stride))
      return { kind, ...head, rings }
    }
    default: {
      const parts: Geometry[] = []
      const allowed = partKinds[kind]
      for (let left = cursor.count(leastPartBytes); left > 0; left--) {
        const part = readGeometry(cursor, depth + 1)
        if (!allowed.includes(part.kind)) throw new EwkbError(`A ${kind} cannot hold a ${part.kind}.`)
        if (part.dimensions !== dimensions)
          throw new EwkbError(`The geometry mixes dimensions: ${part.dimensions} inside ${dimensions}; all its parts must have the same.`)
        parts.push(part)
      }
      return { kind, ...head, parts }
    }
  }
}

function readPositions(cursor: EwkbCursor, count: number, stride: number): Float64Array {
  const { bytes, view, position, isLittleEndian } = cursor
  const size = 8 * count * stride
  cursor.need(size)
  const numbers = new Float64Array(count * stride)
  if (isLittleEndian && hostIsLittleEndian) new Uint8Array(numbers.buffer).set(bytes.subarray(position, position + size))
  else for (let i = 0; i < numbers.length; i++) numbers[i] = view.getFloat64(position + 8 * i, isLittleEndian)
  cursor.position += size
  return numbers
}

const hostIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

export interface WriteEwkbOptions {
  /** Overrides the geometry's own; 0 leaves it out. */
  readonly srid?: number
  /** ISO type codes (1001, 2001, 3001, …) instead of EWKB flags; ISO has no place for an SRID. */
  readonly isIso?: boolean
  readonly isBigEndian?: boolean
}

/** Encodes a geometry as EWKB in little endian, or as the options say. Throws `EwkbError` when it is wrongly composed. */
export function writeEwkb(geometry: Geometry, options: WriteEwkbOptions = {}): Uint8Array {
  const { isIso = false, isBigEndian = false, srid = geometry.srid ?? 0 } = options
  const { dimensions } = geometry
  const withSrid = srid !== 0 && !isIso
  const bytes = new Uint8Array(sizeOf(geometry, dimensions, 0) + (withSrid ? 4 : 0))
  const view = new DataView(bytes.buffer)
  let position = 0
  const putCount = (count: number) => {
    view.setUint32(position, count, !isBigEndian)
    position += 4
  }
  const putNumbers = (numbers: Float64Array) => {
    if (!isBigEndian && hostIsLittleEndian) bytes.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), position)
    else for (let i = 0; i < numbers.length; i++) view.setFloat64(position + 8 * i, numbers[i], !isBigEndian)
    position += 8 * numbers.length
  }
  const put = (part: Geometry, partSrid: number) => {
    bytes[position++] = isBigEndian ? 0 : 1
    putCount(typeCode(part, isIso, partSrid !== 0))
    if (partSrid) putCount(partSrid)
    if ('parts' in part) {
      putCount(part.parts.length)
      for (const child of part.parts) put(child, 0)
    } else if ('rings' in part) {
      putCount(part.rings.length)
      for (const ring of part.rings) {
        putCount(ring.length / dimensions.length)
        putNumbers(ring)
      }
    } else if (part.kind === 'Point') {
      putNumbers(part.coordinates.length ? part.coordinates : new Float64Array(dimensions.length).fill(Number.NaN))
    } else {
      putCount(part.coordinates.length / dimensions.length)
      putNumbers(part.coordinates)
    }
  }
  put(geometry, withSrid ? srid : 0)
  return bytes
}

function typeCode({ kind, dimensions }: Geometry, isIso: boolean, withSrid: boolean): number {
  const [z, m] = [dimensions.includes('z'), dimensions.includes('m')]
  const code = geometryCodes[kind]
  if (isIso) return code + (z ? 1000 : 0) + (m ? 2000 : 0)
  return (code | (z ? 0x80000000 : 0) | (m ? 0x40000000 : 0) | (withSrid ? 0x20000000 : 0)) >>> 0
}

/** Bytes of a geometry without SRID; checks on the way that it is well composed. */
function sizeOf(geometry: Geometry, dimensions: Dimensions, depth: number): number {
  if (depth > maxGeometryDepth) throw new EwkbError('The geometry nests collections too deep to be written.')
  if (geometry.dimensions !== dimensions) throw new EwkbError(`A part is ${geometry.dimensions} and the whole is ${dimensions}.`)
  const stride = dimensions.length
  const paths = 'coordinates' in geometry ? [geometry.coordinates] : 'rings' in geometry ? geometry.rings : []
  if (paths.some(path => path.length % stride)) throw new EwkbError(`The coordinates are not a whole number of ${dimensions} positions.`)
  if (geometry.kind === 'Point') {
    if (geometry.coordinates.length > stride) throw new EwkbError('A point has one position.')
    return 5 + 8 * stride
  }
  if ('coordinates' in geometry) return 9 + 8 * geometry.coordinates.length
  if ('rings' in geometry) return geometry.rings.reduce((size, ring) => size + 4 + 8 * ring.length, 9)
  let size = 9
  for (const part of geometry.parts) {
    if (!partKinds[geometry.kind].includes(part.kind)) throw new EwkbError(`A ${geometry.kind} cannot hold a ${part.kind}.`)
    size += sizeOf(part, dimensions, depth + 1)
  }
  return size
}
