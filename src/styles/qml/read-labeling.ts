import type { Filter } from '#filters/filter.js'
import { attributeOf, childOf, childrenOf, type XmlElement } from '#xml/read.js'
import type { Notes } from '../notes.js'
import type { Rule, StylePass } from '../style.js'
import { StyleError } from '../style-error.js'
import { noneOf } from './none-of.js'
import { readLabel } from './read-label.js'
import { conditionOf, mostRules } from './read-renderer.js'

/** Passes of the labels of a layer, after all that is drawn. */
export function readLabeling(labeling: XmlElement, notes: Notes): readonly StylePass[] {
  const type = attributeOf(labeling, 'type')
  const rules = type === 'rule-based' ? ruled(labeling, notes) : type === 'simple' ? simple(labeling, notes) : undefined
  if (!rules) notes.add(`labels of the type ${type?.slice(0, 40)} are not drawn`, 'labels')
  return rules && rules.length > 0 ? [{ name: 'labels', rules }] : []
}

function simple(labeling: XmlElement, notes: Notes): readonly Rule[] {
  const settings = childOf(labeling, 'settings')
  return settings ? [labelRule(settings, notes, 'labels', {})] : []
}

interface Above {
  readonly filters: readonly Filter[]
  readonly least: number
  readonly most: number
}

function ruled(labeling: XmlElement, notes: Notes): readonly Rule[] {
  let left = mostRules
  const read = (element: XmlElement, above: Above, depth: number): Rule[] => {
    const rules = childrenOf(element, 'rule')
    left -= rules.length
    if (left < 0 || depth > 20)
      throw new StyleError(`The style has more than the ${mostRules} rules of labels allowed here, or too deep ones.`)
    const conditions = new Map(rules.map(rule => [rule, filterOf(rule, notes)] as const))
    const claims = [...conditions.values()].filter(one => typeof one === 'object')
    const elses = [...conditions.values()].filter(one => one === 'else').length
    if (elses * claims.length > 200_000) throw new StyleError('The style has more rules of labels beside ELSE than are read.')
    const rest = elses > 0 ? noneOf(claims) : undefined
    return rules.flatMap((rule): Rule[] => {
      const name = attributeOf(rule, 'description') ?? ''
      const own = conditions.get(rule)
      if (own === 'unread' || attributeOf(rule, 'active') === '0') return []
      const asked = own === 'else' ? rest : own
      const filters = [...above.filters, ...(asked ? [asked] : [])]
      const number = (key: string) => Number(attributeOf(rule, key) ?? 0) || 0
      const least = Math.max(above.least, number('scalemindenom'))
      const most = Math.min(above.most, number('scalemaxdenom') || Number.POSITIVE_INFINITY)
      const settings = childOf(rule, 'settings')
      const of = {
        ...(least > 0 && { minScaleDenominator: least }),
        ...(Number.isFinite(most) && { maxScaleDenominator: most }),
        ...(filters.length > 0 && { filter: filters.length === 1 ? filters[0] : ({ kind: 'and', all: filters } as const) }),
      }
      return [...(settings ? [labelRule(settings, notes, name, of)] : []), ...read(rule, { filters, least, most }, depth + 1)]
    })
  }
  const root = childOf(labeling, 'rules')
  return root ? read(root, { filters: [], least: 0, most: Number.POSITIVE_INFINITY }, 0).filter(rule => rule.symbolizers.length > 0) : []
}

/** What a rule asks for: nothing, a condition, what others leave, or what cannot be read. */
function filterOf(rule: XmlElement, notes: Notes): Filter | undefined | 'else' | 'unread' {
  const text = attributeOf(rule, 'filter')?.trim() ?? ''
  if (text === '') return undefined
  if (text.toUpperCase() === 'ELSE') return 'else'
  const place = `labels/${attributeOf(rule, 'description') ?? ''}`
  return conditionOf(text, message => notes.add(message, place, rule.line)) ?? 'unread'
}

function labelRule(settings: XmlElement, notes: Notes, name: string, of: Partial<Rule>): Rule {
  const { symbolizer, ...scales } = readLabel(settings, message =>
    notes.add(message, name === 'labels' ? name : `labels/${name}`, settings.line),
  )
  const least = Math.max(of.minScaleDenominator ?? 0, scales.minScaleDenominator ?? 0)
  const most = Math.min(of.maxScaleDenominator ?? Number.POSITIVE_INFINITY, scales.maxScaleDenominator ?? Number.POSITIVE_INFINITY)
  const filters = [of.filter, scales.filter].filter(one => one !== undefined)
  return {
    name,
    isUnlisted: true,
    ...(least > 0 && { minScaleDenominator: least }),
    ...(Number.isFinite(most) && { maxScaleDenominator: most }),
    ...(filters.length > 0 && { filter: filters.length === 1 ? filters[0] : { kind: 'and', all: filters } }),
    symbolizers: symbolizer ? [symbolizer] : [],
  }
}
