/** What of a file a request wants: all of it, one range (`end` excluded), or a range it does not have. */
export type ByteRange =
  | { readonly kind: 'all' }
  | { readonly kind: 'range'; readonly start: number; readonly end: number }
  | { readonly kind: 'unsatisfiable' }

/** Reads a Range header (RFC 9110, 14.2). Several ranges, other units and what cannot be read are ignored, as that allows. */
export function byteRange(header: string | undefined, size: number): ByteRange {
  const match = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return { kind: 'all' }
  if (match[1] === '') {
    const length = Math.min(size, Number(match[2]))
    return length > 0 ? { kind: 'range', start: size - length, end: size } : { kind: 'unsatisfiable' }
  }
  const start = Number(match[1])
  const end = match[2] === '' ? size : Math.min(size, Number(match[2]) + 1)
  if (match[2] !== '' && Number(match[2]) < start) return { kind: 'all' }
  return start < size ? { kind: 'range', start, end } : { kind: 'unsatisfiable' }
}

/** Whether an If-Range header (RFC 9110, 13.1.5) lets a range through; a date is as good as its second. */
export function isRangeCurrent(ifRange: string | undefined, etag: string, modified: Date): boolean {
  if (ifRange === undefined) return true
  if (ifRange.startsWith('"')) return ifRange === `"${etag}"`
  return !ifRange.startsWith('W/') && Date.parse(ifRange) === Math.floor(modified.getTime() / 1000) * 1000
}
