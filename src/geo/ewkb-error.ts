/** Bytes that are not well-known binary, or a geometry that cannot be written as such. The message is fit for users. */
export class EwkbError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'EwkbError'
  }
}
