import { parseTime, parseTimestamp, timestampText, timeText } from '#rows/pg-time.js'

/** Microseconds since 2000-01-01, UTC: of the first moment that a `timestamp` can hold, and of the first it cannot. */
const least = -211_813_488_000_000_000n
const end = 9_223_371_331_200_000_000n

/** The moment an ISO text names, in microseconds since 2000, UTC; a date is its midnight, a time without zone is in UTC. Null when it is none. */
export function instantOfText(text: string): bigint | null {
  if (text.length > 60) return null
  try {
    const micros = parseTimestamp(text, true)
    return micros >= least && micros < end ? micros : null
  } catch {
    return null
  }
}

/** A moment as a database reads it, without zone: `2024-02-29T12:00:00`, years before 1 as `0044-03-15 BC`. */
export function instantSqlText(micros: bigint): string {
  const text = timestampText(micros, false)
  const [, sign, year, rest] = /^(-?)(\d+)(.*)$/s.exec(text)!
  const isBefore = sign === '-' || Number(year) === 0
  return isBefore ? `${String(1 + Number(year)).padStart(4, '0')}${rest} BC` : text
}

/** A time of day in the form in which texts sort as times do: `08:30:00`, `08:30:00.25`. Null when it is none. */
export function timeOfText(text: string): string | null {
  if (text.length > 40) return null
  try {
    return timeText(Number(parseTime(text).micros))
  } catch {
    return null
  }
}
