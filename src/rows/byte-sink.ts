/** A buffer that grows as big-endian numbers, bytes and texts are appended. */
export class ByteSink {
  #bytes: Buffer
  #length = 0

  constructor(capacity = 4096) {
    this.#bytes = Buffer.allocUnsafe(capacity)
  }

  get length(): number {
    return this.#length
  }

  int8(value: number): void {
    this.#room(1)
    this.#bytes[this.#length] = value
    this.#length += 1
  }

  /** Takes -32768 … 65535. */
  int16(value: number): void {
    this.#room(2)
    this.#bytes[this.#length] = value >> 8
    this.#bytes[this.#length + 1] = value
    this.#length += 2
  }

  int32(value: number): void {
    this.#room(4)
    this.#bytes.writeInt32BE(value | 0, this.#length)
    this.#length += 4
  }

  int64(value: bigint): void {
    this.#room(8)
    this.#bytes.writeBigInt64BE(value, this.#length)
    this.#length += 8
  }

  float32(value: number): void {
    this.#room(4)
    this.#bytes.writeFloatBE(value, this.#length)
    this.#length += 4
  }

  float64(value: number): void {
    this.#room(8)
    this.#bytes.writeDoubleBE(value, this.#length)
    this.#length += 8
  }

  bytes(value: Uint8Array): void {
    this.#room(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
  }

  /** Appends UTF-8 and returns the number of bytes. */
  text(value: string): number {
    this.#room(3 * value.length)
    const written = this.#bytes.write(value, this.#length, 'utf8')
    this.#length += written
    return written
  }

  /** Overwrites four bytes written before, for a length that was not known then. */
  patchInt32(position: number, value: number): void {
    this.#bytes.writeInt32BE(value, position)
  }

  /** Drops everything after `length`, e.g. the beginning of a row that failed. */
  truncate(length: number): void {
    this.#length = length
  }

  /** What was written since the last `take`, as its own memory, handed over; the sink starts anew. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length)
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(4096, this.#bytes.length))
    this.#length = 0
    return taken
  }

  #room(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}
