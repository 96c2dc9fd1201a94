import { type ColumnStatistics, isNumeric } from '#rows/column-statistics.js'
import type { DrawnType } from '../drawn-type.js'
import type { StyleClass } from './class-passes.js'
import { quantityWeight, wordsOf } from './column-words.js'
import { isWithin } from './filters.js'
import { missingColor, sequentialColors } from './palettes.js'
import { quantileBreaks } from './quantiles.js'
import { formatted, frenchOrder } from './readable.js'

/** A column whose name says that it is a quantity, and where its classes part. */
export interface QuantityColumn {
  readonly column: ColumnStatistics
  readonly breaks: readonly number[]
}

const wantedClasses = 5
const leastClasses = 3
const leastFilled = 0.5
/** Lightness of the first class: polygons stand beside each other, lines and points alone. */
const lightest: Readonly<Record<DrawnType, number>> = { polygon: 0.94, line: 0.8, point: 0.8, mixed: 0.84 }

/** The quantity that matters most by its name; of several alike (`population_1999`, `population_2021`) the last year. */
export function bestQuantity(columns: readonly ColumnStatistics[]): QuantityColumn | undefined {
  const candidates = columns
    .filter(({ kind, nullShare }) => isNumeric(kind) && 1 - nullShare >= leastFilled)
    .map(column => ({ column, weight: quantityWeight(wordsOf(column.name)) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || frenchOrder.compare(b.column.name, a.column.name))
  for (const { column } of candidates) {
    const breaks = quantileBreaks(column, wantedClasses)
    if (breaks.length + 1 >= leastClasses) return { column, breaks }
  }
  return undefined
}

/** A class for each interval, from pale to strong, and one for rows without value. */
export function quantityClasses({ column, breaks }: QuantityColumn, drawn: DrawnType): readonly StyleClass[] {
  const colors = sequentialColors(breaks.length + 1, lightest[drawn])
  const classes = colors.map((color, i): StyleClass => {
    const [least, limit] = [breaks[i - 1], breaks[i]] as readonly (number | undefined)[]
    return { name: `classe-${i + 1}`, title: titleOf(least, limit), color, filter: isWithin(column.name, least, limit) }
  })
  return [
    ...classes,
    { name: 'sans-valeur', title: 'Non renseigné', color: missingColor, ...(column.nullShare === 0 && { isUnlisted: true }) },
  ]
}

function titleOf(least: number | undefined, limit: number | undefined): string {
  if (least === undefined) return `moins de ${formatted(limit!)}`
  return limit === undefined ? `${formatted(least)} et plus` : `${formatted(least)} à ${formatted(limit)}`
}
