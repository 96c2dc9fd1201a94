import type { Bbox } from '#geo/bbox.js'
import type { ColumnKind, RowBatch, RowSchema } from '#rows/batch.js'
import type { ColumnStatistics } from '#rows/column-statistics.js'
import type { AttributeColumn, FeatureSource, GeometryColumn, RasterFile, RowKey } from './atlas.js'
import type { AggregateQuery, EncodedImage, FeatureQuery, MapJob } from './queries.js'
import type { RasterAttributes } from './raster-attributes.js'
import type { DescribedRaster } from './raster-mosaic.js'
import type { StoredBlock } from './stored-tile.js'

/** Where features live. Implemented by PostGIS, native and embedded, and by an in-memory one in the tests. Methods throw Problems. */
export interface FeatureStore {
  readonly id: string
  /** Every table, view and materialised view of `schemas` (all that can be read when absent), with what the verdict needs. */
  discover(options: DiscoverOptions, signal?: AbortSignal): Promise<readonly TableDescription[]>
  find(query: FeatureQuery, signal?: AbortSignal): Promise<RowStream>
  /** Exact number of rows that `query` selects, its page aside. With `most`, counting ends there: a number above it says that there are more. */
  count(query: FeatureQuery, signal?: AbortSignal, most?: number): Promise<number>
  /** The groups of `query`, each a row: groupings in their order, then measures. Absent on stores that cannot. */
  aggregate?(query: AggregateQuery, signal?: AbortSignal): Promise<RowStream>
  /** What finding all rows of `query` would come to, its page aside; absent on stores that cannot tell. Costs less than a millisecond. */
  estimate?(query: FeatureQuery, signal?: AbortSignal): Promise<QueryEstimate>
  /** Exact extent of a geometry column in its CRS; undefined when there is nothing in it. */
  extent(source: FeatureSource, geometry: string, signal?: AbortSignal): Promise<Bbox | undefined>
  /**
   * What the named columns of tables hold, table by table, from what the database keeps for its planner and, where it keeps nothing, from the first
   * rows. No table is read whole, and nothing is asked of other columns. Of a table nothing may be known: then its list is empty.
   */
  columnStatistics(tables: readonly ColumnsOfTable[], signal?: AbortSignal): Promise<readonly (readonly ColumnStatistics[])[]>
  /** What a column of dates, times, numbers or texts holds, empty and infinite values aside. Costs a full scan where `most` is above 0. */
  columnValues(
    table: Pick<FeatureSource, 'schema' | 'table'>,
    column: AttributeColumn,
    most: number,
    signal?: AbortSignal,
  ): Promise<ColumnValues>
  /**
   * What changes when rows of a table, or of what a view is made of, do: within a second or two of the change. Undefined where nothing tells.
   */
  version?(source: Pick<FeatureSource, 'schema' | 'table'>, signal?: AbortSignal): Promise<string | undefined>
  /** Geometries that are not valid: how many, and the id of the first. Costs a full scan. */
  invalidGeometries(source: FeatureSource, geometry: string, signal?: AbortSignal): Promise<{ count: number; firstId?: string }>
  /** Loads one layer into a table, all or nothing: rows, spatial index, ANALYZE, then the swap. Absent on stores that cannot be written. */
  load?(target: LoadTarget, layer: FeatureLayer, options: LoadOptions): Promise<LoadSummary>
  drop?(schema: string, table: string): Promise<void>
  /**
   * Makes all changes or none, one after the other, and says what became of each. Rows that the restriction of the source hides are not there, and none
   * may become so. Throws `not-found`, `precondition-failed` where a feature is not in a version that was expected, or in one that was not wanted (of several who expect the same
   * version exactly one succeeds), `unprocessable` and `conflict` for what the table does not take. Absent on stores that cannot be written.
   */
  edit?(source: FeatureSource, changes: readonly FeatureChange[], signal?: AbortSignal): Promise<readonly EditedFeature[]>
  /** Arpent's own memory in this store; absent on stores that cannot keep any. */
  readonly state?: StateStore
  /** Resolves when the store answers; throws `unavailable` otherwise. */
  ping(signal?: AbortSignal): Promise<void>
  close(): Promise<void>
}

