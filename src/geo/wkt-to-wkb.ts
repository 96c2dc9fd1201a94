import { geometryCodes } from './geometry.js'

/** A reason why a text is no WKT. */
export class WktFault extends Error {}

const maxDepth = 32

const codes: ReadonlyMap<string, number> = new Map(Object.entries(geometryCodes).map(([kind, code]) => [kind.toUpperCase(), code]))

/** Well-known text (OGC 06-103r4, and PostGIS's EWKT with `SRID=n;`) as little-endian ISO WKB. Throws WktFault. */
export function wktToWkb(text: string): { wkb: Uint8Array; srid?: number } {
  const srid = /^\s*SRID\s*=\s*(\d{1,6})\s*;/i.exec(text)
  const reader = wktReader(text, srid ? srid[0].length : 0)
  const wkb = reader()
  return { wkb, ...(srid ? { srid: Number(srid[1]) } : {}) }
}

function wktReader(text: string, start: number) {
  const token = /\s*([A-Za-z]+|[(),]|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y
  token.lastIndex = start
  let current = ''
  const next = () => {
    const at = token.lastIndex
    const match = token.exec(text)
    if (match) current = match[1]
    else {
      current = ''
      token.lastIndex = at
    }
  }
  let view = new DataView(new ArrayBuffer(256))
  let at = 0
  const reserve = (bytes: number) => {
    if (at + bytes <= view.byteLength) return
    const grown = new Uint8Array(view.byteLength * 2 + bytes)
    grown.set(new Uint8Array(view.buffer, 0, at))
    view = new DataView(grown.buffer)
  }
  const fail = (what: string) => new WktFault(`${what}${current ? ` at “${current.slice(0, 20)}”` : ' at its end'}`)
  const expect = (wanted: string) => {
    if (current !== wanted) throw fail(`“${wanted}” is missing`)
    next()
  }
  let stride = 0 // ordinates of a position, once known

  const head = (type: number, zm: string): number => {
    reserve(9)
    view.setUint8(at, 1)
    view.setUint32(at + 1, type + (zm.includes('Z') ? 1000 : 0) + (zm.includes('M') ? 2000 : 0), true)
    at += 5
    return at - 4
  }
  const position = () => {
    let ordinates = 0
    reserve(32)
    while (/^[+\-.\d]/.test(current)) {
      if (ordinates === 4) throw fail('a position has more than four numbers')
      view.setFloat64(at, Number(current), true)
      at += 8
      ordinates++
      next()
    }
    if (ordinates < 2) throw fail('a position of two or more numbers is missing')
    if (stride !== 0 && ordinates !== stride) throw fail('positions have different numbers of ordinates')
    stride = ordinates
  }
  /** `( item, item, … )` or EMPTY, its count before it. */
  const list = (item: () => void) => {
    reserve(4)
    const countAt = at
    at += 4
    let count = 0
    if (/^EMPTY$/i.test(current)) next()
    else {
      expect('(')
      do {
        if (count > 0) next()
        item()
        count++
      } while (current === ',')
      expect(')')
    }
    view.setUint32(countAt, count, true)
  }
  const point = () => {
    if (/^EMPTY$/i.test(current)) {
      next()
      reserve(32)
      stride = stride || 2
      for (let n = stride; n > 0; n--, at += 8) view.setFloat64(at, Number.NaN, true)
      return
    }
    expect('(')
    position()
    expect(')')
  }
  const body = (type: number, zm: string, depth: number): void => {
    if (type === 1) point()
    else if (type === 2 || type === 8) list(position)
    else if (type === 3 || type === 17) list(() => list(position))
    else if (type === 4)
      // the points of a multipoint may stand without brackets of their own
      list(() => {
        const typeAt = head(1, zm)
        if (current === '(' || /^EMPTY$/i.test(current)) point()
        else position()
        retype(typeAt, 1, zm)
      })
    else list(() => part(type, zm, depth + 1))
  }
  /** Dimensions are sometimes told by the numbers alone: `POINT(1 2 3)`. */
  const retype = (typeAt: number, type: number, zm: string) => {
    if (zm === '' && stride > 2) view.setUint32(typeAt, type + (stride === 3 ? 1000 : 3000), true)
  }
  const part = (parent: number, zm: string, depth: number): void => {
    if (depth > maxDepth) throw new WktFault('it is nested too deep')
    const implied = parent === 5 ? 2 : parent === 6 || parent === 15 ? 3 : parent === 16 ? 17 : 2
    if (current === '(' || /^EMPTY$/i.test(current)) {
      const typeAt = head(implied, zm)
      body(implied, zm, depth)
      retype(typeAt, implied, zm)
    } else geometry(depth)
  }
  const geometry = (depth: number): void => {
    const match = /^([A-Z]+?)(ZM|Z|M)?$/i.exec(current)
    const whole = codes.get(current.toUpperCase()) ?? 0
    const type = whole > 0 ? whole : (codes.get((match?.[1] ?? '').toUpperCase()) ?? 0)
    if (type < 1) throw fail('no type of geometry')
    let zm = whole > 0 ? '' : (match?.[2] ?? '').toUpperCase()
    next()
    if (/^(ZM|Z|M)$/i.test(current)) {
      zm = current.toUpperCase()
      next()
    }
    const wanted = 2 + zm.length
    if (zm !== '' || depth === 0) stride = zm === '' ? 0 : wanted
    const typeAt = head(type, zm)
    body(type, zm, depth)
    retype(typeAt, type, zm)
  }
  return () => {
    next()
    geometry(0)
    if (current !== '' || text.slice(token.lastIndex).trim() !== '') throw fail('something follows the geometry')
    return new Uint8Array(view.buffer.slice(0, at))
  }
}
