/** Named groups a pattern of dates in file names may have; `year` it must. */
export const timeGroups = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const

/** The time in a file's name, in milliseconds since the epoch (UTC), by a pattern with named groups; undefined where it does not match. */
export function timeOfName(pattern: RegExp, path: string): number | undefined {
  const groups = pattern.exec(path)?.groups
  if (groups?.year === undefined) return undefined
  const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0] = timeGroups.map(name =>
    groups[name] === undefined ? undefined : Number(groups[name]),
  )
  if (!Number.isInteger(year) || month < 1 || month > 12 || day < 1 || day > 31) return undefined
  const time = Date.UTC(year!, month - 1, day, hour, minute, second)
  return Number.isFinite(time) ? time : undefined
}

/** The time of a TIFF's DateTime tag, `YYYY:MM:DD HH:MM:SS` (TIFF 6.0, 306), taken as UTC. */
export const timeOfTag = (text: string): number | undefined =>
  timeOfName(/^(?<year>\d{4}):(?<month>\d\d):(?<day>\d\d) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)/, text)
