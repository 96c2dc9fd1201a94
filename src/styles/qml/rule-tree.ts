import type { Filter } from '#filters/filter.js'
import { attributeOf, childOf, childrenOf, type XmlElement } from '#xml/read.js'
import { StyleError } from '../style-error.js'
import { noneOf } from './none-of.js'
import { conditionOf, mostRules, type PlannedRule, type SymbolReader } from './read-renderer.js'

/** What a rule and those above it ask for. */
interface Above {
  readonly filters: readonly Filter[]
  readonly least: number
  readonly most: number
  readonly depth: number
}

interface Node {
  readonly element: XmlElement
  readonly own: Filter | undefined
  readonly isElse: boolean
  readonly isActive: boolean
  readonly least: number
  readonly most: number
  readonly children: readonly Node[]
}

const deepest = 20

/**
 * Rules within rules, as a flat list: each holds where those above it do. A rule that is off draws nothing, and what it claims its `ELSE` does not draw
 * either.
 */
export function rulesOfTree(renderer: XmlElement, symbols: SymbolReader, note: (message: string) => void): readonly PlannedRule[] {
  const root = childOf(renderer, 'rules')
  const budget = { rules: mostRules, elses: 200_000 }
  const nodes = root ? childrenOf(root, 'rule').flatMap(rule => nodeOf(rule, 0, budget, note)) : []
  // One `ELSE` beside rules without scales and without others below is what our rules have a word for.
  const isPlain = nodes.every(
    node => node.children.length === 0 && (node.isElse || (node.least === 0 && node.most === Number.POSITIVE_INFINITY)),
  )
  return flat(nodes, { filters: [], least: 0, most: Number.POSITIVE_INFINITY, depth: 0 }, isPlain, symbols, budget)
}

function nodeOf(element: XmlElement, depth: number, budget: { rules: number }, note: (message: string) => void): Node[] {
  if (--budget.rules < 0) throw new StyleError(`The style has more than the ${mostRules} rules allowed here.`)
  if (depth > deepest) throw new StyleError(`The rules are nested deeper than the ${deepest} levels allowed here.`)
  const text = attributeOf(element, 'filter') ?? ''
  const isElse = text.trim().toUpperCase() === 'ELSE'
  const own = isElse || text.trim() === '' ? undefined : conditionOf(text, note)
  if (!isElse && text.trim() !== '' && !own) return []
  const scale = (name: string) => Number(attributeOf(element, name) ?? 0) || 0
  return [
    {
      element,
      own,
      isElse,
      isActive: attributeOf(element, 'checkstate') !== '0' && attributeOf(element, 'active') !== '0',
      least: scale('scalemindenom'),
      most: scale('scalemaxdenom') || Number.POSITIVE_INFINITY,
      children: childrenOf(element, 'rule').flatMap(child => nodeOf(child, depth + 1, budget, note)),
    },
  ]
}

function flat(nodes: readonly Node[], above: Above, isPlain: boolean, symbols: SymbolReader, budget: { elses: number }): PlannedRule[] {
  const others = nodes.filter(node => !node.isElse)
  const elses = nodes.length - others.length
  budget.elses -= isPlain ? 0 : elses * others.length
  if (budget.elses < 0) throw new StyleError('The style has more rules beside ELSE than are read.')
  const rest = elses > 0 && !isPlain ? noneOf(others.map(claimOf)) : undefined
  return nodes.flatMap((node): PlannedRule[] => {
    const { element, own, isElse, isActive } = node
    const least = Math.max(above.least, node.least)
    const most = Math.min(above.most, node.most)
    const filters = [...above.filters, ...(own ? [own] : []), ...(isElse && rest ? [rest] : [])]
    const name = attributeOf(element, 'label') || attributeOf(element, 'description') || attributeOf(element, 'filter') || ''
    const drawn = isActive ? symbols(attributeOf(element, 'symbol'), name) : []
    const isKept = drawn.length > 0 || (isPlain && elses > 0)
    const rule: PlannedRule = {
      name,
      ...(attributeOf(element, 'description') && { abstract: attributeOf(element, 'description') }),
      ...(least > 0 && { minScaleDenominator: least }),
      ...(Number.isFinite(most) && { maxScaleDenominator: most }),
      ...(filters.length > 0 && { filter: allOf(filters) }),
      ...(isElse && isPlain && { isElse: true }),
      drawn,
    }
    const below = isActive ? flat(node.children, { filters, least, most, depth: above.depth + 1 }, false, symbols, budget) : []
    return [...(isKept && least < most ? [rule] : []), ...below]
  })
}

const allOf = (filters: readonly Filter[]): Filter => (filters.length === 1 ? filters[0] : { kind: 'and', all: filters })

/** What a rule draws, or would if it were on and at any scale: with a symbol all that it holds for, else what those below it do. */
function claimOf({ element, own, isActive, children }: Node): Filter {
  const hasSymbol = attributeOf(element, 'symbol') !== undefined
  const below: Filter = children.some(child => child.isElse)
    ? { kind: 'constant', value: true }
    : { kind: 'or', any: children.map(claimOf) }
  const parts = [...(own ? [own] : []), ...(hasSymbol || !isActive ? [] : [below])]
  return parts.length === 0 ? { kind: 'constant', value: true } : allOf(parts)
}
