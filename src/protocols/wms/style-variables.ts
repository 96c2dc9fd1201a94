import { Problem } from '#core/problem.js'
import type { Variables } from '#core/queries.js'
import type { Kvp } from '#protocols/ows/kvp.js'

const most = 100
const longest = 1000

/**
 * GeoServer's `ENV=color:00FF00;name:value`: variables that styles and filters read by the function `env`, their names in any case. Undefined when
 * there are none. Throws `too-large`.
 */
export function styleVariables(kvp: Kvp): Variables | undefined {
  const said = kvp.get('ENV')
  if (said === undefined) return undefined
  const pairs = said.split(';').flatMap(pair => {
    const colon = pair.indexOf(':')
    return colon > 0 ? [[pair.slice(0, colon).trim().toLowerCase(), pair.slice(colon + 1).trim()] as const] : []
  })
  if (pairs.length > most || pairs.some(([, value]) => value.length > longest))
    throw new Problem('too-large', `ENV has more than ${most} variables, or one of more than ${longest} characters.`, { locator: 'env' })
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined
}
