import { type FilterFunction, filterFunctions, type ParameterType } from './index.js'

/** Types in the schema of the resource `/functions` (OGC 19-079r2, 8.4). */
type DescribedType = 'string' | 'number' | 'integer' | 'datetime' | 'geometry' | 'boolean'

/** A function as `/functions` tells it (OGC 19-079r2, functions). */
export interface DescribedFunction {
  readonly name: string
  readonly description?: string
  readonly args: readonly { readonly title?: string; readonly type: readonly DescribedType[] }[]
  readonly returns: readonly DescribedType[]
}

const types: Readonly<Record<ParameterType, readonly DescribedType[]>> = {
  number: ['number'],
  text: ['string'],
  boolean: ['boolean'],
  geometry: ['geometry'],
  any: ['string', 'number', 'integer', 'datetime', 'boolean'],
}

/** What CQL2 itself has words for, as functions or between values. */
const ofTheLanguage: ReadonlySet<string> = new Set('casei accenti and or not is in like between null div'.split(' '))
const isName = (name: string) => /^[A-Za-z_]\w*$/.test(name) && !ofTheLanguage.has(name.toLowerCase())

/** Every function that a filter may call, as the resource `/functions` lists them, by name. */
export function describeFunctions(): { readonly functions: readonly DescribedFunction[] } {
  const functions = filterFunctions.flatMap(describe)
  return { functions: functions.sort((a, b) => (a.name < b.name ? -1 : 1)) }
}

/** Signs such as `+` have no place before brackets; most of them have a name besides. */
function describe({ name, aliases, parameters, fewest, isVariadic, result }: FilterFunction): DescribedFunction[] {
  const [first, ...others] = [name, ...aliases].filter(isName)
  if (first === undefined) return []
  const args = parameters.map((type, i) => {
    const isLast = i === parameters.length - 1
    const title = isLast && isVariadic ? 'may be repeated' : i >= fewest ? 'may be left out' : undefined
    return { ...(title && { title }), type: types[type] }
  })
  return [{ name: first, ...(others.length > 0 && { description: `Also called ${others.join(', ')}.` }), args, returns: types[result] }]
}
