import { Problem } from '#core/problem.js'

/**
 * The version to answer GetCapabilities with: the one asked for, else the highest below it, else the lowest; without one, or with something that
 * is not a version, the highest (OGC 06-042, 6.2.4; OGC 01-068r3, 6.2.4). `served` is in rising order.
 */
export function negotiateVersion<V extends string>(asked: string | undefined, served: readonly V[]): V {
  const same = served.find(version => version === asked)
  if (same) return same
  const highest = served[served.length - 1]
  const wanted = asked === undefined ? undefined : numbersOf(asked)
  if (!wanted) return highest
  return served.findLast(version => compare(numbersOf(version)!, wanted) <= 0) ?? served[0]
}

/**
 * The version of any other operation, where the client has to know what it speaks: what it names must be one served, or one of `read`, which
 * maps older or shorter spellings to one served. Throws `missing-parameter`, `unsupported-version`.
 */
export function requireVersion<V extends string>(
  asked: string | undefined,
  served: readonly V[],
  read: Readonly<Record<string, V>> = {},
): V {
  const version = served.find(version => version === asked) ?? (asked !== undefined && Object.hasOwn(read, asked) ? read[asked] : undefined)
  if (version) return version
  const list = served.toReversed().join(' or ')
  if (asked === undefined) throw new Problem('missing-parameter', `VERSION is missing; ${list} would work.`, { locator: 'version' })
  throw new Problem('unsupported-version', `VERSION=${asked.slice(0, 40)} is not served; ${list} would work.`, { locator: 'version' })
}

function numbersOf(version: string): number[] | undefined {
  if (!/^\d{1,9}(\.\d{1,9}){0,3}$/.test(version)) return undefined
  const numbers = version.split('.').map(Number)
  return [...numbers, 0, 0, 0].slice(0, Math.max(3, numbers.length))
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
