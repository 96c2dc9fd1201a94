import type { Expression, Scalar } from '#filters/expression.js'
import { unread } from '../unread-part.js'
import { plainCalls } from './operators.js'
import { writeFilter } from './write-filter.js'

/** An expression of MapLibre, as JSON. */
export type Json = string | number | boolean | null | readonly Json[]

const operatorOf = new Map(Object.entries(plainCalls).map(([operator, { name }]) => [name, operator]))

/** The MapLibre expression that computes the same. Throws UnreadPart for what it has no words for. `number` and `text` say what a property has to be. */
export function writeExpression(expression: Expression, as: 'number' | 'text' | 'color' | 'any'): Json {
  const inner = (one: Expression) => writeExpression(one, as)
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'property':
      return typed(['get', expression.name], as)
    case 'environment':
      return expression.name === 'zoom' ? ['zoom'] : unread(`${expression.name} of the map`)
    case 'choice':
      return ['case', ...expression.cases.flatMap(({ when, value }) => [writeFilter(when), inner(value)]), inner(expression.otherwise)]
    case 'recode':
      return recode(expression, inner)
    case 'step':
      if (expression.isUpTo) return unread('classes that end with their threshold')
      return [
        'step',
        writeExpression(expression.input, 'number'),
        inner(expression.first),
        ...expression.steps.flatMap(([at, value]) => [at, inner(value)]),
      ]
    case 'interpolation': {
      const { base = 1, input, stops } = expression
      const how: Json = base === 1 ? ['linear'] : base === 'cosine' ? ['cubic-bezier', 0.37, 0, 0.63, 1] : ['exponential', base]
      return ['interpolate', how, writeExpression(input, 'number'), ...stops.flatMap(([at, value]) => [at, inner(value)])]
    }
    case 'call':
      return writeCall(expression, as)
  }
}

function typed(get: Json, as: string): Json {
  if (as === 'number') return ['to-number', get]
  if (as === 'color') return ['to-color', get]
  return as === 'text' ? ['to-string', get] : get
}

/** Keys of one type are those of a `match`; others are compared one by one. */
function recode({ input, entries, otherwise }: Expression & { kind: 'recode' }, inner: (one: Expression) => Json): Json {
  if (entries.length === 0) return inner(otherwise)
  const isText = entries.every(([key]) => typeof key === 'string')
  const isWhole = entries.every(([key]) => Number.isSafeInteger(key))
  const value = writeExpression(input, 'any')
  if (!isText && !isWhole) return ['case', ...entries.flatMap(([key, result]) => [['==', value, key], inner(result)]), inner(otherwise)]
  const met = new Set<Scalar>()
  const once = entries.filter(([key]) => !met.has(key) && met.add(key))
  return ['match', value, ...once.flatMap(([key, result]) => [key as Json, inner(result)]), inner(otherwise)]
}

function writeCall({ name, args }: Expression & { kind: 'call' }, as: 'number' | 'text' | 'color' | 'any'): Json {
  const each = (type: typeof as) => args.map(arg => writeExpression(arg, type))
  switch (name) {
    case 'concat':
      return ['concat', ...each('text')]
    case 'coalesce':
      return ['coalesce', ...args.map(arg => (arg.kind === 'property' ? ['get', arg.name] : writeExpression(arg, as)))]
    case 'parseDouble':
      return ['to-number', ...each('any')]
    case 'to_string':
      return ['to-string', ...each('any')]
    case 'upper':
    case 'lower':
      return [name === 'upper' ? 'upcase' : 'downcase', ...each('text')]
    case 'strLength':
      return ['length', ...each('text')]
    case 'index-of':
      return ['index-of', ...each('text')]
    case 'slice':
      return ['slice', ...args.map((arg, i) => writeExpression(arg, i === 0 ? 'text' : 'number'))]
    case 'numberFormat': {
      const [pattern, number] = args
      const [, digits = ''] =
        pattern?.kind === 'literal' ? String(pattern.value).split('.') : unread('numbers in a pattern that is computed')
      const options = { 'min-fraction-digits': digits.lastIndexOf('0') + 1, 'max-fraction-digits': digits.length }
      return ['number-format', writeExpression(number, 'number'), options as unknown as Json]
    }
    case 'geometryType':
      return ['geometry-type']
    default: {
      const operator = operatorOf.get(name) ?? unread(`the function ${name}`)
      const { least, most } = plainCalls[operator]
      if (args.length < least || args.length > most) unread(`the function ${name} of ${args.length} values`)
      return [operator, ...each('number')]
    }
  }
}
