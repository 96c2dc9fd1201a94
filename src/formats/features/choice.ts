import { Problem } from '#core/problem.js'

/** What a request says by a parameter of a format, one of `allowed` in any letter case; undefined where it says nothing. Throws `invalid-parameter`. */
export function choice<T extends string>(parameters: ReadonlyMap<string, string>, name: string, allowed: readonly T[]): T | undefined {
  const asked = parameters.get(name)
  if (asked === undefined || asked === '') return undefined
  const found = allowed.find(one => one === asked.toLowerCase())
  if (found === undefined)
    throw new Problem('invalid-parameter', `${name}=${asked.slice(0, 40)} is not known; ${wayOf(allowed)} would work.`, { locator: name })
  return found
}

function wayOf(allowed: readonly string[]): string {
  return allowed.length < 2 ? allowed.join() : `${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1)}`
}
