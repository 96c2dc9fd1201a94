/** A drawing that cannot be made, for a reason a client may know. */
export class RenderError extends Error {
  constructor(
    readonly reason: 'too-large' | 'invalid',
    message: string,
  ) {
    super(message)
    this.name = 'RenderError'
  }
}
