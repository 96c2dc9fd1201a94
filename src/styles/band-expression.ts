/** A value computed from the bands of a raster, pixel by pixel. */
export type BandExpression =
  | { readonly kind: 'number'; readonly value: number }
  /** By index from 0. */
  | { readonly kind: 'band'; readonly band: number }
  | { readonly kind: 'call'; readonly name: BandFunction; readonly arguments: readonly BandExpression[] }

/** Every function, with the least and greatest number of its arguments. What compares gives 1 or 0. */
export const bandFunctions = {
  '+': [2, 2],
  '-': [2, 2],
  '*': [2, 2],
  '/': [2, 2],
  '^': [2, 2],
  '<': [2, 2],
  '<=': [2, 2],
  '>': [2, 2],
  '>=': [2, 2],
  '==': [2, 2],
  '!=': [2, 2],
  abs: [1, 1],
  sqrt: [1, 1],
  ln: [1, 1],
  log10: [1, 1],
  exp: [1, 1],
  min: [2, 8],
  max: [2, 8],
  /** Condition, then, else. */
  if: [3, 3],
  /** Of heights in metres, in degrees. */
  slope: [1, 1],
  /** Of heights: the way down, in degrees clockwise from north. */
  aspect: [1, 1],
  /** Of heights, then azimuth (315) and height (45) of the light in degrees and the exaggeration (1): 1 dark to 255. */
  hillshade: [1, 4],
} as const

/** The name of a function or operator. */
export type BandFunction = keyof typeof bandFunctions

/** What is wrong with an expression, and where. */
export class BandExpressionError extends Error {}

const longest = 500
const deepest = 32

/** Operators by how strongly they bind, the weakest first; `^` binds to the right. */
const operators: readonly (readonly BandFunction[])[] = [['<', '<=', '>', '>=', '==', '!='], ['+', '-'], ['*', '/'], ['^']]

/**
 * Reads an expression such as `(b4 - b1) / (b4 + b1)` or `hillshade(b1, 315, 45, 2)`: numbers, bands b1, b2, … counted from 1, + - * / ^, comparisons,
 * brackets and the functions above. Throws BandExpressionError.
 */
export function parseBandExpression(text: string): BandExpression {
  if (text.length > longest) throw new BandExpressionError(`it is longer than ${longest} characters`)
  const tokens = [...text.matchAll(/\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|([a-z]\w*)|(<=|>=|==|!=|[-+*/^<>(),])|(\S))/gi)]
  let [at, depth] = [0, 0]
  const peek = () => tokens[at]?.[0].trim().toLowerCase()
  const fail = (wanted: string): never => {
    const found = peek()
    throw new BandExpressionError(`${found === undefined ? 'at its end' : `at «${found}»`} ${wanted} would work`)
  }
  const expect = (token: string) => (peek() === token ? at++ : fail(token))

  function binary(level: number): BandExpression {
    if (level === operators.length) return unary()
    let left = binary(level + 1)
    for (let name = peek() as BandFunction; operators[level].includes(name); name = peek() as BandFunction) {
      at++
      const right = nested(() => binary(name === '^' ? level : level + 1))
      left = { kind: 'call', name, arguments: [left, right] }
    }
    return left
  }
  function nested<T>(read: () => T): T {
    if (++depth > deepest) throw new BandExpressionError(`it is nested more than ${deepest} deep`)
    const result = read()
    depth--
    return result
  }
  function unary(): BandExpression {
    if (peek() !== '-') return primary()
    at++
    const value = nested(() => binary(operators.length - 1))
    return value.kind === 'number'
      ? { kind: 'number', value: -value.value }
      : { kind: 'call', name: '-', arguments: [{ kind: 'number', value: 0 }, value] }
  }
  function primary(): BandExpression {
    const [, number, word] = tokens[at] ?? []
    if (number !== undefined) {
      at++
      return { kind: 'number', value: Number(number) }
    }
    if (peek() === '(') {
      at++
      const inside = nested(() => binary(0))
      expect(')')
      return inside
    }
    if (word === undefined) return fail('a number, a band such as b1, a function or a bracket')
    const band = /^b(\d{1,4})$/i.exec(word)
    if (band && Number(band[1]) > 0) {
      at++
      return { kind: 'band', band: Number(band[1]) - 1 }
    }
    return call(word.toLowerCase())
  }
  function call(name: string): BandExpression {
    if (!Object.hasOwn(bandFunctions, name))
      return fail(
        `a band such as b1 or one of ${Object.keys(bandFunctions)
          .filter(word => /\w/.test(word))
          .join(', ')}`,
      )
    at++
    expect('(')
    const values = [nested(() => binary(0))]
    while (peek() === ',') {
      at++
      values.push(nested(() => binary(0)))
    }
    expect(')')
    const [least, most] = bandFunctions[name as BandFunction]
    if (values.length < least || values.length > most)
      throw new BandExpressionError(`${name} takes ${least === most ? least : `${least} to ${most}`} values, not ${values.length}`)
    return { kind: 'call', name: name as BandFunction, arguments: values }
  }

  const expression = binary(0)
  if (at < tokens.length) fail('the end')
  return expression
}

/** The greatest band index an expression reads; -1 when it reads none. */
export function greatestBand(expression: BandExpression): number {
  if (expression.kind === 'band') return expression.band
  return expression.kind === 'call' ? Math.max(-1, ...expression.arguments.map(greatestBand)) : -1
}
