import { FilterError, quotedName } from './filter-error.js'
import { nearestNames } from './nearest-names.js'

/**
 * The one of `names` that a request means: the name as it is; else the last step of a path (`layer/name`, `/layer/name`, `//name`, `name[1]`,
 * `@name`) without its prefix (`ns:name`); else the only one that is the same but for upper and lower case. Throws FilterError `unknown-property`.
 */
export function resolveName(asked: string, names: readonly string[]): string {
  if (names.includes(asked)) return asked
  const trimmed = asked.trim()
  for (const candidate of candidates(trimmed)) {
    if (names.includes(candidate)) return candidate
    const lower = candidate.toLowerCase()
    const same = names.filter(name => name.toLowerCase() === lower)
    if (same.length === 1) return same[0]
    if (same.length > 1)
      throw new FilterError(
        'unknown-property',
        `There are several properties ${quotedName(asked)}: ${same.join(', ')}; write one as it is here.`,
        {
          locator: asked,
        },
      )
  }
  const near = nearestNames(candidates(trimmed).at(-1) ?? trimmed, names)
  const hint = near.length ? ` Near it are ${near.join(', ')}.` : names.length ? ` There are ${names.slice(0, 50).join(', ')}.` : ''
  throw new FilterError('unknown-property', `There is no property ${quotedName(asked)} here.${hint}`, { locator: asked })
}

function candidates(name: string): string[] {
  const step = name.slice(name.lastIndexOf('/') + 1)
  const bare = step.replace(/\[\d+\]$/, '').replace(/^@/, '')
  return [name, step, bare, bare.slice(bare.indexOf(':') + 1)]
}
