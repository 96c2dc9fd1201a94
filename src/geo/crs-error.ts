/**
 * What can go wrong with coordinate reference systems: a name nobody knows (`unknown-crs`), or two systems between which nothing
 * trustworthy leads (`no-transformation`). The message is fit for clients: it says what was asked and what would have worked.
 */
export class CrsError extends Error {
  readonly kind: 'unknown-crs' | 'no-transformation'

  constructor(kind: CrsError['kind'], message: string) {
    super(message)
    this.name = 'CrsError'
    this.kind = kind
  }
}