export interface QueryEstimate {
  readonly rows: number
  /** In units of PostgreSQL's planner: about 200,000 a second. */
  readonly cost: number
  /** Part of the filter is not reckoned with: there are no more rows than that. */
  readonly isRough: boolean
}

/** Batches end when the stream does; breaking out of the loop or aborting frees the database. Only what `find` returned is in memory. */
export interface RowStream {
  readonly schema: RowSchema
  readonly batches: AsyncIterable<RowBatch>
}

export interface DiscoverOptions {
  readonly schemas?: readonly string[]
  /** Only this table. */
  readonly table?: string
  /** Tables without geometry are listed too. */
  readonly withoutGeometry?: boolean
}

export interface TableDescription {
  readonly schema: string
  readonly table: string
  readonly kind: 'table' | 'view' | 'materialized view' | 'foreign table' | 'partitioned table'
  readonly comment?: string
  readonly columns: readonly AttributeColumn[]
  /** `extent` is declared or estimated from statistics, not scanned for. */
  readonly geometries: readonly GeometryColumn[]
  readonly key: RowKey
  /** From statistics; -1 when the table was never analysed. */
  readonly estimatedCount: number
  readonly isReadable: boolean
  readonly isWritable: boolean
}

/** Values as numbers, those of dates and times in milliseconds since the epoch (a time without zone is in UTC), or as texts. */
export interface ColumnValues {
  /** Of dates, times and numbers; absent where there is none. */
  readonly least?: number
  readonly greatest?: number
  /** All different values, numbers rising; absent where there are more than were asked for. */
  readonly values?: readonly (number | string)[]
}

/** Some columns of a table, to be asked about. */
export type ColumnsOfTable = Pick<TableDescription, 'schema' | 'table' | 'kind' | 'columns' | 'estimatedCount'>

/** A file of features as a reader sees it: opened, its layers known, nothing read yet. */
export interface FeatureFile {
  readonly layers: readonly FeatureLayer[]
  close(): Promise<void>
}

export interface FeatureLayer {
  readonly name: string
  readonly columns: readonly LayerColumn[]
  readonly geometry?: LayerGeometry
  /** Column of `columns` that identifies rows, where the file says so. */
  readonly key?: string
  readonly count?: number
  /** What the reader had to guess or leave out, for the verdict. */
  readonly notes: readonly string[]
  /** Streams the rows in constant memory. Throws `invalid-data` naming the place. */
  read(signal?: AbortSignal): AsyncIterable<LayerRows>
}

export interface LayerColumn {
  readonly name: string
  readonly kind: ColumnKind
}

export interface LayerGeometry {
  readonly name: string
  /** PostGIS type name without Z/M suffix (`POINT`, `MULTIPOLYGON`, …, `GEOMETRY` when mixed). */
  readonly type: string
  readonly dimensions: 'xy' | 'xyz' | 'xym' | 'xyzm'
  /** `EPSG:2154`; absent when the file does not say. */
  readonly crs?: string
}

export interface LayerRows {
  /** One array a row: the values of `columns` in order, then the geometry as WKB or EWKB (little or big endian), where the layer has one. */
  readonly rows: readonly (readonly LayerValue[])[]
  /** Share of the file read so far, 0 to 1, for the progress bar. */
  readonly progress?: number
}

/** Dates and times are ISO 8601 texts; numbers of kind `numeric` and `bigint` may be texts too. */
export type LayerValue = string | number | bigint | boolean | Uint8Array | null

