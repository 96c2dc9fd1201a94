import type { Bbox } from '#geo/bbox.js'
import type { ColumnKind, RowBatch, RowSchema } from '#rows/batch.js'

/** Features on their way out: what every format of collections writes. Plain data but for the rows. */
export interface FeatureTable extends FeatureHead {
  /** Columns of the batches: `@id` (text), then those of `columns`, then the geometry of `geometry`, where there is one. */
  readonly schema: RowSchema
  /** Each batch is looked at before the next is asked for: its memory may be used again. Breaking out of the loop frees the database. */
  readonly batches: AsyncIterable<RowBatch>
  /** Of a page: where the next one begins, see `FeatureQuery.after`; undefined where there is none. Known when the batches have ended, and not before. */
  readonly next?: () => readonly (string | null)[] | undefined
}

/** What is known of features before the first is seen. */
export interface FeatureHead {
  /** Of the collection. */
  readonly id: string
  readonly title: string
  /** In order; further geometries are among them, in the CRS of `geometry`. */
  readonly columns: readonly FeatureColumn[]
  readonly geometry?: FeatureGeometry
  /** When features are or were, as their columns say. */
  readonly time?: FeatureTime
  /** Ids are whole numbers, and told as such. */
  readonly hasNumericIds: boolean
  /** How many there are, where that is known exactly. */
  readonly count?: number
}

/** An attribute as formats need to know it. */
export interface FeatureColumn {
  readonly name: string
  readonly kind: ColumnKind
  /** As the database spells it, e.g. `character varying(5)`. */
  readonly nativeType: string
  readonly isNullable: boolean
  readonly comment?: string
}

/** The geometry of each feature. */
export interface FeatureGeometry {
  readonly name: string
  /** As declared: `POINT`, `MULTIPOLYGON`, …, or `GEOMETRY` when anything goes. Without Z/M suffix. */
  readonly type: string
  readonly dimensions: 'xy' | 'xyz' | 'xym' | 'xyzm'
  /** CRS of the coordinates in the rows, which are x,y (easting, longitude first) whatever its authority says; absent where it is not known. */
  readonly crs?: string
  /** A box around all of them in `crs`, where one is known; it may be larger than needed. */
  readonly extent?: Bbox
}

/** Names of columns with moments (dates, timestamps), both ends of an interval included; an end that is null is open. */
export type FeatureTime =
  | { readonly kind: 'instant'; readonly column: string }
  | { readonly kind: 'interval'; readonly start: string; readonly end: string }
