import { createHash } from 'node:crypto'
import type { HttpHead } from './http-client.js'

/** What tells one version of a remote file from another. */
export interface HttpVersion {
  readonly size: number
  /** A strong ETag, as it was sent (RFC 9110, 8.8.3). */
  readonly etag?: string
  /** Last-Modified, where there is no strong ETag. */
  readonly modified?: string
}

export function versionOf({ header }: HttpHead, size: number): HttpVersion {
  const etag = header('etag')
  const modified = header('last-modified')
  if (etag?.startsWith('"')) return { size, etag }
  return modified ? { size, modified } : { size }
}

/** Headers under which the server sends this version or none (RFC 9110, 13.1). */
export function onlyThis({ etag, modified }: HttpVersion): Record<string, string> {
  return etag ? { 'if-match': etag } : modified ? { 'if-unmodified-since': modified } : {}
}

/** A short text that stands for the version; ETags may be long, and hold anything. */
export function versionText({ size, etag, modified }: HttpVersion): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([etag, modified]))
    .digest('base64url')
  return `${hash.slice(0, 12)}-${size.toString(36)}`
}

/** First and last byte and whole size of a `Content-Range` (RFC 9110, 14.4); undefined when it is not one, or the size is not told. */
export function contentRange(text: string | undefined): { first: number; last: number; size: number } | undefined {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(text?.trim() ?? '')
  return match ? { first: Number(match[1]), last: Number(match[2]), size: Number(match[3]) } : undefined
}
