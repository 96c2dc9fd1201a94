import { FilterError } from '../filter-error.js'

/** A piece of an expression. */
export interface Token {
  readonly kind: 'number' | 'text' | 'field' | 'variable' | 'word' | 'sign' | 'end'
  /** Without quotes; words and signs as they are written. */
  readonly text: string
  /** 0-based place in the expression. */
  readonly at: number
}

/** Most characters of an expression. */
const longest = 20_000

const pattern =
  /\s+|--[^\r\n]*|\/\*[\s\S]*?\*\/|(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)(?![\p{L}_])|'(?<text>(?:[^'\\]|''|\\[\s\S])*)'|"(?<field>(?:[^"]|"")*)"|(?<variable>@[\p{L}_][\p{L}\p{N}_]*)|(?<word>\$?[\p{L}_][\p{L}\p{N}_]*)|(?<sign>:=|<=|>=|<>|!=|\|\||\/\/|[-+*/%^=<>~(),[\]])/uy

/** The tokens of a QGIS expression, without blanks and comments. Throws FilterError. */
export function tokenize(expression: string): readonly Token[] {
  if (expression.length > longest) throw new FilterError('too-large', `The expression is longer than ${longest} characters.`)
  const tokens: Token[] = []
  const scan = new RegExp(pattern)
  while (scan.lastIndex < expression.length) {
    const at = scan.lastIndex
    const groups = scan.exec(expression)?.groups
    if (!groups) throw new FilterError('malformed', `The expression cannot be read at ${JSON.stringify(expression.slice(at, at + 20))}.`)
    const { number, text, field, variable, word, sign } = groups
    if (number !== undefined) tokens.push({ kind: 'number', text: number, at })
    else if (text !== undefined) tokens.push({ kind: 'text', text: unescaped(text), at })
    else if (field !== undefined) tokens.push({ kind: 'field', text: field.replaceAll('""', '"'), at })
    else if (variable !== undefined) tokens.push({ kind: 'variable', text: variable.slice(1).toLowerCase(), at })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at })
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign, at })
  }
  return [...tokens, { kind: 'end', text: '', at: expression.length }]
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t' }

function unescaped(text: string): string {
  return text.replaceAll(/''|\\([\s\S])/g, (_, escaped) => (escaped === undefined ? "'" : (escapes[escaped] ?? escaped)))
}
