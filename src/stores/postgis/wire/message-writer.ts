/** A value bound to a parameter of a statement, sent in text form (`undefined` is not a value). */
export type Parameter = string | number | bigint | boolean | null | Uint8Array | readonly (string | number | bigint | null)[]

/**
 * Writes messages of PostgreSQL's frontend protocol 3.0 (PostgreSQL manual, 55.7 "Message Formats") into one buffer; `take` hands it over.
 * Values travel as bound parameters only.
 */
export class MessageWriter {
  #bytes = Buffer.allocUnsafe(1024)
  #length = 0
  #start = 0

  parse(name: string, text: string): this {
    return this.#begin('P').#text(name).#text(text).#int16(0).#end()
  }

  /** Binds the unnamed portal; `isBinary` is the form of all result columns. */
  bind(statement: string, values: readonly Parameter[], isBinary: boolean): this {
    this.#begin('B').#text('').#text(statement).#int16(0).#int16(values.length)
    for (const value of values) {
      const text = parameterText(value)
      if (text === null) this.#int32(-1)
      else this.#sized(text)
    }
    return this.#int16(1)
      .#int16(isBinary ? 1 : 0)
      .#end()
  }

  describeStatement(name: string): this {
    return this.#begin('D').#raw('S').#text(name).#end()
  }

  /** Runs the unnamed portal to its end. */
  execute(): this {
    return this.#begin('E').#text('').#int32(0).#end()
  }

  closeStatement(name: string): this {
    return this.#begin('C').#raw('S').#text(name).#end()
  }

  sync(): this {
    return this.#begin('S').#end()
  }

  /** A simple query: text without parameters, for session commands and COPY. */
  query(text: string): this {
    return this.#begin('Q').#text(text).#end()
  }

  copyData(bytes: Uint8Array): this {
    return this.#begin('d').#append(bytes).#end()
  }

  copyDone(): this {
    return this.#begin('c').#end()
  }

  copyFail(reason: string): this {
    return this.#begin('f').#text(reason).#end()
  }

  password(text: string): this {
    return this.#begin('p').#text(text).#end()
  }

  saslInitial(mechanism: string, data: string): this {
    return this.#begin('p').#text(mechanism).#sized(data).#end()
  }

  saslResponse(data: string): this {
    return this.#begin('p').#raw(data).#end()
  }

  terminate(): this {
    return this.#begin('X').#end()
  }

  startup(parameters: Readonly<Record<string, string>>): this {
    this.#begin('').#int32(0x30000)
    for (const [name, value] of Object.entries(parameters)) this.#text(name).#text(value)
    return this.#raw('\0').#end()
  }

  tlsRequest(): this {
    return this.#begin('').#int32(80877103).#end()
  }

  cancelRequest(process: number, secret: number): this {
    return this.#begin('').#int32(80877102).#int32(process).#int32(secret).#end()
  }

  /** The messages written so far; the writer starts anew. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length))
    this.#length = 0
    return taken
  }

  #begin(type: string): this {
    if (type) this.#raw(type)
    this.#start = this.#length
    return this.#int32(0)
  }

  #end(): this {
    this.#bytes.writeInt32BE(this.#length - this.#start, this.#start)
    return this
  }

  #int16(value: number): this {
    this.#room(2)
    this.#length = this.#bytes.writeUInt16BE(value, this.#length)
    return this
  }

  #int32(value: number): this {
    this.#room(4)
    this.#length = this.#bytes.writeInt32BE(value, this.#length)
    return this
  }

  #raw(text: string): this {
    this.#room(text.length * 3)
    this.#length += this.#bytes.write(text, this.#length)
    return this
  }

  /** A text ended by a zero byte; a zero inside would end it early, so it is refused. */
  #text(text: string): this {
    if (text.includes('\0')) throw new RangeError('a zero byte inside a text')
    return this.#raw(text).#raw('\0')
  }

  #sized(text: string): this {
    return this.#int32(Buffer.byteLength(text)).#raw(text)
  }

  #append(bytes: Uint8Array): this {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
    return this
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#length + bytes, 2 * this.#bytes.length))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}

/** `value` as PostgreSQL reads it in text form. */
export function parameterText(value: Parameter): string | null {
  if (value === null) return null
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`
  if (typeof value === 'object') return `{${value.map(item => (item === null ? 'NULL' : quoteItem(String(item)))).join(',')}}`
  return String(value)
}

const quoteItem = (item: string) => `"${item.replace(/["\\]/g, '\\$&')}"`
