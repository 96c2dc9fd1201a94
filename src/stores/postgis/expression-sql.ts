import type { AttributeColumn, FeatureSource, GeometryColumn } from '#core/atlas.js'
import type { Expression, Scalar } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import { checkArity, functionOf } from '#filters/functions/index.js'
import { booleanOfText, numberOfText, numberPattern } from '#filters/numbers.js'
import { typeOf, type ValueType } from '#filters/value-type.js'
import { mapExpression } from '#filters/walk.js'
import { functionSql } from './function-sql.js'
import { quoted } from './identifiers.js'
import { NotInSql } from './not-in-sql.js'
import { attributeOf, type Values } from './sql.js'

/** What a filter is translated within. */
export interface SqlScope {
  readonly source: FeatureSource
  readonly values: Values
  /** Boxes are written in halves: see `bboxSql`. */
  readonly inHalves?: boolean
  filter(filter: Filter, scope: SqlScope): string
}

type Form = 'number' | 'text' | 'boolean'

/** What an expression is worth, by the rules that evaluation in memory follows too. */
export function sqlTypeOf(expression: Expression, { source }: SqlScope): ValueType {
  return typeOf(expression, columnsOf(source))
}

function columnsOf({ columns, geometries }: FeatureSource) {
  return [...columns, ...geometries.map(({ name }: GeometryColumn) => ({ name, kind: 'geometry' as const }))]
}

/** The attribute column that an expression is; undefined when it is something else. */
export function columnAt(expression: Expression, { source }: SqlScope): AttributeColumn | undefined {
  return expression.kind === 'property' ? source.columns.find(({ name }) => name === expression.name) : undefined
}

/** An expression as `float8`, `text` or `boolean`; null where it is no such thing. Throws NotInSql. */
export function expressionSql(expression: Expression, form: Form, scope: SqlScope): string {
  const inner = (one: Expression) => expressionSql(one, form, scope)
  switch (expression.kind) {
    case 'literal':
      return literalSql(expression.value, form, scope.values)
    case 'property':
      return columnSql(attributeOf(scope.source, expression.name), form, scope.values)
    case 'call': {
      const one = functionOf(expression.name)
      checkArity(one, expression.args.length, expression.name)
      if (arithmetic.has(one.name)) checkTame(expression)
      const sql = functionSql(one.name)
      const result = one.result === 'any' ? form : one.result
      if (!sql || !(result === form || (result === 'boolean' && form === 'text'))) throw new NotInSql(`the function ${one.name}`)
      const args = expression.args.map((arg, i) => {
        const type = one.parameters[Math.min(i, one.parameters.length - 1)]
        if (type === 'geometry') throw new NotInSql(`the function ${one.name}`)
        if (type === 'any') checkForm(arg, form, scope)
        return expressionSql(arg, type === 'any' ? form : type, scope)
      })
      return result === form ? sql(args, scope.values) : `(${sql(args, scope.values)})::text`
    }
    case 'choice': {
      checkForm(expression, form, scope)
      const cases = expression.cases.map(({ when, value }) => `WHEN ${scope.filter(when, scope)} THEN ${inner(value)}`)
      return `CASE ${cases.join(' ')} ELSE ${inner(expression.otherwise)} END`
    }
    case 'recode': {
      checkForm(expression, form, scope)
      checkShort(expression.input)
      const cases = expression.entries.map(([key, value]) => {
        const right: Expression = { kind: 'literal', value: key }
        const isIt = scope.filter({ kind: 'compare', operator: '=', left: expression.input, right }, scope)
        return `WHEN ${isIt} THEN ${inner(value)}`
      })
      if (sqlTypeOf(expression.input, scope) === 'any' || cases.length === 0) throw new NotInSql('such a recoding')
      return `CASE ${cases.join(' ')} ELSE ${inner(expression.otherwise)} END`
    }
    case 'step': {
      checkForm(expression, form, scope)
      checkShort(expression.input)
      const input = expressionSql(expression.input, 'number', scope)
      const operator = expression.isUpTo ? '<=' : '<'
      const bounds = expression.steps.map(([threshold], i) => {
        const value = i === 0 ? expression.first : expression.steps[i - 1]![1]
        return `WHEN ${input} ${operator} ${scope.values.bind(threshold)}::float8 THEN ${inner(value)}`
      })
      return `CASE WHEN ${input} IS NULL THEN NULL ${bounds.join(' ')} ELSE ${inner(expression.steps.at(-1)?.[1] ?? expression.first)} END`
    }
    default:
      throw new NotInSql(expression.kind === 'interpolation' ? 'interpolated values' : `the variable ${expression.name}`)
  }
}

