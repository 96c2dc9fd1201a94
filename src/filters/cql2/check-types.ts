import type { ColumnKind } from '#rows/batch.js'
import { comparisonOf } from '../comparison-signs.js'
import type { Expression } from '../expression.js'
import type { Filter, ListFilter, ListLiteral, ListOperand } from '../filter.js'
import { FilterError, quotedName } from '../filter-error.js'
import { functionOf, type ParameterType } from '../functions/index.js'
import { instantOfText } from '../instants.js'
import { columnOf } from '../value-type.js'
import { mapFilter } from '../walk.js'

/** What a filter is asked of, the types of its columns told; `nativeType` as PostgreSQL spells it tells lists from texts. */
export interface Cql2Table {
  readonly columns: readonly { readonly name: string; readonly kind: ColumnKind; readonly nativeType?: string }[]
  readonly geometries: readonly { readonly name: string }[]
}

/** What CQL2 tells apart; `unknown` fits everywhere. */
type Type = 'text' | 'number' | 'boolean' | 'moment' | 'time' | 'list' | 'json' | 'bytes' | 'geometry' | 'unknown'

const nouns: Readonly<Record<Type, string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'a truth value',
  moment: 'a date or time',
  time: 'a time of day',
  list: 'a list',
  json: 'JSON',
  bytes: 'bytes',
  geometry: 'a geometry',
  unknown: 'a value',
}

const cures: Readonly<Record<Type, string>> = {
  text: "a text such as 'abc' would work",
  number: 'a number such as 4.5 would work',
  boolean: 'true or false would work',
  moment: "DATE('2024-02-29') or TIMESTAMP('2024-02-29T12:00:00Z') would work",
  time: "a text such as '12:30:00' would work",
  list: "a function such as A_CONTAINS with a list such as ('a', 'b') would work",
  json: 'IS NULL would work, and A_CONTAINS where it holds lists',
  bytes: 'IS NULL would work',
  geometry: 'a function such as S_INTERSECTS would work',
  unknown: 'another value would work',
}

/**
 * Throws the FilterError of a settled CQL2 filter whose types do not fit, where the languages that came before it convert: both sides of a comparison
 * are of one type (OGC 21-065r2, /req/basic-cql2/binary-comparison-predicate). One cast there is: a text that spells a moment, beside a moment.
 */
export function checkTypes(filter: Filter, table: Cql2Table): void {
  mapFilter(filter, {
    filter(one) {
      checkFilter(one, table)
      return one
    },
    expression(one) {
      if (one.kind === 'call') checkCall(one, table)
      return one
    },
  })
}

function checkFilter(one: Filter, table: Cql2Table): void {
  switch (one.kind) {
    case 'compare':
      checkPair(one.left, one.right, table)
      return
    case 'between':
      for (const bound of [one.lower, one.upper]) checkPair(one.operand, bound, table)
      return
    case 'in':
      for (const value of one.values) checkPair(one.operand, value, table)
      return
    case 'like': {
      const type = typeOf(one.operand, table)
      if (type !== 'text' && type !== 'unknown')
        refuse(one.operand, `${said(one.operand, type)}, and LIKE is of texts; ${comparisonHint[type] ?? cures[type]}.`)
      return
    }
    case 'lists':
      checkLists(one, table)
  }
}

const comparisonHint: Partial<Record<Type, string>> = { number: '= and BETWEEN would work', moment: 'T_INTERSECTS and T_AFTER would work' }

/** What can be in order, or equal. */
const comparable: ReadonlySet<Type> = new Set<Type>(['text', 'number', 'boolean', 'moment', 'time', 'unknown'])

function checkPair(left: Expression, right: Expression, table: Cql2Table): void {
  const [a, b] = [typeOf(left, table), typeOf(right, table)]
  const one = comparable.has(a) ? undefined : { expression: left, type: a }
  const odd = one ?? (comparable.has(b) ? undefined : { expression: right, type: b })
  if (odd) refuse(odd.expression, `${said(odd.expression, odd.type)} and is not compared; ${cures[odd.type]}.`)
  if (a === b || a === 'unknown' || b === 'unknown' || isCast(left, b) || isCast(right, a)) return
  // the one that is no literal says what is wanted
  const [wanted, given] = left.kind === 'literal' ? [right, left] : [left, right]
  const type = typeOf(wanted, table)
  refuse(wanted, `${said(wanted, type)} and is compared with ${saidShort(given, typeOf(given, table))}; ${cures[type]}.`)
}

function isCast(literal: Expression, other: Type): boolean {
  if (literal.kind !== 'literal' || typeof literal.value !== 'string' || literal.type !== undefined) return false
  return other === 'time' || (other === 'moment' && instantOfText(literal.value) !== null)
}

