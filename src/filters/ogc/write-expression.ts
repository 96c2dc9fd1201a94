import { treeBuilder, type XmlTree } from '#xml/write-element.js'
import { entryOf } from '../entry-of.js'
import type { Expression, Scalar } from '../expression.js'
import type { Comparison, Filter } from '../filter.js'

/** What the language has no word for. */
export class UnsaidError extends Error {}

/** Makes elements of filters by their tag. */
export const ogcTree = treeBuilder({
  ogc: 'http://www.opengis.net/ogc',
  se: 'http://www.opengis.net/se',
  gml: 'http://www.opengis.net/gml',
})

/** How expressions are written: `se` has elements of its own for what others have as functions (OGC 05-077r4, 11.6). */
export type ExpressionDialect = 'ogc' | 'se'

const arithmetic: Readonly<Record<string, string>> = { '+': 'Add', '-': 'Sub', '*': 'Mul', '/': 'Div' }

/** Names that other programs have for functions of ours. */
const knownNames: Readonly<Record<string, string>> = {
  concat: 'Concatenate',
  lower: 'strToLowerCase',
  upper: 'strToUpperCase',
  trim: 'strTrim',
  '%': 'modulo',
  '^': 'pow',
}

/** An expression as OGC Filter 1.0 or 1.1 has it; functions by the names GeoServer has for them. Throws UnsaidError. */
export function writeExpression(expression: Expression, dialect: ExpressionDialect = 'ogc'): XmlTree {
  const write = (inner: Expression) => writeExpression(inner, dialect)
  const call = (name: string, ...args: readonly (Expression | XmlTree)[]) =>
    ogcTree('ogc:Function', { name }, ...args.map(arg => ('kind' in arg ? write(arg) : arg)))
  switch (expression.kind) {
    case 'literal':
      return literal(expression.value)
    case 'property':
      return ogcTree('ogc:PropertyName', {}, expression.name)
    case 'call': {
      const { name, args } = expression
      const written = args.map(write)
      const operator = arithmetic[name]
      if (operator && args.length >= 2) return written.reduce((left, right) => ogcTree(`ogc:${operator}`, {}, left, right))
      return (name === 'coalesce' && withFallback(written[0], args.slice(1))) || call(knownNames[name] ?? name, ...written)
    }
    case 'environment': {
      const name = entryOf(environmentNames, expression.name) ?? expression.name
      return call('env', text(name), ...(expression.otherwise === undefined ? [] : [literal(expression.otherwise)]))
    }
    case 'choice':
      return expression.cases.reduceRight<XmlTree>(
        (otherwise, { when, value }) => call('if_then_else', conditionAsFunction(when, call), value, otherwise),
        write(expression.otherwise),
      )
    case 'recode': {
      const { input, entries, otherwise } = expression
      if (!isNothing(otherwise)) throw new UnsaidError('Recode has no value for what is not in its list')
      // The schema of SE 1.1.0 wants numbers for keys; the function takes texts.
      if (dialect === 'se' && entries.every(([key]) => isNumeric(key)))
        return ogcTree(
          'se:Recode',
          { fallbackValue: '' },
          parameter('LookupValue', write(input)),
          entries.map(([key, value]) => ogcTree('se:MapItem', {}, ogcTree('se:Data', {}, String(key)), parameter('Value', write(value)))),
        )
      return call('Recode', input, ...entries.flatMap(([key, value]) => [literal(key), value]))
    }
    case 'step': {
      const { input, first, steps, isUpTo } = expression
      if (dialect === 'se')
        return ogcTree(
          'se:Categorize',
          // The schema of SE 1.1.0 spells it so.
          { fallbackValue: '', threshholdsBelongTo: isUpTo ? 'preceding' : 'succeeding' },
          parameter('LookupValue', write(input)),
          parameter('Value', write(first)),
          steps.map(([at, value]) => [parameter('Threshold', literal(at)), parameter('Value', write(value))]),
        )
      return call(
        'Categorize',
        input,
        first,
        ...steps.flatMap(([at, value]) => [literal(at), value]),
        text(isUpTo ? 'preceding' : 'succeeding'),
      )
    }
    case 'interpolation': {
      const { input, stops, of, base = 1 } = expression
      if (base !== 1 && base !== 'cosine') throw new UnsaidError(`interpolation is linear or by cosine, not by powers of ${base}`)
      const [method, mode] = [of === 'color' ? 'color' : 'numeric', base === 1 ? 'linear' : 'cosine']
      if (dialect === 'se')
        return ogcTree(
          'se:Interpolate',
          { fallbackValue: '', mode, method },
          parameter('LookupValue', write(input)),
          stops.map(([at, value]) => ogcTree('se:InterpolationPoint', {}, ogcTree('se:Data', {}, at), parameter('Value', write(value)))),
        )
      return call('Interpolate', input, ...stops.flatMap(([at, value]) => [literal(at), value]), text(method), text(mode))
    }
  }
}

/** GeoServer's names for what the map is. */
const environmentNames: Readonly<Record<string, string>> = {
  scaleDenominator: 'wms_scale_denominator',
  width: 'wms_width',
  height: 'wms_height',
}

function literal(value: Scalar): XmlTree {
  if (value === null) throw new UnsaidError('there is no literal for null')
  return ogcTree('ogc:Literal', {}, String(value))
}

const text = (value: string): Expression => ({ kind: 'literal', value })
const parameter = (name: string, content: XmlTree) => ogcTree(`se:${name}`, {}, content)
const isNothing = (expression: Expression) => expression.kind === 'literal' && (expression.value === null || expression.value === '')

const isNumeric = (key: Scalar) => key !== null && String(key).trim() !== '' && Number.isFinite(Number(key))

/** `coalesce(function of SE, text)` is the function with its fallback (OGC 05-077r4, 11.6.1). */
function withFallback(written: XmlTree, [otherwise, ...others]: readonly Expression[]): XmlTree | undefined {
  if (others.length > 0 || otherwise?.kind !== 'literal' || typeof otherwise.value !== 'string') return undefined
  const isOpen = ({ name, value }: XmlTree['attributes'][number]) => name === 'fallbackValue' && value === ''
  if (!written.attributes.some(isOpen)) return undefined
  const { value } = otherwise
  return { ...written, attributes: written.attributes.map(one => (isOpen(one) ? { ...one, value } : one)) }
}

type Call = (name: string, ...args: readonly (Expression | XmlTree)[]) => XmlTree

const comparisonFunctions = {
  '=': 'equalTo',
  '<>': 'notEqual',
  '<': 'lessThan',
  '<=': 'lessEqualThan',
  '>': 'greaterThan',
  '>=': 'greaterEqualThan',
} as const satisfies Record<Comparison['operator'], string>

/** Conditions inside expressions are functions. */
function conditionAsFunction(filter: Filter, call: Call): XmlTree {
  switch (filter.kind) {
    case 'compare':
      if (filter.ignoresCase) break
      return call(comparisonFunctions[filter.operator], filter.left, filter.right)
    case 'isNull':
      return call('isNull', filter.operand)
    case 'in':
      return call('in', filter.operand, ...filter.values)
    case 'not':
      return call('not', conditionAsFunction(filter.filter, call))
    case 'and':
      return filter.all.map(one => conditionAsFunction(one, call)).reduce((left, right) => call('if_then_else', left, right, text('false')))
    case 'or':
      return filter.any.map(one => conditionAsFunction(one, call)).reduce((left, right) => call('if_then_else', left, text('true'), right))
  }
  throw new UnsaidError(`a condition of the kind “${filter.kind}” is no function of an expression`)
}
