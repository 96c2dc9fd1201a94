import type { Filter } from '#filters/filter.js'
import { propertiesOfExpression, propertiesOfFilter } from '#filters/walk.js'
import { expressionsIn, graphicsIn } from '#styles/computed.js'
import type { Rule, Style, StylePass, Symbolizer } from '#styles/style.js'
import type { MapScale } from './map-scale.js'
import { reachOf } from './style-reach.js'

/** What a style draws at a scale, before any row is seen. */
export interface StylePlan {
  /** One after the other, each by a query of its own: passes that want their features in the same order share one. */
  readonly runs: readonly StyleRun[]
  /** Texts, which find their places when all else is drawn; absent: none. */
  readonly labels?: StyleRun
  /** How far, in pixels, anything is drawn beside its geometry: the query box grows by it. */
  readonly reach: number
}

export interface StyleRun {
  /** Only rules in scale, and only passes that have one. */
  readonly passes: readonly StylePass[]
  readonly sort?: StylePass['sort']
  /** Columns that rules and symbolizers read, without the layer's own geometry. */
  readonly columns: readonly string[]
  /** Characters of fonts are among its graphics. */
  readonly hasGlyphs: boolean
  /** Holds for every row that anything is drawn of. */
  readonly filter?: Filter
}

/** Planes are as large as the map: more passes than this in one run are drawn by several queries. */
const mostPasses = 8

/** What `style` draws at a scale. Rules outside their scale range are left out. */
export function planStyle(style: Style, scale: MapScale): StylePlan {
  const passes = style.passes
    .map(pass => ({ ...pass, rules: pass.rules.filter(rule => isInScale(rule, scale.scaleDenominator) && rule.symbolizers.length > 0) }))
    .filter(({ rules }) => rules.length > 0)
  const drawn = passes.filter(({ rules }) => rules.some(({ symbolizers }) => symbolizers.some(({ kind }) => isDrawn(kind))))
  const labelled = passes.filter(({ rules }) => rules.some(({ symbolizers }) => symbolizers.some(({ kind }) => kind === 'text')))
  const labels = labelled.length > 0 && { labels: runOf(labelled) }
  return {
    runs: runsOf(drawn).map(runOf),
    ...labels,
    reach: Math.max(0, ...passes.flatMap(({ rules }) => rules.map(rule => reachOf(rule, scale)))),
  }
}

const isDrawn = (kind: Symbolizer['kind']) => kind === 'fill' || kind === 'line' || kind === 'point'

/** Whether a rule counts: minimum inclusive, maximum exclusive (OGC 05-077r4, 10.2). */
export function isInScale(rule: Rule, scaleDenominator: number): boolean {
  return scaleDenominator >= (rule.minScaleDenominator ?? 0) && scaleDenominator < (rule.maxScaleDenominator ?? Number.POSITIVE_INFINITY)
}

function runsOf(passes: readonly StylePass[]): StylePass[][] {
  const runs: StylePass[][] = []
  for (const pass of passes) {
    const last = runs.at(-1)
    const fits = last && last.length < mostPasses && JSON.stringify(last[0].sort) === JSON.stringify(pass.sort)
    if (fits) last.push(pass)
    else runs.push([pass])
  }
  return runs
}

function runOf(passes: readonly StylePass[]): StyleRun {
  const rules = passes.flatMap(pass => pass.rules)
  const [{ sort }] = passes
  const filters = rules.map(({ filter, isElse }) => (isElse ? undefined : filter))
  const every = filters.every(filter => filter !== undefined)
  const hasGlyphs = rules.some(({ symbolizers }) =>
    graphicsIn(symbolizers).some(({ shapes }) => shapes.some(({ kind }) => kind === 'glyph')),
  )
  return {
    passes,
    ...(sort && { sort }),
    hasGlyphs,
    columns: columnsOf(rules),
    ...(every && { filter: { kind: 'or', any: filters } as const }),
  }
}

/** Columns that rules read, each once. */
function columnsOf(rules: readonly Rule[]): readonly string[] {
  const geometries = rules.flatMap(({ symbolizers }) =>
    symbolizers.map(symbolizer => 'geometry' in symbolizer && symbolizer.geometry?.column),
  )
  const asked = rules.flatMap(({ filter, symbolizers }) => [
    ...(filter ? propertiesOfFilter(filter) : []),
    ...expressionsIn(symbolizers).flatMap(propertiesOfExpression),
  ])
  return [...new Set([...asked, ...geometries.filter(column => typeof column === 'string')])]
}
