import { comparisonOf } from '../comparison-signs.js'
import type { Expression, Scalar } from '../expression.js'
import type { Filter } from '../filter.js'
import { FilterError } from '../filter-error.js'
import { type LikeSigns, likeParts } from '../like-parts.js'
import { asTruth, asValue, ofTruth, ofValue, type Part } from '../parts.js'
import { isDeeperThan, isLargerThan } from '../tree-size.js'
import { regexFilter } from './match-pattern.js'
import { callValue, malformed, specialValue, unsupported, variableValue } from './qgis-functions.js'
import { type Token, tokenize } from './tokenize.js'

/** Levels of brackets, and of what binds stronger. */
const deepest = 60
/** Parts of what is made of an expression. */
const most = 50_000
/** Levels of that: chains such as `a + b + c` have no brackets, and two levels for each link. */
const deepestTree = 1000

/** A QGIS expression as a value. `note` is told what is not kept. Throws FilterError for what cannot be read or has no counterpart. */
export function parseQgisExpression(text: string, note: (message: string) => void = () => {}): Expression {
  return bounded(asValue(parse(text, note)))
}

/** A QGIS expression as a filter: what it is true for. */
export function parseQgisFilter(text: string, note: (message: string) => void = () => {}): Filter {
  return bounded(asTruth(parse(text, note)))
}

function bounded<T extends Expression | Filter>(tree: T): T {
  if (isLargerThan(tree, most)) throw new FilterError('too-large', `The expression has more than ${most} parts.`)
  if (isDeeperThan(tree, deepestTree))
    throw new FilterError('too-large', `What the expression computes is nested deeper than ${deepestTree} levels.`)
  return tree
}

const likeSigns: LikeSigns = { many: '%', one: '_', literal: '\\' }

