import { FilterError } from '../filter-error.js'

/** A piece of a CQL text. */
export interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'word' | 'parameter' | 'moment' | 'duration' | 'sign' | 'end'
  /** Without quotes; the rest as it is written. */
  readonly text: string
  /** Where it lies in the text. */
  readonly at: number
  readonly end: number
}

/** Most characters of a text: lists of some thousand ids, geometries of some thousand corners. */
const longest = 100_000

/** Names may have prefixes (`ms:nom`) and steps (`a.b`); `DOES-NOT-EXIST` is one word; a colon that nothing touches before begins a parameter. */
const pattern =
  /\s+|(?<moment>\d{4,6}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?)(?![\p{L}\p{N}_.])|(?<duration>P(?=\d|T\d)(?:\d+[YMWD])*(?:T(?:\d+(?:\.\d+)?[HMS])+)?)(?![\p{L}\p{N}_])|(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)(?![\p{L}_])|'(?<text>(?:[^']|'')*)'|"(?<name>(?:[^"]|"")*)"|(?<word>DOES-NOT-EXIST|[\p{L}_][\p{L}\p{M}\p{N}_]*(?:[.:][\p{L}_][\p{L}\p{M}\p{N}_]*)*)|:(?<parameter>[\p{L}_][\p{L}\p{M}\p{N}_]*)|(?<sign><=|>=|<>|!=|[-+*/%^=<>(),;[\]])/uy

/** The tokens of a CQL text, without blanks. Throws FilterError. */
export function tokenize(cql: string): readonly Token[] {
  if (cql.length > longest) throw new FilterError('too-large', `The CQL filter is longer than ${longest} characters.`)
  const tokens: Token[] = []
  const scan = new RegExp(pattern)
  while (scan.lastIndex < cql.length) {
    const at = scan.lastIndex
    const groups = scan.exec(cql)?.groups
    if (!groups) throw new FilterError('malformed', unreadable(cql.slice(at)))
    const end = scan.lastIndex
    const { moment, duration, number, text, name, word, parameter, sign } = groups
    if (moment !== undefined) tokens.push({ kind: 'moment', text: moment, at, end })
    else if (duration !== undefined) tokens.push({ kind: 'duration', text: duration, at, end })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at, end })
    else if (text !== undefined) tokens.push({ kind: 'text', text: text.replaceAll("''", "'"), at, end })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name.replaceAll('""', '"'), at, end })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at, end })
    else if (parameter !== undefined) tokens.push({ kind: 'parameter', text: parameter, at, end })
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, at, end })
  }
  return [...tokens, { kind: 'end', text: '', at: cql.length, end: cql.length }]
}

function unreadable(rest: string): string {
  const where = `The CQL filter cannot be read at ${JSON.stringify(rest.slice(0, 20))}.`
  return rest.startsWith("'") || rest.startsWith('"') ? `${where} The quote is not closed.` : where
}
