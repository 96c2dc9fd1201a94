/** Why a style cannot be read. The message is fit for clients: what was found, where, and what would have worked. */
export class StyleError extends Error {
  /** Of the document, from 1, where it is known. */
  readonly line: number | undefined

  constructor(message: string, line?: number) {
    super(line === undefined ? message : `Line ${line}: ${message}`)
    this.name = 'StyleError'
    this.line = line
  }
}

/** Something of a style that was met and not kept, or not as it was said. */
export interface StyleNote {
  /** Of the document, from 1; absent in notes of writers. */
  readonly line?: number
  /** `NamedLayer[communes]/UserStyle/FeatureTypeStyle[2]/Rule[forest]/PolygonSymbolizer`, or the like in other languages. */
  readonly path: string
  readonly message: string
}
