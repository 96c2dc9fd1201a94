import type { Expression } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import { FilterError } from '#filters/filter-error.js'
import { parseQgisExpression, parseQgisFilter } from '#filters/qgis/parse-qgis-expression.js'
import { attributeOf, childOf, childrenOf, type XmlElement } from '#xml/read.js'
import type { Notes } from '../notes.js'
import type { Rule, StylePass, Transformation } from '../style.js'
import { StyleError } from '../style-error.js'
import { isInPixels } from '../values.js'
import { attempt } from './attempt.js'
import { clusters } from './clusters.js'
import { noteEffects } from './effects.js'
import { invertedPolygons } from './inverted-polygons.js'
import { textsOf } from './options.js'
import { qmlColor } from './qml-color.js'
import { lengthIn, unitOf } from './qml-length.js'
import { type Drawn, readSymbol } from './read-symbol.js'
import { rulesOfTree } from './rule-tree.js'

/** Most rules, classes and categories of a style. */
export const mostRules = 5000

/** A rule before its symbol is spread over levels. */
export interface PlannedRule extends Omit<Rule, 'symbolizers'> {
  readonly drawn: readonly Drawn[]
}

export interface Plan {
  readonly rules: readonly PlannedRule[]
  readonly isFirstMatch?: boolean
}

/** What a renderer draws. Parts without counterpart are noted. */
export function readRenderer(renderer: XmlElement, notes: Notes): readonly StylePass[] {
  const type = attributeOf(renderer, 'type') ?? ''
  const note = (message: string) => notes.add(message, type, renderer.line)
  if (attributeOf(renderer, 'referencescale') !== undefined && Number(attributeOf(renderer, 'referencescale')) > 0)
    note('sizes are those of any scale: the reference scale is not kept')
  noteEffects(renderer, note)
  const embedded = () => {
    const inside = childOf(renderer, 'renderer-v2')
    return inside ? readRenderer(inside, notes) : []
  }
  switch (type) {
    case 'nullSymbol':
      return []
    case 'heatmapRenderer':
      return [heatmap(renderer, note)]
    case 'pointCluster':
      return clusters(renderer, notes, embedded(), note)
    case 'pointDisplacement':
      note('points at one place are drawn there, and not around it')
      return embedded()
    case 'mergedFeatureRenderer':
      note('features are drawn each by itself, and not merged')
      return embedded()
    case 'invertedPolygonRenderer':
      return invertedPolygons(embedded(), note)
  }
  const plan = planOf(type, renderer, notes, note)
  if (!plan) {
    note(`renderers of the type ${type.slice(0, 40)} are not drawn`)
    return []
  }
  const sort = sortOf(renderer, note)
  return levels(plan, attributeOf(renderer, 'symbollevels') === '1').map(pass => ({ ...pass, ...(sort && { sort }) }))
}

function planOf(type: string, renderer: XmlElement, notes: Notes, note: (message: string) => void): Plan | undefined {
  const symbols = symbolReader(renderer, notes)
  switch (type) {
    case 'singleSymbol':
      return { rules: [{ name: '', drawn: symbols('0', '') }] }
    case 'categorizedSymbol':
      return categories(renderer, symbols, note)
    case 'graduatedSymbol':
      return ranges(renderer, symbols, note)
    case 'RuleRenderer':
      return { rules: rulesOfTree(renderer, symbols, note) }
    default:
      return undefined
  }
}

/** What the symbol of that name draws; `place` is named in notes. */
export type SymbolReader = (key: string | undefined, place: string) => readonly Drawn[]

/** Symbols by their key, each read once. */
function symbolReader(renderer: XmlElement, notes: Notes): SymbolReader {
  const list = childOf(renderer, 'symbols')
  const elements = new Map((list ? childrenOf(list, 'symbol') : []).map(symbol => [attributeOf(symbol, 'name'), symbol]))
  const read = new Map<string, readonly Drawn[]>()
  return (key, place) => {
    if (key === undefined) return []
    const element = elements.get(key)
    if (!element) notes.add('a symbol that is not in the style is not drawn', place)
    if (!read.has(key)) read.set(key, element ? readSymbol(element, { notes, place, opacity: 1, depth: 0 }) : [])
    return read.get(key)!
  }
}

