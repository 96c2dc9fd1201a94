import { AwsV4Signer } from 'aws4fetch'
import { Problem } from '#core/problem.js'
import type { ByteSource } from './byte-source.js'
import type { RemoteTarget } from './http-file.js'
import { remoteSource } from './http-source.js'
import type { RemoteSettings, S3Keys } from './remote-settings.js'
import { parseS3, s3Url, usualRegion } from './s3-address.js'
import { listingBytes, listingQuery, readListing } from './s3-listing.js'

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
  return {
    ...source,
    async list(folder, signal) {
      const { bucket, key } = parseS3(folder)
      const prefix = key === '' || key.endsWith('/') ? key : `${key}/`
      const found: string[] = []
      let seen = 0
      let token: string | undefined
      do {
        const url = s3Url(bucket, '', settings)
        url.search = listingQuery(prefix, token)
        const { body } = await client.get({ ...target(url, bucket), headers: {}, expect: () => ({ most: listingBytes }), signal })
        const page = readListing(body, bucket)
        seen += page.keys.length
        if (seen > mostKeys)
          throw new Problem('too-large', `More than ${mostKeys} objects below "${prefix || bucket}": name the folders that hold data.`)
        found.push(...page.keys.filter(isRaster).map(name => `s3://${bucket}/${name}`))
        if (page.next === token) break
        token = page.next
      } while (token !== undefined)
      return found.sort()
    },
  }
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