function parse(text: string, note: (message: string) => void): Part {
  const tokens = tokenize(text)
  let [at, depth] = [0, 0]
  const peek = (ahead = 0): Token => tokens[Math.min(at + ahead, tokens.length - 1)]
  const isWord = (word: string, ahead = 0) => peek(ahead).kind === 'word' && peek(ahead).text.toLowerCase() === word
  const isSign = (sign: string, ahead = 0) => peek(ahead).kind === 'sign' && peek(ahead).text === sign
  const takeWord = (word: string) => isWord(word) && Boolean(++at)
  const takeSign = (sign: string) => isSign(sign) && Boolean(++at)
  const expect = (taken: boolean, wanted: string) => {
    if (!taken) malformed(`The expression wants ${wanted} at ${JSON.stringify(text.slice(peek().at, peek().at + 20))}`)
  }

  /** The operators from the weakest to the strongest: OR, AND, NOT, comparisons, sums, products, powers, `||`, signs. */
  function disjunction(): Part {
    if (++depth > deepest) throw new FilterError('too-large', `The expression is nested deeper than ${deepest} levels.`)
    const any = [conjunction()]
    while (takeWord('or')) any.push(conjunction())
    depth--
    return any.length === 1 ? any[0] : ofTruth({ kind: 'or', any: any.map(asTruth) })
  }

  function conjunction(): Part {
    const all = [negation()]
    while (takeWord('and')) all.push(negation())
    return all.length === 1 ? all[0] : ofTruth({ kind: 'and', all: all.map(asTruth) })
  }

  function negation(): Part {
    let count = 0
    while (takeWord('not')) count++
    const part = comparison()
    if (count === 0) return part
    return count % 2 === 1 ? ofTruth({ kind: 'not', filter: asTruth(part) }) : ofTruth(asTruth(part))
  }

  function comparison(): Part {
    let left = sum()
    for (;;) {
      const operator = peek().kind === 'sign' ? comparisonOf(peek().text) : undefined
      const isNegated = isWord('not') && ['like', 'ilike', 'in', 'between'].some(word => isWord(word, 1))
      if (operator !== undefined) {
        at++
        left = ofTruth({ kind: 'compare', operator, left: asValue(left), right: asValue(sum()) })
      } else if (takeSign('~')) left = ofTruth(regexFilter(asValue(left), textOf(sum())))
      else if (takeWord('is')) left = ofTruth(identity(asValue(left)))
      else {
        if (isNegated) at++
        const filter = listed(asValue(left))
        if (!filter) return left
        left = ofTruth(isNegated ? { kind: 'not', filter } : filter)
      }
    }
  }

  /** What follows a value after LIKE, IN or BETWEEN. */
  function listed(operand: Expression): Filter | undefined {
    const ignoresCase = isWord('ilike')
    if (takeWord('like') || takeWord('ilike'))
      return { kind: 'like', operand, pattern: likeParts(textOf(sum()), likeSigns), ...(ignoresCase && { ignoresCase }) }
    if (takeWord('in')) {
      expect(takeSign('('), 'a bracket')
      return { kind: 'in', operand, values: list().map(asValue) }
    }
    if (!takeWord('between')) return undefined
    const lower = asValue(sum())
    expect(takeWord('and'), 'AND')
    return { kind: 'between', operand, lower, upper: asValue(sum()) }
  }

  /** IS and IS NOT: null is null. */
  function identity(left: Expression): Filter {
    const isNot = takeWord('not')
    const right = asValue(sum())
    const same = isNull(right) ? ({ kind: 'isNull', operand: left } as const) : equal(left, right)
    return isNot ? { kind: 'not', filter: same } : same
  }

  function sum(): Part {
    let left = product()
    for (;;) {
      const sign = isSign('+') || isSign('-') ? peek().text : undefined
      if (sign === undefined) return left
      at++
      const [a, b] = [asValue(left), asValue(product())]
      // Texts that are no numbers are joined.
      const name = sign === '+' && [a, b].some(isPlainText) ? 'concat' : sign
      left = ofValue(name === 'concat' ? joined(a, b) : { kind: 'call', name, args: [a, b] })
    }
  }

  function product(): Part {
    let left = power()
    for (;;) {
      const sign = ['*', '/', '//', '%'].find(one => isSign(one))
      if (sign === undefined) return left
      at++
      const args = [asValue(left), asValue(power())]
      const quotient: Expression = { kind: 'call', name: sign === '//' ? '/' : sign, args }
      left = ofValue(sign === '//' ? { kind: 'call', name: 'floor', args: [quotient] } : quotient)
    }
  }

  function power(): Part {
    const base = concatenation()
    if (!takeSign('^')) return base
    if (++depth > deepest) throw new FilterError('too-large', `The expression is nested deeper than ${deepest} levels.`)
    const exponent = power()
    depth--
    return ofValue({ kind: 'call', name: '^', args: [asValue(base), asValue(exponent)] })
  }

  function concatenation(): Part {
    let left = signed()
    while (takeSign('||')) left = ofValue(joined(asValue(left), asValue(signed())))
    return left
  }

  function signed(): Part {
    let isNegative = false
    for (;;) {
      if (takeSign('-')) isNegative = !isNegative
      else if (!takeSign('+')) break
    }
    const part = primary()
    if (isSign('[')) unsupported('A member of a list has no counterpart')
    if (!isNegative) return part
    const value = asValue(part)
    if (value.kind === 'literal' && typeof value.value === 'number') return ofValue({ kind: 'literal', value: -value.value })
    return ofValue({ kind: 'call', name: '-', args: [value] })
  }

  function primary(): Part {
    const token = peek()
    if (takeSign('(')) {
      const inside = disjunction()
      expect(takeSign(')'), 'a closing bracket')
      return inside
    }
    at++
    switch (token.kind) {
      case 'number':
        return ofValue({ kind: 'literal', value: Number(token.text) })
      case 'text':
        return ofValue({ kind: 'literal', value: token.text })
      case 'field':
        return ofValue({ kind: 'property', name: token.text })
      case 'variable':
        return variableValue(token.text)
      case 'word':
        return named(token.text)
      default:
        at--
        expect(false, 'a value')
        return unsupported('An expression without value')
    }
  }

  function named(word: string): Part {
    if (takeSign('(')) return callValue(word, list(), note)
    if (word.startsWith('$')) return specialValue(word)
    const lower = word.toLowerCase()
    if (lower === 'case') return choice()
    const known: Readonly<Record<string, Scalar>> = { null: null, true: true, false: false }
    if (Object.hasOwn(known, lower)) return ofValue({ kind: 'literal', value: known[lower] })
    if (reserved.has(lower)) malformed(`The expression has ${word} where a value was expected`)
    return ofValue({ kind: 'property', name: word })
  }

  /** Arguments, which may be named, up to the closing bracket. */
  function list(): Part[] {
    const parts: Part[] = []
    if (takeSign(')')) return parts
    do {
      if (peek().kind === 'word' && isSign(':=', 1)) at += 2
      parts.push(argument())
    } while (takeSign(','))
    expect(takeSign(')'), 'a closing bracket')
    return parts
  }

  /** The feature itself is an argument of `attribute` only, which does not need it. */
  function argument(): Part {
    const isFeature = (peek().kind === 'variable' && peek().text === 'feature') || isWord('$currentfeature')
    if (!isFeature) return disjunction()
    at++
    return ofValue({ kind: 'literal', value: null })
  }

  function choice(): Part {
    const cases: { readonly when: Filter; readonly value: Expression }[] = []
    while (takeWord('when')) {
      const when = asTruth(disjunction())
      expect(takeWord('then'), 'THEN')
      cases.push({ when, value: asValue(disjunction()) })
    }
    expect(cases.length > 0, 'WHEN')
    const otherwise: Expression = takeWord('else') ? asValue(disjunction()) : { kind: 'literal', value: null }
    expect(takeWord('end'), 'END')
    return ofValue({ kind: 'choice', cases, otherwise })
  }

  const whole = disjunction()
  expect(peek().kind === 'end', 'an operator')
  return whole
}

