import type { AttributeColumn } from '#core/atlas.js'
import { shortOf } from '#filters/compile-comparison.js'
import type { Expression, Scalar } from '#filters/expression.js'
import type { Comparison, Filter } from '#filters/filter.js'
import { instantOfText, instantSqlText, timeOfText } from '#filters/instants.js'
import { decimalOfText, numberOfText } from '#filters/numbers.js'
import { lowerCase } from '#filters/texts.js'
import { uuidOfText } from '#filters/uuids.js'
import { domainOf } from '#filters/value-type.js'
import { checkShort, columnAt, expressionSql, type SqlScope, sqlTypeOf } from './expression-sql.js'
import { quoted } from './identifiers.js'
import { NotInSql } from './not-in-sql.js'
import { isInt8, plainTextSql } from './sql.js'

/** What a comparison with null, or of things that cannot be compared, is. */
export const unknown = 'NULL::boolean'

const mirrored = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const

/** A comparison, in a type that the column's index serves. Throws NotInSql. */
export function comparisonSql(comparison: Comparison, scope: SqlScope): string {
  const { left, right, operator } = comparison
  if (left.kind === 'literal' && right.kind !== 'literal')
    return comparisonSql({ ...comparison, left: right, right: left, operator: mirrored[operator] }, scope)
  const domain = domainOf(sqlTypeOf(left, scope), sqlTypeOf(right, scope))
  switch (domain) {
    case 'nothing':
      return unknown
    case 'number':
    case 'exact':
    case 'instant':
    case 'time': {
      const column = columnAt(left, scope)
      const bound = column && right.kind === 'literal' ? boundTo(column, String(right.value)) : undefined
      if (column && bound === null) return unknown
      if (column && bound && column.kind !== 'text')
        return `${quoted(column.name)} ${operator} ${scope.values.bind(bound.text)}::${bound.type}`
      const side = domain === 'number' ? (one: Expression) => expressionSql(one, 'number', scope) : (one: Expression) => bareSql(one, scope)
      return `${side(left)} ${operator} ${side(right)}`
    }
    case 'boolean':
      return `${expressionSql(left, 'boolean', scope)} ${operator} ${expressionSql(right, 'boolean', scope)}`
    case 'text':
      return textComparisonSql(comparison, scope)
    case 'dynamic':
      throw new NotInSql('a comparison whose types are known row by row only')
  }
}

/** A literal as a value of the type in which a column is compared with it; null when it is no such value, undefined when it is not so simple. */
export function boundTo(
  { kind, nativeType }: AttributeColumn,
  text: string,
): { readonly text: string; readonly type: string } | null | undefined {
  switch (kind) {
    case 'integer':
    case 'bigint': {
      const decimal = decimalOfText(text)
      if (decimal === null) return null
      const whole = decimal.replace(/^\+/, '').replace(/\.0*$/, '')
      return isInt8(whole) ? { text: whole, type: 'int8' } : { text: decimal, type: 'numeric' }
    }
    case 'numeric': {
      const decimal = decimalOfText(text)
      return decimal === null ? null : { text: decimal, type: 'numeric' }
    }
    case 'double': {
      const number = numberOfText(text)
      if (number === null) return null
      const short = shortOf(number)
      const isShort = nativeType === 'real' && short === Math.fround(number)
      return { text: String(isShort ? short : number), type: isShort ? 'real' : 'float8' }
    }
    case 'date':
    case 'timestamp':
    case 'timestamptz': {
      const instant = instantOfText(text)
      if (instant === null) return null
      const written = instantSqlText(instant)
      return kind === 'timestamptz'
        ? { text: written.replace(/(?= BC$|$)/, '+00'), type: 'timestamptz' }
        : { text: written, type: 'timestamp' }
    }
    case 'time': {
      const time = timeOfText(text)
      return time === null ? null : { text: time, type: 'time' }
    }
    default:
      return undefined
  }
}

/** A column in its own type. */
function bareSql(expression: Expression, scope: SqlScope): string {
  const column = columnAt(expression, scope)
  if (column && column.kind !== 'text' && column.kind !== 'json') return quoted(column.name)
  throw new NotInSql('a date or time made of a text')
}

function textComparisonSql({ left, right, operator, ignoresCase }: Comparison, scope: SqlScope): string {
  const { values } = scope
  const column = columnAt(left, scope)
  const word = right.kind === 'literal' ? String(right.value) : undefined
  if (word?.includes('\0')) return unknown
  if (column && word !== undefined && !ignoresCase && (operator === '=' || operator === '<>')) {
    if (column.kind === 'uuid') {
      const uuid = uuidOfText(word)
      if (uuid) return `${quoted(column.name)} ${operator} ${values.bind(uuid)}::uuid`
    } else if (column.kind === 'text' && !word.endsWith(' ')) return `${plainTextSql(column)} ${operator} ${values.bind(word)}`
  }
  const side = (one: Expression) => expressionSql(one, 'text', scope)
  const uuid = column?.kind === 'uuid' && word !== undefined ? uuidOfText(word) : undefined
  const rightSql = word === undefined ? side(right) : `${values.bind(ignoresCase ? lowerCase(uuid ?? word) : (uuid ?? word))}::text`
  const [a, b] = ignoresCase ? [`lower(${side(left)})`, word === undefined ? `lower(${rightSql})` : rightSql] : [side(left), rightSql]
  return operator === '=' || operator === '<>' ? `${a} ${operator} ${b}` : `${a} COLLATE "C" ${operator} ${b}`
}

/** `operand` among `values`: one array, which an index serves, where they are all literals for a column. */
export function inSql({ operand, values: list }: Extract<Filter, { kind: 'in' }>, scope: SqlScope): string {
  const column = columnAt(operand, scope)
  const array =
    column && list.every(isLiteral)
      ? arrayOf(
          column,
          list.map(({ value }) => value),
        )
      : undefined
  if (!column || !array) {
    checkShort(operand)
    const parts = list.map(value => comparisonSql({ kind: 'compare', operator: '=', left: operand, right: value }, scope))
    return parts.length ? `(${parts.join(' OR ')})` : 'false'
  }
  const isAny = `${column.kind === 'text' ? plainTextSql(column) : quoted(column.name)} = ANY(${scope.values.bind(array.items)}::${array.type}[])`
  return array.items.length === list.length ? isAny : `(${isAny} OR ${unknown})`
}

const isLiteral = (expression: Expression) => expression.kind === 'literal'

/** Literals as one array of the type that a column is compared in, without those that are no such value; undefined where there is no one type. */
function arrayOf(
  column: AttributeColumn,
  values: readonly Scalar[],
): { readonly items: readonly string[]; readonly type: string } | undefined {
  if (column.kind === 'text') {
    const isOfTexts =
      /^(text|character varying\b.*)(?<!\[\])$/.test(column.nativeType) &&
      values.every(value => typeof value === 'string' || value === null)
    const items = values.filter(value => value !== null && !String(value).includes('\0')).map(String)
    return isOfTexts ? { items, type: 'text' } : undefined
  }
  if (column.kind !== 'integer' && column.kind !== 'bigint') return undefined
  const bounds = values.flatMap(value => (value === null ? [] : (boundTo(column, String(value)) ?? [])))
  return { items: bounds.map(bound => bound.text), type: bounds.every(({ type }) => type === 'int8') ? 'int8' : 'numeric' }
}
