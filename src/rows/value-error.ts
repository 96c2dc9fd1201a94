/** A value that its column cannot hold, or bytes that are not a value of the column's type. The message is fit for users. */
export class ValueError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ValueError'
  }
}
