import { comparisonOf } from '../comparison-signs.js'
import { entryOf } from '../entry-of.js'
import type { Expression } from '../expression.js'
import type { Filter, GeometryOperand, LikePart, ListFilter, ListLiteral, ListOperand, SpatialFilter } from '../filter.js'
import { FilterError, quotedName } from '../filter-error.js'
import { checkArity, functionOf } from '../functions/index.js'
import { mirroredOperator } from '../spatial-words.js'
import { expressionOf, filterOf, type Operand, ofTruth, ofValue } from './operand.js'
import { type TemporalOperand, temporalFunctions, temporalRelation } from './temporal-relation.js'

type Operation = (args: readonly Operand[], name: string) => Operand

/**
 * What an operator or function of CQL2 makes of its operands, by the name that the JSON encoding has for it, in any case; the text encoding says
 * the same in signs and words. Other names are functions of the table. LIKE has a function of its own, for its pattern is no operand. Throws FilterError.
 */
export function operation(name: string, args: readonly Operand[]): Operand {
  const known = entryOf(operations, name.toLowerCase())
  if (!known) return call(name, args)
  const [fewest, most, make] = known
  if (args.length < fewest || args.length > most) {
    const wanted = fewest === most ? `${fewest}` : `${fewest} or more`
    throw new FilterError('malformed', `${quotedName(name)} has ${args.length} operands; it wants ${wanted}.`, { locator: name })
  }
  return make(args, name)
}

/** A text that is like a pattern; in three values, as all comparisons. */
export function likeFilter(operand: Operand, pattern: readonly LikePart[]): Operand {
  return ofTruth({ kind: 'like', operand: expressionOf(operand, 'before LIKE'), pattern })
}

const comparison: Operation = ([left, right], name) =>
  ofTruth({ kind: 'compare', operator: comparisonOf(name)!, left: valueBeside(left!, name), right: valueBeside(right!, name) })

const valueBeside = (operand: Operand, name: string) => expressionOf(operand, `beside ${name}`)

const calling =
  (called: string): Operation =>
  (args, name) =>
    ofValue({ kind: 'call', name: called, args: args.map(arg => valueBeside(arg, name)) })

const relations = ['intersects', 'equals', 'disjoint', 'touches', 'within', 'overlaps', 'crosses', 'contains'] as const
const ofLists: Readonly<Record<string, ListFilter['operator']>> = {
  a_equals: 'equals',
  a_contains: 'contains',
  a_containedby: 'within',
  a_overlaps: 'overlaps',
}

const two = (make: Operation) => [2, 2, make] as const
const entries = (names: readonly string[], make: Operation) => Object.fromEntries(names.map(name => [name, two(make)]))

const operations: Readonly<Record<string, readonly [fewest: number, most: number, make: Operation]>> = {
  and: [2, Number.POSITIVE_INFINITY, args => ofTruth({ kind: 'and', all: args.map(filterOf) })],
  or: [2, Number.POSITIVE_INFINITY, args => ofTruth({ kind: 'or', any: args.map(filterOf) })],
  not: [1, 1, ([arg]) => ofTruth({ kind: 'not', filter: filterOf(arg!) })],
  ...entries(['=', '<>', '<', '<=', '>', '>='], comparison),
  between: [3, 3, between],
  in: two(among),
  isnull: [1, 1, ([arg]) => ofTruth(isNull(arg!))],
  casei: [1, 1, calling('casei')],
  accenti: [1, 1, calling('accenti')],
  ...Object.fromEntries(['+', '-', '*', '/', '%', '^'].map(sign => [sign, two(calling(sign))])),
  div: two(calling('intdiv')),
  ...Object.fromEntries(relations.map(operator => [`s_${operator}`, two(args => spatial(operator, args))])),
  ...entries(temporalFunctions, ([a, b], name) =>
    ofTruth(temporalRelation(name.toLowerCase(), temporalOf(a!, name), temporalOf(b!, name))),
  ),
  ...entries(Object.keys(ofLists), ([a, b], name) =>
    ofTruth({ kind: 'lists', operator: ofLists[name.toLowerCase()]!, left: listOf(a!, name), right: listOf(b!, name) }),
  ),
}

