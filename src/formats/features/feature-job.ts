import type { FindFeatures } from '#core/find-features.js'
import type { Link, Page, WriteOptions } from './collection-format.js'

/** Features to find and to write, as plain data: any thread can do it. */
export interface FeatureJob {
  /** `limit` counts where there is no page. */
  readonly find: FindFeatures
  /** A name of the format. */
  readonly format: string
  readonly options: Omit<WriteOptions, 'page' | 'schemaAddress'>
  readonly page?: PageJob
}

/** A page of a collection: at most `limit` features. */
export interface PageJob extends Omit<Page, 'lastLinks'> {
  readonly limit: number
  /** Told where there are features behind the page. */
  readonly next?: Link
}

/** Features on their way, as bytes. */
export interface WrittenFeatures {
  /** Taken once. Nothing is made much before it is taken; whoever stops must call `return`. What breaks throws a Problem. */
  readonly pieces: AsyncIterable<Uint8Array>
  /** How it ended; undefined before all pieces are taken. */
  readonly end: () => WrittenEnd | undefined
}

export interface WrittenEnd {
  readonly count: number
  /** There are features behind the page. */
  readonly hasMore: boolean
}

/** Writes features wherever that is best; implemented by `workers/feature-writers.ts`. */
export interface FeatureWriter {
  /** Resolves when the first piece is there, or the end. Throws Problems, `overloaded` among them. */
  write(job: FeatureJob, signal?: AbortSignal): Promise<WrittenFeatures>
}
