import type { RowBatch, RowSchema } from '#rows/batch.js'

/** Room for what one batch of rows takes; larger messages get a buffer of their own size. */
const bufferBytes = 256 * 1024
/** A message may not claim more: PostgreSQL's own limit for one value is 1 GB. */
const maxMessageBytes = 2 ** 30

/**
 * Finds the messages in what a PostgreSQL backend sends, however it is cut into chunks, and collects rows without decoding them: a DataRow is,
 * behind its column count, exactly the row that RowBatch wants. Hot path.
 */
export class MessageReader {
  /** The message found last: its type byte, and where its payload lies in `bytes`. */
  type = 0
  start = 0
  end = 0
  bytes: Buffer
  #filled: number
  #next = 0
  /** Rows handed out point into `bytes`, which may be appended to, but not overwritten. */
  #isShared = false
  #offsets = new Int32Array(256)
  #rows = 0

  /** Over a whole answer, or empty, to be fed by `push`. */
  constructor(answer?: Uint8Array) {
    this.bytes = answer ? Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength) : Buffer.allocUnsafeSlow(bufferBytes)
    this.#filled = answer ? answer.byteLength : 0
  }

  /** Bytes of the rows collected since `takeRows`. */
  get rowBytes(): number {
    return this.#rows ? this.#next - this.#offsets[0]! : 0
  }

  /** Bytes that `next` has not passed yet. */
  get unread(): number {
    return this.#filled - this.#next
  }

  /** Nothing is waiting to be read: the other side has said all. */
  get isEmpty(): boolean {
    return this.#next === this.#filled
  }

  /** The last bytes look like ReadyForQuery, which ends an answer. */
  get mayBeAtEnd(): boolean {
    const at = this.#filled - 6
    return at >= this.#next && this.bytes[at] === 0x5a && this.bytes.readInt32BE(at + 1) === 5
  }

  push(chunk: Uint8Array): void {
    if (this.#filled + chunk.length > this.bytes.length) this.#makeRoom(chunk.length)
    this.bytes.set(chunk, this.#filled)
    this.#filled += chunk.length
  }

  /** Moves to the next whole message; false when more bytes are needed. Throws RangeError when it cannot be one. */
  next(): boolean {
    const at = this.#next
    if (at + 5 > this.#filled) return false
    const length = this.bytes.readInt32BE(at + 1)
    if (length < 4 || length > maxMessageBytes) throw new RangeError('the answer is not in PostgreSQL’s protocol')
    if (at + 1 + length > this.#filled) return false
    this.type = this.bytes[at]!
    this.start = at + 5
    this.end = this.#next = at + 1 + length
    return true
  }

  /** The current message is a row (DataRow) to be kept for `takeRows`. */
  keepRow(): void {
    if (this.#rows === this.#offsets.length) {
      const more = new Int32Array(2 * this.#rows)
      more.set(this.#offsets)
      this.#offsets = more
    }
    this.#offsets[this.#rows++] = this.start + 2
  }

  /** The rows kept so far. Few bytes are copied, so that a small answer holds no large buffer; not where they are fleeting, and nobody holds them. */
  takeRows(schema: RowSchema, isFleeting = false): RowBatch {
    const count = this.#rows
    const base = count ? this.#offsets[0]! : this.#next
    const offsets = new Int32Array(count + 1)
    for (let i = 0; i < count; i++) offsets[i] = this.#offsets[i]! - base
    offsets[count] = this.#next - base
    const span = this.bytes.subarray(base, this.#next)
    const isSmall = !isFleeting && span.length < this.bytes.length / 4
    this.#rows = 0
    this.#isShared ||= !isSmall
    return { schema, count, bytes: isSmall ? new Uint8Array(span) : span, offsets }
  }

  /** Nobody looks at the rows handed out any more: their room may be used again. */
  reclaim(): void {
    this.#isShared = false
  }

  #makeRoom(bytes: number): void {
    const from = this.#rows ? this.#offsets[0]! - 7 : this.#next
    const kept = this.#filled - from
    const pending = this.#filled - this.#next >= 5 ? this.bytes.readInt32BE(this.#next + 1) + 1 : 0
    const target =
      this.#isShared || kept + bytes > this.bytes.length
        ? Buffer.allocUnsafeSlow(Math.max(bufferBytes, kept + bytes, Math.min(pending, 64 * bufferBytes) + (this.#next - from), kept * 2))
        : this.bytes
    this.bytes.copy(target, 0, from, this.#filled)
    if (target !== this.bytes) this.#isShared = false
    this.bytes = target
    this.#next -= from
    this.#filled = kept
    for (let i = 0; i < this.#rows; i++) this.#offsets[i]! -= from
  }
}
