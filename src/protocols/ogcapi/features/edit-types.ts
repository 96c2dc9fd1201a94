/** Media types of features that are read. */
export const featureTypes: readonly string[] = [
  'application/geo+json',
  'application/json',
  'application/fg+json',
  'application/vnd.ogc.fg+json',
]
/** JSON Merge Patch (RFC 7396). */
export const patchType = 'application/merge-patch+json'
