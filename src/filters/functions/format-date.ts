import { parseTimestamp } from '#rows/pg-time.js'

/**
 * A date or time (ISO 8601, taken in UTC) by a pattern as Java and Qt have it: `yyyy`, `MM`, `MMM`, `MMMM`, `dd`, `EEE`, `EEEE`, `HH`, `hh` with
 * `a`, `mm`, `ss`, `SSS`; other text as it is, letters in single quotes. Null when it is no date. `language`: of the names, English when absent.
 */
export function formatDate(iso: string, pattern: string, language = 'en'): string | null {
  const date = dateOf(iso)
  if (!date) return null
  const name = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(isLanguage(language) ? language : 'en', { timeZone: 'UTC', ...options }).format(date)
  const pad = (value: number, width: number) => String(value).padStart(width, '0')
  return pattern
    .slice(0, 200)
    .replaceAll(/'([^']*)'|(yyyy|yy|y|MMMM|MMM|MM|M|dd|d|EEEE|E{1,3}|HH|H|hh|h|mm|m|ss|s|SSS|a)/g, (_, quoted, word) => {
      if (word === undefined) return quoted || "'"
      const hours = date.getUTCHours()
      switch (word) {
        case 'yy':
          return pad(date.getUTCFullYear() % 100, 2)
        case 'MMMM':
          return name({ month: 'long' })
        case 'MMM':
          return name({ month: 'short' })
        case 'EEEE':
          return name({ weekday: 'long' })
        case 'a':
          return hours < 12 ? 'AM' : 'PM'
        case 'SSS':
          return pad(date.getUTCMilliseconds(), 3)
      }
      const values: Record<string, number> = {
        y: date.getUTCFullYear(),
        M: date.getUTCMonth() + 1,
        d: date.getUTCDate(),
        H: hours,
        h: hours % 12 || 12,
        m: date.getUTCMinutes(),
        s: date.getUTCSeconds(),
      }
      return word[0] === 'E' ? name({ weekday: 'short' }) : pad(values[word[0]], word.length)
    })
}

function dateOf(iso: string): Date | undefined {
  try {
    // Microseconds since 2000-01-01.
    const date = new Date(Number(parseTimestamp(iso, true) / 1000n) + 946_684_800_000)
    return Number.isNaN(date.getTime()) ? undefined : date
  } catch {
    return undefined
  }
}

function isLanguage(tag: string): boolean {
  return /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(tag)
}
