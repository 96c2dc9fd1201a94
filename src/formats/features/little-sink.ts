/** A buffer that grows as little-endian numbers and bytes are appended: what most binary formats of features are made of. Hot. */
export class LittleSink {
  bytes: Buffer
  view: DataView
  /** Where the next byte goes. */
  at = 0

  constructor(capacity = 65_536) {
    this.bytes = Buffer.allocUnsafeSlow(capacity)
    this.view = new DataView(this.bytes.buffer)
  }

  /** Makes room for so many bytes from `at` on. */
  room(more: number): void {
    const needed = this.at + more
    if (needed <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.bytes.length))
    this.bytes.copy(grown, 0, 0, this.at)
    this.bytes = grown
    this.view = new DataView(grown.buffer)
  }

  /** Appends zeros until `at` is a multiple of `size`, a power of two. */
  align(size: number): void {
    this.zeros(-this.at & (size - 1))
  }

  zeros(count: number): void {
    this.room(count)
    for (let i = 0; i < count; i++) this.bytes[this.at++] = 0
  }

  u8(value: number): void {
    this.room(1)
    this.bytes[this.at++] = value
  }

  u16(value: number): void {
    this.room(2)
    this.view.setUint16(this.at, value, true)
    this.at += 2
  }

  u32(value: number): void {
    this.room(4)
    this.view.setUint32(this.at, value, true)
    this.at += 4
  }

  f64(value: number): void {
    this.room(8)
    this.view.setFloat64(this.at, value, true)
    this.at += 8
  }

  /** Appends the bytes `start` to `end` of `source`. */
  copy(source: Uint8Array, start = 0, end = source.length): void {
    const length = end - start
    this.room(length)
    const { bytes, at } = this
    if (length < 24) for (let i = 0; i < length; i++) bytes[at + i] = source[start + i]
    else bytes.set(start === 0 && end === source.length ? source : source.subarray(start, end), at)
    this.at += length
  }

  /** Appends UTF-8 and returns the number of bytes. */
  text(value: string): number {
    this.room(3 * value.length)
    const written = this.bytes.write(value, this.at, 'utf8')
    this.at += written
    return written
  }

  /** What was written, as its own memory; the sink starts anew. */
  take(): Buffer {
    const taken = Buffer.from(this.bytes.subarray(0, this.at))
    this.at = 0
    return taken
  }
}
