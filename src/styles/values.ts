import type { Expression, Scalar } from '#filters/expression.js'
import { isExpression } from './computed.js'
import type { Length, Value } from './style.js'

/** A value of the style as an expression. */
export function literal(value: Scalar): Expression {
  return { kind: 'literal', value }
}

/** A function of the table in `filters/functions/`. */
export function call(name: string, ...args: readonly Expression[]): Expression {
  return { kind: 'call', name, args }
}

/** Values of the style made literals; expressions stay. */
export function asExpression(value: Value<string | number | boolean>): Expression {
  return isExpression(value) ? value : literal(value)
}

/** A length in pixels, not on the ground. */
export function isInPixels(length: Length): length is Value<number> {
  return typeof length !== 'object' || length.kind !== 'ground'
}

export function times(a: Value<number>, b: Value<number>): Value<number> {
  if (!isExpression(a) && !isExpression(b)) return tidy(a * b)
  if (a === 1) return b
  if (b === 1) return a
  return a === 0 || b === 0 ? 0 : call('*', asExpression(a), asExpression(b))
}

/** A sum; computed at once where both are numbers. */
export function plus(a: Value<number>, b: Value<number>): Value<number> {
  if (!isExpression(a) && !isExpression(b)) return tidy(a + b)
  if (a === 0) return b
  return b === 0 ? a : call('+', asExpression(a), asExpression(b))
}

/** `length` times a number. */
export function timesLength(length: Length, factor: Value<number>): Length {
  return isInPixels(length) ? times(length, factor) : { kind: 'ground', metres: times(length.metres, factor) }
}

/** Without the last digits that arithmetic leaves: 0.30000000000000004. */
export function tidy(value: number): number {
  return Number(value.toPrecision(12))
}

/** The expression with each value it may result in replaced; undefined where `change` has no answer for one. */
export function mapResults(expression: Expression, change: (leaf: Expression) => Expression | undefined): Expression | undefined {
  const each = (inner: Expression) => mapResults(inner, change)
  const pairs = <K>(list: readonly (readonly [K, Expression])[]) => {
    const changed = list.map(([key, value]) => [key, each(value)] as const)
    return changed.some(([, value]) => value === undefined) ? undefined : (changed as readonly (readonly [K, Expression])[])
  }
  switch (expression.kind) {
    case 'choice': {
      const cases = pairs(expression.cases.map(({ when, value }) => [when, value] as const))
      const otherwise = each(expression.otherwise)
      return cases && otherwise && { kind: 'choice', cases: cases.map(([when, value]) => ({ when, value })), otherwise }
    }
    case 'recode': {
      const entries = pairs(expression.entries)
      const otherwise = each(expression.otherwise)
      return entries && otherwise && { ...expression, entries, otherwise }
    }
    case 'step': {
      const steps = pairs(expression.steps)
      const first = each(expression.first)
      return steps && first && { ...expression, steps, first }
    }
    case 'interpolation': {
      const stops = pairs(expression.stops)
      return stops && { ...expression, stops }
    }
    case 'call': {
      if (expression.name !== 'coalesce') return change(expression)
      const args = expression.args.map(each)
      return args.some(arg => arg === undefined) ? undefined : { ...expression, args: args as readonly Expression[] }
    }
    default:
      return change(expression)
  }
}
