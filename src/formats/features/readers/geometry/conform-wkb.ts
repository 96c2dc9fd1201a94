import type { LayerGeometry } from '#core/ports.js'
import { wkbFacts, wkbTypeNames } from './wkb.js'

/**
 * A function that makes any whole WKB of a layer fit the layer's declared geometry: single types become multiple ones with one part,
 * missing Z and M become 0, surplus ones are dropped. What fits already is returned as it is.
 */
export function wkbConformer({ type, dimensions }: LayerGeometry): (wkb: Uint8Array) => Uint8Array {
  const target = wkbTypeNames.indexOf(type)
  const wantsZ = dimensions === 'xyz' || dimensions === 'xyzm'
  const wantsM = dimensions === 'xym' || dimensions === 'xyzm'
  return wkb => {
    const facts = wkbFacts(wkb)
    const sized = facts.hasZ === wantsZ && facts.hasM === wantsM ? wkb : resize(wkb, wantsZ, wantsM)
    return facts.type + 3 === target && target >= 4 && target <= 6 ? asMultiple(sized, target, wantsZ, wantsM) : sized
  }
}

const isoCode = (type: number, hasZ: boolean, hasM: boolean) => type + (hasZ ? 1000 : 0) + (hasM ? 2000 : 0)

function asMultiple(single: Uint8Array, type: number, hasZ: boolean, hasM: boolean): Uint8Array {
  // POINT EMPTY is all NaN: as a part it would be a MULTIPOINT of nothing; an empty multiple says the same
  const isEmpty = type === 4 && isEmptyPoint(single)
  const out = new Uint8Array(9 + (isEmpty ? 0 : single.length))
  const view = new DataView(out.buffer)
  out[0] = 1
  view.setUint32(1, isoCode(type, hasZ, hasM), true)
  view.setUint32(5, isEmpty ? 0 : 1, true)
  if (!isEmpty) out.set(single, 9)
  return out
}

function isEmptyPoint(point: Uint8Array): boolean {
  const view = new DataView(point.buffer, point.byteOffset, point.length)
  const start = view.getUint8(0) === 1 && view.getUint32(1, true) & 0x20000000 ? 9 : 5
  return Number.isNaN(view.getFloat64(start, view.getUint8(0) === 1))
}

/** Rewrites a whole geometry, as little-endian ISO WKB, with exactly the dimensions wanted. */
function resize(wkb: Uint8Array, wantsZ: boolean, wantsM: boolean): Uint8Array {
  const view = new DataView(wkb.buffer, wkb.byteOffset, wkb.length)
  // every ordinate pair grows by 16 bytes at most
  const out = new DataView(new ArrayBuffer(wkb.length * 2 + 16))
  let from = 0
  let to = 0
  const geometry = () => {
    const { type, hasZ, hasM } = wkbFacts(wkb, from)
    const isLittle = wkb[from] === 1
    const hasSrid = (view.getUint32(from + 1, isLittle) & 0x20000000) !== 0
    from += hasSrid ? 9 : 5
    out.setUint8(to, 1)
    out.setUint32(to + 1, isoCode(type, wantsZ, wantsM), true)
    to += 5
    const count = () => {
      const n = view.getUint32(from, isLittle)
      out.setUint32(to, n, true)
      from += 4
      to += 4
      return n
    }
    const number = (value: number) => {
      out.setFloat64(to, value, true)
      to += 8
    }
    const positions = (n: number) => {
      for (let i = 0; i < n; i++) {
        number(view.getFloat64(from, isLittle))
        number(view.getFloat64(from + 8, isLittle))
        from += 16
        const z = hasZ ? view.getFloat64(from, isLittle) : 0
        if (hasZ) from += 8
        const m = hasM ? view.getFloat64(from, isLittle) : 0
        if (hasM) from += 8
        if (wantsZ) number(z)
        if (wantsM) number(m)
      }
    }
    if (type === 1) positions(1)
    else if (type === 2 || type === 8) positions(count())
    else if (type === 3 || type === 17) for (let n = count(); n > 0; n--) positions(count())
    else for (let n = count(); n > 0; n--) geometry()
  }
  geometry()
  return new Uint8Array(out.buffer, 0, to)
}
