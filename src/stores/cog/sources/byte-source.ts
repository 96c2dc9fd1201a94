import type { ByteFile } from '../byte-file.js'

/** A file as a source opens it. */
export interface SourceFile extends ByteFile {
  /** The strong ETag its server gave, without quotes (RFC 9110, 8.8.3). */
  readonly etag?: string
  /** Whether it is still the file it was, as far as that is known without waiting. */
  isCurrent(): boolean
  /** Reads `length` bytes of this version from `offset` to `into` at `at`; false, and those are worth nothing, where that would take waiting or is not possible. */
  readNow?(offset: number, into: Uint8Array, at: number, length: number): boolean
}

/** One kind of place that files come from: local disks, HTTP, S3. */
export interface ByteSource {
  /** Whether looking for a file that may not be there costs a request. */
  readonly isRemote: boolean
  /** Opens the file at a path or URL. Throws `not-found`, `forbidden`, `invalid-data`, `unsupported` or `unavailable` that call it `name`. */
  open(location: string, name: string, signal?: AbortSignal): Promise<SourceFile>
  /** Locations of the GeoTIFFs below `folder`, sorted; absent where nothing can be listed. */
  list?(folder: string, signal?: AbortSignal): Promise<readonly string[]>
  /**
   * What identifies the present state of each file, and of what lies beside it where that is free to know, by location. Files that are not
   * there, or whose state takes as long to learn as their head, are absent.
   */
  fingerprints?(locations: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, string>>
  close(): Promise<void>
}
