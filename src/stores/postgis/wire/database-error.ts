/** What a PostgreSQL backend says when something failed. For the log: clients see the Problem made of it. */
export class DatabaseError extends Error {
  /** SQLSTATE, five characters. */
  readonly code: string
  readonly severity: string
  readonly detail: string | undefined
  /** Names of what it was about, where the backend says them. */
  readonly column: string | undefined
  readonly constraint: string | undefined

  constructor(fields: ReadonlyMap<string, string>) {
    super(fields.get('M') ?? 'the database failed without a message')
    this.name = 'DatabaseError'
    this.code = fields.get('C') ?? 'XX000'
    this.severity = fields.get('V') ?? fields.get('S') ?? 'ERROR'
    this.detail = fields.get('D')
    this.column = fields.get('c')
    this.constraint = fields.get('n')
  }
}

/** The connection ended in the middle of things, or could not be made. */
export class ConnectionLost extends Error {
  constructor(reason: string, cause?: unknown) {
    super(reason, cause === undefined ? undefined : { cause })
    this.name = 'ConnectionLost'
  }
}

/** Reads the fields of an ErrorResponse or NoticeResponse that begin at `start` (PostgreSQL manual, 55.8). */
export function readDatabaseError(bytes: Buffer, start: number): DatabaseError {
  const fields = new Map<string, string>()
  for (let at = start; bytes[at]; ) {
    const zero = bytes.indexOf(0, at + 1)
    fields.set(String.fromCharCode(bytes[at]!), bytes.toString('utf8', at + 1, zero))
    at = zero + 1
  }
  return new DatabaseError(fields)
}
