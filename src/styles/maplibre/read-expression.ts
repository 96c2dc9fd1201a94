import type { Expression, Scalar } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import { isLargerThan } from '#filters/tree-size.js'
import { UnreadPart, unread } from '../unread-part.js'
import { call, literal } from '../values.js'
import { easedStops } from './cubic-bezier.js'
import { any, constantColor, numberPattern, plainCalls } from './operators.js'
import { isCondition, readCondition } from './read-condition.js'

/** What a value is wanted as: colours are mixed otherwise than numbers. */
export type Wanted = 'number' | 'color' | 'text'

/** Where an expression stands: its variables, and what is left of the size allowed. */
export interface Scope {
  readonly variables: ReadonlyMap<string, { readonly expression: Expression; readonly size: number }>
  readonly depth: number
  readonly budget: { left: number }
  /** Takes what is read but not kept as it was. */
  readonly note: (message: string) => void
}

/** Nodes of one expression, with variables put in for their names, and levels of nesting. */
const most = 20_000
const deepest = 60

/** The scope of a whole expression. */
export function newScope(note: (message: string) => void = () => {}): Scope {
  return { variables: new Map(), depth: 0, budget: { left: most }, note }
}

/** The geometry of the row, as functions of geometry take it; `''` is the default one, as in spatial filters. */
const rowGeometry: Expression = { kind: 'property', name: '' }

/** An expression of the MapLibre Style Specification. Throws UnreadPart with the operator that has no counterpart. */
export function readExpression(json: unknown, wanted: Wanted, outer: Scope = newScope()): Expression {
  const expression = read(json, wanted, outer)
  return outer.depth === 0 ? bounded(expression) : expression
}

/** Some parts stand in two places: each level of these doubles the tree. */
export function bounded<T extends Expression | Filter>(tree: T): T {
  return isLargerThan(tree, 5 * most) ? unread(`an expression of more than ${5 * most} parts`) : tree
}

function read(json: unknown, wanted: Wanted, outer: Scope): Expression {
  const scope = deeper(outer)
  if (json === null || typeof json === 'string' || typeof json === 'boolean') return literal(json)
  if (typeof json === 'number') return Number.isFinite(json) ? literal(json) : unread('a number that is not finite')
  if (!Array.isArray(json)) return unread('an object where an expression was expected')
  const [operator, ...args] = json
  if (typeof operator !== 'string') return unread('a list that does not begin with an operator')
  if (isCondition(operator)) return truth(json, scope)
  const simple = plainCalls[operator]
  if (simple) return plainCall(operator, args, simple, scope)
  if (wantsArguments.has(operator) && (args.length === 0 || args.length > any)) unread(`${operator} with ${args.length} arguments`)
  if (Object.hasOwn(readers, operator)) return readers[operator](args, wanted, scope)
  return unread(`the operator ${JSON.stringify(operator.slice(0, 40))}`)
}

function deeper(scope: Scope): Scope {
  if (--scope.budget.left < 0) throw new UnreadPart(`an expression of more than ${most} parts`)
  if (scope.depth >= deepest) throw new UnreadPart(`an expression nested deeper than ${deepest} levels`)
  return { ...scope, depth: scope.depth + 1 }
}

const truth = (json: unknown, scope: Scope): Expression => ({
  kind: 'choice',
  cases: [{ when: readCondition(json, true, scope), value: literal(true) }],
  otherwise: literal(false),
})

function plainCall(
  operator: string,
  args: readonly unknown[],
  { name, least, most }: (typeof plainCalls)[string],
  scope: Scope,
): Expression {
  if (args.length < least || args.length > most) unread(`${operator} with ${args.length} arguments`)
  return call(name, ...args.map(arg => readExpression(arg, 'number', scope)))
}

type Reader = (args: readonly unknown[], wanted: Wanted, scope: Scope) => Expression

