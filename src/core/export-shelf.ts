import type { Collection } from './atlas.js'

/** Files of whole collections, ready-made: kept on disk, and made anew when the data have changed. */
export interface ExportShelf {
  /**
   * The formats a collection may be had in, at once or after a moment: what is kept, and what is small enough to be made while a client waits. Nothing is
   * made for it.
   */
  offered(collection: Collection): readonly OfferedExport[]
  /**
   * The file of a collection with an extension such as `gpkg`: what is kept where that is up to date, else one that is being made. Throws Problems: `not-found` where
   * there is no such format, `unsupported-format` where it cannot hold the collection, `overloaded`.
   */
  open(collection: Collection, extension: string, signal?: AbortSignal): Promise<ExportFile>
  /** Stops what is being made; what is kept stays. */
  close(): Promise<void>
}

/** A file that a collection may be had as. */
export interface OfferedExport {
  readonly title: string
  readonly mediaType: string
  readonly extension: string
  /** Bytes, where it is kept. */
  readonly size?: number
}

/** A file, whole or still being made. */
export interface ExportFile {
  readonly mediaType: string
  /** Its bytes and what is known of them, once it is whole: at once where it was kept. Rejects with the Problem that ended its making. */
  whole(signal?: AbortSignal): Promise<WholeExport>
  readonly isWhole: boolean
  /** The bytes as they are written, up to the end. What fails in between is thrown. */
  follow(): AsyncIterable<Uint8Array>
}

/** A file that is whole. */
export interface WholeExport {
  readonly size: number
  /** Changes when the bytes do. */
  readonly etag: string
  readonly modified: Date
  /** Bytes from `start` up to and without `end`. */
  read(start: number, end: number): AsyncIterable<Uint8Array>
}

/** Which files are made without being asked for, and when. */
export interface ExportPlan {
  /** Time of day where the server is: `03:00`. */
  readonly at: string
  /** Ids; `*` is all collections with features. */
  readonly collections: readonly string[]
  /** Extensions: `gpkg`. */
  readonly formats: readonly string[]
}
