import { FilterError, quotedName } from '../filter-error.js'
import { nearestNames } from '../nearest-names.js'
import { arithmetic } from './arithmetic.js'
import type { FilterFunction } from './define-function.js'
import { format } from './format.js'
import { geometry } from './geometry.js'
import { logic } from './logic.js'
import { text } from './text.js'

export type { FilterFunction, ParameterType, ResultType } from './define-function.js'

/** Every function, by room. */
export const filterFunctions: readonly FilterFunction[] = [...arithmetic, ...text, ...format, ...logic, ...geometry]

const byName = new Map(filterFunctions.flatMap(one => [one.name, ...one.aliases].map(name => [name.toLowerCase(), one] as const)))

/** A function by any of its names, in any case; throws FilterError that names the nearest. */
export function functionOf(name: string): FilterFunction {
  const found = byName.get(name.toLowerCase())
  if (found) return found
  const near = nearestNames(
    name,
    filterFunctions.flatMap(one => [one.name, ...one.aliases]),
  )
  const hint = near.length ? ` Near it are ${near.join(', ')}.` : ''
  throw new FilterError('unknown-function', `There is no function ${quotedName(name)}.${hint}`, { locator: name })
}

/** Throws FilterError when the function does not take as many arguments. */
export function checkArity(one: FilterFunction, count: number, asked = one.name): void {
  const most = one.isVariadic ? 1000 : one.parameters.length
  if (count >= one.fewest && count <= most) return
  const wanted = one.isVariadic ? `${one.fewest} or more` : one.fewest === most ? `${most}` : `${one.fewest} to ${most}`
  throw new FilterError(
    'malformed',
    `The function ${quotedName(asked)} takes ${wanted} arguments (${one.parameters.join(', ')}) and has ${count}.`,
    {
      locator: asked,
    },
  )
}
