import type { Expression } from '#filters/expression.js'
import { childrenOf, type XmlElement } from '#xml/read.js'
import { isExpression } from '../computed.js'
import type { GeometryChoice, PointSymbolizer, Value } from '../style.js'
import { readExpression } from './read-filter.js'
import { negative, readNumber } from './read-value.js'
import { type Reading, takeAttribute, takeWhole } from './reading.js'

/** GeoServer's functions for the direction of a line at its ends, clockwise from the x axis, by the part of the geometry there. */
const endAngles = { start: 'startAngle', end: 'endAngle' } as const

const angleAt = (part: GeometryChoice['part']) => (part === 'start' || part === 'end' ? endAngles[part] : undefined)

interface Turn {
  /** Left out where it is 0. */
  readonly rotation?: Value<number>
  readonly isTurned?: true
}

/** The Rotation of a graphic at a part of a line. Where it is the direction of the line there, plus or minus something, the graphic is turned with the line. */
export function readTurn(reading: Reading, element: XmlElement, part: GeometryChoice['part']): Turn {
  const angle = angleAt(part)
  const [inner] = childrenOf(element)
  const terms = inner?.name === 'Add' || inner?.name === 'Sub' ? childrenOf(inner) : inner ? [inner] : []
  const at = terms.findIndex(
    term => term.name === 'Function' && takeAttribute(reading, term, 'name')?.toLowerCase() === angle?.toLowerCase(),
  )
  if (!angle || at < 0 || terms.length > 2 || (inner.name === 'Sub' && at === 1)) return { rotation: readNumber(reading, element) }
  takeWhole(reading, element)
  const [other] = terms.filter((_, i) => i !== at)
  if (!other) return { isTurned: true }
  const read = readExpression(reading, other)
  const rest = read.kind === 'literal' && Number.isFinite(Number(read.value)) ? Number(read.value) : read
  const rotation = inner.name === 'Sub' ? (negative(rest) as Value<number>) : rest
  return { ...(rotation !== 0 && { rotation }), isTurned: true }
}

/** The Rotation that says `isTurned`; undefined where there is none. */
export function turnOf({ geometry, graphic: { rotation = 0 } }: PointSymbolizer): Value<number> | undefined {
  const name = angleAt(geometry?.part)
  if (name === undefined) return undefined
  const column = geometry?.column
  const angle: Expression = { kind: 'call', name, args: column === undefined ? [] : [{ kind: 'property', name: column }] }
  if (rotation === 0) return angle
  return { kind: 'call', name: '+', args: [angle, isExpression(rotation) ? rotation : { kind: 'literal', value: rotation }] }
}