const reserved = new Set('and or not when then else end is in like ilike between'.split(' '))

const isNull = (value: Expression) => value.kind === 'literal' && value.value === null

function equal(left: Expression, right: Expression): Filter {
  const same: Filter = { kind: 'compare', operator: '=', left, right }
  const missing = (operand: Expression): Filter => ({ kind: 'isNull', operand })
  const bothMissing: Filter = { kind: 'and', all: [missing(left), missing(right)] }
  return {
    kind: 'or',
    any: [bothMissing, { kind: 'and', all: [{ kind: 'not', filter: missing(left) }, { kind: 'not', filter: missing(right) }, same] }],
  }
}

function textOf(part: Part): string {
  const value = asValue(part)
  return value.kind === 'literal' ? String(value.value ?? '') : unsupported('A pattern that is computed has no counterpart')
}

const isPlainText = (value: Expression) =>
  (value.kind === 'literal' && typeof value.value === 'string' && !Number.isFinite(Number(value.value))) ||
  (value.kind === 'choice' && value.otherwise.kind === 'call' && value.otherwise.name === 'concat')

/** Texts one after the other; nothing when one of them is nothing, which our `concat` would leave out. */
function joined(left: Expression, right: Expression): Expression {
  const parts = [left, right].flatMap(part => (isJoined(part) ? part.otherwise.args : [part]))
  const missing = parts.filter(part => part.kind !== 'literal' || part.value === null)
  const text: Expression = { kind: 'call', name: 'concat', args: parts }
  if (missing.length === 0) return text
  const any = missing.map((operand): Filter => ({ kind: 'isNull', operand }))
  return {
    kind: 'choice',
    cases: [{ when: any.length === 1 ? any[0] : { kind: 'or', any }, value: { kind: 'literal', value: null } }],
    otherwise: text,
  }
}

function isJoined(part: Expression): part is Expression & { kind: 'choice'; otherwise: Expression & { kind: 'call' } } {
  const [only] = part.kind === 'choice' ? part.cases : []
  return (
    part.kind === 'choice' &&
    part.cases.length === 1 &&
    only.value.kind === 'literal' &&
    only.value.value === null &&
    part.otherwise.kind === 'call' &&
    part.otherwise.name === 'concat'
  )
}
