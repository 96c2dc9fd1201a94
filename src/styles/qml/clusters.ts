import type { Filter } from '#filters/filter.js'
import { attributeOf, childrenOf, type XmlElement } from '#xml/read.js'
import type { Notes } from '../notes.js'
import type { Rule, StylePass, Transformation } from '../style.js'
import { lengthIn, unitOf } from './qml-length.js'
import { readSymbol } from './read-symbol.js'

/** Points near to each other as one mark, others by the renderer within. */
export function clusters(
  renderer: XmlElement,
  notes: Notes,
  inside: readonly StylePass[],
  note: (message: string) => void,
): readonly StylePass[] {
  const length = lengthIn(Number(attributeOf(renderer, 'tolerance') ?? 3), unitOf(attributeOf(renderer, 'toleranceUnit'), note))
  const distance = typeof length === 'number' ? length : 11
  if (typeof length !== 'number') note('points nearer than 11 pixels are one: the distance is on the ground')
  const symbol = childrenOf(renderer, 'symbol').at(0)
  const drawn = symbol ? readSymbol(symbol, { notes, place: 'clusters', opacity: 1, depth: 0 }) : []
  const count = (operator: '>' | '<='): Filter => ({
    kind: 'compare',
    operator,
    left: { kind: 'property', name: 'count' },
    right: { kind: 'literal', value: 1 },
  })
  const transformation: Transformation = { kind: 'cluster', distance }
  const single = inside.map((pass): StylePass => {
    const rules = pass.rules.map(rule => ({
      ...rule,
      filter: rule.filter ? ({ kind: 'and', all: [count('<='), rule.filter] } as const) : count('<='),
    }))
    return { ...pass, transformation, rules: rules.map(rule => (rule.isElse ? { ...rule, filter: count('<=') } : rule)) }
  })
  const many: Rule = { name: 'clusters', filter: count('>'), symbolizers: drawn.map(({ symbolizer }) => symbolizer) }
  return [...single, { transformation, rules: [many] }]
}
