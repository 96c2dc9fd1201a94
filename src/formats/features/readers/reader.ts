import type { FeatureFile } from '#core/ports.js'
import { Problem } from '#core/problem.js'

/** One file format: how it is known, and how it is opened. */
export interface FeatureReader {
  /** As people call it, e.g. `GeoPackage`. */
  readonly name: string
  /** Lower case, with the dot. */
  readonly extensions: readonly string[]
  /** Extensions of files that belong to one, beside it or in the same archive. */
  readonly companions?: readonly string[]
  /** Its files are zip archives: they are not unpacked before. */
  readonly isArchive?: boolean
  /** Opens a plain file: `openFeatureFile` has unpacked zip and gzip before. Throws `invalid-data` naming file and place. */
  open(file: PlainFile, options: OpenOptions): Promise<FeatureFile>
}

/** A file on disk, as a reader gets it. */
export interface PlainFile {
  readonly path: string
  /** What people call it: the base name, or `archive.zip/name` for what lay in an archive. Fit for messages. */
  readonly label: string
  /** Name without folder and extensions, the default name of a lone layer. */
  readonly stem: string
  readonly bytes: number
  /** Path of the file beside it with the same stem and this extension (lower case, with the dot), whatever the case of its letters. */
  companion(extension: string): Promise<string | undefined>
  /** A folder for files of one's own, made on first use and removed with the file's `close`. */
  scratch(): Promise<string>
}

export interface OpenOptions {
  /** Folder for unpacked files; the system's temporary folder when absent. */
  readonly scratch?: string
  readonly signal?: AbortSignal
  /** Share of the first pass, 0 to 1, for formats that must be read once before their columns are known. */
  readonly onScan?: (share: number) => void
  /** Most bytes that one archive may unpack to; 64 GB when absent. */
  readonly maxUnpackedBytes?: number
}

/** The error of a broken file: `invalid-data`, naming the file and, after a colon, the place and what is wrong there. */
export function brokenFile(label: string, what: string, cause?: unknown): Problem {
  return new Problem('invalid-data', `${label}: ${what}`, { cause })
}

/** Rows of one answer of a reader, and the bytes after which a batch is handed on even with fewer rows. */
export const batchRows = 1000
export const batchBytes = 4 * 1024 * 1024
