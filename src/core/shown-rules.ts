import { compileFilter } from '#filters/compile-filter.js'
import type { Filter } from '#filters/filter.js'
import { foldFilter } from '#filters/fold-constants.js'
import { prepareFilter } from '#filters/prepare-filter.js'
import type { Bbox } from '#geo/bbox.js'
import { transformBboxes } from '#geo/transform.js'
import { environmentOf } from '#render/map-scale.js'
import { isInScale, planStyle } from '#render/plan-style.js'
import { eachRule, type TestedRule } from '#render/prepare-run.js'
import { RowView } from '#rows/row-view.js'
import type { Rule, Style } from '#styles/style.js'
import type { FeatureSource, Limits } from './atlas.js'
import type { Stores } from './ports.js'
import type { Variables } from './queries.js'
import { filterOnMap } from './select-features.js'

/** The part of a map that a legend is about. */
export interface LegendMap {
  readonly crs: string
  readonly bbox: Bbox
  readonly scaleDenominator: number
  readonly variables?: Variables
  /** Of the layer. */
  readonly filter?: Filter
}

/** Which rules of a style draw something within a box: each feature there is looked at, until all rules have been seen. */
export async function shownRules(
  style: Style,
  source: FeatureSource,
  { crs, bbox, scaleDenominator, variables, filter: asked }: LegendMap,
  { stores, limits }: { readonly stores: Stores; readonly limits: Limits },
  signal?: AbortSignal,
): Promise<ReadonlySet<Rule>> {
  const shown = new Set<Rule>()
  const geometry = source.geometries.find(({ name }) => name === source.geometry)
  if (!geometry) return shown
  const scale = { scaleDenominator, pixelRatio: 1, ...(variables && { variables }) }
  const filter = asked && filterOnMap(asked, scale)
  if (filter === 'nothing') return shown
  const environment = environmentOf(scale)
  const inScale = style.passes.map(pass => ({ ...pass, rules: pass.rules.filter(rule => isInScale(rule, scaleDenominator)) }))
  // what rules ask of clusters, bins and densities no feature can say
  for (const { rules, transformation } of inScale) if (transformation) for (const rule of rules) shown.add(rule)
  const passes = inScale.filter(({ transformation }) => !transformation).map(({ rules, isFirstMatch = false }) => ({ isFirstMatch, rules }))
  if (passes.length === 0) return shown
  const wanted = passes.reduce((sum, { rules }) => sum + rules.length, shown.size)
  const { runs, labels } = planStyle(style, { scaleDenominator, pixelRatio: 1 })
  const columns = [...new Set([...runs, ...labels].flatMap(run => run.columns))]
  await Promise.all(passes.flatMap(({ rules }) => rules.map(({ filter }) => filter && prepareFilter(filter))))
  for (const box of transformBboxes(bbox, crs, geometry.crs ?? crs)) {
    const inBox: Filter = { kind: 'bbox', property: geometry.name, bbox: box }
    const { batches, schema } = await stores.features(source.store).find(
      {
        source,
        columns: columns.length > 0 ? columns : [geometry.name],
        key: false,
        filter: filter ? { kind: 'and', all: [inBox, filter] } : inBox,
        limit: limits.mapFeatures,
      },
      signal,
    )
    const ready = passes.map(({ rules, isFirstMatch }) => ({
      isFirstMatch,
      rules: rules.map((rule): TestedRule & { readonly rule: Rule } => ({
        rule,
        isElse: rule.isElse ?? false,
        ...(rule.filter && { test: compileFilter(foldFilter(rule.filter, environment), schema, environment) }),
      })),
    }))
    for await (const batch of batches) {
      const view = new RowView(batch)
      for (let row = 0; row < batch.count; row++) for (const pass of ready) eachRule(pass, view.at(row), ({ rule }) => void shown.add(rule))
      if (shown.size === wanted) return shown
    }
  }
  return shown
}
