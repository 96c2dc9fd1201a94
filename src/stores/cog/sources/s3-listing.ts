import { Problem } from '#core/problem.js'
import { childOf, childrenOf, readXml, textOf, type XmlElement } from '#xml/read.js'

/** An object as a listing tells of it; `state` changes with its content. */
export interface ListedObject {
  readonly key: string
  readonly state: string
}

/** One page of a listing. */
export interface ListingPage {
  readonly objects: readonly ListedObject[]
  /** Token of the next page. */
  readonly next?: string
}

/** Largest page: 1000 keys of 1024 bytes, each percent-encoded, with their particulars. */
export const listingBytes = 8 << 20

/** The query of a page of ListObjectsV2. */
export function listingQuery(prefix: string, token: string | undefined): string {
  const query = new URLSearchParams({ 'encoding-type': 'url', 'list-type': '2', prefix })
  if (token !== undefined) query.set('continuation-token', token)
  // as signatures want it
  return query.toString().replaceAll('+', '%20').replaceAll('*', '%2A')
}

/** Reads a ListBucketResult. Throws `unavailable` where the answer is something else. */
export function readListing(document: Uint8Array, bucket: string): ListingPage {
  let root: XmlElement
  try {
    root = readXml(document, { bytes: listingBytes })
  } catch (cause) {
    throw new Problem('unavailable', `The bucket "${bucket}" cannot be listed: its server answers with something else.`, { cause })
  }
  const textIn = (element: XmlElement, name: string) => {
    const child = childOf(element, name)
    return child && textOf(child)
  }
  if (root.name !== 'ListBucketResult')
    throw new Problem('unavailable', `The bucket "${bucket}" cannot be listed: its server answers with something else.`)
  const isEncoded = textIn(root, 'EncodingType') === 'url'
  const objects = childrenOf(root, 'Contents').flatMap(entry => {
    const key = textIn(entry, 'Key')
    const state = `${textIn(entry, 'ETag')} ${textIn(entry, 'Size')} ${textIn(entry, 'LastModified')}`
    return key === undefined ? [] : [{ key: isEncoded ? decoded(key) : key, state }]
  })
  const next = textIn(root, 'IsTruncated') === 'true' ? textIn(root, 'NextContinuationToken') : undefined
  return { objects, ...(next && { next }) }
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '))
  } catch {
    return key
  }
}
