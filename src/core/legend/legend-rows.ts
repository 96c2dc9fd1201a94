import type { Expression, Scalar } from '#filters/expression.js'
import type { MapScale } from '#render/map-scale.js'
import { isExpression } from '#styles/computed.js'
import type { ColorEntry, ColorMap, RasterSymbolizer } from '#styles/raster-symbolizer.js'
import { type Rule, rulesOf, type Style, type Symbolizer } from '#styles/style.js'
import type { Variables } from '../queries.js'
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
}

/** Rows beyond this are not drawn: nobody reads them. */
const mostRows = 300
const longestText = 100
/** Scale of sizes on the ground where no other is asked for. */
const usualScale = 10_000

/** The rows of a legend of a style: one for each rule, or for each value that decides a colour, or each colour of a raster. */
export function legendRows(style: Style, choice: RowChoice = {}): readonly LegendRow[] {
  const rules = rulesInForce(joinedRules(style, choice), choice.scaleDenominator)
  const { scaleDenominator = usualScale, variables } = choice
  const scale = { scaleDenominator, pixelRatio: 1, ...(variables && { variables }) }
  return rules.flatMap(rule => rowsOf(rule, scale)).slice(0, mostRows)
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

function rowsOf(rule: Rule, scale: MapScale): readonly LegendRow[] {
  const raster = rule.symbolizers.find(symbolizer => symbolizer.kind === 'raster')
  if (raster) return rasterRows(raster, titleOf(rule))
  const deciding = decidingColor(rule.symbolizers)
  const choices = deciding ? choicesOf(deciding) : []
  const rows = choices.length > 1 ? choices : [{ text: titleOf(rule) }]
  return rows.map(({ text, ...choice }: { text: string } & Partial<Choice>) => {
    const chosen = choice.expression && { expression: choice.expression, value: choice.value ?? null }
    const symbolizers = rule.symbolizers.map(symbolizer => typical(symbolizer, scale, chosen))
    return { shape: shapeOf(rule), symbolizers, text: shortened(text) }
  })
}

const shortened = (text: string) => (text.length > longestText ? `${text.slice(0, longestText - 1).trimEnd()}…` : text)

const titleOf = ({ title, name }: Rule) => title ?? name

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

function rasterRows(symbolizer: RasterSymbolizer, title: string): readonly LegendRow[] {
  const { opacity } = symbolizer
  const colorMap = symbolizer.colorMap ?? grayRamp(symbolizer)
  if (!colorMap) return [{ shape: 'polygon', symbolizers: grays(opacity), text: title }]
  const { kind } = colorMap
  if (colorMap.entries.length === 0) return []
  const entries = listedEntries(colorMap)
  if (entries.length === 0) return [{ shape: 'polygon', symbolizers: grays(opacity), text: title }]
  return entries.map((entry, i) => ({
    shape: 'polygon',
    symbolizers: kind === 'ramp' ? slices(entries, i, opacity) : [swatch(entry, opacity)],
    text: (entry.label ?? String(entry.value)).slice(0, longestText),
    ...(kind === 'ramp' && { isSeamless: true }),
  }))
}

/** Entries that legends show. */
export const listedEntries = ({ entries }: ColorMap) => entries.filter(({ isUnlisted }) => !isUnlisted)

const swatch = ({ color, opacity = 1 }: ColorEntry, all: number): Symbolizer => ({ kind: 'fill', color, opacity: opacity * all })

/** Slices of one symbol of a ramp, from halfway to the entry before to halfway to the one behind. */
const slicesOfRamp = 8

function slices(entries: readonly ColorEntry[], i: number, opacity: number): readonly Symbolizer[] {
  return Array.from({ length: slicesOfRamp }, (_, k) => {
    const at = i + (k + 0.5) / slicesOfRamp - 0.5
    const low = Math.min(entries.length - 1, Math.max(0, Math.floor(at)))
    const high = Math.min(entries.length - 1, low + 1)
    return swatch(mixed(entries[low], entries[high], Math.min(1, Math.max(0, at - low))), opacity)
  })
}

function mixed(a: ColorEntry, b: ColorEntry, share: number): ColorEntry {
  const channel = ({ color }: ColorEntry, k: number) => Number.parseInt(color.slice(1 + 2 * k, 3 + 2 * k), 16)
  const hex = (k: number) =>
    Math.round(channel(a, k) + share * (channel(b, k) - channel(a, k)))
      .toString(16)
      .padStart(2, '0')
  const { opacity: first = 1 } = a
  const { opacity: last = 1 } = b
  return { value: a.value, color: `#${hex(0)}${hex(1)}${hex(2)}`, opacity: first + share * (last - first) }
}

/** One value in gray over a range that is said; of a shaded surface the numbers say nothing. */
function grayRamp({ value, isGray, range }: RasterSymbolizer): ColorMap | undefined {
  if (!value || !(isGray || value.kind === 'call')) return undefined
  const isSurface = value.kind === 'call' && value.name === 'hillshade'
  if (!range && !isSurface) return undefined
  const [least, most] = range ?? [0, 255]
  const label = (value: number) => (isSurface ? ' ' : String(Number(value.toPrecision(6))))
  return {
    kind: 'ramp',
    entries: [
      { value: least, color: '#000000', label: label(least) },
      { value: most, color: '#ffffff', label: label(most) },
    ],
  }
}

/** A raster without colours of its own: a few shades stand for it. */
const grays = (opacity: number): readonly Symbolizer[] =>
  ['#4a5d3a', '#7d9160', '#b3b58d', '#e3dcc8'].map(color => ({ kind: 'fill', color, opacity }))