const readers: Readonly<Record<string, Reader>> = {
  literal: ([value]) => (isScalar(value) ? literal(value) : unread('a list or object as a value')),
  get: args => ({ kind: 'property', name: args.length === 1 ? nameOf(args[0]) : unread('get from an object') }),
  zoom: () => ({ kind: 'environment', name: 'zoom' }),
  pi: () => literal(Math.PI),
  e: () => literal(Math.E),
  ln2: () => literal(Math.LN2),
  let: readLet,
  var([name], _, scope) {
    const variable = scope.variables.get(nameOf(name)) ?? unread(`the variable ${String(name).slice(0, 40)}, which is nowhere set`)
    scope.budget.left -= variable.size
    if (scope.budget.left < 0) unread(`an expression of more than ${most} parts`)
    return variable.expression
  },
  case(args, wanted, scope) {
    if (args.length % 2 === 0 || args.length < 3) unread(`case with ${args.length} arguments`)
    return {
      kind: 'choice',
      cases: pairs(args.slice(0, -1)).map(([when, value]) => ({
        when: readCondition(when, true, scope),
        value: readExpression(value, wanted, scope),
      })),
      otherwise: readExpression(args.at(-1), wanted, scope),
    }
  },
  match(args, wanted, scope) {
    if (args.length % 2 === 1 || args.length < 4) unread(`match with ${args.length} arguments`)
    return {
      kind: 'recode',
      input: readExpression(args[0], 'text', scope),
      entries: pairs(args.slice(1, -1)).flatMap(([labels, output]) => {
        const value = readExpression(output, wanted, scope)
        return (Array.isArray(labels) ? labels : [labels]).map(
          label => [isScalar(label) ? label : unread('a label of match'), value] as const,
        )
      }),
      otherwise: readExpression(args.at(-1), wanted, scope),
    }
  },
  step([input, first, ...rest], wanted, scope) {
    return {
      kind: 'step',
      input: readExpression(input, 'number', scope),
      first: readExpression(first, wanted, scope),
      steps: risingStops(rest).map(([at, value]) => [at, readExpression(value, wanted, scope)] as const),
    }
  },
  interpolate: readInterpolation,
  coalesce: (args, wanted, scope) => call('coalesce', ...args.map(arg => readExpression(arg, wanted, scope))),
  concat: (args, _, scope) => joined(args.map(arg => readExpression(arg, 'text', scope))),
  'to-string': ([arg], _, scope) => call('concat', readExpression(arg, 'text', scope)),
  'to-number'(args, _, scope) {
    const values = args.map(arg => readExpression(arg, 'number', scope))
    if (values.length > 1) return call('coalesce', ...values.map(value => call('parseDouble', value)))
    // Nothing is 0, which coalesce cannot say: what is no number is not.
    const [value] = values
    return {
      kind: 'choice',
      cases: [{ when: { kind: 'isNull', operand: value }, value: literal(0) }],
      otherwise: call('parseDouble', value),
    }
  },
  number: asserted,
  string: asserted,
  image: ([arg], _, scope) => readExpression(arg, 'text', scope),
  format: readFormat,
  'number-format': ([value, options], _, scope) => {
    const { pattern, point, separator } = numberPattern(options)
    return call('numberFormat', literal(pattern), readExpression(value, 'number', scope), literal(point), literal(separator))
  },
  'geometry-type': () => ({
    kind: 'recode',
    input: call('geometryType', rowGeometry),
    entries: simpleTypes,
    otherwise: literal('Unknown'),
  }),
  'resolved-locale': () => unread('resolved-locale'),
  'to-color': (args, wanted, scope) =>
    args.length === 1 ? readExpression(args[0], wanted, scope) : call('coalesce', ...args.map(arg => readExpression(arg, wanted, scope))),
  rgb: (args, _, scope) =>
    literal(
      constantColor(
        'rgb',
        args.map(arg => readExpression(arg, 'number', scope)),
      ),
    ),
  rgba: (args, _, scope) =>
    literal(
      constantColor(
        'rgba',
        args.map(arg => readExpression(arg, 'number', scope)),
      ),
    ),
}

/** Operators of as many values as there are, but of one at least. */
const wantsArguments = new Set(['coalesce', 'concat', 'to-number', 'to-color', 'number', 'string', 'format'])