function between([operand, lower, upper]: readonly Operand[]): Operand {
  const value = (one: Operand) => expressionOf(one, 'in BETWEEN')
  return ofTruth({ kind: 'between', operand: value(operand!), lower: value(lower!), upper: value(upper!) })
}

function among([operand, list]: readonly Operand[]): Operand {
  if (list!.kind !== 'list' || list!.items.length === 0)
    throw new FilterError('malformed', 'IN wants a list of one value or more behind it.', { locator: 'in' })
  return ofTruth({
    kind: 'in',
    operand: expressionOf(operand!, 'before IN'),
    values: list!.items.map(item => expressionOf(item, 'in a list of IN')),
  })
}

/** What is written out is never null. */
function isNull(operand: Operand): Filter {
  if (operand.kind === 'value' || operand.kind === 'truth') return { kind: 'isNull', operand: expressionOf(operand, 'before IS NULL') }
  return { kind: 'constant', value: false }
}

function spatial(operator: SpatialFilter['operator'], args: readonly Operand[]): Operand {
  const [left, right] = args.map(arg => geometryOf(arg, operator)) as [GeometryOperand, GeometryOperand]
  if (left.kind === 'property' && right.kind === 'literal')
    return ofTruth({ kind: 'spatial', operator, property: left.name, geometry: right.geometry })
  if (left.kind === 'literal' && right.kind === 'property')
    return ofTruth({ kind: 'spatial', operator: mirroredOperator(operator), property: right.name, geometry: left.geometry })
  return ofTruth({ kind: 'geometries', operator, left, right })
}

function geometryOf(operand: Operand, operator: string): GeometryOperand {
  if (operand.kind === 'geometry') return { kind: 'literal', geometry: operand.geometry }
  if (operand.kind === 'value' && operand.value.kind === 'property') return { kind: 'property', name: operand.value.name }
  const asked =
    operand.kind === 'value' && operand.value.kind === 'call'
      ? `${quotedName(operand.value.name)} makes no geometry`
      : 'This is no geometry'
  throw new FilterError('malformed', `${asked}: S_${operator.toUpperCase()} wants a geometry column, a geometry or a BBOX on either side.`)
}

function temporalOf(operand: Operand, name: string): TemporalOperand {
  if (operand.kind === 'interval') return { kind: 'interval', ...operand.interval }
  const moment = expressionOf(operand, `in ${name.toUpperCase()}`)
  if (operand.kind === 'truth' || (moment.kind === 'literal' && moment.type !== 'date' && moment.type !== 'timestamp'))
    throw new FilterError(
      'malformed',
      `${name.toUpperCase()} wants moments and intervals: properties, DATE('2024-02-29'), TIMESTAMP('2024-02-29T12:00:00Z') or INTERVAL(begin, end).`,
      { locator: name },
    )
  return { kind: 'instant', moment }
}

/** Most items of a list: each is looked for among those of each row. */
const mostItems = 1000

function listOf(operand: Operand, name: string): ListOperand {
  if (operand.kind === 'list') return listLiteral(operand.items)
  if (operand.kind === 'value' && operand.value.kind === 'property') return { kind: 'property', name: operand.value.name }
  throw new FilterError('malformed', `${name.toUpperCase()} wants a column of lists, or a list such as ('a', 'b'), on either side.`, {
    locator: name,
  })
}

function listLiteral(items: readonly Operand[]): ListLiteral {
  if (items.length > mostItems)
    throw new FilterError('too-large', `A list of the filter has ${items.length} items; ${mostItems} are the most.`)
  return {
    kind: 'list',
    items: items.map(item => {
      if (item.kind === 'list') return listLiteral(item.items)
      if (item.kind === 'geometry' || item.kind === 'interval')
        throw new FilterError(
          'unsupported',
          'Lists of geometries and of intervals are not compared; lists of texts, numbers, truth values, dates and lists are.',
        )
      return expressionOf(item, 'in a list')
    }),
  }
}

function call(name: string, args: readonly Operand[]): Operand {
  checkArity(functionOf(name), args.length, name)
  return ofValue({ kind: 'call', name, args: args.map((arg): Expression => expressionOf(arg, `in the function ${quotedName(name)}`)) })
}
