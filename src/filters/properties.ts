import type { Expression } from './expression.js'
import type { Filter } from './filter.js'

/** Names of the columns that filters and expressions anywhere within read, each once. Symbolizers and rules are such trees, too. */
export function propertiesOf(tree: unknown): readonly string[] {
  const names = new Set<string>()
  visit(tree, named => void names.add('name' in named ? named.name : named.property))
  return [...names]
}

/** An expression that reads a column, or a filter over a geometry column. */
type Named = { readonly name: string } | { readonly property: string }

function visit(part: unknown, meet: (named: Named) => void): void {
  if (Array.isArray(part)) for (const each of part) visit(each, meet)
  else if (isTree(part)) {
    if (readsColumn(part) || isOfGeometry(part)) meet(part)
    for (const value of Object.values(part)) visit(value, meet)
  }
}

/**
 * The same tree with the columns it reads named as `nameOf` says. What reads a column that has no name there is null, and a filter over such a
 * geometry holds for nothing.
 */
export function renamed<T>(tree: T, nameOf: (name: string) => string | undefined): T {
  return rename(tree, nameOf) as T
}

function rename(part: unknown, nameOf: (name: string) => string | undefined): unknown {
  if (Array.isArray(part)) return part.map(each => rename(each, nameOf))
  if (!isTree(part)) return part
  if (readsColumn(part)) {
    const name = nameOf(part.name)
    return name === undefined ? nothing : { ...part, name }
  }
  if (isOfGeometry(part)) {
    const property = nameOf(part.property)
    return property === undefined ? never : { ...part, property }
  }
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, rename(value, nameOf)]))
}

const nothing: Expression = { kind: 'literal', value: null }
const never: Filter = { kind: 'constant', value: false }

const isTree = (part: unknown): part is Readonly<Record<string, unknown>> =>
  typeof part === 'object' && part !== null && !(part instanceof Uint8Array)

const readsColumn = (part: Readonly<Record<string, unknown>>): part is { readonly kind: 'property'; readonly name: string } =>
  part.kind === 'property' && typeof part.name === 'string'

const geometryFilters: ReadonlySet<unknown> = new Set<Filter['kind']>(['bbox', 'spatial', 'distance'])

const isOfGeometry = (part: Readonly<Record<string, unknown>>): part is { readonly kind: string; readonly property: string } =>
  geometryFilters.has(part.kind) && typeof part.property === 'string'
