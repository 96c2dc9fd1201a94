import type { Filter } from '#filters/filter.js'
import { FilterError } from '#filters/filter-error.js'
import { parseQgisFilter } from '#filters/qgis/parse-qgis-expression.js'

/** Longer lists of names before a filter are not looked for. */
const longestNames = 5000

/**
 * FILTER as QGIS Server has it: `communes,lieux:"nom" = 'x';routes:"classe" > 3`, for each of `names`. One without names is for all. Names of layers
 * that are not among them, but are layers, are left aside. Throws FilterError.
 */
export function qgisFilters(text: string, names: readonly string[], isLayer: (name: string) => boolean): readonly (Filter | undefined)[] {
  const found = new Map<number, Filter[]>()
  for (const part of parts(text)) {
    const { asked, expression } = named(part, names, isLayer)
    const filter = parse(expression, names)
    for (const [i, name] of names.entries())
      if (!asked || asked.some(one => isSame(one, name))) found.set(i, [...(found.get(i) ?? []), filter])
  }
  return names.map((_, i) => {
    const filters = found.get(i)
    return filters && (filters.length === 1 ? filters[0] : { kind: 'and', all: filters })
  })
}

const local = (name: string) => name.slice(name.indexOf(':') + 1).toLowerCase()
/** Clients leave prefixes out (T-55). */
const isSame = (asked: string, name: string) => asked === name || local(asked) === name.toLowerCase() || asked.toLowerCase() === local(name)

/** The pieces between `;`, those in quotes aside. */
function parts(text: string): readonly string[] {
  return (text.match(/(?:'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"]|"")*"|[^;])+/g) ?? []).filter(part => part.trim() !== '')
}

interface NamedFilter {
  /** Absent: all layers. */
  readonly asked?: readonly string[]
  readonly expression: string
}

/** Names may have colons themselves: the first colon behind which only names of layers lie counts. */
function named(part: string, names: readonly string[], isLayer: (name: string) => boolean): NamedFilter {
  for (let colon = part.indexOf(':'); colon > 0 && colon < longestNames; colon = part.indexOf(':', colon + 1)) {
    const asked = part
      .slice(0, colon)
      .split(',')
      .map(name => name.trim())
    if (asked.every(one => names.some(name => isSame(one, name)) || isLayer(one))) return { asked, expression: part.slice(colon + 1) }
  }
  return { expression: part }
}

function parse(expression: string, names: readonly string[]): Filter {
  try {
    return parseQgisFilter(expression)
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    const example = `${(names[0] ?? 'layer').slice(0, 60)}:"name" = 'x'`
    throw new FilterError(
      error.kind,
      `${error.message} A filter such as ${example}, or one in XML that begins with <Filter>, would work.`,
      {
        ...(error.locator !== undefined && { locator: error.locator }),
      },
    )
  }
}
