import { printable } from '#core/collection-id.js'

/** One thing that is wrong with the configuration. */
export interface Fault {
  /** File, or name of an environment variable. */
  readonly where: string
  /** From 1; absent for faults of the environment. */
  readonly line?: number
  readonly column?: number
  /** What is wrong and what would have worked; never the value of a secret. */
  readonly message: string
}

/** Most faults listed: beyond it the file is of another kind altogether. */
const mostListed = 100

/** The configuration cannot be used; `message` lists every fault with its place. */
export class ConfigError extends Error {
  readonly faults: readonly Fault[]

  constructor(faults: readonly Fault[]) {
    const sorted = [...faults].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0))
    const listed = sorted.slice(0, mostListed).map(describeFault)
    super([...listed, ...(sorted.length > mostListed ? [`… and ${sorted.length - mostListed} more`] : [])].join('\n'))
    this.name = 'ConfigError'
    this.faults = sorted
  }
}

/** `file:line:column: message`, the form editors and terminals make links of. */
export function describeFault({ where, line, column, message }: Fault): string {
  const place = line === undefined ? where : `${where}:${line}:${column}`
  return printable(`${place}: ${message}`)
}
