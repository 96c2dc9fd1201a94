import type { FindFeatures } from '#core/find-features.js'
import type { Link, Page, WriteOptions } from './collection-format.js'

/** Features to find and to write, as plain data: any thread can do it. */
export interface FeatureJob {
  readonly find: FindFeatures
  /** A name of the format. */
  readonly format: string
  readonly options: Omit<WriteOptions, 'page' | 'schemaAddress'>
  readonly page?: PageJob
}

/** What a page says about itself, as data. Its size and place are those of `find`. */
export interface PageJob extends Omit<Page, 'lastLinks' | 'numberMatched'> {
  readonly numberMatched?: number
  /** It holds all features, so far as one can tell: `find` has `limit` and no order. Where there are more than so many, writing ends with `overfull`. */
  readonly holdsAll?: number
  /** The page without its place: the next one is there with `cursor` or `offset`. Absent: no next page is told. */
  readonly next?: Link
}

/** Features on their way, as bytes. */
export interface WrittenFeatures {
  /** Taken once. A piece is read before the next is asked for: its memory is used again. Nothing is made much before it is taken; whoever stops must call `return`. What breaks throws a Problem. */
  readonly pieces: AsyncIterable<Uint8Array>
  /** How it ended; undefined before all pieces are taken. */
  readonly end: () => WrittenEnd | undefined
}

/** What is known when all features of a job are written. */
export interface WrittenEnd {
  readonly count: number
  /** All that are selected, where that is known. */
  readonly matched?: number
  /** The next page, where there are features behind this one. */
  readonly next?: Link
}

/** Writes features wherever that is best; implemented by `workers/feature-writers.ts`. */
export interface FeatureWriter {
  /** Resolves when the first piece is there, or the end. Throws Problems, `overloaded` among them. */
  write(job: FeatureJob, signal?: AbortSignal): Promise<WrittenFeatures>
}
