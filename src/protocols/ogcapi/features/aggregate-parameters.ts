import { type AskedGrouping, aggregateLimits } from '#core/aggregate-features.js'
import { Problem } from '#core/problem.js'
import { type Measure, type SortKey, timeUnits } from '#core/queries.js'
import { nearestNames } from '#filters/nearest-names.js'
import { type Call, readCalls } from './calls.js'

/** `group-by=nature,month(jour),width(prix,100),bins(surface,20)`, times in `time-zone`. Throws `invalid-parameter`. */
export function groupByParameter(parameters: URLSearchParams): readonly AskedGrouping[] {
  const zone = parameters.get('time-zone') || 'UTC'
  return readCalls(parameters.get('group-by') ?? '', 'group-by').map(call => grouping(call, zone))
}

function grouping({ text, fn, args }: Call, zone: string): AskedGrouping {
  const [column, second] = args
  if (fn === undefined) return { name: text, column }
  const unit = timeUnits.find(one => one === fn)
  if (unit) return { name: text, column: only('group-by', text, args, 1)[0], bin: { kind: 'time', unit, zone } }
  if (fn === 'width') return { name: text, column: only('group-by', text, args, 2)[0], bin: { kind: 'width', width: second } }
  if (fn === 'bins') return { name: text, column: only('group-by', text, args, 2)[0], bin: { kind: 'bins', count: Number(second) } }
  throw unknown('group-by', fn, [...timeUnits, 'width', 'bins'])
}

const plainMeasures = ['sum', 'avg', 'min', 'max', 'count-distinct'] as const

/** `measures=count,sum(pop),percentile(pop,0.9),extent`; the number of features where it is absent. Throws `invalid-parameter`. */
export function measuresParameter(parameters: URLSearchParams): readonly Measure[] {
  return readCalls(parameters.get('measures') || 'count', 'measures').map(measure)
}

function measure({ text, fn: said, args }: Call): Measure {
  const fn = said ?? text.toLowerCase()
  const own = said === undefined ? [] : args
  const plain = plainMeasures.find(kind => kind === fn)
  if (plain) return { name: text, kind: plain, column: only('measures', text, own, 1)[0] }
  switch (fn) {
    case 'count':
      return { name: text, kind: 'count', ...(own.length > 0 && { column: only('measures', text, own, 1)[0] }) }
    case 'median':
      return { name: text, kind: 'percentile', column: only('measures', text, own, 1)[0], fraction: 0.5 }
    case 'percentile': {
      const [column, fraction] = only('measures', text, own, 2)
      return { name: text, kind: 'percentile', column, fraction: fraction.trim() === '' ? Number.NaN : Number(fraction) }
    }
    case 'extent':
      return { name: text, kind: 'extent', column: own.length > 0 ? only('measures', text, own, 1)[0] : '' }
    default:
      throw unknown('measures', fn, ['count', ...plainMeasures, 'median', 'percentile', 'extent'])
  }
}

function only(parameter: string, text: string, args: readonly string[], count: 1 | 2): readonly string[] {
  if (args.length === count) return args
  const wanted = count === 1 ? 'the name of a property' : 'the name of a property and a number'
  throw new Problem('invalid-parameter', `${text.slice(0, 60)} in ${parameter} wants ${wanted} in brackets.`, { locator: parameter })
}

function unknown(parameter: string, fn: string, known: readonly string[]): Problem {
  const [near] = nearestNames(fn, known, 1)
  const hint = near === undefined ? `there are ${known.join(', ')}` : `${near} is near it`
  return new Problem('invalid-parameter', `“${fn.slice(0, 40)}” is no function of ${parameter}; ${hint}.`, { locator: parameter })
}

/** `sortby=-count,nature`: names of groupings and measures as they were asked for. */
export function orderParameter(parameters: URLSearchParams): readonly SortKey[] | undefined {
  const text = parameters.get('sortby')
  if (text === null || text === '') return undefined
  return readCalls(text, 'sortby').map(call => {
    const [, sign, column] = /^\s*([+-]?)\s*(.*)$/s.exec(call.text)!
    return { column, descending: sign === '-' }
  })
}

/** `limit`, or as many as are told where nobody says; above the most it is the most. Throws `invalid-parameter`. */
export function groupLimit(parameters: URLSearchParams): number {
  const text = parameters.get('limit')
  if (text === null || text === '') return aggregateLimits.groupsByDefault
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1)
    throw new Problem('invalid-parameter', `limit=${text.slice(0, 40)} is none; 1 to ${aggregateLimits.groups} would work.`, {
      locator: 'limit',
    })
  return Math.min(Number(text), aggregateLimits.groups)
}