/** By the level of each symbol layer where levels are on. Rules stay in every pass, because what they claim the others do not draw. */
function levels({ rules, isFirstMatch }: Plan, isByLevel: boolean): readonly StylePass[] {
  const all = isByLevel ? [...new Set(rules.flatMap(({ drawn }) => drawn.map(({ level }) => level)))].sort((a, b) => a - b) : [0]
  const claims = isFirstMatch || rules.some(({ isElse }) => isElse)
  return all.map(level => ({
    ...(isFirstMatch && { isFirstMatch }),
    rules: rules.flatMap(({ drawn, ...rule }): Rule[] => {
      const symbolizers = drawn.filter(one => !isByLevel || one.level === level).map(({ symbolizer }) => symbolizer)
      if (symbolizers.length > 0) return [{ ...rule, symbolizers }]
      return claims ? [{ ...rule, symbolizers, isUnlisted: true }] : []
    }),
  }))
}

/** Values are compared as texts; the first category of a value has it. What none has goes to the one without value, as does null. */
function categories(renderer: XmlElement, symbols: SymbolReader, note: (message: string) => void): Plan | undefined {
  const operand = attribute(renderer, note)
  const list = limited(childrenOf(childOf(renderer, 'categories') ?? renderer, 'category'))
  if (!operand) return { rules: [] }
  const rules = list.map((category): PlannedRule => {
    const value = attributeOf(category, 'value') ?? ''
    const type = attributeOf(category, 'type')
    const several = childrenOf(category, 'val').map(val => literalOf(attributeOf(val, 'value') ?? '', attributeOf(val, 'type')))
    const name = attributeOf(category, 'label') ?? value
    const isDrawn = attributeOf(category, 'render') !== 'false' && attributeOf(category, 'render') !== '0'
    const drawn = isDrawn ? symbols(attributeOf(category, 'symbol'), name) : []
    const isRest = several.length === 0 && (value === '' || type === 'NULL')
    if (isRest) return { name, isElse: true, drawn }
    const filter: Filter =
      several.length > 0
        ? { kind: 'in', operand, values: several }
        : { kind: 'compare', operator: '=', left: operand, right: literalOf(value, type) }
    return { name, filter, drawn }
  })
  // Only the last of several rests draws.
  const rest = rules.findLast(({ isElse }) => isElse)
  return { isFirstMatch: true, rules: rules.filter(rule => !rule.isElse || rule === rest) }
}

function literalOf(value: string, type: string | undefined): Expression {
  const isNumber =
    /^(int|integer|uint|long|longlong|qlonglong|ulonglong|double)$/i.test(type ?? '') &&
    value.trim() !== '' &&
    Number.isFinite(Number(value))
  if (type === 'bool') return { kind: 'literal', value: value === 'true' || value === '1' }
  return { kind: 'literal', value: isNumber ? Number(value) : value }
}

/** Both ends belong to a class; the first that holds has it. */
function ranges(renderer: XmlElement, symbols: SymbolReader, note: (message: string) => void): Plan {
  const operand = attribute(renderer, note)
  if (!operand) return { rules: [] }
  const rules = limited(childrenOf(childOf(renderer, 'ranges') ?? renderer, 'range')).flatMap((range): PlannedRule[] => {
    const [least, most] = ['lower', 'upper'].map(name => Number(attributeOf(range, name) ?? Number.NaN))
    const name = attributeOf(range, 'label') ?? `${least} – ${most}`
    if (Number.isNaN(least) || Number.isNaN(most)) {
      note(`the class ${name.slice(0, 60)} has no bounds and is not drawn`)
      return []
    }
    const isDrawn = attributeOf(range, 'render') !== 'false' && attributeOf(range, 'render') !== '0'
    const bound = (operator: '>=' | '<=', value: number): Filter => ({
      kind: 'compare',
      operator,
      left: operand,
      right: { kind: 'literal', value },
    })
    const bounds = [...(Number.isFinite(least) ? [bound('>=', least)] : []), ...(Number.isFinite(most) ? [bound('<=', most)] : [])]
    const between: Filter = { kind: 'between', operand, lower: { kind: 'literal', value: least }, upper: { kind: 'literal', value: most } }
    const filter: Filter = bounds.length === 2 ? between : (bounds[0] ?? { kind: 'not', filter: { kind: 'isNull', operand } })
    return [{ name, filter, drawn: isDrawn ? symbols(attributeOf(range, 'symbol'), name) : [] }]
  })
  return { isFirstMatch: true, rules }
}

