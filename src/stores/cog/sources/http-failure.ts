import { Problem } from '#core/problem.js'

/** An attempt that failed in a way that may pass: a broken connection, a busy server. `cause` is for the log. */
export class HttpFailure extends Error {
  readonly reason: string
  /** Seconds after which the server wants to be asked again. */
  readonly retryAfter: number | undefined

  constructor(reason: string, { retryAfter, cause }: { retryAfter?: number | undefined; cause?: unknown } = {}) {
    super(reason, { cause })
    this.reason = reason
    this.retryAfter = retryAfter
  }
}

/** Statuses that may be another one the next time. */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])

/** What a status that is no success means for the file called `name`; `region` is where S3 says that the bucket lies. */
export function statusError(
  status: number,
  name: string,
  { retryAfter, region }: { readonly retryAfter?: string | undefined; readonly region?: string | undefined } = {},
): Problem | HttpFailure {
  if (region && (status === 301 || status === 307 || status === 400))
    return new Problem('unavailable', `"${name}" lies in another region: region: ${region.slice(0, 40)} would work.`)
  if (passing.has(status)) return new HttpFailure(`its server answers ${status}`, { retryAfter: secondsOf(retryAfter) })
  if (status === 404 || status === 410) return new Problem('not-found', `"${name}" does not exist.`)
  if (status === 401 || status === 403)
    return new Problem(
      'forbidden',
      `"${name}" cannot be read: its server refuses (${status}). It may not exist, or the keys in the environment do not open it.`,
    )
  return new Problem('unavailable', `"${name}" cannot be read: its server answers ${status}.`)
}

/** Retry-After is seconds or a date (RFC 9110, 10.2.3). */
function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined
}
