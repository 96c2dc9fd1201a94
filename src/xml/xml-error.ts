/** Why a document was not read. The message names the line and is fit for clients. */
export class XmlError extends Error {
  readonly kind: 'malformed' | 'too-large'

  constructor(kind: XmlError['kind'], message: string) {
    super(message)
    this.name = 'XmlError'
    this.kind = kind
  }
}
