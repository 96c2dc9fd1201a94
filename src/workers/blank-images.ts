import { createBoundedCache } from '#render/bounded-cache.js'

/** The encoded map of that key, on which there is nothing: by `make` the first time. A copy, which may be given away. */
export type BlankImages = (key: string, make: () => Promise<Uint8Array>) => Promise<Uint8Array>

/** Keeps at most `maxBytes` of them. */
export function createBlankImages(maxBytes = 1e6): BlankImages {
  const images = createBoundedCache<string, Uint8Array>(maxBytes)
  return async (key, make) => {
    const known = images.get(key)
    if (known) return known.slice()
    const made = await make()
    images.set(key, made.slice(), made.length)
    return made
  }
}
