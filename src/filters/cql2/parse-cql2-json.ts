import type { Expression } from '../expression.js'
import type { Filter } from '../filter.js'
import { FilterError, quotedName } from '../filter-error.js'
import { isLargerThan } from '../tree-size.js'
import { bounded, most } from './bounded.js'
import { checkOrder, endOfInterval, moment } from './moment.js'
import { expressionOf, filterOf, type Interval, type Operand, ofValue } from './operand.js'
import { likeFilter, operation } from './operations.js'
import { type Folding, patternOf } from './pattern.js'
import { type Cql2Options, type GeometryReader, geometryReader } from './read-geometry.js'

/** Levels of operators and lists within each other. */
const deepest = 100
/** Most characters of a text. */
const longest = 100_000

type Members = Readonly<Record<string, unknown>>

interface Reading {
  readonly geometries: GeometryReader
  readonly depth: number
}

/**
 * A filter in the JSON encoding of CQL2 1.0 (OGC 21-065r2, annex C), as JSON.parse gives it: the same tree as from the text encoding, see
 * `parseCql2Text`. Throws FilterError.
 */
export function parseCql2Json(value: unknown, options: Cql2Options = {}): Filter {
  if (isLargerThan(value, most)) throw new FilterError('too-large', `The CQL2 filter has more than ${most} parts.`)
  return bounded(filterOf(operandOf(value, { geometries: geometryReader(options), depth: 0 })))
}

function operandOf(value: unknown, reading: Reading): Operand {
  if (reading.depth > deepest) throw new FilterError('too-large', `The CQL2 filter is nested deeper than ${deepest} levels.`)
  const inner = { ...reading, depth: reading.depth + 1 }
  switch (typeof value) {
    case 'boolean':
      return ofValue({ kind: 'literal', value })
    case 'number':
      if (!Number.isFinite(value)) throw new FilterError('malformed', `${value} is a number beyond what can be computed with.`)
      return ofValue({ kind: 'literal', value })
    case 'string':
      return ofValue({ kind: 'literal', value: textOf(value) })
    case 'object':
      if (value === null) throw new FilterError('malformed', 'null is no value to compare with; the operator isNull would work.')
      return Array.isArray(value) ? { kind: 'list', items: value.map(item => operandOf(item, inner)) } : ofMembers(value as Members, inner)
    default:
      throw new FilterError('malformed', 'The CQL2 filter is no JSON.')
  }
}

function ofMembers(members: Members, reading: Reading): Operand {
  const has = (name: string) => Object.hasOwn(members, name)
  if (has('op')) return ofOperator(members, reading)
  if (has('property')) return ofValue({ kind: 'property', name: textOf(members.property) })
  if (has('date')) return ofValue(moment('date', textOf(members.date)))
  if (has('timestamp')) return ofValue(moment('timestamp', textOf(members.timestamp)))
  if (has('interval')) return { kind: 'interval', interval: intervalOf(members.interval, reading) }
  if (has('type')) return { kind: 'geometry', geometry: reading.geometries.ofGeoJson(members) }
  if (has('bbox')) return { kind: 'geometry', geometry: reading.geometries.ofBbox(numbersOf(members.bbox)) }
  const names = Object.keys(members).slice(0, 5)
  const there = names.length ? `has the members ${names.map(quotedName).join(', ')}` : 'has no members'
  throw new FilterError(
    'malformed',
    `An object of the CQL2 filter ${there}; op and args, property, date, timestamp, interval, bbox, or type and coordinates would work.`,
  )
}

function ofOperator({ op, args }: Members, reading: Reading): Operand {
  const name = textOf(op)
  if (!Array.isArray(args)) throw new FilterError('malformed', `${quotedName(name)} lacks its list of operands, “args”.`, { locator: name })
  if (name.toLowerCase() !== 'like')
    return operation(
      name,
      args.map(arg => operandOf(arg, reading)),
    )
  if (args.length !== 2) throw new FilterError('malformed', `“like” has ${args.length} operands; it wants 2.`, { locator: name })
  return likeFilter(operandOf(args[0], reading), patternIn(args[1]))
}

function patternIn(value: unknown) {
  const foldings: Folding[] = []
  let inner = value
  while (typeof inner === 'object' && inner !== null && foldings.length < deepest) {
    const { op, args } = inner as Members
    const folding = (['casei', 'accenti'] as const).find(name => typeof op === 'string' && op.toLowerCase() === name)
    if (!folding || !Array.isArray(args) || args.length !== 1) break
    foldings.push(folding)
    inner = args[0]
  }
  if (typeof inner !== 'string')
    throw new FilterError('unsupported', 'The pattern of “like” is a text, or a text within casei and accenti; others are not matched.', {
      locator: 'like',
    })
  return patternOf(textOf(inner), foldings)
}

function intervalOf(value: unknown, reading: Reading): Interval {
  if (!Array.isArray(value) || value.length !== 2)
    throw new FilterError('malformed', 'An interval is a list of its two ends.', { locator: 'interval' })
  const [begin, end] = value.map((one): Expression | undefined =>
    typeof one === 'string' ? endOfInterval(one) : expressionOf(operandOf(one, reading), 'in an interval'),
  )
  checkOrder(begin, end)
  return { ...(begin && { begin }), ...(end && { end }) }
}

function numbersOf(value: unknown): readonly number[] {
  if (Array.isArray(value) && value.every(one => typeof one === 'number')) return value
  throw new FilterError('malformed', 'A bbox is a list of four or six numbers.', { locator: 'bbox' })
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new FilterError('malformed', 'A name, an operator or a moment of the CQL2 filter is no text.')
  if (value.length > longest) throw new FilterError('too-large', `A text of the CQL2 filter is longer than ${longest} characters.`)
  if (value.includes('\0')) throw new FilterError('malformed', 'A text of the CQL2 filter has a character 0, which no text in data has.')
  return value
}
