/** Multiple siblings of the simple geometry types, by WKB code. */
const multiOf = new Map([
  [1, 4],
  [2, 5],
  [3, 6],
])
const codes: Readonly<Record<string, number>> = { MULTIPOINT: 1, MULTILINESTRING: 2, MULTIPOLYGON: 3 }
const sridFlag = 0x20000000

/**
 * What is done to the (E)WKB of a row before it is written: its SRID taken out, since the column’s then applies, and a single geometry
 * wrapped where the column declares the multiple sibling (`MULTIPOLYGON` for polygons).
 */
export function geometryFitter(declared: string): (wkb: Uint8Array) => Uint8Array {
  const single = codes[declared]
  return wkb => {
    if (wkb.length < 5) return wkb // PostGIS will say what is wrong with it
    const isLittle = wkb[0] === 1
    const view = new DataView(wkb.buffer, wkb.byteOffset, wkb.byteLength)
    const type = view.getUint32(1, isLittle)
    const hasSrid = (type & sridFlag) !== 0
    const base = (type & 0xffff) % 1000
    const isPromoted = base === single
    if (!hasSrid && !isPromoted) return wkb
    const body = wkb.subarray(hasSrid ? 9 : 5)
    const head = isPromoted ? 9 : 0
    const fitted = new Uint8Array(head + 5 + body.length)
    const out = new DataView(fitted.buffer)
    const plain = (type & ~sridFlag) >>> 0
    if (isPromoted) {
      fitted[0] = isLittle ? 1 : 0
      out.setUint32(1, plain - base + multiOf.get(base)!, isLittle)
      out.setUint32(5, 1, isLittle)
    }
    fitted[head] = isLittle ? 1 : 0
    out.setUint32(head + 1, plain, isLittle)
    fitted.set(body, head + 5)
    return fitted
  }
}
