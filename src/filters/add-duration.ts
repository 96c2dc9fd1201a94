import { timestampText } from '#rows/pg-time.js'
import { instantOfText } from './instants.js'

const pattern =
  /^P(?=[\dT])(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,6})?)S)?)?$/i

const microsOf = { week: 604_800_000_000n, day: 86_400_000_000n, hour: 3_600_000_000n, minute: 60_000_000n }
/** 2000-01-01 in milliseconds of Date. */
const epoch = 946_684_800_000

/**
 * A moment later, or earlier, by an ISO 8601 duration such as `P1Y2M10DT2H30M`: years and months first, the day no later than the month has. In
 * UTC. Undefined when `moment` is none, `duration` is none, or the result is beyond the years 1 to 9999.
 */
export function addDuration(moment: string, duration: string, sign: 1 | -1): string | undefined {
  const start = instantOfText(moment)
  const match = pattern.exec(duration)
  if (start === null || !match) return undefined
  const [years, months, weeks, days, hours, minutes, seconds] = match.slice(1).map(part => Number(part ?? 0))
  const date = new Date(epoch + Number(start / 1000n))
  const month = date.getUTCFullYear() * 12 + date.getUTCMonth() + sign * (years * 12 + months)
  const year = Math.floor(month / 12)
  if (!(year >= 1 && year <= 9999)) return undefined
  const last = new Date(Date.UTC(2000, 0))
  last.setUTCFullYear(year, (month % 12) + 1, 0)
  const moved = new Date(date)
  moved.setUTCFullYear(year, month % 12, Math.min(date.getUTCDate(), last.getUTCDate()))
  const rest =
    BigInt(weeks) * microsOf.week +
    BigInt(days) * microsOf.day +
    BigInt(hours) * microsOf.hour +
    BigInt(minutes) * microsOf.minute +
    BigInt(Math.round(seconds * 1e6))
  return timestampText(start + BigInt(moved.getTime() - date.getTime()) * 1000n + BigInt(sign) * rest, true)
}
