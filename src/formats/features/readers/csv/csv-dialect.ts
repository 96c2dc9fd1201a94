/** How a text table is written. */
export interface CsvDialect {
  readonly separator: ',' | ';' | '\t' | '|'
}

const separators = [';', '\t', ',', '|'] as const

/**
 * The separator that cuts the sample's records (whole lines of it) into the same number of fields most often, more fields winning ties. A
 * table of one column has none: comma.
 */
export function detectDialect(sample: string): CsvDialect {
  let best: { separator: CsvDialect['separator']; score: number } = { separator: ',', score: 0 }
  for (const separator of separators) {
    const counts = fieldCounts(sample, separator)
    const width = counts[0] ?? 1
    if (width < 2) continue
    const steady = counts.filter(count => count === width).length / counts.length
    const score = steady + Math.min(width, 50) / 1000
    if (score > best.score) best = { separator, score }
  }
  return { separator: best.separator }
}

/** Fields of each record, separators and line ends inside quotes not counted; the last, cut off record is left out. */
function fieldCounts(sample: string, separator: string): number[] {
  const counts: number[] = []
  let fields = 1
  let isQuoted = false
  let isEmpty = true
  for (const char of sample) {
    if (char === '"') isQuoted = !isQuoted
    else if (!isQuoted && char === separator) fields++
    else if (!isQuoted && (char === '\n' || char === '\r')) {
      if (!isEmpty) counts.push(fields)
      fields = 1
      isEmpty = true
      continue
    }
    isEmpty = false
    if (counts.length >= 200) break
  }
  if (counts.length === 0 && !isEmpty) counts.push(fields)
  return counts
}

/**
 * Whether the first record names the columns: its fields are no values. Years may stand among names, and empty names at the end of a row.
 */
export function isHeader(record: readonly string[]): boolean {
  const cells = record.map(cell => cell.trim())
  if (cells.every(cell => cell === '')) return false
  const isYear = (cell: string) => /^(19|20)\d\d$/.test(cell)
  const values = cells.filter(cell => /^[+-]?\d+([.,]\d+)?$/.test(cell) || /^\d{4}-\d\d-\d\d/.test(cell))
  if (values.length === 0) return true
  return values.every(isYear) && values.length < cells.length
}
