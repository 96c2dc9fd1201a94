import type { DataOptions } from '#core/queries.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import { formatOption } from './appearance.js'

/** Pixels of the largest cell: beyond it, a grid tells nothing. */
const largestCell = 64

/** What FORMAT_OPTIONS says of maps that are their features: `utfresolution` as MapServer names it. What makes no sense is taken as not said. */
export function dataOptions(kvp: Kvp): DataOptions {
  const resolution = Number(formatOption(kvp, 'utfresolution') || Number.NaN)
  return { ...(resolution >= 1 && resolution <= largestCell && { resolution: Math.round(resolution) }) }
}
