import type { Bbox } from '#geo/bbox.js'
import type { Resampling } from '#render/resampling.js'
import type { ColumnStatistics } from '#rows/column-statistics.js'
import type { Style } from '#styles/style.js'
import type { Finding, ForeignIdentifier, Keywords, Logo, MetadataUrl, RasterBand, RasterFile, ResourceUrl, Text } from './atlas.js'
import type { MosaicOrder } from './mosaic-order.js'
import type { Parameter } from './parameter.js'
import type { ColumnValues, TableDescription } from './ports.js'

/** Something to publish: what the operator said about it, and what its store found. The input of `buildAtlas`. */
export interface Publication {
  /** What the operator named: a path, a URL without secrets, `store: schema.table`. */
  readonly source: string
  /** Absolute path of the file its data come from, where it is one, with its layer as `file.gpkg#layer`; a style beside it is its own. */
  readonly file?: string
  /** The id the operator chose, kept as it is; absent for what was discovered. */
  readonly id?: string
  /** Name an id and a title are made of when the operator gave none: a table, file or folder name. */
  readonly name: string
  /** Qualifier of the id where `name` alone would not be stable: the schema. */
  readonly qualifier?: string
  readonly settings: CollectionSettings
  readonly found: TableFound | RasterFound | NotFound
  /** What reading the source showed, to be listed with what the atlas finds. */
  readonly findings: readonly Finding[]
}

/** A style the operator wrote. */
export interface StyleSetting {
  readonly name: string
  readonly title: Text
  readonly style: Style
}

/** What an operator may say about a collection. Everything is optional. */
export interface CollectionSettings {
  readonly title?: Text
  readonly abstract?: Text
  readonly keywords?: Keywords
  readonly licence?: string
  readonly attribution?: Text
  readonly attributionUrl?: string
  readonly logo?: Logo
  readonly theme?: readonly Text[]
  readonly metadataUrls?: readonly MetadataUrl[]
  readonly dataUrls?: readonly ResourceUrl[]
  readonly featureListUrls?: readonly ResourceUrl[]
  readonly info?: Text
  readonly identifiers?: readonly ForeignIdentifier[]
  /** Advertised codes. The first one also says what coordinates without a SRID are in. */
  readonly crs?: readonly string[]
  /** lon, lat in degrees: taken as it is, nothing is scanned for it. */
  readonly extent?: Bbox
  readonly minScaleDenominator?: number
  readonly maxScaleDenominator?: number
  /** Of the coordinates, as a decimal year, in a system that moves with the earth. */
  readonly epoch?: number
  /** The geometry column served by default. */
  readonly geometry?: string
  /** Columns that identify a row. */
  readonly key?: readonly string[]
  /** The first is the default; the one made for the data comes after them. */
  readonly styles?: readonly StyleSetting[]
  /** Absolute paths of files that hold styles, which come before the others. */
  readonly styleFiles?: readonly string[]
  /** How the pixels of a raster are drawn. */
  readonly resampling?: Resampling
  /** Of maps in lossy formats, 1 to 100. */
  readonly quality?: number
  /** Columns that may be filtered by, where not all may. */
  readonly queryables?: readonly string[]
  /** Units of columns of numbers, in UCUM. */
  readonly units?: Readonly<Record<string, string>>
  /** Its features are changed only by who says in which version they are. */
  readonly locking?: 'required'
  /** Columns nobody sees. */
  readonly hidden?: readonly string[]
  /** Of a table only the rows for which this is true, in CQL with `:name` for a parameter. */
  readonly filter?: string
  readonly params?: Readonly<Record<string, Omit<Parameter, 'name'>>>
  /** Which of overlapping rasters is on top. */
  readonly order?: MosaicOrder
  /** Finds the time of a raster in its path, see `timeOfName`. */
  readonly timePattern?: string
  /** What it can be asked for beside a place. */
  readonly dimensions?: readonly DimensionSetting[]
  /** Accuracy class of all its rasters. */
  readonly accuracy?: string
  /** Finds the accuracy class of a raster in its path: a regular expression with the group `accuracy`. */
  readonly accuracyPattern?: string
}

/** A dimension as the operator describes it. Texts are those of the standard (OGC 06-042, C.2): `500,490,480`, `0/425/1`. */
export interface DimensionSetting {
  /** `time`, `elevation`, or another. */
  readonly name: string
  readonly place: DimensionPlace
  readonly units?: string
  readonly unitSymbol?: string
  /** Nothing is computed where it is given. */
  readonly extent?: string
  /** Between the first and the last value that is there. */
  readonly step?: string
  /** `all`, `latest`, `none`, or values. */
  readonly default?: string
  readonly takesSeveral?: boolean
  readonly takesNearest?: boolean
  readonly isCurrent?: boolean
}

/** Where the values of a dimension are. */
export type DimensionPlace =
  | { readonly kind: 'column'; readonly column: string }
  | { readonly kind: 'columns'; readonly start: string; readonly end: string }
  | { readonly kind: 'files' }
  /** From 0. */
  | { readonly kind: 'band'; readonly band: number }

export interface TableFound {
  readonly kind: 'table'
  readonly store: string
  readonly description: TableDescription
  /** Exact extents by geometry column, in its CRS, where no estimate was there and finding out was cheap. */
  readonly extents?: ReadonlyMap<string, Bbox>
  readonly count?: number
  /** What columns that nobody hid hold, for a style by what the data are; absent where the collection has styles of its own. */
  readonly statistics?: readonly ColumnStatistics[]
  /** What the columns of its dimensions hold, by name, as far as it is known. */
  readonly values?: ReadonlyMap<string, ColumnValues>
}

export interface RasterFound {
  readonly kind: 'raster'
  readonly store: string
  readonly files: readonly RasterFile[]
  readonly bands: readonly RasterBand[]
}

/** Left out for now, for the reasons in the publication's findings. */
export interface NotFound {
  readonly kind: 'nothing'
}

/** Commands that cure what a table suffers from, ready to paste into a shell; each may be undefined where no command can do it. */
export interface TableCures {
  spatialIndex(schema: string, table: string, geometry: string): string | undefined
  primaryKey(schema: string, table: string): string | undefined
  setSrid(schema: string, table: string, geometry: string, srid: number): string | undefined
  makeValid(schema: string, table: string, geometry: string): string | undefined
  grantRead(schema: string, table: string): string | undefined
  /** The right to create the schema that state is kept in. */
  grantState(): string | undefined
}
