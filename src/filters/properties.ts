import type { Expression } from './expression.js'
import type { Filter } from './filter.js'

/** Names of the columns that a filter or an expression reads, each once. */
export function propertiesOf(tree: Filter | Expression): readonly string[] {
  const names = new Set<string>()
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) for (const each of part) visit(each)
    else if (typeof part === 'object' && part !== null && !(part instanceof Uint8Array)) {
      const { kind, name, property } = part as { kind?: unknown; name?: unknown; property?: unknown }
      if (kind === 'property' && typeof name === 'string') names.add(name)
      else {
        if (typeof property === 'string') names.add(property)
        for (const value of Object.values(part)) visit(value)
      }
    }
  }
  visit(tree)
  return [...names]
}
