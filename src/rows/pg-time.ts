import { ValueError } from './value-error.js'

/** Days from 1970-01-01 to PostgreSQL's epoch, 2000-01-01. */
const epochDays = 10_957
const dayMicros = 86_400_000_000n
const infinity = { date: 0x7fffffff, time: 0x7fffffffffffffffn }

/** ISO 8601 text of a `date` (days since 2000): `2024-02-29`, `-0043-03-15` for 44 BC (there is a year 0), `infinity`. */
export function dateText(days: number): string {
  if (days === infinity.date) return 'infinity'
  if (days === -infinity.date - 1) return '-infinity'
  // Days to year, month and day of the proleptic Gregorian calendar, counting years from March, as Date cannot go beyond ±271,821.
  const shifted = days + epochDays + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${year < 0 ? '-' : ''}${pad(Math.abs(year), 4)}-${pad(month, 2)}-${pad(day, 2)}`
}

/** Text of a `time` (microseconds since midnight): `08:30:00`, `08:30:00.25`, `24:00:00`. */
export function timeText(micros: number): string {
  const seconds = Math.floor(micros / 1e6)
  const fraction = micros - seconds * 1e6
  const text = `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`
  return fraction ? `${text}.${pad(fraction, 6).replace(/0+$/, '')}` : text
}

/** ISO 8601 text of a `timestamp` or, with `Z`, a `timestamptz` (microseconds since 2000, UTC). */
export function timestampText(micros: bigint, hasZone: boolean): string {
  if (micros === infinity.time) return 'infinity'
  if (micros === -infinity.time - 1n) return '-infinity'
  let days = micros / dayMicros
  let rest = micros % dayMicros
  if (rest < 0n) {
    days -= 1n
    rest += dayMicros
  }
  return `${dateText(Number(days))}T${timeText(Number(rest))}${hasZone ? 'Z' : ''}`
}

/** `+02:00` for a zone given, as PostgreSQL does in `timetz`, in seconds west of Greenwich. */
export function zoneText(secondsWest: number): string {
  const seconds = Math.abs(secondsWest)
  const tail = seconds % 60 ? `:${pad(seconds % 60, 2)}` : ''
  return `${secondsWest > 0 ? '-' : '+'}${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}${tail}`
}

/** Days since 2000 of an ISO date. Throws `ValueError`. */
export function parseDate(text: string): number {
  const infinite = parseInfinity(text)
  if (infinite) return infinite > 0 ? infinity.date : -infinity.date - 1
  const match = /^([+-]?\d{4,7})-(\d\d)-(\d\d)(?:[T ][\d:.,]*(?:Z|[+-][\d:]+)?)?( BC)?$/.exec(text.trim())
  if (!match) throw new ValueError(`“${text.slice(0, 40)}” is not a date such as 2024-02-29.`)
  return daysOf(match[4] ? 1 - Number(match[1]) : Number(match[1]), Number(match[2]), Number(match[3]), text)
}

/** Microseconds since midnight of `08:30`, `08:30:00.25`. A zone, if there is one, is in seconds west of Greenwich. Throws `ValueError`. */
export function parseTime(text: string): { readonly micros: bigint; readonly secondsWest: number | undefined } {
  const match = /^(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?$/.exec(text.trim())
  const [, hours, minutes, seconds = '0', fraction = '', zone] = match ?? []
  const whole = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  if (!match || Number(hours) > 24 || Number(minutes) > 59 || Number(seconds) > 60 || whole > 86_400)
    throw new ValueError(`“${text.slice(0, 40)}” is not a time such as 08:30:00.`)
  const micros = BigInt(whole) * 1_000_000n + BigInt(Math.round(Number(`0.${fraction || 0}`) * 1e6))
  return { micros, secondsWest: zone === undefined ? undefined : secondsWestOf(zone) }
}

function secondsWestOf(zone: string): number {
  if (zone === 'Z') return 0
  const digits = zone.slice(1).replaceAll(':', '').padEnd(6, '0')
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2, 4)) * 60 + Number(digits.slice(4))
  return zone[0] === '+' ? -seconds : seconds
}

/**
 * Microseconds since 2000 of an ISO timestamp; a date alone is its midnight. A zone is applied when `hasZone`, and otherwise left out of
 * account, as PostgreSQL does; a text without one counts as UTC. Throws `ValueError`.
 */
export function parseTimestamp(text: string, hasZone: boolean): bigint {
  const infinite = parseInfinity(text)
  if (infinite) return infinite > 0 ? infinity.time : -infinity.time - 1n
  const match = /^([+-]?\d{4,7}-\d\d-\d\d)(?:[T ]\s*(.+?))?( BC)?$/.exec(text.trim())
  if (!match) throw new ValueError(`“${text.slice(0, 40)}” is not a timestamp such as 2024-02-29T08:30:00Z.`)
  const days = BigInt(parseDate(match[1] + (match[3] ?? '')))
  const { micros, secondsWest = 0 } = parseTime(match[2] ?? '00:00')
  return days * dayMicros + micros + (hasZone ? BigInt(secondsWest) * 1_000_000n : 0n)
}

function daysOf(year: number, month: number, day: number, text: string): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  if (!(day >= 1 && day <= (lengths[month - 1] ?? 0))) throw new ValueError(`“${text.slice(0, 40)}” is not a day of the calendar.`)
  const marchYear = month <= 2 ? year - 1 : year
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const days = era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468 - epochDays
  // PostgreSQL's own range: 4714-11-24 BC to 5874897-12-31.
  if (days < -2_451_545 || days > 2_145_031_948)
    throw new ValueError(`“${text.slice(0, 40)}” is beyond the dates that a database can hold.`)
  return days
}

function parseInfinity(text: string): number {
  return text === 'infinity' ? 1 : text === '-infinity' ? -1 : 0
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
