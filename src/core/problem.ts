/**
 * Everything that can go wrong, as one closed set. Each protocol has one table from these kinds to its own codes and statuses,
 * `satisfies Record<ProblemKind, …>`, so that the compiler names the protocol that forgot one.
 */
export const problemKinds = [
  // what was asked is wrong
  'missing-parameter',
  'invalid-parameter',
  'unknown-operation',
  'unsupported-version',
  'unsupported-format',
  'unknown-collection',
  'unknown-style',
  'unknown-crs',
  'unknown-property',
  'not-queryable',
  'invalid-point',
  'invalid-dimension',
  'missing-dimension',
  'update-sequence-current',
  'update-sequence-ahead',
  'too-large', // beyond a limit of size, features or pixels
  'body-too-large',
  'unsupported-media-type', // a body in a form that nobody reads
  'malformed', // cannot be parsed at all
  'not-found',
  'method-not-allowed',
  'not-acceptable',
  'unprocessable', // well formed, but not what the collection can hold
  // who asks
  'unauthorized',
  'forbidden',
  // the state of things
  'conflict',
  'precondition-failed', // not in the state the client takes it to be in
  'precondition-required',
  'unsupported', // right, but not something this server does
  'invalid-data', // a file or table is broken
  // us
  'deadline',
  'cancelled', // the client left
  'overloaded',
  'unavailable', // a store does not answer
  'internal',
] as const

export type ProblemKind = (typeof problemKinds)[number]

/** One of several things wrong with what was sent. */
export interface Fault {
  /** Where, as a JSON pointer (RFC 6901) into the body: `/features/3/properties/name`. */
  readonly pointer: string
  readonly message: string
}

export interface ProblemDetails {
  /** The parameter or element at fault, as the client spelled it. */
  readonly locator?: string
  /** What lies behind it, for the log only: it never reaches a client. */
  readonly cause?: unknown
  /** Seconds after which trying again makes sense. */
  readonly retryAfter?: number
  /** All that is wrong, where it is more than one thing. */
  readonly faults?: readonly Fault[]
}

/** An error whose `message` is fit for the client: it says what was asked and what would have worked, never a stack, SQL, a path or a secret. */
export class Problem extends Error {
  readonly kind: ProblemKind
  readonly locator: string | undefined
  readonly retryAfter: number | undefined
  readonly faults: readonly Fault[] | undefined

  constructor(kind: ProblemKind, message: string, { locator, cause, retryAfter, faults }: ProblemDetails = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'Problem'
    this.kind = kind
    this.locator = locator
    this.retryAfter = retryAfter
    this.faults = faults
  }
}

/** `error` as a Problem: itself if it is one, `cancelled` or `deadline` for aborts, else `internal` with the original as cause. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const name = error instanceof Error ? error.name : ''
  if (name === 'TimeoutError') return new Problem('deadline', 'The request took longer than this server allows.', { cause: error })
  if (name === 'AbortError') return new Problem('cancelled', 'The client closed the connection.', { cause: error })
  if (isDiskFull(error))
    return new Problem(
      'unavailable',
      'The disk of this server has no room for what this takes; try again later, or ask for fewer features.',
      {
        cause: error,
        retryAfter: 60,
      },
    )
  return new Problem('internal', 'Something went wrong inside the server; the log has the details under the request id.', { cause: error })
}

/** As the file system says it, or SQLite, which keeps what it writes in files. */
function isDiskFull(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown }
  return code === 'ENOSPC' || code === 'EDQUOT' || (error instanceof Error && /database or disk is full/.test(error.message))
}
