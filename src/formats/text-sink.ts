/** A buffer that grows as text is appended, in UTF-8, and numbers in fixed-point notation without a string in between. Hot path. */
export class TextSink {
  readonly #begin: () => Buffer
  #bytes: Buffer = empty
  #length = 0

  /** `begin`: the memory to write to at first, and after each `take`, or how many bytes of it. */
  constructor(begin: number | (() => Buffer) = 4096) {
    this.#begin = typeof begin === 'number' ? () => Buffer.allocUnsafe(begin) : begin
  }

  get length(): number {
    return this.#length
  }

  /** Appends any text. */
  text(value: string): this {
    this.#room(3 * value.length)
    this.#length += this.#bytes.write(value, this.#length, 'utf8')
    return this
  }

  /** Appends text known to be ASCII: quicker. */
  ascii(value: string): this {
    this.#room(value.length)
    this.#length += this.#bytes.write(value, this.#length, 'latin1')
    return this
  }

  /** Appends one byte, e.g. `0x2c` for a comma. */
  byte(value: number): this {
    this.#room(1)
    this.#bytes[this.#length++] = value
    return this
  }

  /** Appends text that is UTF-8 already. */
  bytes(value: Uint8Array): this {
    this.#room(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
    return this
  }

  /**
   * Appends a number with at most `decimals` (0 to 12) decimals, trailing zeros left out, never in exponent notation, never `-0`. What is
   * not finite is written as `notFinite`.
   */
  fixed(value: number, decimals: number, notFinite = 'null'): this {
    const scale = powersOfTen[decimals]
    const scaled = Math.round(Math.abs(value) * scale)
    if (!(scaled < Number.MAX_SAFE_INTEGER)) return this.ascii(Number.isFinite(value) ? plainText(value) : notFinite)
    if (value < 0 && scaled > 0) this.byte(0x2d)
    const whole = Math.floor(scaled / scale)
    this.#digits(whole, whole < 10 ? 1 : digitCount(whole))
    let rest = scaled - whole * scale
    if (rest === 0) return this
    let places = decimals
    while (rest % 10 === 0) {
      rest /= 10
      places--
    }
    this.byte(0x2e)
    return this.#digits(rest, places)
  }

  /** What was written since the last `take`, handed over; the sink starts anew. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length)
    this.#bytes = empty
    this.#length = 0
    return taken
  }

  toString(): string {
    return this.#bytes.toString('utf8', 0, this.#length)
  }

  /** Appends a whole number right-aligned in `count` digits. */
  #digits(value: number, count: number): this {
    this.#room(count)
    let rest = value
    for (let at = this.#length + count - 1; at >= this.#length; at--) {
      const quotient = Math.floor(rest / 10)
      this.#bytes[at] = 0x30 + (rest - quotient * 10)
      rest = quotient
    }
    this.#length += count
    return this
  }

  #room(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#bytes.length) return
    if (this.#bytes === empty) {
      this.#bytes = this.#begin()
      if (needed <= this.#bytes.length) return
    }
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}

const empty = Buffer.alloc(0)
const powersOfTen = Array.from({ length: 13 }, (_, i) => 10 ** i)

function digitCount(whole: number): number {
  let count = 1
  for (let power = 10; power <= whole; power *= 10) count++
  return count
}

/** Numbers too large for exact decimals: what is left of the fraction is below the precision of a double at that size, or nearly. */
function plainText(value: number): string {
  return Math.abs(value) < 1e21 ? String(value) : BigInt(value).toString()
}
