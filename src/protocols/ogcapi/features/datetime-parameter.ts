import type { Collection } from '#core/atlas.js'
import type { Span } from '#core/dimension.js'
import { dimensionFilter } from '#core/dimension-filter.js'
import { timeOf } from '#core/feature-time.js'
import { readTime } from '#core/iso-time.js'
import { Problem } from '#core/problem.js'
import type { Filter } from '#filters/filter.js'

/**
 * The span of time of a request: an instant, or an interval whose ends may be open as `..` or nothing (OGC 17-069r4, 7.15.4); undefined where there is
 * none. Throws `invalid-parameter`.
 */
export function datetimeParameter(text: string | null): Span | undefined {
  if (text === null || text === '') return undefined
  const refuse = (why: string) =>
    new Problem('invalid-parameter', `datetime ${why}; 2024-06-15T12:00:00Z, 2024-06-15 and 2024-01-01/.. would work.`, {
      locator: 'datetime',
    })
  const ends = text.split('/', 3)
  if (ends.length > 2) throw refuse('has more than two ends')
  const moment = (end: string): Span | undefined => {
    if (end === '' || end === '..') return undefined
    // GDAL sends days with an empty time behind them
    const span = readTime(end.replace(/T$/, ''))
    if (!span) throw refuse(`has “${end.slice(0, 60)}”, which is no moment`)
    return span
  }
  if (ends.length === 1) {
    const span = moment(ends[0])
    if (!span) throw refuse('has no moment')
    return span
  }
  const [first, last] = [moment(ends[0]), moment(ends[1])]
  if (!first && !last) throw refuse('has no end at all')
  if (first && last && first.from > last.from) throw refuse('has its ends the wrong way round')
  return { from: first?.from ?? -Infinity, to: last?.to ?? Infinity }
}

/** Features of that time, and those without one (OGC 17-069r4, requirement 26 C); undefined where the collection has no time. */
export function datetimeFilter(collection: Collection, span: Span): Filter | undefined {
  const carrier = timeOf(collection)
  const filter = carrier && dimensionFilter(carrier, { kind: 'spans', spans: [span] })
  if (!filter || (carrier.kind !== 'column' && carrier.kind !== 'texts')) return filter
  return { kind: 'or', any: [filter, { kind: 'isNull', operand: { kind: 'property', name: carrier.column } }] }
}
