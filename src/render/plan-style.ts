import type { Filter } from '#filters/filter.js'
import { propertiesOfExpression, propertiesOfFilter } from '#filters/walk.js'
import { expressionsIn, graphicsIn } from '#styles/computed.js'
import { computedColumns, type Rule, type Style, type StylePass, type Symbolizer, type Transformation } from '#styles/style.js'
import type { MapScale } from './map-scale.js'
import { reachOf } from './style-reach.js'
import { transformationReach } from './transformations/transformation-reach.js'

/** What a style draws at a scale, before any row is seen. */
export interface StylePlan {
  /** One after the other, each by a query of its own: passes that want their features in the same order share one. */
  readonly runs: readonly StyleRun[]
  /** Texts, which find their places when all else is drawn: one run, and one for each transformation. */
  readonly labels: readonly StyleRun[]
}

export interface StyleRun {
  /** Only rules in scale, and only passes that have one. */
  readonly passes: readonly StylePass[]
  /** Of the rows as they are in the store. */
  readonly sort?: StylePass['sort']
  /** Columns that rules and symbolizers read, without the layer's own geometry and without those that the transformation computes. */
  readonly columns: readonly string[]
  /** Characters of fonts are among its graphics. */
  readonly hasGlyphs: boolean
  /** Holds for every row that anything is drawn of. */
  readonly filter?: Filter
  /** How far, in pixels, anything is drawn beside its geometry, or bears on what is: the query box grows by it. */
  readonly reach: number
  /** What is made of the rows of all passes. */
  readonly transformation?: Transformation
}

/** Planes are as large as the map: more passes than this in one run are drawn by several queries. */
const mostPasses = 8

/** What `style` draws at a scale. Rules outside their scale range are left out. */
export function planStyle(style: Style, scale: MapScale): StylePlan {
  const passes = style.passes
    .map(pass => ({ ...pass, rules: pass.rules.filter(rule => isInScale(rule, scale.scaleDenominator) && rule.symbolizers.length > 0) }))
    .filter(({ rules }) => rules.length > 0)
  const drawn = passes.filter(({ rules, transformation }) => hasSymbolizer(rules, kind => isDrawn(kind, transformation)))
  const labelled = passes.filter(({ rules, transformation }) => transformation?.kind !== 'heatmap' && hasSymbolizer(rules, isText))
  const runOf = (run: readonly StylePass[], reach: number) =>
    run[0].transformation ? cloudRunOf(run, passes, scale) : plainRunOf(run, reach)
  // one reach for all, so that they are placed alike
  const reach = Math.max(
    0,
    ...passes.flatMap(({ rules, transformation }) => (transformation ? [] : rules.map(rule => reachOf(rule, scale)))),
  )
  return { runs: runsOf(drawn).map(run => runOf(run, reach)), labels: byTransformation(labelled).map(run => runOf(run, 0)) }
}

/** A run that is drawn, and the texts of the same rows: one query, for the columns of both, serves both. */
export interface SharedRun {
  readonly drawn: StyleRun
  readonly labels: StyleRun
  readonly columns: readonly string[]
}

/** Undefined where texts have rows of their own, or there are none. */
export function sharedRun({ runs, labels }: StylePlan): SharedRun | undefined {
  const texts = labels.find(({ transformation }) => !transformation)
  const drawn = texts && runs.find(({ transformation, filter }) => !transformation && isSame(filter, texts.filter))
  return drawn && { drawn, labels: texts, columns: [...new Set([...drawn.columns, ...texts.columns])] }
}

const hasSymbolizer = (rules: readonly Rule[], is: (kind: Symbolizer['kind']) => boolean) =>
  rules.some(({ symbolizers }) => symbolizers.some(({ kind }) => is(kind)))
const isText = (kind: Symbolizer['kind']) => kind === 'text'
const isDrawn = (kind: Symbolizer['kind'], transformation: Transformation | undefined) =>
  transformation?.kind === 'heatmap' ? kind === 'raster' : kind === 'fill' || kind === 'line' || kind === 'point'

/** Whether a rule counts: minimum inclusive, maximum exclusive (OGC 05-077r4, 10.2). */
export function isInScale(rule: Rule, scaleDenominator: number): boolean {
  return scaleDenominator >= (rule.minScaleDenominator ?? 0) && scaleDenominator < (rule.maxScaleDenominator ?? Number.POSITIVE_INFINITY)
}

function runsOf(passes: readonly StylePass[]): StylePass[][] {
  const runs: StylePass[][] = []
  for (const pass of passes) {
    const last = runs.at(-1)
    const fits = last && last.length < mostPasses && isSame(last[0].sort, pass.sort) && isSame(last[0].transformation, pass.transformation)
    if (fits) last.push(pass)
    else runs.push([pass])
  }
  return runs
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

function byTransformation(passes: readonly StylePass[]): StylePass[][] {
  const runs: StylePass[][] = []
  for (const pass of passes) {
    const alike = runs.find(([{ transformation }]) => isSame(transformation, pass.transformation))
    if (alike) alike.push(pass)
    else runs.push([pass])
  }
  return runs
}

function plainRunOf(passes: readonly StylePass[], reach: number): StyleRun {
  const rules = passes.flatMap(pass => pass.rules)
  const [{ sort }] = passes
  return { passes, ...(sort && { sort }), columns: columnsOf(rules), hasGlyphs: hasGlyphs(rules), ...filterOf(rules), reach }
}

/** What `passes` draw of transformed rows. Passes and texts of one transformation read the same columns around the map, so that its rows are theirs too. */
function cloudRunOf(passes: readonly StylePass[], all: readonly StylePass[], scale: MapScale): StyleRun {
  const transformation = passes[0].transformation!
  const rules = all.filter(pass => isSame(pass.transformation, transformation)).flatMap(pass => pass.rules)
  const { kind } = transformation
  const weight = 'weight' in transformation && transformation.weight ? propertiesOfExpression(transformation.weight) : []
  const asked = columnsOf(rules).filter(name => !computedColumns[kind].includes(name))
  const reach = Math.max(0, ...rules.map(rule => reachOf(rule, scale))) + transformationReach(transformation, scale)
  return {
    passes,
    columns: [...new Set([...asked, ...weight])],
    hasGlyphs: hasGlyphs(rules),
    // elsewhere rules ask what was made of the rows
    ...(kind === 'heatmap' && filterOf(rules)),
    reach,
    transformation,
  }
}

const hasGlyphs = (rules: readonly Rule[]) =>
  rules.some(({ symbolizers }) => graphicsIn(symbolizers).some(({ shapes }) => shapes.some(({ kind }) => kind === 'glyph')))

function filterOf(rules: readonly Rule[]): Pick<StyleRun, 'filter'> {
  const filters = rules.map(({ filter, isElse }) => (isElse ? undefined : filter))
  return filters.every(filter => filter !== undefined) ? { filter: { kind: 'or', any: filters } } : {}
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

/** `planStyle` that keeps the last plan of each style: tiles of one level ask for the same again and again. */
export function stylePlanner(): typeof planStyle {
  const last = new WeakMap<Style, { readonly scale: MapScale; readonly plan: StylePlan }>()
  return (style, { scaleDenominator, pixelRatio }) => {
    const known = last.get(style)
    if (known && known.scale.scaleDenominator === scaleDenominator && known.scale.pixelRatio === pixelRatio) return known.plan
    const scale = { scaleDenominator, pixelRatio }
    const plan = planStyle(style, scale)
    last.set(style, { scale, plan })
    return plan
  }
}
