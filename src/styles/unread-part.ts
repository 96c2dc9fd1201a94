/** A part of a style that the model has no place for, or that is wrong. Readers catch it, note it, and go on with what stands for the part. */
export class UnreadPart extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UnreadPart'
  }
}

/** Throws UnreadPart. */
export function unread(what: string): never {
  throw new UnreadPart(what)
}
