import type { Expression, Scalar } from '#filters/expression.js'
import type { MapScale } from '#render/map-scale.js'
import { isExpression } from '#styles/computed.js'
import { type Rule, rulesOf, type Style, type Symbolizer } from '#styles/style.js'
import type { Variables } from '../queries.js'
import { rasterRows } from './raster-rows.js'
import { type Choice, typical } from './typical.js'

/** A symbol with what it stands for. */
export interface LegendRow {
  readonly shape: 'polygon' | 'line' | 'point' | 'text'
  /** Without anything that is computed for each feature. */
  readonly symbolizers: readonly Symbolizer[]
  readonly text: string
  /** Joins the symbols above and below: a ramp. */
  readonly isSeamless?: boolean
}

export interface RowChoice {
  /** Only what is drawn at this scale; without it, the scale at which the most rules are: rules that take turns are one thing. */
  readonly scaleDenominator?: number
  /** Name of the only rule that is shown. */
  readonly rule?: string
  /** Whether a rule is to be shown; absent: all are. */
  readonly isShown?: (rule: Rule) => boolean
  /** What the client tells the style. */
  readonly variables?: Variables
  /** Of titles, where the style has them in several. */
  readonly language?: string
}

/** Rows beyond this are not drawn: nobody reads them. */
const mostRows = 300
const longestText = 100
/** Scale of sizes on the ground where no other is asked for. */
const usualScale = 10_000

/** The rows of a legend of a style: one for each rule, or for each value that decides a colour, or each colour of a raster. */
export function legendRows(style: Style, choice: RowChoice = {}): readonly LegendRow[] {
  const rules = rulesInForce(joinedRules(style, choice), choice.scaleDenominator)
  const { scaleDenominator = usualScale, variables, language } = choice
  const scale = { scaleDenominator, pixelRatio: 1, ...(variables && { variables }) }
  return rules.flatMap(rule => rowsOf(rule, titleOf(rule, language), scale)).slice(0, mostRows)
}

/** What is drawn in several passes, as casings are, is one thing: rules of the same name and scale. */
function joinedRules(style: Style, { rule: wanted, isShown }: RowChoice): readonly Rule[] {
  const joined = new Map<string, Rule>()
  for (const rule of rulesOf(style)) {
    if (rule.isUnlisted || (wanted !== undefined && rule.name !== wanted && rule.title !== wanted) || isShown?.(rule) === false) continue
    const key = JSON.stringify([rule.name, rule.title, rule.minScaleDenominator, rule.maxScaleDenominator])
    const { symbolizers = [] } = joined.get(key) ?? {}
    joined.set(key, { ...rule, symbolizers: [...symbolizers, ...rule.symbolizers] })
  }
  return [...joined.values()].filter(({ symbolizers }) => symbolizers.length > 0)
}

function rulesInForce(rules: readonly Rule[], scale: number | undefined): readonly Rule[] {
  const at = (scale: number) =>
    rules.filter(
      ({ minScaleDenominator = 0, maxScaleDenominator = Infinity }) => scale >= minScaleDenominator && scale < maxScaleDenominator,
    )
  if (scale !== undefined) return at(scale)
  const sets = [...new Set(rules.map(({ minScaleDenominator = 0 }) => minScaleDenominator))].map(at)
  return sets.reduce<readonly Rule[]>((most, set) => (set.length > most.length ? set : most), [])
}

function rowsOf(rule: Rule, title: string, scale: MapScale): readonly LegendRow[] {
  const raster = rule.symbolizers.find(symbolizer => symbolizer.kind === 'raster')
  if (raster) return rasterRows(raster, title).map(row => ({ ...row, text: shortened(row.text) }))
  const deciding = decidingColor(rule.symbolizers)
  const choices = deciding ? choicesOf(deciding) : []
  const rows = choices.length > 1 ? choices : [{ text: title }]
  return rows.map(({ text, ...choice }: { text: string } & Partial<Choice>) => {
    const chosen = choice.expression && { expression: choice.expression, value: choice.value ?? null }
    const symbolizers = rule.symbolizers.map(symbolizer => typical(symbolizer, scale, chosen))
    return { shape: shapeOf(rule), symbolizers, text: shortened(text) }
  })
}

const shortened = (text: string) => (text.length > longestText ? `${text.slice(0, longestText - 1).trimEnd()}…` : text)

/** The title of a rule in a language, where it has one in that; else its title, else its name. */
export const titleOf = ({ title, titles = {}, name }: Rule, language = '') =>
  (Object.hasOwn(titles, language) ? titles[language] : title) ?? name

function shapeOf({ symbolizers, geometryTypes }: Rule): LegendRow['shape'] {
  const has = (kind: Symbolizer['kind']) => symbolizers.some(symbolizer => symbolizer.kind === kind)
  if (has('fill')) return 'polygon'
  if (has('line')) return geometryTypes?.[0] === 'polygon' ? 'polygon' : 'line'
  return has('point') ? 'point' : 'text'
}

/** The computed colour that tells features apart. */
function decidingColor(symbolizers: readonly Symbolizer[]): Expression | undefined {
  for (const symbolizer of symbolizers) {
    const shape = symbolizer.kind === 'point' ? symbolizer.graphic.shapes[0] : undefined
    const color =
      symbolizer.kind === 'fill'
        ? symbolizer.color
        : symbolizer.kind === 'line'
          ? symbolizer.stroke.color
          : shape && 'color' in shape
            ? shape.color
            : undefined
    if (isExpression(color)) return color
  }
  return undefined
}

/** Values of a colour, and what they stand for. */
function choicesOf(expression: Expression): readonly (Choice & { readonly text: string })[] {
  const of = (value: Expression, text: string) => (value.kind === 'literal' ? [{ expression, value: value.value, text }] : [])
  const number = (value: number) => value.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 6 })
  switch (expression.kind) {
    case 'recode':
      return expression.entries.flatMap(([key, value]) => of(value, textOf(key)))
    case 'step': {
      const { first, steps } = expression
      return [
        ...(steps.length > 0 ? of(first, `< ${number(steps[0][0])}`) : []),
        ...steps.flatMap(([from, value], i) =>
          of(value, i + 1 < steps.length ? `${number(from)} – ${number(steps[i + 1][0])}` : `≥ ${number(from)}`),
        ),
      ]
    }
    case 'interpolation':
      return expression.stops.flatMap(([at, value]) => of(value, number(at)))
    default:
      return []
  }
}

const textOf = (value: Scalar) => String(value ?? '')
