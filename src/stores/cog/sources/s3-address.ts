import { Problem } from '#core/problem.js'
import type { RemoteSettings } from './remote-settings.js'

/** Region of buckets whose region nobody names. */
export const usualRegion = 'us-east-1'

/** Bucket and key of `s3://bucket/key`; the key may be empty. */
export function parseS3(location: string): { bucket: string; key: string } {
  const match = /^s3:\/\/([^/?#]+)(?:\/(.*))?$/is.exec(location)
  if (!match) throw new Problem('invalid-parameter', 'This is not an address such as s3://bucket/folder.')
  return { bucket: match[1], key: match[2] ?? '' }
}

/**
 * The URL of a key of a bucket. Buckets are host names at Amazon, and the first part of the path at other servers, which often have no
 * host names for them, and where a bucket has dots, which no certificate covers.
 */
export function s3Url(bucket: string, key: string, { endpoint, region = usualRegion, pathStyle }: RemoteSettings): URL {
  const base = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`)
  const isPath = pathStyle ?? (endpoint !== undefined || bucket.includes('.'))
  const path = key.split('/').map(encoded).join('/')
  const folder = base.pathname.replace(/\/+$/, '')
  if (isPath) return new URL(`${base.origin}${folder}/${encoded(bucket)}/${path}`)
  return new URL(`${base.protocol}//${bucket}.${base.host}${folder}/${path}`)
}

/** Everything but the unreserved characters of RFC 3986, as signatures want it. */
function encoded(part: string): string {
  return encodeURIComponent(part).replace(/[!'()*]/g, letter => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
}
