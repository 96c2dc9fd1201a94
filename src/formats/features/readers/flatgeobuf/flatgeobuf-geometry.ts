import type { Geometry } from 'flatgeobuf/lib/mjs/flat-geobuf/geometry.js'

/** A reason why a FlatGeobuf geometry is none. */
export class FlatgeobufFault extends Error {}

const maxDepth = 32

/**
 * A function that writes FlatGeobuf geometries as little-endian ISO WKB with the dimensions of the file. Parts may be shared inside a
 * hostile buffer, so that little input makes much output: it ends at `maxBytes` given with each geometry. Throws FlatgeobufFault.
 */
export function flatgeobufEncoder(hasZ: boolean, hasM: boolean): (geometry: Geometry, type: number, maxBytes: number) => Uint8Array {
  const isoZm = (hasZ ? 1000 : 0) + (hasM ? 2000 : 0)
  const stride = 16 + (hasZ ? 8 : 0) + (hasM ? 8 : 0)
  let view = new DataView(new ArrayBuffer(64 * 1024))
  let at = 0
  let limit = 0

  const reserve = (bytes: number) => {
    if (at + bytes > limit) throw new FlatgeobufFault('it is longer than the bytes it is made of')
    if (at + bytes <= view.byteLength) return
    const grown = new Uint8Array(Math.max(view.byteLength * 2, at + bytes))
    grown.set(new Uint8Array(view.buffer, 0, at))
    view = new DataView(grown.buffer)
  }
  const head = (type: number) => {
    reserve(5)
    view.setUint8(at, 1)
    view.setUint32(at + 1, type + isoZm, true)
    at += 5
  }
  const count = (n: number) => {
    reserve(4)
    view.setUint32(at, n, true)
    at += 4
  }
  const positions = (ordinates: Ordinates, from: number, to: number) => {
    if (to < from || to * 2 > ordinates.xy.length) throw new FlatgeobufFault('a part ends outside its positions')
    reserve((to - from) * stride)
    for (let i = from; i < to; i++) {
      view.setFloat64(at, ordinates.xy[i * 2], true)
      view.setFloat64(at + 8, ordinates.xy[i * 2 + 1], true)
      at += 16
      if (hasZ) {
        view.setFloat64(at, ordinates.z?.[i] ?? 0, true)
        at += 8
      }
      if (hasM) {
        view.setFloat64(at, ordinates.m?.[i] ?? 0, true)
        at += 8
      }
    }
  }
  /** Lines or rings by their ends; one without any. */
  const runs = (ordinates: Ordinates, ends: Uint32Array | null, each: (from: number, to: number) => void) => {
    const all = ends && ends.length > 0 ? ends : Uint32Array.of(ordinates.xy.length / 2)
    const isEmpty = ordinates.xy.length === 0
    count(isEmpty ? 0 : all.length)
    if (!isEmpty) for (let i = 0; i < all.length; i++) each(i === 0 ? 0 : all[i - 1], all[i])
  }
  const ring = (ordinates: Ordinates) => (from: number, to: number) => {
    count(to - from)
    positions(ordinates, from, to)
  }
  const write = (geometry: Geometry, type: number, depth: number): void => {
    if (depth > maxDepth) throw new FlatgeobufFault('its parts are nested too deep')
    head(type)
    if ([6, 7, 9, 10, 11, 12, 15].includes(type) || (type === 16 && geometry.partsLength() > 0)) {
      const parts = geometry.partsLength()
      count(parts)
      for (let i = 0; i < parts; i++) {
        const part = geometry.parts(i)
        if (!part) throw new FlatgeobufFault('a part is missing')
        write(part, type === 6 || type === 15 ? 3 : type === 16 ? 17 : part.type(), depth + 1)
      }
      return
    }
    const ordinates = { xy: geometry.xyArray() ?? noOrdinates, z: geometry.zArray(), m: geometry.mArray() }
    const size = ordinates.xy.length / 2
    if (type === 1) size > 0 ? positions(ordinates, 0, 1) : emptyPoint()
    else if (type === 2 || type === 8) ring(ordinates)(0, Math.floor(size))
    else if (type === 3 || type === 17) runs(ordinates, geometry.endsArray(), ring(ordinates))
    else if (type === 4) {
      count(Math.floor(size))
      for (let i = 0; i + 1 <= size; i++) {
        head(1)
        positions(ordinates, i, i + 1)
      }
    } else if (type === 5)
      runs(ordinates, geometry.endsArray(), (from, to) => {
        head(2)
        ring(ordinates)(from, to)
      })
    // GDAL writes the triangles of a TIN one after the other, not as parts
    else if (type === 16)
      runs(ordinates, geometry.endsArray(), (from, to) => {
        head(17)
        count(1)
        ring(ordinates)(from, to)
      })
    else throw new FlatgeobufFault(`its type ${type} does not exist`)
  }
  const emptyPoint = () => {
    reserve(stride)
    for (let n = stride / 8; n > 0; n--, at += 8) view.setFloat64(at, Number.NaN, true)
  }
  return (geometry, type, maxBytes) => {
    at = 0
    limit = maxBytes
    write(geometry, type, 0)
    return new Uint8Array(view.buffer.slice(0, at))
  }
}

interface Ordinates {
  readonly xy: Float64Array
  readonly z: Float64Array | null
  readonly m: Float64Array | null
}

const noOrdinates = new Float64Array(0)
