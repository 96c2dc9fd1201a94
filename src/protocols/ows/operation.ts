import { Problem } from '#core/problem.js'
import type { Kvp } from './kvp.js'

/** Operations of a service by name, as the standard spells them, and older names for some of them. */
export interface OperationTable<Operation> {
  readonly operations: Readonly<Record<string, Operation>>
  readonly aliases?: Readonly<Record<string, string>>
}

/** The operation that REQUEST names, in any case. Throws `missing-parameter`, `unknown-operation`. */
export function requireOperation<Operation>({ operations, aliases = {} }: OperationTable<Operation>, kvp: Kvp): Operation {
  const asked = kvp.get('REQUEST')
  if (asked !== undefined && Object.hasOwn(operations, asked)) return operations[asked]
  const names = Object.keys(operations)
  if (asked === undefined)
    throw new Problem('missing-parameter', `REQUEST is missing; ${names.join(', ')} would work.`, { locator: 'request' })
  const wanted = asked.toLowerCase()
  const alias = Object.keys(aliases).find(name => name.toLowerCase() === wanted)
  const name = names.find(name => name.toLowerCase() === (alias ? aliases[alias].toLowerCase() : wanted))
  if (name === undefined)
    throw new Problem(
      'unknown-operation',
      `REQUEST=${asked.slice(0, 100)} is not an operation of this service; ${names.join(', ')} would work.`,
      {
        locator: 'request',
      },
    )
  return operations[name]
}
