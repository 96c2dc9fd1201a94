import { isInScale } from '#render/plan-style.js'
import type { ColumnKind } from '#rows/batch.js'
import { type ColumnStatistics, statisticsOf } from '#rows/column-statistics.js'
import type { Rule, Style } from '#styles/style.js'

/** A column that holds each value as often as it says; the other rows of `total` hold none. */
export function column(
  name: string,
  counts: readonly (readonly [unknown, number])[],
  kind: ColumnKind = 'text',
  total?: number,
): ColumnStatistics {
  const values = counts.flatMap(([value, count]) => Array.from({ length: count }, () => value))
  const all = total === undefined ? values : [...values, ...Array.from({ length: total - values.length }, () => null)]
  return statisticsOf({ name, kind }, all, true)
}

/** Categories of which each is as common as the others. */
export const evenly = (name: string, values: readonly unknown[], kind: ColumnKind = 'text') =>
  column(
    name,
    values.map(value => [value, 20]),
    kind,
  )

/** What legends list at a scale. */
export function listed(style: Style, scale = 10_000): readonly Rule[] {
  return style.passes.flatMap(({ rules }) => rules).filter(rule => !rule.isUnlisted && rule.title !== undefined && isInScale(rule, scale))
}

export const titles = (style: Style, scale?: number) => listed(style, scale).map(({ title }) => title)
