import type { RowBatch } from '#rows/batch.js'
import type { Collection } from './atlas.js'
import type { BandValue } from './sample-raster.js'

/** Features found for one collection, in memory: the result of `identify` and the input of the small encoders. */
export interface FeatureSet {
  readonly collection: Collection
  /** First column `@id`, then the attributes, then the geometry (EWKB in the CRS of `crs`), where there is one. */
  readonly batches: readonly RowBatch[]
  readonly geometry?: string
  /** CRS of the geometries. */
  readonly crs?: string
}

/** Values of a raster at one place. */
export interface RasterSample {
  readonly collection: Collection
  readonly values: readonly BandValue[]
}

export type Identified = FeatureSet | RasterSample