/** Columns that are not named keep what they hold, or get what the database fills them with; in a replacement they become that, or null. */
export type FeatureChange =
  | { readonly kind: 'create'; readonly values: FeatureValues }
  | ({ readonly kind: 'replace'; readonly id: string; readonly values: FeatureValues } & ChangeCondition)
  | ({
      readonly kind: 'update'
      readonly id: string
      readonly values: FeatureValues
      /** JSON columns of which parts are changed: a JSON Merge Patch (RFC 7396) each, as text. */
      readonly patches?: ReadonlyMap<string, string>
    } & ChangeCondition)
  | ({ readonly kind: 'remove'; readonly id: string } & ChangeCondition)

/** By column: attributes as `LayerValue` says, geometries as EWKB in the CRS of their column. */
export type FeatureValues = ReadonlyMap<string, LayerValue>

/** On which version (`core/feature-version.ts`) a feature is changed, if it is there. */
export interface ChangeCondition {
  /** It must have one of these. */
  readonly expected?: readonly string[]
  /** It must have none of these; `any`: it must not be there at all. */
  readonly unwanted?: readonly string[] | 'any'
}

export interface EditedFeature {
  /** Absent where the row cannot be told from others. */
  readonly id?: string
  /** As it is now; absent when it was removed, and where many were made at once. */
  readonly version?: string
}

export interface LoadTarget {
  readonly schema: string
  readonly table: string
  readonly mode: 'create' | 'replace' | 'append'
  /** Overrides or supplies the CRS of the file, e.g. `EPSG:2154`. */
  readonly crs?: string
  readonly comment?: string
}

export interface LoadOptions {
  readonly onProgress?: (rows: number, share: number | undefined) => void
  readonly signal?: AbortSignal
}

export interface LoadSummary {
  readonly rows: number
  readonly notes: readonly string[]
}

/**
 * Arpent's own memory: the schema `arpent` of one PostGIS store, one part for each concern. It is made, or brought to this version, when one
 * of its parts is first used; looking at whether it could be changes nothing.
 */
export interface StateStore {
  /** Why nothing can be kept here, found out and not assumed; undefined when it can. Throws `unavailable`. */
  obstacle(signal?: AbortSignal): Promise<StateObstacle | undefined>
  /** Whether anything was ever kept here. */
  isPresent(): Promise<boolean>
  /** About the tables of one store: `''` for the one that keeps the state, else a name that no other store sharing this state has. */
  loads(store: string): LoadRecords
  /** About the rasters of one store, under such a name. */
  rasters(store: string): RasterRecords
}

export interface StateObstacle {
  readonly code: 'standby' | 'read-only' | 'no-privilege' | 'not-owner' | 'newer'
  /** A clause that goes on after “because”, for the operator. */
  readonly reason: string
}

/** Files loaded by publishing them, so that an unchanged one is not loaded again and the tables of a removed one are dropped. */
export interface LoadRecords {
  list(): Promise<readonly LoadRecord[]>
  /** Replaces the record of the same path. */
  put(record: LoadRecord): Promise<void>
  forget(path: string): Promise<void>
}

export interface LoadRecord {
  /** Absolute path and layer as `file.gpkg#layer`. */
  readonly path: string
  /** Size, time and a hash: what changes when the file does. Empty while it is being loaded for the first time. */
  readonly fingerprint: string
  readonly schema: string
  readonly table: string
  readonly rows: number
  readonly notes: readonly string[]
}

/** What state remembers of the rasters of one store, so that unchanged ones are not opened at the next start. */
export interface RasterRecords {
  /** What files have in common (levels, bands) is the same object. */
  list(): Promise<readonly RasterRecord[]>
  /** Adds them, or puts them in the place of those of the same path. */
  put(records: readonly RasterRecord[]): Promise<void>
  forget(paths: readonly string[]): Promise<void>
}

