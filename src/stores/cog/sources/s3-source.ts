import { AwsV4Signer } from 'aws4fetch'
import { Problem } from '#core/problem.js'
import type { ByteSource } from './byte-source.js'
import type { RemoteTarget } from './http-file.js'
import { remoteSource } from './http-source.js'
import type { RemoteSettings, S3Keys } from './remote-settings.js'
import { parseS3, s3Url, usualRegion } from './s3-address.js'
import { type ListedObject, listingBytes, listingQuery, readListing } from './s3-listing.js'

/** Most keys of a listing that are looked at. */
const mostKeys = 100_000

/** Objects of S3 and of servers that speak like it, signed where there are keys (AWS Signature Version 4). */
export function s3Source(settings: RemoteSettings, keys: S3Keys | undefined): ByteSource {
  const authorise = keys && !settings.anonymous ? signer(keys, settings.region ?? usualRegion) : undefined
  const target = (url: URL, name: string): RemoteTarget => ({ url, name, ...(authorise && { authorise }) })
  const { source, client } = remoteSource(settings, (location, name) => {
    const { bucket, key } = parseS3(location)
    return target(s3Url(bucket, key, settings), name)
  })
  /** All objects whose keys begin with `prefix`. */
  async function listAll(bucket: string, prefix: string, signal: AbortSignal | undefined): Promise<readonly ListedObject[]> {
    const found: ListedObject[] = []
    let token: string | undefined
    do {
      const url = s3Url(bucket, '', settings)
      url.search = listingQuery(prefix, token)
      const { body } = await client.get({ ...target(url, bucket), headers: {}, expect: () => ({ most: listingBytes }), signal })
      const page = readListing(body, bucket)
      found.push(...page.objects)
      if (found.length > mostKeys)
        throw new Problem('too-large', `More than ${mostKeys} objects below "${prefix || bucket}": name the folders that hold data.`)
      if (page.next === token) break
      token = page.next
    } while (token !== undefined)
    return found
  }

  return {
    ...source,
    async list(folder, signal) {
      const { bucket, key } = parseS3(folder)
      const objects = await listAll(bucket, key === '' || key.endsWith('/') ? key : `${key}/`, signal)
      return objects
        .filter(object => isRaster(object.key))
        .map(object => `s3://${bucket}/${object.key}`)
        .sort()
    },
    async fingerprints(locations, signal) {
      const found = new Map<string, string>()
      const wanted = new Set(locations)
      for (const [bucket, keys] of keysByBucket(locations)) {
        // who may not list, or would list too much, reads the heads again
        const objects = await listAll(bucket, commonStart(keys), signal).catch(() => [])
        signal?.throwIfAborted()
        for (const { key, state } of objects) {
          const location = `s3://${bucket}/${key}`
          if (wanted.has(location)) found.set(location, state)
        }
      }
      return found
    },
  }
}

function keysByBucket(locations: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const buckets = new Map<string, string[]>()
  for (const { bucket, key } of locations.map(parseS3)) {
    const keys = buckets.get(bucket)
    if (keys) keys.push(key)
    else buckets.set(bucket, [key])
  }
  return buckets
}

function commonStart(keys: readonly string[]): string {
  let length = 0
  while (length < keys[0].length && keys.every(key => key[length] === keys[0][length])) length++
  return keys[0].slice(0, length)
}

const isRaster = (key: string) => /\.tiff?$/i.test(key) && !key.split('/').some(part => part === '' || part.startsWith('.'))

function signer(keys: S3Keys, region: string): NonNullable<RemoteTarget['authorise']> {
  // derived keys, one a day
  const cache = new Map<string, ArrayBuffer>()
  return async url => {
    const { headers } = await new AwsV4Signer({ url: url.href, ...keys, service: 's3', region, cache }).sign()
    return Object.fromEntries(headers)
  }
}
