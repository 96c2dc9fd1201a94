export type FilterErrorKind = 'malformed' | 'unsupported' | 'too-large' | 'unknown-property' | 'unknown-function' | 'unknown-crs'

/** Why a filter or an expression cannot be read or computed. The message is fit for clients: what was wrong, and what would have worked. */
export class FilterError extends Error {
  readonly kind: FilterErrorKind
  /** The element, property or function at fault, as it was spelled. */
  readonly locator: string | undefined
  /** Of the document, where it is known. */
  readonly line: number | undefined

  constructor(kind: FilterErrorKind, message: string, { locator, line }: { locator?: string; line?: number } = {}) {
    super(line === undefined ? message : `Line ${line}: ${message}`)
    this.name = 'FilterError'
    this.kind = kind
    this.locator = locator
    this.line = line
  }
}

/** A client's own spelling, cut to what fits into a message. */
export const quotedName = (name: string) => `“${name.length > 60 ? `${name.slice(0, 57)}…` : name}”`
