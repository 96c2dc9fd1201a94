/** What a time stands for: milliseconds since the epoch (UTC), `to` excluded. `2017` is the whole year, `2017-06-15` the whole day. */
export interface TimeSpan {
  readonly from: number
  readonly to: number
  readonly precision: Precision
}

/** How exactly a time is written. */
export const precisions = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'] as const
/** How exactly a time is said, from the year to the millisecond. */
export type Precision = (typeof precisions)[number]

/** A length of time: whole months, and milliseconds. */
export interface Period {
  readonly months: number
  readonly milliseconds: number
}

const lengths = { day: 86_400_000, hour: 3_600_000, minute: 60_000, second: 1000, millisecond: 1 } as const

const date = '(\\d{4}|[+-]\\d{4,6})(?:-(\\d\\d)(?:-(\\d\\d)'
const clock = '(?:[T ](\\d\\d)(?::?(\\d\\d)(?::?(\\d\\d)(?:[.,](\\d{1,9}))?)?)?'
// the plus of an offset arrives as a space when it was not escaped
const zone = '(Z|[+ -]\\d\\d(?::?\\d\\d)?)?'
const form = new RegExp(`^${date}${clock}${zone})?)?)?$`, 'i')

/**
 * The span that an ISO 8601 text stands for, of any precision from the year on (OGC 06-042, D.2.1); a time without offset is in UTC. Undefined for
 * what is no moment of the calendar.
 */
export function readTime(text: string): TimeSpan | undefined {
  const match = text.length <= 40 ? form.exec(text.trim()) : null
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, fraction] = match
  const precision = fraction
    ? 'millisecond'
    : (precisions.findLast((_, i) => [year, month, day, hour, minute, second][i] !== undefined) ?? 'year')
  if (Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 60) return undefined
  const midnight = utc(Number(year), Number(month ?? 1) - 1, Number(day ?? 1))
  if (!Number.isFinite(midnight) || (month !== undefined && new Date(midnight).getUTCMonth() !== Number(month) - 1)) return undefined
  const parts = Number(hour ?? 0) * lengths.hour + Number(minute ?? 0) * lengths.minute + Number(second ?? 0) * lengths.second
  const from = midnight + parts + Math.floor(Number(`0.${fraction ?? 0}`) * 1000 + 1e-6) - offsetOf(match[8])
  return { ...spanFrom(from, precision), ...(fraction && { to: from + 10 ** Math.max(0, 3 - fraction.length) }) }
}

/** The span of a precision that begins at a moment. */
export function spanFrom(from: number, precision: Precision): TimeSpan {
  const moment = new Date(from)
  const [year, month] = [moment.getUTCFullYear(), moment.getUTCMonth()]
  const rest = from - utc(year, month, 1)
  const to =
    precision === 'year'
      ? utc(year + 1, month, 1) + rest
      : precision === 'month'
        ? utc(year, month + 1, 1) + rest
        : from + lengths[precision]
  return { from, to, precision }
}

/** The beginning of the year, month, day, … that a moment lies in. */
export function floorTime(moment: number, precision: Precision): number {
  if (!Number.isFinite(moment)) return moment
  if (precision !== 'year' && precision !== 'month') return Math.floor(moment / lengths[precision]) * lengths[precision]
  const date = new Date(moment)
  return utc(date.getUTCFullYear(), precision === 'year' ? 0 : date.getUTCMonth(), 1)
}

/** The coarsest precision that tells all `moments`. */
export function precisionOf(moments: readonly number[]): Precision {
  return precisions.find(precision => moments.every(moment => floorTime(moment, precision) === moment)) ?? 'millisecond'
}

/** A moment as ISO 8601 text of a precision: `2017`, `2017-06-15`, `2017-06-15T12:00:00Z`; hours and minutes are written with seconds. */
export function writeTime(moment: number, precision: Precision): string {
  const [, day, time] = /^(.+)T(.+)\.\d+Z$/.exec(new Date(moment).toISOString())!
  switch (precision) {
    case 'year':
      return day.slice(0, -6)
    case 'month':
      return day.slice(0, -3)
    case 'day':
      return day
    case 'millisecond':
      return new Date(moment).toISOString()
    default:
      return `${day}T${time}Z`
  }
}

/** An ISO 8601 duration such as `P1M`, `PT5S`; undefined for what is none, or nothing. */
export function readPeriod(text: string): Period | undefined {
  const match =
    /^P(?=.)(?:(\d{1,5})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,7})D)?(?:T(?=.)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:[.,]\d{1,3})?)S)?)?$/i.exec(
      text.trim(),
    )
  if (!match) return undefined
  const [years, months, weeks, days, hours, minutes, seconds] = match.slice(1).map(part => Number((part ?? '0').replace(',', '.')))
  const period = {
    months: years * 12 + months,
    milliseconds: Math.round((weeks * 7 + days) * lengths.day + hours * lengths.hour + minutes * lengths.minute + seconds * lengths.second),
  }
  return period.months + period.milliseconds > 0 ? period : undefined
}

/** `times` periods after a moment, or before it where `times` is negative; the 31st of a shorter month is its last day. */
export function addPeriod(moment: number, { months, milliseconds }: Period, times: number): number {
  if (months === 0) return moment + milliseconds * times
  const date = new Date(moment)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months * times]
  const lastDay = new Date(utc(year, month + 1, 0)).getUTCDate()
  const day = Math.min(date.getUTCDate(), lastDay)
  return utc(year, month, day) + (moment - floorTime(moment, 'day')) + milliseconds * times
}

/** As `Date.UTC`, for years before 100, too. */
function utc(year: number, month: number, day: number): number {
  const date = new Date(0)
  return date.setUTCFullYear(year, month, day)
}

function offsetOf(zone: string | undefined): number {
  if (zone === undefined || /^z$/i.test(zone)) return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', '') || 0)]
  return (zone.startsWith('-') ? -1 : 1) * (hours * lengths.hour + minutes * lengths.minute)
}
