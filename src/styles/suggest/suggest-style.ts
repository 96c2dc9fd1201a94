import type { ColumnStatistics } from '#rows/column-statistics.js'
import { defaultStyle } from '../default-style.js'
import { drawnType } from '../drawn-type.js'
import { bestCategories, type CategoryColumn, categoryClasses } from './categories.js'
import { classPasses } from './class-passes.js'
import { findNomenclature, nomenclatureClasses } from './nomenclatures/find-nomenclature.js'
import { areaColors, categoryColors } from './palettes.js'
import { bestQuantity, quantityClasses } from './quantities.js'
import { readable } from './readable.js'
import { findRoads, roadPasses } from './road-passes.js'
import type { Suggestion } from './suggestion.js'

/** Of polygons: the colours of categories are strong enough for lines and points, and too strong for areas; those of quantities start pale. */
const opacity = { categories: 0.6, quantities: 0.8 } as const

/**
 * A style for a collection nobody has styled, by what its columns hold: roads and land cover by codes of known nomenclatures, else categories whose
 * column promises some by its name, else a quantity, else other categories, else the default style. `geometryType` as in `defaultStyle`. The same
 * columns give the same style, and shares that change a little do not change it.
 */
export function suggestStyle(name: string, geometryType: string, columns: readonly ColumnStatistics[]): Suggestion {
  const drawn = drawnType(geometryType)
  const roads = drawn === 'line' ? findRoads(name, columns) : undefined
  if (roads) {
    const { column, nomenclature } = roads
    return {
      style: { passes: roadPasses(roads) },
      column: column.name,
      reason: because(column, `classes of roads (${nomenclature.title})`),
    }
  }
  const known = drawn === 'polygon' ? findNomenclature(columns) : undefined
  if (known) {
    const { column, nomenclature } = known
    const passes = classPasses(drawn, nomenclatureClasses(known), nomenclature.opacity)
    return { style: { passes }, column: column.name, reason: because(column, `codes of ${nomenclature.title}`) }
  }
  const named = bestCategories(columns, ({ isNamed }) => isNamed)
  if (named) return ofCategories(named)
  const quantity = bestQuantity(columns)
  if (quantity) {
    const passes = classPasses(drawn, quantityClasses(quantity, drawn), opacity.quantities)
    const classes = quantity.breaks.length + 1
    return {
      style: { passes },
      column: quantity.column.name,
      reason: because(quantity.column, `a quantity in ${classes} classes of as many rows`),
    }
  }
  const other = bestCategories(columns, ({ isNamed }) => !isNamed)
  return other ? ofCategories(other) : { style: defaultStyle(name, geometryType) }

  function ofCategories(categories: CategoryColumn): Suggestion {
    const { column, values } = categories
    const passes = classPasses(drawn, categoryClasses(categories, drawn === 'polygon' ? areaColors : categoryColors), opacity.categories)
    return { style: { passes }, column: column.name, reason: because(column, `${values.length} categories`) }
  }
}

const because = ({ name }: ColumnStatistics, what: string) => `the column "${readable(name)}": ${what}`