export interface RasterRecord {
  /** As its store names it. */
  readonly path: string
  /** From `RasterStore.fingerprints`. */
  readonly fingerprint: string
  readonly described: DescribedRaster
  /** What its collection says of it. */
  readonly said?: RasterAttributes
}

/** Where rasters live. */
export interface RasterStore {
  readonly id: string
  /** Reads the head of one file; throws `invalid-data` or `unsupported` with the reason. */
  describe(path: string, signal?: AbortSignal): Promise<DescribedRaster>
  /** Paths or addresses of the GeoTIFFs below an address on another machine, sorted. Throws `unsupported` where nothing can be listed. */
  list(folder: string, signal?: AbortSignal): Promise<readonly string[]>
  /**
   * What identifies the present state of files and of all that belongs to them, by path, without opening any: it changes when what `describe`
   * says may change. Files that are not there, or that only opening could tell about, are absent.
   */
  fingerprints(paths: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, string>>
  /** Pixels of a window of a level, all bands, as stored. The window is clamped to the level. */
  read(file: RasterFile, level: number, window: PixelWindow, signal?: AbortSignal): Promise<Pixels>
  /**
   * The same of a photograph, ready to be drawn: fills `into` with RGBA of premultiplied alpha. The window lies inside the level. False, and
   * nothing done, where the raster is no plain photograph.
   */
  readColors?(file: RasterFile, level: number, window: PixelWindow, into: Uint8Array, signal?: AbortSignal): Promise<boolean>
  /** The same at once by what is in memory; false, and `into` undefined, where that is not all. */
  colorsNow?(file: RasterFile, level: number, window: PixelWindow, into: Uint8Array): boolean
  /** A stored block as it is, where it is an image that shows what drawing it would; undefined else. Absent on stores without such blocks. */
  encodedBlock?(file: RasterFile, block: StoredBlock, signal?: AbortSignal): Promise<EncodedBlock | undefined>
  /** The same by what is in memory, of a file that blocks have been asked of; undefined where finding out would take waiting, or is for `encodedBlock`. */
  blockNow?(file: RasterFile, block: StoredBlock): BlockAtHand | undefined
  close(): Promise<void>
}

/** An image file cut out of a raster. */
export interface EncodedBlock extends BlockAtHand {
  readonly bytes: Uint8Array
}

/** Such an image, which has yet to be read. */
export interface BlockAtHand {
  readonly mediaType: 'image/jpeg' | 'image/webp'
  /** Changes when the file does. */
  readonly version: string
  readonly again: BlockAgain
}

/** Bytes that are read at once. */
export interface BlockAgain {
  readonly bytes: number
  /** Reads them to `into` from `at` on, at once; false where the file has changed, or reading would take waiting: what is there is worth nothing then. */
  read(into: Uint8Array, at: number): boolean
}

export interface PixelWindow {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface Pixels {
  readonly width: number
  readonly height: number
  /** One array of `width * height` samples per band. */
  readonly bands: readonly SampleArray[]
  /** 0 where there is nothing, 255 where there is; absent when every pixel counts. From masks, alpha or nodata. */
  readonly mask?: Uint8Array
  /** 256 or 65536 entries of 0xTTRRGGBB for palette files, TT being how transparent: 0 for what is opaque. */
  readonly palette?: Uint32Array
}

export type SampleArray = Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array

/** Draws maps; implemented by the pool of workers. */
export interface Renderer {
  draw(job: MapJob, signal?: AbortSignal): Promise<EncodedImage>
  /** Data have changed: whatever is asked for from now on shows it, and joins nothing that began before. */
  changed?(): void
}

/** Styles that requests name by their address. */
export interface StyleSource {
  /** The text at `address`, where it lies below one of `allowed`. Throws `invalid-parameter` with the reason else. */
  read(address: string, allowed: readonly string[], signal?: AbortSignal): Promise<string>
}

/** The stores a server has open, by id. */
export interface Stores {
  features(id: string): FeatureStore
  raster(id: string): RasterStore
}
