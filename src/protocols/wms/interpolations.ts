import { Problem } from '#core/problem.js'
import type { Kvp } from '#protocols/ows/kvp.js'
import { type Resampling, resamplings } from '#render/resampling.js'

/** GeoServer's names of what has another one here. */
const otherNames: Readonly<Record<string, Resampling>> = { nearestneighbor: 'nearest', nearestneighbour: 'nearest', bicubic: 'cubic' }

/**
 * INTERPOLATIONS, as GeoServer's clients send it: for each of `count` layers, or one for all, how pixels of rasters are made, instead of what
 * their collections say. An empty entry leaves that. Throws `invalid-parameter`.
 */
export function interpolationsOf(kvp: Kvp, count: number): readonly (Resampling | undefined)[] {
  const said = (kvp.get('INTERPOLATIONS') ?? '').split(',', 1000).map(text => text.trim())
  if (said.length !== 1 && said.length !== count)
    throw new Problem(
      'invalid-parameter',
      `INTERPOLATIONS has ${said.length} entries for ${count} layers; one for each, or one for all, would work.`,
      { locator: 'interpolations' },
    )
  const named = said.map(text => (text === '' ? undefined : resamplingNamed(text)))
  return Array.from({ length: count }, (_, i) => named[named.length === 1 ? 0 : i])
}

function resamplingNamed(text: string): Resampling {
  const plain = text.toLowerCase().replace(/[\s_-]/g, '')
  const found = otherNames[plain] ?? resamplings.find(name => name === plain)
  if (found) return found
  throw new Problem(
    'invalid-parameter',
    `INTERPOLATIONS names «${text.slice(0, 50)}»; ${resamplings.join(', ')}, nearest neighbor and bicubic would work.`,
    { locator: 'interpolations' },
  )
}