/** The classified expression, or the name of a field as it is. */
function attribute(renderer: XmlElement, note: (message: string) => void): Expression | undefined {
  const text = attributeOf(renderer, 'attr') ?? ''
  try {
    return parseQgisExpression(text, note)
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    if (/^[^"'(),]+$/.test(text) && error.kind === 'malformed') return { kind: 'property', name: text }
    note(`nothing is drawn, because ${text.slice(0, 80)} is not computed: ${error.message}`)
    return undefined
  }
}

function limited<T>(list: readonly T[]): readonly T[] {
  if (list.length > mostRules) throw new StyleError(`The style has more than the ${mostRules} rules allowed here.`)
  return list
}

/** A point of QGIS adds 1 in its middle, one of ours 0.399. */
const qgisPeak = Math.sqrt(2 * Math.PI)

function heatmap(renderer: XmlElement, note: (message: string) => void): StylePass {
  const unit = unitOf(attributeOf(renderer, 'radius_unit'), note)
  const length = lengthIn(Number(attributeOf(renderer, 'radius') ?? 10), unit)
  if (!isInPixels(length)) note('the radius is 30 pixels: it is on the ground')
  const radius = typeof length === 'number' ? length : 30
  const most = Number(attributeOf(renderer, 'max_value') ?? 0)
  if (!(most > 0))
    note(
      'the last colour is that of a fixed density, and not of the greatest of the map, which differs from tile to tile; a maximum value fits it',
    )
  const weight = attributeOf(renderer, 'weight_expression') ?? ''
  const expression = weight === '' ? undefined : computed(weight, note)
  const transformation: Transformation = {
    kind: 'heatmap',
    radius,
    ...(expression && { weight: expression }),
    ...(most > 0 && { intensity: qgisPeak / most }),
  }
  const entries = rampOf(childOf(renderer, 'colorramp'), note)
  return { transformation, rules: [{ name: '', symbolizers: [{ kind: 'raster', opacity: 1, colorMap: { kind: 'ramp', entries } }] }] }
}

function computed(text: string, note: (message: string) => void): Expression | undefined {
  return attempt(() => parseQgisExpression(text, note), `${text.slice(0, 80)} is not computed`, note)
}

/** A gradient from 0 to 1: its ends and `share;color:share;color…`. */
function rampOf(ramp: XmlElement | undefined, note: (message: string) => void) {
  const texts = ramp ? textsOf(ramp) : new Map<string, string>()
  if (ramp && attributeOf(ramp, 'type') !== 'gradient') note(`ramps of the type ${attributeOf(ramp, 'type')} are drawn from white to black`)
  const between = (texts.get('stops') ?? '').split(':').flatMap(stop => {
    const [share, color] = stop.split(';')
    return color !== undefined && Number(share) > 0 && Number(share) < 1 ? [[Number(share), color] as const] : []
  })
  const all = [
    [0, texts.get('color1') ?? '255,255,255,255'] as const,
    ...between.sort((a, b) => a[0] - b[0]),
    [1, texts.get('color2') ?? '0,0,0,255'] as const,
  ]
  return all.map(([value, text]) => {
    const { color, opacity } = qmlColor(text)
    return { value, color, ...(opacity !== 1 && { opacity }) }
  })
}

function sortOf(renderer: XmlElement, note: (message: string) => void): StylePass['sort'] {
  if (attributeOf(renderer, 'enableorderby') !== '1') return undefined
  const clauses = childrenOf(childOf(renderer, 'orderby') ?? renderer, 'orderByClause')
  const sort = clauses.flatMap(clause => {
    const text = clause.content.filter(item => typeof item === 'string').join('')
    const value = computed(text, note)
    if (value?.kind === 'property') return [{ property: value.name, descending: attributeOf(clause, 'asc') === '0' }]
    if (value) note(`features are not ordered by ${text.slice(0, 80)}: only a field orders them`)
    return []
  })
  return sort.length > 0 ? sort : undefined
}

/** A condition, or undefined, noted, where it cannot be read. */
export function conditionOf(text: string, note: (message: string) => void): Filter | undefined {
  return attempt(() => parseQgisFilter(text, note), `not drawn, because its condition ${text.slice(0, 80)} cannot be read`, note)
}
