import { Problem } from '#core/problem.js'

/** An item of a list such as `nature,month(jour),"a, b"`: a name alone, or a function of names and numbers. */
export interface Call {
  /** As it was written, to name what comes of it. */
  readonly text: string
  /** Of the function; absent: the item is a name. */
  readonly fn?: string
  readonly args: readonly string[]
}

interface Token {
  readonly at: number
  readonly name?: string
  readonly sign?: string
}

/** Characters of a list. */
const mostCharacters = 4000

/** Reads such a list; names with commas, brackets or quotes stand in double quotes, `""` being one of them. Throws `invalid-parameter`. */
export function readCalls(text: string, parameter: string): readonly Call[] {
  const fault = (what: string) =>
    new Problem(
      'invalid-parameter',
      `${parameter} ${what}; names and functions with commas between them would work, as in nature,month(jour).`,
      {
        locator: parameter,
      },
    )
  if (text.length > mostCharacters) throw fault(`has more than ${mostCharacters} characters`)
  const tokens = [...text.matchAll(/"((?:[^"]|"")*)"|[(),]|[^(),"]+|"/g)].flatMap((match): Token[] => {
    const [token, name] = match
    if (name !== undefined) return [{ at: match.index, name: name.replaceAll('""', '"') }]
    if (token.length === 1 && '(),'.includes(token)) return [{ at: match.index, sign: token }]
    if (token === '"') throw fault('has a quote that does not end')
    return token.trim() === '' ? [] : [{ at: match.index, name: token.trim() }]
  })
  const calls: Call[] = []
  let at = 0
  const isSign = (sign: string) => tokens[at]?.sign === sign
  const nameHere = () => {
    const token = tokens[at++]
    if (token?.name === undefined) throw fault('lacks a name')
    return token.name
  }
  while (at < tokens.length) {
    const start = tokens[at].at
    const name = nameHere()
    const args: string[] = []
    const isCall = isSign('(')
    if (isCall) {
      at++
      while (!isSign(')')) {
        args.push(nameHere())
        if (isSign(',')) at++
        else if (!isSign(')')) throw fault('has a bracket that does not end')
      }
      at++
    }
    const end = tokens[at]?.at ?? text.length
    const said = text.slice(start, end).trim()
    calls.push(isCall ? { text: said, fn: name.toLowerCase(), args } : { text: name, args: [name] })
    if (at === tokens.length) break
    if (!isSign(',')) throw fault('lacks a comma')
    at++
  }
  return calls
}
