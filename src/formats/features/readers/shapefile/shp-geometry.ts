import { assembleRings, type Ring } from './shp-rings.js'

/** Family and dimensions of a shape type (ESRI Shapefile Technical Description, 1998). */
export interface ShapeType {
  readonly family: 'null' | 'point' | 'line' | 'polygon' | 'multipoint'
  readonly hasZ: boolean
  readonly hasM: boolean
}

const families = { 1: 'point', 3: 'line', 5: 'polygon', 8: 'multipoint' } as const

/** Undefined for MultiPatch (31) and for codes that are none. */
export function shapeType(code: number): ShapeType | undefined {
  if (code === 0) return { family: 'null', hasZ: false, hasM: false }
  const family = families[(code % 10) as keyof typeof families]
  if (!family || code > 28) return undefined
  return { family, hasZ: code > 10 && code < 20, hasM: code > 20 }
}

/** A reason why the bytes of a shape are no geometry. */
export class ShapeFault extends Error {}

/** Measures below this mean “no data” (Technical Description, page 2); they are kept as 0. */
const noMeasure = -1e38

/**
 * A function that turns the content of a record (shape type first) into little-endian ISO WKB: POINT, MULTIPOINT, MULTILINESTRING or
 * MULTIPOLYGON with heights or measures as asked, missing ones 0; null for null shapes. Throws ShapeFault.
 */
export function shapeReader(hasZ: boolean, hasM: boolean): (content: Buffer) => Uint8Array | null {
  const stride = 16 + (hasZ ? 8 : 0) + (hasM ? 8 : 0)
  const isoZm = (hasZ ? 1000 : 0) + (hasM ? 2000 : 0)

  /** Copies position `index` of `shape` to `at`; returns where the next goes. */
  const putPosition = (out: Buffer, at: number, shape: Coordinates, index: number): number => {
    shape.content.copy(out, at, shape.xy + index * 16, shape.xy + index * 16 + 16)
    let next = at + 16
    if (hasZ) next = out.writeDoubleLE(shape.z < 0 ? 0 : shape.content.readDoubleLE(shape.z + index * 8), next)
    if (hasM) next = out.writeDoubleLE(measure(shape, index), next)
    return next
  }
  const putHead = (out: Buffer, at: number, type: number): number => {
    out[at] = 1
    return out.writeUInt32LE(type + isoZm, at + 1)
  }
  const putPositions = (out: Buffer, at: number, shape: Coordinates, from: number, to: number): number => {
    let next = out.writeUInt32LE(to - from, at)
    if (stride === 16) {
      shape.content.copy(out, next, shape.xy + from * 16, shape.xy + to * 16)
      return next + (to - from) * 16
    }
    for (let i = from; i < to; i++) next = putPosition(out, next, shape, i)
    return next
  }

  const point = (content: Buffer, type: ShapeType) => {
    need(content, 20 + (type.hasZ || type.hasM ? 8 : 0))
    const z = type.hasZ ? 20 : -1
    const m = type.hasM ? 20 : type.hasZ && content.length >= 36 ? 28 : -1
    const out = Buffer.alloc(5 + stride)
    putPosition(out, putHead(out, 0, 1), { content, xy: 4, z, m }, 0)
    return out
  }
  const multipoint = (content: Buffer, type: ShapeType) => {
    need(content, 40)
    const count = content.readUInt32LE(36)
    const shape = coordinates(content, type, 40, count)
    const out = Buffer.alloc(9 + count * (5 + stride))
    let at = out.writeUInt32LE(count, putHead(out, 0, 4))
    for (let i = 0; i < count; i++) at = putPosition(out, putHead(out, at, 1), shape, i)
    return out
  }
  const parts = (content: Buffer, type: ShapeType) => {
    need(content, 44)
    const partCount = content.readUInt32LE(36)
    const count = content.readUInt32LE(40)
    if (partCount > (content.length - 44) / 4) throw new ShapeFault(`${partCount} parts do not fit in ${content.length} bytes`)
    const shape = coordinates(content, type, 44 + partCount * 4, count)
    const rings: Ring[] = []
    for (let i = 0; i < partCount; i++) {
      const from = content.readUInt32LE(44 + i * 4)
      const to = i + 1 < partCount ? content.readUInt32LE(48 + i * 4) : count
      if (from > to || to > count) throw new ShapeFault(`part ${i + 1} begins or ends outside the ${count} positions`)
      if (to > from) rings.push({ from, to })
    }
    return { shape, rings, count }
  }
  const line = (content: Buffer, type: ShapeType) => {
    const { shape, rings, count } = parts(content, type)
    const out = Buffer.alloc(9 + rings.length * 9 + count * stride)
    let at = out.writeUInt32LE(rings.length, putHead(out, 0, 5))
    for (const { from, to } of rings) at = putPositions(out, putHead(out, at, 2), shape, from, to)
    return out.subarray(0, at)
  }
  const polygon = (content: Buffer, type: ShapeType) => {
    const { shape, rings, count } = parts(content, type)
    const polygons = assembleRings(content, shape.xy, rings)
    const out = Buffer.alloc(9 + rings.length * 13 + count * stride)
    let at = out.writeUInt32LE(polygons.length, putHead(out, 0, 6))
    for (const polygon of polygons) {
      at = out.writeUInt32LE(polygon.length, putHead(out, at, 3))
      for (const { from, to } of polygon) at = putPositions(out, at, shape, from, to)
    }
    return out.subarray(0, at)
  }
  return content => {
    need(content, 4)
    const code = content.readUInt32LE(0)
    const type = shapeType(code)
    if (!type) throw new ShapeFault(code === 31 ? 'it is a MultiPatch, which is not read' : `its shape type ${code} does not exist`)
    if (type.family === 'null') return null
    return { point, multipoint, line, polygon }[type.family](content, type)
  }
}

/** Where the ordinates of a shape lie in its record; -1 for those it has not. */
interface Coordinates {
  readonly content: Buffer
  readonly xy: number
  readonly z: number
  readonly m: number
}

function coordinates(content: Buffer, type: ShapeType, xy: number, count: number): Coordinates {
  const afterXy = xy + count * 16
  // z and m come as a range of two doubles and then the values; m of Z types may be missing
  const extra = 16 + count * 8
  need(content, afterXy + (type.hasZ || type.hasM ? (type.hasZ ? extra : 0) : 0))
  const z = type.hasZ ? afterXy + 16 : -1
  const mBlock = type.hasZ ? afterXy + extra : afterXy
  const hasMeasures = (type.hasZ || type.hasM) && content.length >= mBlock + extra
  return { content, xy, z, m: hasMeasures ? mBlock + 16 : -1 }
}

function measure({ content, m }: Coordinates, index: number): number {
  const value = m < 0 ? 0 : content.readDoubleLE(m + index * 8)
  return value > noMeasure ? value : 0
}

function need(content: Buffer, bytes: number): void {
  if (content.length < bytes) throw new ShapeFault(`it needs ${bytes} bytes and has ${content.length}`)
}
