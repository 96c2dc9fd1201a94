import type { ColumnStatistics, CommonValue } from '#rows/column-statistics.js'
import type { StyleClass } from './class-passes.js'
import { classWeight, isNeverAClass, wordsOf } from './column-words.js'
import { isOneOf } from './filters.js'
import { categoryColors, otherColor } from './palettes.js'
import { frenchOrder, readable } from './readable.js'
import { type KnownValues, knownValues } from './suggestion.js'

/** A column that tells categories, and how good it is for it. */
export interface CategoryColumn {
  readonly column: ColumnStatistics
  readonly known: KnownValues
  /** The categories that get a colour of their own. */
  readonly values: readonly CommonValue[]
  /** Its name promises categories. */
  readonly isNamed: boolean
  readonly score: number
}

const mostCategories = categoryColors.length
/** Share of the rows with a value that the categories hold at least. */
const leastCover = 0.95
/** Categories rarer than that go with the rest. */
const leastShare = 0.005
/** Share that a single category holds at most, else there is nothing to see; numbers and yes or no say little, so of them less. */
const mostUneven = { text: 0.97, mark: 0.75 }
/** Share of the rows that have a value at least. */
const leastFilled = 0.5
/** Longer texts describe, they do not classify. */
const longestMean = 50
/** Shorter ones are codes that only those who made them know. */
const longestCode = 2
const greatestNumber = 999

/**
 * The best of `columns` for categories. A name that promises categories (type, nature, classe, …) counts most, then how evenly rows are spread over
 * them, then words before codes and filled columns before gappy ones; between equals the first column wins.
 */
export function bestCategories(
  columns: readonly ColumnStatistics[],
  isWanted: (column: CategoryColumn) => boolean,
): CategoryColumn | undefined {
  const fit = columns.flatMap(column => categoriesOf(column) ?? []).filter(isWanted)
  return fit.reduce<CategoryColumn | undefined>((best, each) => (best && best.score >= each.score ? best : each), undefined)
}

function categoriesOf(column: ColumnStatistics): CategoryColumn | undefined {
  const words = wordsOf(column.name)
  if (isNeverAClass(words)) return undefined
  const weight = classWeight(words)
  const isNumber = column.kind === 'integer' || column.kind === 'bigint'
  if (column.kind !== 'text' && column.kind !== 'boolean' && !isNumber) return undefined
  const known = knownValues(column)
  if (known.filled < leastFilled) return undefined
  const values = known.values.slice(0, mostCategories).filter(({ share }) => share >= leastShare * known.filled)
  const cover = values.reduce((sum, { share }) => sum + share, 0) / known.filled
  const greatest = (values[0]?.share ?? 0) / known.filled
  if (values.length < 2 || cover < leastCover || greatest > (column.kind === 'text' ? mostUneven.text : mostUneven.mark)) return undefined
  if (!values.every(({ value }) => isName(value)) || meanLength(values) > longestMean) return undefined
  const isBare = values.every(({ value }) => typeof value !== 'boolean' && /^[\d.\s]+$/.test(String(value)))
  if (isBare && weight < 2) return undefined
  const isCode = !isBare && column.kind === 'text' && meanLength(values) <= longestCode
  const score = weight + evenness(values) - (isBare ? 1 : isCode ? 0.5 : 0) - (1 - known.filled)
  return { column, known, values, isNamed: weight > 0, score }
}

/** The classes of a column: in the order in which people read its values, so that colours stay when shares change; `colors` are as many as there are categories at most. */
export function categoryClasses({ column, known, values }: CategoryColumn, colors: readonly string[]): readonly StyleClass[] {
  const titles = new Map(values.map(({ value }) => [value, readable(value)]))
  const sorted = [...values].sort(
    (a, b) => frenchOrder.compare(titles.get(a.value)!, titles.get(b.value)!) || (String(a.value) < String(b.value) ? -1 : 1),
  )
  const taken = new Set(['autre'])
  const classes = sorted.map(({ value }, i): StyleClass => {
    const title = titles.get(value)!
    let name = title
    for (let n = 2; taken.has(name); n++) name = `${title} ${n}`
    taken.add(name)
    return { name, title, color: colors[i], filter: isOneOf(column.name, [value]) }
  })
  const isAll = column.isWhole && values.length === column.common.length
  const isTaken = classes.some(({ title }) => /^(autres?|others?|divers)$/i.test(title))
  const rest = isTaken ? 'Non classé' : 'Autre'
  return [...classes, { name: 'autre', title: rest, color: otherColor, ...(isAll && known.filled > 0.999 && { isUnlisted: true }) }]
}

/** Not an address on the web, a date, or a number too large for a class. */
function isName(value: string | number | boolean): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) <= greatestNumber
  if (typeof value === 'boolean') return true
  return !/^\w+:\/\/|^(19|20)\d\d[-/.]?[01]\d[-/.]?[0-3]\d|^[0-3]?\d[-/.][01]?\d[-/.](19|20)?\d\d\b|^\d{5,}$/.test(value.slice(0, 40))
}

const meanLength = (values: readonly CommonValue[]) => values.reduce((sum, { value }) => sum + String(value).length, 0) / values.length

/** 1 where all values are equally common, towards 0 where one is nearly all: entropy by its greatest. */
function evenness(values: readonly CommonValue[]): number {
  const whole = values.reduce((sum, { share }) => sum + share, 0)
  const entropy = values.reduce((sum, { share }) => sum - (share / whole) * Math.log(share / whole), 0)
  return entropy / Math.log(values.length)
}