const simpleTypes = Object.entries({
  Point: ['Point', 'MultiPoint'],
  LineString: ['LineString', 'MultiLineString', 'CircularString', 'CompoundCurve', 'MultiCurve'],
  Polygon: ['Polygon', 'MultiPolygon', 'CurvePolygon', 'MultiSurface', 'Triangle', 'TIN', 'PolyhedralSurface'],
}).flatMap(([simple, types]) => types.map(type => [type, literal(simple)] as const))

function readLet(args: readonly unknown[], wanted: Wanted, scope: Scope): Expression {
  const variables = new Map(scope.variables)
  for (const [name, value] of pairs(args.slice(0, -1))) {
    const before = scope.budget.left
    const expression = readExpression(value, 'text', scope)
    variables.set(nameOf(name), { expression, size: before - scope.budget.left })
  }
  return readExpression(args.at(-1), wanted, { ...scope, variables })
}

function readInterpolation([how, input, ...rest]: readonly unknown[], wanted: Wanted, scope: Scope): Expression {
  const [form, ...parameters] = Array.isArray(how) ? how : unread('interpolate without its kind')
  const of = wanted === 'color' ? 'color' : 'number'
  const stops = risingStops(rest).map(([at, value]) => [at, readExpression(value, wanted, scope)] as const)
  const plain = { kind: 'interpolation', input: readExpression(input, 'number', scope), of } as const
  if (form === 'linear') return { ...plain, stops }
  if (form === 'exponential' && isNumber(parameters[0]) && parameters[0] > 0) return { ...plain, stops, base: parameters[0] }
  if (form === 'cubic-bezier' && parameters.length === 4 && parameters.every(isNumber))
    return { ...plain, stops: easedStops(stops, parameters, of) }
  return unread(`interpolate by ${JSON.stringify(how).slice(0, 60)}`)
}

/** What is not of the type is null, so that the next may take its place. */
function asserted(args: readonly unknown[], wanted: Wanted, scope: Scope): Expression {
  const values = args.map(arg => readExpression(arg, wanted, scope))
  return values.length === 1 ? values[0] : call('coalesce', ...values)
}

/** Text in sections: what they say. Their fonts and colours are one in our model. */
function readFormat(args: readonly unknown[], _: Wanted, scope: Scope): Expression {
  const isOptions = (arg: unknown) => typeof arg === 'object' && arg !== null && !Array.isArray(arg)
  if (args.some(arg => isOptions(arg) && Object.keys(arg as object).length > 0))
    scope.note('sections of a text in fonts and colours of their own: they have those of the whole')
  return joined(args.filter(arg => !isOptions(arg)).map(arg => readExpression(arg, 'text', scope)))
}

/** One text of several, which may be such themselves. */
function joined(parts: readonly Expression[]): Expression {
  const all = parts.flatMap(part => (part.kind === 'call' && part.name === 'concat' ? part.args : [part]))
  return all.length > any ? unread(`a text of more than ${any} parts`) : call('concat', ...all)
}

function risingStops(rest: readonly unknown[]): [number, unknown][] {
  if (rest.length % 2 === 1) unread('stops that are not in pairs')
  const stops = pairs(rest).map(([at, value]) => [isNumber(at) ? at : unread('a stop that is not a number'), value] as [number, unknown])
  if (stops.some(([at], i) => i > 0 && at <= stops[i - 1][0])) unread('stops that do not rise')
  return stops
}

/** Two by two; a last one without partner is left out. */
export function pairs(list: readonly unknown[]): [unknown, unknown][] {
  return Array.from({ length: list.length >> 1 }, (_, i) => [list[2 * i], list[2 * i + 1]])
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
/** What a `literal` may be in our tree. */
export const isScalar = (value: unknown): value is Scalar =>
  value === null || isNumber(value) || typeof value === 'string' || typeof value === 'boolean'
/** A name that stands in the style. Throws UnreadPart. */
export const nameOf = (value: unknown): string => (typeof value === 'string' ? value : unread('a name that is computed'))
