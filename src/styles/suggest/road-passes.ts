import type { Filter } from '#filters/filter.js'
import type { ColumnStatistics } from '#rows/column-statistics.js'
import { casingOf, lineOf } from '../painters.js'
import type { LineSymbolizer, StylePass } from '../style.js'
import { banded, type StyleClass } from './class-passes.js'
import { entriesInUse, filterOfEntry, isCoded, type Recognised } from './nomenclatures/find-nomenclature.js'
import { bdTopoImportance, bdTopoNature, osmHighways, type RoadLook, type RoadNomenclature } from './nomenclatures/roads.js'
import { otherColor } from './palettes.js'

interface RoadClass extends StyleClass {
  readonly look: RoadLook
}

const roadNames = /rout|road|street|voi(e|rie)|rue|troncon_de_route|filaire/i

/** The classes of roads that a table of lines has. `importance` is also one of rivers: it counts where the name of the table speaks of roads. */
export function findRoads(name: string, columns: readonly ColumnStatistics[]): Recognised<RoadNomenclature> | undefined {
  const isOfRoads = roadNames.test(name) || columns.some(column => isCoded(column, bdTopoNature))
  for (const nomenclature of [osmHighways, ...(isOfRoads ? [bdTopoImportance] : []), bdTopoNature]) {
    const column = columns.find(column => isCoded(column, nomenclature))
    if (column) return { nomenclature, column }
  }
  return undefined
}

/** Whether the name is one that columns of kinds of roads have. */
export const isRoadColumn = (name: string) =>
  [osmHighways, bdTopoImportance, bdTopoNature].some(({ columns }) => columns.test(name.toLowerCase()))

/** All casings first, then roads, those that matter most last: so that roads of a kind join where they meet, and cross over lesser ones. */
export function roadPasses({ nomenclature, column }: Recognised<RoadNomenclature>): readonly StylePass[] {
  const classes = entriesInUse(column, nomenclature.entries).map(
    (entry): RoadClass => ({
      name: entry.codes[0],
      title: entry.label,
      color: entry.look.color,
      filter: filterOfEntry(column, entry),
      look: entry.look,
    }),
  )
  const isAll = column.isWhole && column.nullShare === 0
  const other = { name: 'autre', title: 'Autre', color: otherColor, look: otherLook, filter: isOther(column, classes), isUnlisted: isAll }
  const casings = banded(
    classes.filter(({ look }) => look.casing !== undefined).map(one => ({ ...one, isUnlisted: true })),
    (band, { look }) => casingOf(band, { color: look.casing, opacity: 1, factor: look.width }),
  )
  const levels = ([0, 1, 2] as const).map(level =>
    banded(
      [...classes, other].filter(({ look }) => look.level === level),
      (band, { look }) => lineOf(band, look.color, look.width).map(line => dashed(line, look)),
    ),
  )
  return [casings, ...levels].filter(({ rules }) => rules.length > 0)
}

const otherLook: RoadLook = { color: otherColor, width: 0.5, level: 0 }

/** What is no known road: said outright, because the classes are drawn in several passes, and the else of one knows nothing of the others. */
function isOther(column: ColumnStatistics, classes: readonly RoadClass[]): Filter {
  const codes = classes.flatMap(({ look: _, ...one }) => (one.filter ? [one.filter] : []))
  return {
    kind: 'or',
    any: [
      { kind: 'isNull', operand: { kind: 'property', name: column.name } },
      { kind: 'not', filter: { kind: 'or', any: codes } },
    ],
  }
}

const dashed = (line: LineSymbolizer, { dashes, width }: RoadLook): LineSymbolizer =>
  dashes ? { ...line, stroke: { ...line.stroke, cap: 'butt', dashes: dashes.map(length => Math.round(length * width * 100) / 100) } } : line
