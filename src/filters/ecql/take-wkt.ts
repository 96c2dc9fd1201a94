import type { Cursor } from './cursor.js'

const wktKinds =
  /^(POINT|LINESTRING|POLYGON|MULTIPOINT|MULTILINESTRING|MULTIPOLYGON|GEOMETRYCOLLECTION|CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON|MULTICURVE|MULTISURFACE|POLYHEDRALSURFACE|TIN|TRIANGLE)(Z|M|ZM)?$/i

/** The text of a geometry in WKT, with `SRID=…;` or without, passed; undefined when there is none here. Throws FilterError where it does not end. */
export function takeWkt(cursor: Cursor): string | undefined {
  const start = cursor.peek()
  const skipped = cursor.isWord('srid') && cursor.isSign('=', 1) && cursor.isSign(';', 3) ? 4 : 0
  const { kind, text } = cursor.peek(skipped)
  const following = cursor.peek(skipped + 1)
  if (kind !== 'word' || !wktKinds.test(text) || !(following.text === '(' || /^(Z|M|ZM|EMPTY)$/i.test(following.text))) return undefined
  for (let i = 0; i < skipped; i++) cursor.take()
  return cursor.text.slice(start.at, endOfWkt(cursor))
}

/** Where the brackets that follow are closed. */
function endOfWkt(cursor: Cursor): number {
  let depth = 0
  for (;;) {
    const token = cursor.take()
    if (token.text === '(') depth++
    if (token.text === ')') depth--
    if ((token.text === ')' && depth === 0) || (depth === 0 && /^EMPTY$/i.test(token.text))) return token.end
    if (token.kind === 'end') cursor.fail('a closing bracket')
  }
}
