import type { Expression } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import { FilterError } from '#filters/filter-error.js'
import { settleExpression, settleFilter } from '#filters/settle-filter.js'
import { isSpatial, type Mapping, mapExpression, mapFilter } from '#filters/walk.js'
import { withExpressions } from '#styles/computed.js'
import {
  computedColumns,
  type Rule,
  type Style,
  type StylePass,
  type Symbolizer,
  type Transformation,
  withSymbolizers,
} from '#styles/style.js'
import type { FeatureSource } from './atlas.js'

/** A style as it can be drawn over a table. */
export interface FittedStyle {
  readonly style: Style
  /** What of it means nothing over this table, as sentences. */
  readonly misfits: readonly string[]
}

/**
 * A style brought to a table: what it calls columns and geometries become theirs, see `settleFilter`. What reads a column that is not there is
 * null, and a filter over such a geometry holds for nothing.
 */
export function fitStyle(style: Style, source: FeatureSource): FittedStyle {
  const misfits = new Set<string>()
  const orElse = <T>(settle: () => T, otherwise: T): T => {
    try {
      return settle()
    } catch (error) {
      if (!(error instanceof FilterError)) throw error
      misfits.add(error.message)
      return otherwise
    }
  }
  const mappingOf = (computed: readonly string[]): Mapping => ({
    expression: one =>
      one.kind === 'property' && !computed.includes(one.name) ? orElse(() => settleExpression(one, source), nothing) : one,
    filter: one => (isOfGeometry(one) ? orElse(() => settleFilter(one, source), never) : one),
  })
  const weighed = (transformation: Transformation): Transformation =>
    'weight' in transformation && transformation.weight
      ? { ...transformation, weight: mapExpression(transformation.weight, mappingOf([])) }
      : transformation
  const fitted = (pass: StylePass): StylePass => {
    const { transformation } = pass
    const mapping = mappingOf(transformation ? computedColumns[transformation.kind] : [])
    const rules = pass.rules.map((rule: Rule): Rule => ({ ...rule, ...(rule.filter && { filter: mapFilter(rule.filter, mapping) }) }))
    const whole: StylePass = { ...pass, rules, ...(transformation && { transformation: weighed(transformation) }) }
    return withExpressions({ passes: [whole] }, expression => mapExpression(expression, mapping)).passes[0]
  }
  const computed = { ...style, passes: style.passes.map(fitted) }
  return { style: withSymbolizers(computed, symbolizer => withColumn(symbolizer, source)), misfits: [...misfits] }
}

const nothing: Expression = { kind: 'literal', value: null }
const never: Filter = { kind: 'constant', value: false }
const isOfGeometry = (filter: Filter) => filter.kind === 'bbox' || isSpatial(filter)

/** The geometry column it wants; its own one goes without saying, and stands in for one that is not there. */
function withColumn(symbolizer: Symbolizer, { geometries, geometry: own }: FeatureSource): Symbolizer {
  if (!('geometry' in symbolizer) || symbolizer.geometry?.column === undefined) return symbolizer
  const { column, ...geometry } = symbolizer.geometry
  const wanted = column.replace(/^.*[:/]/, '').toLowerCase()
  const found = geometries.find(({ name }) => name === column) ?? geometries.find(({ name }) => name.toLowerCase() === wanted)
  return { ...symbolizer, geometry: !found || found.name === own ? geometry : { ...geometry, column: found.name } }
}
