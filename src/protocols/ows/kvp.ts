import { Problem } from '#core/problem.js'

/** Parameters of a request, found by name in any case (OGC 06-121r9, 11.5.2). */
export interface Kvp {
  /** Value of a parameter, trimmed; undefined when it is absent or empty. */
  get(name: string): string | undefined
  /** Value as sent, which may be empty; undefined when it is absent. */
  raw(name: string): string | undefined
  has(name: string): boolean
  /** The name as the client spelled it, for locators; `name` itself when it is absent. */
  spelled(name: string): string
  /** Number of different parameters. */
  readonly size: number
  /** All parameters, names as the client spelled them. */
  pairs(): readonly (readonly [name: string, value: string])[]
}

/** Characters of a query and parameters in it: far beyond what clients send, far below what hurts. */
const maxLength = 1e6
const maxParameters = 1000

/**
 * Reads query strings, later ones over earlier ones, and the last of duplicates in each (T-29): what a client appends to the address a person
 * pasted is what it means. Tolerates a stray `?`, a `+` for a space, broken percent escapes (kept as they are) and escapes in Latin-1.
 * Throws `body-too-large`.
 */
export function parseKvp(...queries: readonly string[]): Kvp {
  const found = new Map<string, { name: string; value: string }>()
  for (const query of queries) {
    if (query.length > maxLength)
      throw new Problem('body-too-large', `The parameters have more than the ${maxLength} characters allowed here.`)
    for (const pair of pairsOf(query)) {
      const equals = pair.indexOf('=')
      const name = decodeText(equals < 0 ? pair : pair.slice(0, equals)).trim()
      if (name === '') continue
      found.set(upperCaseOf(name), { name, value: equals < 0 ? '' : decodeText(pair.slice(equals + 1)) })
      if (found.size > maxParameters)
        throw new Problem('body-too-large', `The request has more than the ${maxParameters} parameters allowed here.`)
    }
  }
  return kvpOf(found)
}

/** Parameters that are known as they are, of a request in another form. */
export function kvpOfPairs(pairs: readonly (readonly [name: string, value: string])[]): Kvp {
  return kvpOf(new Map(pairs.map(([name, value]) => [name.toUpperCase(), { name, value }])))
}

function kvpOf(found: ReadonlyMap<string, { readonly name: string; readonly value: string }>): Kvp {
  const raw = (name: string) => found.get(upperCaseOf(name))?.value
  return {
    raw,
    get: name => raw(name)?.trim() || undefined,
    has: name => found.has(upperCaseOf(name)),
    spelled: name => found.get(upperCaseOf(name))?.name ?? name,
    size: found.size,
    pairs: () => [...found.values()].map(({ name, value }) => [name, value]),
  }
}

const upperCases = new Map<string, string>()
const mostUpperCases = 1000

/** Names that are asked for are few, the same in every request, and asked for dozens of times in each. */
function upperCaseOf(name: string): string {
  const known = upperCases.get(name)
  if (known !== undefined) return known
  const upper = name.toUpperCase()
  if (upperCases.size < mostUpperCases) upperCases.set(name, upper)
  return upper
}

/**
 * The pairs of a query. An address that already had a query, with another `?` appended to it, is read as meant; a `?` in the value
 * of anything else (an address, a filter) is left alone.
 */
function pairsOf(query: string): string[] {
  const pairs = query.replace(/^[?&]+/, '').split('&')
  if (!query.includes('?')) return pairs
  return pairs.flatMap(pair => (pair.includes('://') ? [pair] : pair.split(/\?(?=(?:service|request|version)=|$)/i)))
}

/** Undoes `application/x-www-form-urlencoded`. Never throws. */
function decodeText(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced.replace(/(?:%[0-9a-f]{2})+/gi, decodeBytes)
  }
}

/** A run of escapes as UTF-8, or as Latin-1 when it is not UTF-8: old programs on Windows send `%E9` for é. */
function decodeBytes(escapes: string): string {
  const bytes = Buffer.from(escapes.replaceAll('%', ''), 'hex')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}
