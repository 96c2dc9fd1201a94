import { entryOf } from '../entry-of.js'
import type { Expression, Interpolation, Recode, Scalar, Step } from '../expression.js'
import { FilterError } from '../filter-error.js'
import { checkArity, functionOf } from '../functions/index.js'
import { numberOfText } from '../numbers.js'

/** GeoServer's names of what a map is. */
const variables: Readonly<Record<string, string>> = {
  wms_scale_denominator: 'scaleDenominator',
  wms_width: 'width',
  wms_height: 'height',
}

/** A call of a function by any of its names, in any of the languages that GeoServer reads. Throws FilterError for one that is not there, or of other arguments. */
export function functionCall(name: string, args: readonly Expression[]): Expression {
  const known = namedFunction(name, args)
  if (known) return known
  checkArity(functionOf(name), args.length, name)
  return { kind: 'call', name, args }
}

/** Functions that are more than a call, by the names they have in an ogc:Function: `env`, `in`, `Recode`, `Categorize`, `Interpolate`. */
function namedFunction(name: string, args: readonly Expression[]): Expression | undefined {
  switch (name.toLowerCase()) {
    case 'env': {
      const variable = String(constantOf(name, args[0]))
      return {
        kind: 'environment',
        name: entryOf(variables, variable) ?? variable,
        ...(args.length > 1 && { otherwise: constantOf(name, args[1]) }),
      }
    }
    case 'recode': {
      const [input, ...items] = args
      return recode(
        input ?? missing(name),
        pairs(name, items).map(([key, value]) => [constantOf(name, key), value]),
      )
    }
    case 'categorize': {
      const [input, first, ...items] = args
      const last = items.length % 2 ? constantOf(name, items.at(-1)) : undefined
      const steps = pairs(name, last === undefined ? items : items.slice(0, -1))
      return step(
        input ?? missing(name),
        first ?? missing(name),
        steps.map(([threshold, value]) => [constantOf(name, threshold), value]),
        last === 'preceding',
      )
    }
    case 'interpolate': {
      const [input, ...items] = args
      const options = new Set<Scalar>()
      while (items.length > 2 && isOption(items.at(-1)!)) options.add(constantOf(name, items.pop()))
      const stops = pairs(name, items).map(([at, value]) => [constantOf(name, at), value] as const)
      return interpolation(
        input ?? missing(name),
        stops,
        options.has('color') ? 'color' : 'number',
        String([...options].find(one => one !== 'color' && one !== 'numeric') ?? 'linear'),
      )
    }
    default: {
      if (!/^in\d*$/i.test(name) || args.length < 2) return undefined
      const [operand, ...values] = args
      const yes: Expression = { kind: 'literal', value: true }
      return {
        kind: 'choice',
        cases: [{ when: { kind: 'in', operand, values }, value: yes }],
        otherwise: { kind: 'literal', value: false },
      }
    }
  }
}

const isOption = (one: Expression) =>
  one.kind === 'literal' && ['linear', 'cosine', 'cubic', 'color', 'numeric'].includes(String(one.value))

/** Null for what is not in the list, as SE has it (OGC 05-077r4, 11.6.4). */
export function recode(input: Expression, entries: Recode['entries']): Expression {
  return { kind: 'recode', input, entries, otherwise: { kind: 'literal', value: null } }
}

/** Throws FilterError when the thresholds do not rise. */
export function step(
  input: Expression,
  first: Expression,
  steps: readonly (readonly [threshold: Scalar, value: Expression])[],
  isUpTo: boolean,
): Step {
  return { kind: 'step', input, first, steps: rising('thresholds', steps), ...(isUpTo && { isUpTo }) }
}

/** `mode` is `linear` or `cosine`. Throws FilterError when the stops do not rise. */
export function interpolation(
  input: Expression,
  stops: readonly (readonly [at: Scalar, value: Expression])[],
  of: Interpolation['of'],
  mode: string,
): Interpolation {
  if (mode !== 'linear' && mode !== 'cosine')
    throw new FilterError('unsupported', `The mode ${mode} of Interpolate is not computed; there are linear and cosine.`, {
      locator: 'Interpolate',
    })
  if (stops.length === 0) throw new FilterError('malformed', 'Interpolate has no points.', { locator: 'Interpolate' })
  return { kind: 'interpolation', input, stops: rising('data', stops), of, ...(mode === 'cosine' && { base: 'cosine' as const }) }
}

function rising(what: string, list: readonly (readonly [Scalar, Expression])[]): (readonly [number, Expression])[] {
  let last = Number.NEGATIVE_INFINITY
  return list.map(([at, value]) => {
    const number = typeof at === 'number' ? at : numberOfText(String(at))
    if (number === null)
      throw new FilterError(
        'malformed',
        `“${String(at).slice(0, 40)}” is no number; the ${what} of Categorize and Interpolate must be numbers.`,
      )
    if (number < last)
      throw new FilterError('malformed', `The ${what} of Categorize and Interpolate must rise, and ${number} follows ${last}.`)
    last = number
    return [number, value] as const
  })
}

/** The value of an expression that must be a literal. */
export function constantOf(name: string, expression: Expression | undefined): Scalar {
  if (expression?.kind === 'literal') return expression.value
  throw new FilterError('malformed', `The function ${name} wants a literal where it has ${expression ? 'a computation' : 'nothing'}.`, {
    locator: name,
  })
}

function pairs(name: string, list: readonly Expression[]): (readonly [Expression, Expression])[] {
  if (list.length % 2) throw new FilterError('malformed', `The function ${name} has a value without a partner.`, { locator: name })
  return Array.from({ length: list.length / 2 }, (_, i) => [list[2 * i], list[2 * i + 1]] as const)
}

function missing(name: string): never {
  throw new FilterError('malformed', `The function ${name} lacks an argument.`, { locator: name })
}
