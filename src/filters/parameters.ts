import type { Expression, Scalar } from './expression.js'
import type { Filter } from './filter.js'
import { foldFilter } from './fold-constants.js'
import { mapFilter } from './walk.js'

/** No variable of a request has such a name. */
const mark = ':'

/** What stands for a value that is put in later. */
export const parameter = (name: string): Expression => ({ kind: 'environment', name: mark + name })

/** Names of the parameters of a filter, each once. */
export function parametersOf(filter: Filter): readonly string[] {
  const names = new Set<string>()
  mapFilter(filter, {
    expression(one) {
      if (one.kind === 'environment' && one.name.startsWith(mark)) names.add(one.name.slice(mark.length))
      return one
    },
  })
  return [...names]
}

/** The filter with the values of its parameters as literals: they are data wherever it is asked, never a part of a statement. Throws FilterError. */
export function bindParameters(filter: Filter, valueFor: (name: string) => Scalar): Filter {
  const bound = mapFilter(filter, {
    expression: one =>
      one.kind === 'environment' && one.name.startsWith(mark) ? { kind: 'literal', value: valueFor(one.name.slice(mark.length)) } : one,
  })
  return foldFilter(bound)
}