function checkCall({ name, args }: Extract<Expression, { kind: 'call' }>, table: Cql2Table): void {
  const { parameters, name: canonical } = functionOf(name)
  args.forEach((arg, i) => {
    const type = typeOf(arg, table)
    const wanted = parameters[Math.min(i, parameters.length - 1)]!
    if (type !== 'unknown' && !fits(type, wanted, canonical))
      refuse(arg, `${said(arg, type)}, and ${quotedName(name)} wants ${nouns[wanted === 'any' ? 'unknown' : wanted]} there.`)
  })
}

/** Functions that CQL2 itself says to be of texts; others write numbers and dates as texts. */
const ofTexts: ReadonlySet<string> = new Set(['casei', 'accenti'])

function fits(type: Type, wanted: ParameterType, name: string): boolean {
  if (wanted === 'geometry') return type === 'geometry'
  if (wanted === 'any' || (wanted === 'text' && !ofTexts.has(name))) return comparable.has(type) || type === 'json'
  return type === wanted
}

function checkLists({ left, right }: ListFilter, table: Cql2Table): void {
  for (const side of [left, right]) {
    const type = side.kind === 'property' ? typeOf(side, table) : 'list'
    if (side.kind === 'property' && type !== 'list' && type !== 'json' && type !== 'unknown')
      refuse(side, `${said(side, type)} and no list; ${cures[type]}.`)
  }
  for (const [column, list] of [[left, right], [right, left]] as const) if (column.kind === 'property' && list.kind === 'list') checkItems(column, list, table) // biome-ignore format: short
}

function checkItems(column: Extract<ListOperand, { kind: 'property' }>, { items }: ListLiteral, table: Cql2Table): void {
  const wanted = typeOfItems(column.name, table)
  if (wanted === undefined) return
  for (const item of items) {
    const type = item.kind === 'list' ? 'list' : typeOf(item, table)
    if (type !== wanted && type !== 'unknown' && !(item.kind !== 'list' && isCast(item, wanted)))
      refuse(column, `The items of ${quotedName(column.name)} are not of the type of ${nouns[type]}; ${cures[wanted]}.`)
  }
}

const itemTypes: readonly (readonly [RegExp, Type])[] = [
  [/^(smallint|integer|bigint|real|double precision|numeric.*)\[\]$/, 'number'],
  [/^(text|character.*|uuid|name)\[\]$/, 'text'],
  [/^boolean\[\]$/, 'boolean'],
  [/^(date|timestamp.*)\[\]$/, 'moment'],
]

/** Undefined where a list may hold anything, or it is not known. */
function typeOfItems(name: string, { columns }: Cql2Table): Type | undefined {
  const native = columns.find(column => column.name === name)?.nativeType ?? ''
  return itemTypes.find(([pattern]) => pattern.test(native))?.[1]
}

const types: Readonly<Record<ColumnKind, Type>> = {
  text: 'text',
  uuid: 'text',
  integer: 'number',
  bigint: 'number',
  double: 'number',
  numeric: 'number',
  boolean: 'boolean',
  date: 'moment',
  timestamp: 'moment',
  timestamptz: 'moment',
  time: 'time',
  json: 'json',
  bytes: 'bytes',
  geometry: 'geometry',
}

function typeOf(expression: Expression, { columns, geometries }: Cql2Table): Type {
  switch (expression.kind) {
    case 'literal': {
      const { value, type } = expression
      if (type !== undefined) return type === 'number' ? 'number' : 'moment'
      return value === null ? 'unknown' : typeof value === 'string' ? 'text' : (typeof value as 'number' | 'boolean')
    }
    case 'property': {
      if (geometries.some(({ name }) => name === expression.name)) return 'geometry'
      const { kind, nativeType } = columnOf<Cql2Table['columns'][number]>(columns, expression.name)
      return nativeType?.endsWith('[]') ? 'list' : types[kind]
    }
    case 'call': {
      const { result } = functionOf(expression.name)
      return result === 'any' ? 'unknown' : result
    }
    // conditions as values
    case 'choice':
      return 'boolean'
    default:
      return 'unknown'
  }
}

function said(expression: Expression, type: Type): string {
  if (expression.kind === 'property') return `${quotedName(expression.name)} is ${nouns[type]}`
  if (expression.kind === 'call') return `${comparisonOf(expression.name) ? 'This' : quotedName(expression.name)} makes ${nouns[type]}`
  return `There is ${saidShort(expression, type)}`
}

function saidShort(expression: Expression, type: Type): string {
  if (expression.kind === 'property') return `${quotedName(expression.name)}, ${nouns[type]}`
  if (expression.kind !== 'literal') return nouns[type]
  const { value } = expression
  return type === 'text' ? `the text '${String(value).slice(0, 40)}'` : `${nouns[type]}, ${String(value).slice(0, 40)}`
}

function refuse(at: Expression | ListOperand, message: string): never {
  const locator = at.kind === 'property' || at.kind === 'call' ? at.name : undefined
  throw new FilterError('malformed', message, { ...(locator !== undefined && { locator }) })
}
