import type { Atlas } from './atlas.js'
import { Problem } from './problem.js'

/** Who asks: the name of an account that was proven, undefined for anybody. */
export type Caller = string | undefined

export type Verb = 'read' | 'write'

export type Decision = 'allowed' | 'needs-proof' | 'forbidden'

/** Stands for everybody in a list of writers. */
const everybody = 'anonymous'

/**
 * Whether `caller` may do `verb` to a collection, there already or about to be made. Everybody reads; nobody writes unless a rule names them. The
 * rules of a collection go by its id, or `space:id` for one in a space; where it has any, `*` says nothing about it.
 */
export function decide(atlas: Pick<Atlas, 'access' | 'spaces'>, caller: Caller, verb: Verb, collection: string): Decision {
  if (verb === 'read') return 'allowed'
  const writers = writersOf(atlas, collection)
  if (writers.includes(everybody) || (caller !== undefined && writers.includes(caller))) return 'allowed'
  return caller === undefined && writers.length > 0 ? 'needs-proof' : 'forbidden'
}

/** Throws `unauthorized` where a proof might help, `forbidden` where none would. */
export function requireAccess(atlas: Pick<Atlas, 'access' | 'spaces'>, caller: Caller, verb: Verb, collection: string): void {
  const decision = decide(atlas, caller, verb, collection)
  if (decision === 'allowed') return
  const what = `to change the collection ${collection}`
  if (decision === 'needs-proof')
    throw new Problem('unauthorized', `An account is needed ${what}: send its name and password (HTTP Basic), or its key in X-API-Key.`)
  const who = caller === undefined ? 'Nobody is allowed' : `The account ${caller} is not allowed`
  throw new Problem('forbidden', `${who} ${what}.`)
}

function writersOf({ access, spaces }: Pick<Atlas, 'access' | 'spaces'>, collection: string): readonly string[] {
  const { write } = access
  const spelled = [...spaces.values()].filter(space => space.collections.includes(collection)).map(({ id }) => `${id}:${collection}`)
  const rules = [collection, ...spelled].flatMap(name => {
    const writers = write.get(name)
    return writers ? [writers] : []
  })
  return rules.length > 0 ? rules.flat() : (write.get('*') ?? [])
}
