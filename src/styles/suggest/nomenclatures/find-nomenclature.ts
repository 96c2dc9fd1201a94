import type { ColumnStatistics } from '#rows/column-statistics.js'
import type { StyleClass } from '../class-passes.js'
import { isOneOf } from '../filters.js'
import { otherColor } from '../palettes.js'
import { knownValues } from '../suggestion.js'
import { corineLandCover } from './corine-land-cover.js'
import type { Nomenclature, NomenclatureEntry } from './nomenclature.js'
import { ocs2dCover, ocs2dUse } from './ocs-2d.js'
import { ocsGeCover, ocsGeUse } from './ocs-ge.js'
import { urbanZones } from './urban-zones.js'

/** Of polygons; cover before use where a table has both. */
const nomenclatures: readonly Nomenclature[] = [urbanZones, corineLandCover, ocsGeCover, ocs2dCover, ocsGeUse, ocs2dUse]

/** Share of the rows with a value that have a code of the nomenclature at least. */
const leastKnown = 0.9

/** A nomenclature, and the column whose values are its codes. */
export interface Recognised<Named extends { readonly columns: RegExp; readonly entries: readonly CodedEntry[] }> {
  readonly nomenclature: Named
  readonly column: ColumnStatistics
}

/** What of an entry tells its rows. */
export type CodedEntry = Pick<NomenclatureEntry, 'codes' | 'label'>

/** The nomenclature that the values of a column are codes of; the name of the column alone is not enough. */
export function findNomenclature(columns: readonly ColumnStatistics[]): Recognised<Nomenclature> | undefined {
  for (const nomenclature of nomenclatures) {
    const column = columns.find(column => isCoded(column, nomenclature))
    if (column) return { nomenclature, column }
  }
  return undefined
}

/** Whether the name of a column suits a nomenclature and its values are codes of it. */
export function isCoded(column: ColumnStatistics, { columns, entries }: { columns: RegExp; entries: readonly CodedEntry[] }): boolean {
  if (!columns.test(column.name.toLowerCase())) return false
  const { values, filled } = knownValues(column)
  const codes = new Set(entries.flatMap(({ codes }) => codes))
  const known = values.filter(({ value }) => codes.has(String(value)))
  return known.length > 0 && known.reduce((sum, { share }) => sum + share, 0) >= leastKnown * filled
}

/** Whether some nomenclature may be told by a column of this name. */
export const isNomenclatureColumn = (name: string) => nomenclatures.some(({ columns }) => columns.test(name.toLowerCase()))

/** The entries that the rows have, all of them where not every value is known: a class that is not listed would not be drawn in its colour. */
export function entriesInUse<Entry extends CodedEntry>(column: ColumnStatistics, entries: readonly Entry[]): readonly Entry[] {
  if (!column.isWhole) return entries
  const present = new Set(column.common.map(({ value }) => String(value)))
  return entries.filter(({ codes }) => codes.some(code => present.has(code)))
}

/** Rows of an entry; codes that are numbers are compared as numbers where the column holds numbers. */
export function filterOfEntry({ name, kind }: ColumnStatistics, { codes }: CodedEntry) {
  return isOneOf(name, kind === 'text' ? codes : codes.map(Number))
}

/** A class for each entry that is in use, in the colours of the nomenclature, and one for other values. */
export function nomenclatureClasses({ nomenclature, column }: Recognised<Nomenclature>): readonly StyleClass[] {
  const classes = entriesInUse(column, nomenclature.entries).map(entry => ({
    name: entry.codes[0],
    title: `${entry.codes[0]} ${entry.label}`,
    color: entry.color,
    filter: filterOfEntry(column, entry),
  }))
  return [
    ...classes,
    { name: 'autre', title: 'Autre', color: otherColor, ...(column.isWhole && column.nullShare === 0 && { isUnlisted: true }) },
  ]
}
