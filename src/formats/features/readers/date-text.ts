/** `YYYY-MM-DD` (years 1 to 9999) of a day that exists. Hot: once per date of an imported file. */
export function isDate(text: string): boolean {
  if (text.length !== 10 || text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d) return false
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 7)
  const day = digits(text, 8, 10)
  return year >= 0 && month >= 0 && day >= 0 && isDay(year, month, day)
}

/** The number that the characters from `start` to `end` write; -1 when one is no digit. */
function digits(text: string, start: number, end: number): number {
  let number = 0
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 0x30
    if (digit < 0 || digit > 9) return -1
    number = number * 10 + digit
  }
  return number
}

export function isDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return day <= (month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31)
}

/**
 * An ISO 8601 date and time (`2024-05-01T12:30`, seconds and fraction optional, a space for the T) as `timestamptz` when it names its zone
 * (Z or an offset), as `timestamp` when it does not; undefined when `text` is neither.
 */
export function instantKind(text: string): 'timestamp' | 'timestamptz' | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(text)
  if (!match || !isDate(match[1])) return undefined
  if (Number(match[2]) > 23 || Number(match[3]) > 59 || Number(match[4] ?? 0) > 60) return undefined
  return match[5] ? 'timestamptz' : 'timestamp'
}

/** `HH:MM[:SS[.fff]]` */
export function isTime(text: string): boolean {
  const match = /^(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?$/.exec(text)
  return match !== null && Number(match[1]) <= 23 && Number(match[2]) <= 59 && Number(match[3] ?? 0) <= 59
}
