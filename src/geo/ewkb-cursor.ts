import { EwkbError } from './ewkb-error.js'
import { type Dimensions, type GeometryKind, kindOfCode, maxGeometryDepth } from './geometry.js'

const zFlag = 0x80000000
const mFlag = 0x40000000
const sridFlag = 0x20000000

/**
 * Walks through WKB, ISO or EWKB, of either byte order, one header or count at a time, and never past the end: a count is refused when
 * the bytes left could not hold it, so nothing is ever allocated on the word of hostile input.
 */
export class EwkbCursor {
  readonly view: DataView
  readonly bytes: Uint8Array
  position = 0
  isLittleEndian = true
  kind: GeometryKind = 'Point'
  /** Type code without flags. */
  code = 1
  hasZ = false
  hasM = false
  srid: number | undefined
  /** Numbers per position. */
  stride = 2
  /** The header was EWKB in little endian, not ISO codes. */
  isPlain = true

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Reads byte order, type and SRID of the geometry that starts here. */
  header(depth: number): void {
    if (depth > maxGeometryDepth) throw new EwkbError(`The geometry nests collections deeper than ${maxGeometryDepth} levels.`)
    this.need(5)
    const order = this.bytes[this.position]
    if (order > 1) throw new EwkbError(`Byte ${this.position} of the geometry should be a byte order, 0 or 1, and is ${order}.`)
    this.isLittleEndian = order === 1
    const type = this.view.getUint32(this.position + 1, this.isLittleEndian)
    this.position += 5
    const number = type & 0x1fffffff
    const iso = Math.floor(number / 1000)
    const kind = kindOfCode.get(number % 1000)
    if (!kind || iso > 3) throw new EwkbError(`Geometry type ${number} is not known.`)
    this.kind = kind
    this.code = number % 1000
    this.hasZ = (type & zFlag) !== 0 || (iso & 1) !== 0
    this.hasM = (type & mFlag) !== 0 || (iso & 2) !== 0
    this.stride = 2 + (this.hasZ ? 1 : 0) + (this.hasM ? 1 : 0)
    this.isPlain = this.isLittleEndian && iso === 0
    this.srid = undefined
    if (type & sridFlag) {
      this.need(4)
      this.srid = this.view.getInt32(this.position, this.isLittleEndian) || undefined
      this.position += 4
    }
  }

  get dimensions(): Dimensions {
    return this.hasZ ? (this.hasM ? 'xyzm' : 'xyz') : this.hasM ? 'xym' : 'xy'
  }

  /** Reads a count of things of at least `leastBytes` each. */
  count(leastBytes: number): number {
    this.need(4)
    const count = this.view.getUint32(this.position, this.isLittleEndian)
    this.position += 4
    if (count * leastBytes > this.bytes.length - this.position)
      throw new EwkbError(
        `The geometry announces ${count} elements at byte ${this.position - 4} but has only ${this.bytes.length - this.position} bytes left.`,
      )
    return count
  }

  need(length: number): void {
    if (this.position + length > this.bytes.length)
      throw new EwkbError(`The geometry breaks off: ${length} bytes expected at byte ${this.position} of ${this.bytes.length}.`)
  }

  /** Everything has been read. */
  end(): void {
    if (this.position !== this.bytes.length)
      throw new EwkbError(`The geometry ends at byte ${this.position} but ${this.bytes.length - this.position} more follow.`)
  }
}

/** Fewest bytes of a ring (its count) and of a part (byte order, type, an empty count). */
export const leastRingBytes = 4
export const leastPartBytes = 9
