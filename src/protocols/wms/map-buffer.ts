import type { Kvp } from '#protocols/ows/kvp.js'

/** Farther than this no symbol reaches. */
const farthest = 1024

/** GeoServer's BUFFER of a map in pixels, as far as it makes sense; undefined else. */
export function mapBuffer(kvp: Kvp): number | undefined {
  const text = kvp.get('BUFFER') ?? ''
  return /^\d{1,9}(\.\d*)?$/.test(text) ? Math.min(farthest, Number(text)) : undefined
}
