import { Problem } from '#core/problem.js'

/** The parameters of a query. OGC API refuses what it does not know (OGC 17-069r4, requirement 9): throws `invalid-parameter`. */
export function knownParameters(query: string, known: readonly string[]): URLSearchParams {
  const parameters = new URLSearchParams(query)
  for (const name of parameters.keys()) {
    if (known.includes(name)) continue
    const said = name.slice(0, 40)
    throw new Problem('invalid-parameter', `${said} is not a parameter here; ${known.join(', ')} would be.`, { locator: said })
  }
  return parameters
}
