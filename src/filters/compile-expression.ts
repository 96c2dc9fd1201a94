import type { RowSchema } from '#rows/batch.js'
import { columnIndex, type RowView } from '#rows/row-view.js'
import { compareScalars } from './compare-scalars.js'
import type { Truth } from './compile-filter.js'
import { entryOf } from './entry-of.js'
import type { Expression, Scalar } from './expression.js'
import type { Filter } from './filter.js'
import { FilterError } from './filter-error.js'
import { checkArity, type FilterFunction, functionOf, type ParameterType } from './functions/index.js'
import { interpolated } from './interpolate.js'
import { booleanOfText, numberOfText } from './numbers.js'
import { readNumber, readScalar, readText } from './read-column.js'
import { columnOf, typeOf } from './value-type.js'

/** What the map is, by name: `scaleDenominator`, `zoom`, …; variables of the request in lower case, found by names in any. */
export type Environment = Readonly<Record<string, Scalar>>

/** What is worked out for one row; made once, called for each. */
export type Read<T> = (row: RowView) => T

/** What expressions are compiled against. */
export interface Scope {
  readonly schema: RowSchema
  readonly environment: Environment
  /** Expressions that are computed once a row for several uses. */
  readonly known?: ReadonlyMap<Expression, Read<Scalar>>
  filter(filter: Filter, scope: Scope): Read<Truth>
}

/** An expression as a function of a row: its value as it is. Throws FilterError. */
export function scalarOf(expression: Expression, scope: Scope): Read<Scalar> {
  const known = scope.known?.get(expression)
  if (known) return known
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression
      return () => value
    }
    case 'property': {
      const column = columnOf(scope.schema.columns, expression.name)
      if (column.kind === 'geometry')
        throw new FilterError('unsupported', `The geometry ${column.name} is no value; area, geomLength or geometryType make one of it.`, {
          locator: column.name,
        })
      return readScalar(column, columnIndex(scope.schema.columns, column.name))
    }
    case 'environment': {
      const { name, otherwise = null } = expression
      const value = entryOf(scope.environment, name) ?? entryOf(scope.environment, name.toLowerCase()) ?? otherwise
      return () => value
    }
    case 'call':
      return callOf(functionOf(expression.name), expression.args, expression.name, scope)
    case 'choice': {
      const cases = expression.cases.map(({ when, value }) => ({ when: scope.filter(when, scope), value: scalarOf(value, scope) }))
      const otherwise = scalarOf(expression.otherwise, scope)
      return row => {
        for (const { when, value } of cases) if (when(row)) return value(row)
        return otherwise(row)
      }
    }
    case 'recode': {
      const input = scalarOf(expression.input, scope)
      const entries = expression.entries.map(([key, value]) => ({ key, value: scalarOf(value, scope) }))
      const otherwise = scalarOf(expression.otherwise, scope)
      return row => {
        const value = input(row)
        for (const entry of entries) if (compareScalars(value, entry.key) === 0) return entry.value(row)
        return otherwise(row)
      }
    }
    case 'step': {
      const input = numberOf(expression.input, scope)
      const first = scalarOf(expression.first, scope)
      const steps = expression.steps.map(([threshold, value]) => ({ threshold, value: scalarOf(value, scope) }))
      const { isUpTo } = expression
      return row => {
        const at = input(row)
        if (at === null) return null
        let value = first
        for (const step of steps) if (isUpTo ? at > step.threshold : at >= step.threshold) value = step.value
        return value(row)
      }
    }
    case 'interpolation': {
      const input = numberOf(expression.input, scope)
      const stops = expression.stops.map(([at, value]) => ({ at, value: scalarOf(value, scope) }))
      return row => {
        const at = input(row)
        return at === null ? null : interpolated(expression, at, stops, row)
      }
    }
  }
}

/** As a number; null when it is none. */
export function numberOf(expression: Expression, scope: Scope): Read<number | null> {
  if (expression.kind === 'property') {
    const { columns } = scope.schema
    const type = typeOf(expression, columns)
    if (type === 'exact' || type === 'number') return readNumber(columnIndex(columns, expression.name))
  }
  const value = scalarOf(expression, scope)
  if (expression.kind === 'literal') {
    const number = toNumber(expression.value)
    return () => number
  }
  return row => toNumber(value(row))
}

/** As text; numbers are written as databases do. */
export function textOf(expression: Expression, scope: Scope): Read<string | null> {
  if (expression.kind === 'property') {
    const column = columnOf(scope.schema.columns, expression.name)
    if (column.kind !== 'geometry') return readText(column, columnIndex(scope.schema.columns, column.name))
  }
  const value = scalarOf(expression, scope)
  return row => {
    const text = value(row)
    return text === null ? null : String(text)
  }
}

/** As a truth value; null when it is none. */
export function booleanOf(expression: Expression, scope: Scope): Read<Truth> {
  const value = scalarOf(expression, scope)
  return row => toBoolean(value(row))
}

const toNumber = (value: Scalar) =>
  typeof value === 'number' || value === null ? value : typeof value === 'string' ? numberOfText(value) : Number(value)

const toBoolean = (value: Scalar) =>
  typeof value === 'boolean' || value === null
    ? value
    : typeof value === 'string'
      ? booleanOfText(value)
      : value === 1
        ? true
        : value === 0
          ? false
          : null

function callOf(one: FilterFunction, args: readonly Expression[], asked: string, scope: Scope): Read<Scalar> {
  checkArity(one, args.length, asked)
  const reads = args.map((arg, i) => argumentOf(arg, one.parameters[Math.min(i, one.parameters.length - 1)], asked, scope))
  const { evaluate, takesNull } = one
  return row => {
    const values = new Array<Scalar | Uint8Array>(reads.length)
    for (let i = 0; i < reads.length; i++) {
      const value = reads[i](row)
      if (value === null && !takesNull) return null
      values[i] = value
    }
    return evaluate(values)
  }
}

function argumentOf(arg: Expression, type: ParameterType, asked: string, scope: Scope): Read<Scalar | Uint8Array> {
  switch (type) {
    case 'number':
      return numberOf(arg, scope)
    case 'text':
      return textOf(arg, scope)
    case 'boolean':
      return booleanOf(arg, scope)
    case 'any':
      return scalarOf(arg, scope)
    case 'geometry': {
      const columns = scope.schema.columns
      const column = arg.kind === 'property' ? columnOf(columns, arg.name) : undefined
      if (column?.kind !== 'geometry')
        throw new FilterError('malformed', `The function ${asked} wants the name of a geometry column.`, { locator: asked })
      const index = columnIndex(columns, column.name)
      return row => row.bytes(index) ?? null
    }
  }
}
