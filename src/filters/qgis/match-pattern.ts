import type { Expression } from '../expression.js'
import type { Filter, LikePart } from '../filter.js'
import { FilterError } from '../filter-error.js'

/** A regular expression of plain text, with or without its ends, or a choice of such. Throws FilterError for others. */
export function regexFilter(operand: Expression, regex: string): Filter {
  const choice = /^(\^?)\(([^()]*)\)(\$?)$/.exec(regex) ?? (regex.includes('|') ? ['', '', regex, ''] : undefined)
  const [, start, inside, end] = choice ?? ['', '', regex, '']
  const all = inside.split('|').map(one => plainRegex(operand, `${start}${one}${end}`))
  return all.length === 1 ? all[0] : { kind: 'or', any: all }
}

function plainRegex(operand: Expression, regex: string): Filter {
  const [, start, inside, end] = /^(\^?)((?:[^\\^$.|?*+()[\]{}]|\\[^\p{L}\p{N}]|\.\*)*)(\$?)$/u.exec(regex) ?? []
  if (inside === undefined)
    throw new FilterError('unsupported', `The regular expression ${JSON.stringify(regex.slice(0, 60))} has no counterpart.`)
  const texts = inside.split('.*').map(text => text.replaceAll(/\\(.)/gsu, '$1'))
  const parts = texts.flatMap((text, i): LikePart[] => [...(i > 0 ? [{ any: 'many' } as const] : []), ...(text === '' ? [] : [text])])
  const pattern = [...(start ? [] : [{ any: 'many' } as const]), ...parts, ...(end ? [] : [{ any: 'many' } as const])]
  return { kind: 'like', operand, pattern }
}
