import type { Token } from '../ecql/tokenize.js'
import { FilterError } from '../filter-error.js'

/** Most characters of a text: lists of some thousand values, geometries of some thousand corners. */
const longest = 100_000

// characters of names as the BNF of the standard has them
const start =
  ':_A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1ffe\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}'
const part = `${start}.0-9\\u0300-\\u036f\\u203f\\u2040`
const pattern = new RegExp(
  [
    '\\s+',
    `(?<number>(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d+)?)(?![${start}])`,
    "'(?<text>(?:[^'\\\\]|''|\\\\[\\s\\S])*)'",
    '"(?<name>(?:[^"]|"")*)"',
    `(?<word>[${start}][${part}]*)`,
    '(?<sign><=|>=|<>|!=|[-+*/%^=<>(),])',
  ].join('|'),
  'uy',
)

/** The tokens of a text in CQL2, without blanks; a `text` still has its escapes, see `textOf` and `patternTextOf`. Throws FilterError. */
export function tokenize(cql: string): readonly Token[] {
  if (cql.length > longest) throw new FilterError('too-large', `The CQL2 filter is longer than ${longest} characters.`)
  if (cql.includes('\0')) throw new FilterError('malformed', 'The CQL2 filter has a character 0, which no text in data has.')
  const tokens: Token[] = []
  const scan = new RegExp(pattern)
  while (scan.lastIndex < cql.length) {
    const at = scan.lastIndex
    const groups = scan.exec(cql)?.groups
    if (!groups) throw new FilterError('malformed', unreadable(cql.slice(at, at + 20)))
    const end = scan.lastIndex
    const { number, text, name, word, sign } = groups
    if (number !== undefined) tokens.push({ kind: 'number', text: number, at, end })
    else if (text !== undefined) tokens.push({ kind: 'text', text, at, end })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name.replaceAll('""', '"'), at, end })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at, end })
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, at, end })
  }
  return [...tokens, { kind: 'end', text: '', at: cql.length, end: cql.length }]
}

function unreadable(rest: string): string {
  const where = `The CQL2 filter cannot be read at ${JSON.stringify(rest)}.`
  return /^['"]/.test(rest) ? `${where} The quote is not closed.` : where
}

const controls: Readonly<Record<string, string>> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' }

/** What a character literal says: a quote is `''` or `\'`, control characters are `\n` and the like (OGC 21-065r2, /req/cql2-text/escaping). */
export const textOf = (literal: string) =>
  literal.replaceAll(/''|\\([\s\S])/g, (whole, letter?: string) =>
    letter === undefined ? "'" : (controls[letter] ?? (letter === "'" || letter === '\\' ? letter : whole)),
  )

/** The same of a pattern, in which a backslash before other letters is left for LIKE. */
export const patternTextOf = (literal: string) =>
  literal.replaceAll(/''|\\([\s\S])/g, (whole, letter?: string) =>
    letter === undefined ? "'" : (controls[letter] ?? (letter === "'" ? letter : whole)),
  )
