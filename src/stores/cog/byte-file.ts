/** A part of a file, in bytes. */
export interface ByteRange {
  readonly offset: number
  readonly length: number
}

/**
 * One version of a file, wherever it lies. Every read is of that version or throws: `unavailable` ("was replaced") when it is another one
 * by now, `invalid-data` when a range lies beyond its end, `not-found` when it is gone.
 */
export interface ByteFile {
  readonly size: number
  /** Changes when the file's content does. */
  readonly version: string
  /** Exactly `length` bytes from `offset`. For headers and lists: what lies near is read along and kept for a while. */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>
  /** The bytes of each range, in the order given. Ranges that lie close together are read at once; the arrays may share memory. */
  readMany(ranges: readonly ByteRange[], signal?: AbortSignal): Promise<Uint8Array[]>
  close(): Promise<void>
}