const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', 'intdiv'])

/** A database fails the whole statement at a number that is too large or too small, so requests cannot make such numbers out of ordinary data. */
function checkTame(expression: Expression): void {
  let operations = 0
  mapExpression(expression, {
    expression(one) {
      if (one.kind === 'call' && arithmetic.has(functionOf(one.name).name)) operations++
      const size = one.kind === 'literal' ? Math.abs(Number(one.value)) : 0
      if (operations > 8 || size > 1e30 || (size > 0 && size < 1e-30)) throw new NotInSql('such a computation')
      return one
    },
  })
}

/** Operands that are said several times in one condition are short, for statements to stay so. */
export function checkShort(expression: Expression): void {
  let left = 20
  const count = (one: Expression): boolean =>
    --left >= 0 && (one.kind === 'property' || one.kind === 'literal' || (one.kind === 'call' && one.args.every(count)))
  if (!count(expression)) throw new NotInSql('so long a computation')
}

/** Branches of several types are compared row by row, which SQL does not do. */
function checkForm(expression: Expression, form: Form, scope: SqlScope): void {
  const type = sqlTypeOf(expression, scope)
  const forms: Partial<Record<ValueType, Form>> = {
    exact: 'number',
    number: 'number',
    'number-literal': 'number',
    text: 'text',
    word: 'text',
    boolean: 'boolean',
  }
  if (type !== 'null' && forms[type] !== form) throw new NotInSql('values of several types')
}

function literalSql(value: Scalar, form: Form, values: Values): string {
  switch (form) {
    case 'number': {
      const number = typeof value === 'string' ? numberOfText(value) : value === null ? null : Number(value)
      return `${values.bind(number)}::float8`
    }
    case 'boolean':
      return `${values.bind(typeof value === 'string' ? booleanOfText(value) : value === 1 ? true : value === 0 ? false : typeof value === 'boolean' ? value : null)}::boolean`
    case 'text': {
      const text = value === null ? null : String(value)
      return `${values.bind(text?.includes('\0') ? null : text)}::text`
    }
  }
}

function columnSql(column: AttributeColumn, form: Form, values: Values): string {
  const name = quoted(column.name)
  if (form === 'number') {
    // By way of text a number of 32 bits becomes the one that people see, 0.1 and not 0.10000000149011612.
    if (column.nativeType === 'real') return `${name}::text::float8`
    if (['integer', 'bigint', 'numeric', 'double'].includes(column.kind)) return `${name}::float8`
    if (column.kind === 'text') return `CASE WHEN ${name}::text ~ ${values.bind(numberPattern)} THEN ${name}::text::float8 END`
    throw new NotInSql(`the column ${column.name} as a number`)
  }
  if (form === 'boolean') {
    if (column.kind === 'boolean') return name
    throw new NotInSql(`the column ${column.name} as a truth value`)
  }
  switch (column.kind) {
    case 'double':
    case 'bytes':
    case 'geometry':
      throw new NotInSql(`the column ${column.name} as text`)
    case 'timestamp':
      return `replace(${name}::text, ' ', 'T')`
    case 'timestamptz':
      return `replace((${name} AT TIME ZONE 'UTC')::text, ' ', 'T') || 'Z'`
    default:
      return `${name}::text`
  }
}
