import { Problem } from '#core/problem.js'
import { nearestNames } from '#filters/nearest-names.js'

/** The parameters of a query. OGC API refuses what it does not know (OGC 17-069r4, requirement 9): throws `invalid-parameter`. */
export function knownParameters(query: string, known: readonly string[]): URLSearchParams {
  // an empty part stands between `?&` and `&&` of addresses that are pasted together
  const parameters = new URLSearchParams(query)
  for (const name of parameters.keys()) {
    if (name === '' || known.includes(name)) continue
    const said = name.slice(0, 40)
    const near = nearestNames(name, known)
    const hint = near.length > 0 ? `Near it are ${near.join(', ')}` : known.length > 0 ? known.slice(0, 40).join(', ') : ''
    throw new Problem('invalid-parameter', `${said} is not a parameter here.${hint && ` ${hint}${near.length > 0 ? '' : ' would be'}.`}`, {
      locator: said,
    })
  }
  return parameters
}
