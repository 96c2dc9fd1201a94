import type { Bbox } from '#geo/bbox.js'
import type { TileMatrixSet } from '#geo/tile-matrix-set.js'
import type { Resampling } from '#render/resampling.js'
import type { ColumnKind } from '#rows/batch.js'
import type { Style } from '#styles/style.js'
import type { Dimension } from './dimension.js'
import type { Mosaic } from './mosaic.js'
import type { BoundRestriction, Restriction } from './restriction.js'

/**
 * The immutable description of what is published, replaced whole on reload. Capabilities, landing pages and records are views of it,
 * so they cannot disagree.
 */
export interface Atlas {
  /** Grows with every reload that changed something; the `updateSequence` of OGC web services. */
  readonly generation: number
  readonly builtAt: Date
  readonly service: ServiceInfo
  /** In the order of publication. */
  readonly collections: ReadonlyMap<string, Collection>
  readonly spaces: ReadonlyMap<string, Space>
  /** Tile matrix sets by id, the built-in ones first; look them up with `tileMatrixSetOf`, which knows aliases. */
  readonly grids: ReadonlyMap<string, TileMatrixSet>
  readonly limits: Limits
  readonly access: Access
  /** Addresses below which styles are read that a request names. */
  readonly styleAddresses: readonly string[]
  /** Servers whose old addresses are answered. */
  readonly legacy: ReadonlySet<LegacyServer>
  /** Prefix of collection names to namespace URI. */
  readonly namespaces: ReadonlyMap<string, string>
  /** Absent where nothing asked for it and nothing was open that could keep it. */
  readonly state?: StateInForce
  /** Every source looked at: the published ones and the ones left out, with what will hurt. */
  readonly verdicts: readonly Verdict[]
}

/** What may have been at an address before. */
export type LegacyServer = 'geoserver' | 'geowebcache' | 'mapcache'

/** One text, or one per language (ISO 639-1 codes). Resolve with `textIn`. */
export type Text = string | Readonly<Record<string, string>>
export type Keywords = readonly Keyword[] | Readonly<Record<string, readonly Keyword[]>>
/** A word to find a thing by, with the list it is of (`ISO 19119 geographic services taxonomy`, `GEMET - INSPIRE themes`). */
export type Keyword = string | { readonly word: string; readonly vocabulary: string }

export interface ServiceInfo {
  readonly title: Text
  readonly abstract?: Text
  readonly keywords?: Keywords
  readonly contact?: Contact
  readonly fees?: string
  readonly constraints?: string
  readonly licence?: string
  /** The first is the default. */
  readonly languages: readonly string[]
  /** Without a trailing slash. */
  readonly publicUrl?: string
  readonly lenient: boolean
  /** The record that describes the service; absolute, or from the root of the server. */
  readonly metadata?: ResourceUrl
}

export interface Contact {
  readonly organisation?: string
  readonly name?: string
  readonly position?: string
  readonly email?: string
  readonly phone?: string
  readonly address?: string
  readonly city?: string
  readonly postcode?: string
  readonly country?: string
}

export interface Space {
  readonly id: string
  readonly title: Text
  readonly collections: readonly string[]
}

export interface Collection {
  readonly id: string
  readonly title: Text
  readonly abstract?: Text
  readonly keywords?: Keywords
  readonly licence?: string
  readonly attribution?: Text
  /** Of who is to be named. */
  readonly attributionUrl?: string
  readonly logo?: Logo
  /** Theme path for nested layers, outermost first. */
  readonly theme?: readonly Text[]
  readonly metadataUrls?: readonly MetadataUrl[]
  /** Where the data themselves are to be had, and lists of the features. */
  readonly dataUrls?: readonly ResourceUrl[]
  readonly featureListUrls?: readonly ResourceUrl[]
  /** How GetFeatureInfo tells of a feature in HTML: a template of `formats/features/info-template.ts`. */
  readonly info?: Text
  /** What others call it. */
  readonly identifiers?: readonly ForeignIdentifier[]
  /** CRS the data are stored in, e.g. `EPSG:2154`; absent for tables without geometry. */
  readonly storageCrs?: string
  /** Decimal year for which coordinates in the storage CRS are right, where that is a system that moves with the earth. */
  readonly epoch?: number
  /** Advertised CRS codes, storage CRS first. WMS answers any other known CRS, too; of the OGC API a URI has to be one of these, a short code need not. */
  readonly crs: readonly string[]
  /** Absent when unknown or empty: never NaN, infinite or inverted. */
  readonly extent?: CollectionExtent
  /** At least one; the first is the default. */
  readonly styles: readonly NamedStyle[]
  readonly minScaleDenominator?: number
  readonly maxScaleDenominator?: number
  /** What it can be asked for beside a place; each name once. */
  readonly dimensions?: readonly Dimension[]
  /** Of its maps in lossy formats, see `EncodeOptions`; `defaultQuality` where absent. */
  readonly quality?: number
  /** Grows with every change of its rows that was made here; absent before the first. */
  readonly edits?: number
  /** Columns that requests may filter and sort by; absent: all. */
  readonly queryables?: readonly string[]
  /** Its features are changed only by who says in which version they are. */
  readonly locking?: 'required'
  /** What of its rows a request may say something about; the source has it with the values that hold otherwise. */
  readonly restriction?: Restriction
  readonly source: FeatureSource | RasterSource
}

export interface ResourceUrl {
  readonly url: string
  /** Media type. */
  readonly format: string
}

export interface MetadataUrl extends ResourceUrl {
  readonly type: string
}

export interface Logo extends ResourceUrl {
  /** Pixels. */
  readonly width: number
  readonly height: number
}

/** The name of a collection in a register. */
export interface ForeignIdentifier {
  /** Short name of who keeps the register: an XML name. */
  readonly authority: string
  /** Address of the register; in INSPIRE, the namespace. */
  readonly url: string
  readonly code: string
}

export interface CollectionExtent {
  /** lon, lat in degrees, WGS 84 / CRS84. */
  readonly crs84: Bbox
  readonly storage: Bbox
}

export interface NamedStyle {
  readonly name: string
  readonly title: Text
  /** Changes when the style's content does. */
  readonly version: string
  readonly style: Style
}

/** A table, view or materialised view. `table` and `schema` are raw names, not quoted. */
export interface FeatureSource {
  readonly kind: 'features'
  readonly store: string
  readonly schema: string
  readonly table: string
  readonly columns: readonly AttributeColumn[]
  readonly geometries: readonly GeometryColumn[]
  /** Name of the geometry column served by default; absent for tables without geometry. */
  readonly geometry?: string
  readonly key: RowKey
  /** The user of the database may add, change and remove its rows. */
  readonly isWritable?: boolean
  readonly count?: { readonly value: number; readonly isExact: boolean }
  /** There are no rows but those for which it is true; stores see to it. */
  readonly restriction?: BoundRestriction
}

export interface AttributeColumn {
  readonly name: string
  readonly kind: ColumnKind
  /** As the database spells it, e.g. `character varying(5)`. */
  readonly nativeType: string
  readonly isNullable: boolean
  readonly comment?: string
  readonly filling?: ColumnFilling
  /** The column of another table whose values it holds (a foreign key of one column). */
  readonly refersTo?: ColumnReference
  /** All texts that its type allows (an enum of the database), in the order of the type. */
  readonly labels?: readonly string[]
  /** Of its numbers, in UCUM: `m`, `m2`, `km/h`. */
  readonly unit?: string
}

/** A column of a table of the same store. */
export interface ColumnReference {
  readonly schema: string
  readonly table: string
  readonly column: string
}

/** What the database puts into a column: something where nothing is given, or always, so that nothing can be given. */
export type ColumnFilling = 'default' | 'always'

export interface GeometryColumn {
  readonly name: string
  /** As declared: `POINT`, `MULTIPOLYGON`, …, or `GEOMETRY` when anything goes. Without Z/M suffix. */
  readonly type: string
  readonly dimensions: 'xy' | 'xyz' | 'xym' | 'xyzm'
  /** e.g. `EPSG:2154`; absent when the SRID is 0 or unknown. */
  readonly crs?: string
  readonly srid: number
  readonly isIndexed: boolean
  readonly isNullable: boolean
  /** Of PostGIS type `geography`: stored in degrees, answered as geometry all the same. */
  readonly isGeography?: boolean
  readonly filling?: ColumnFilling
  /** In the storage CRS. */
  readonly extent?: Bbox
  /** What a value takes on average, as the database has counted it; absent where it has not. */
  readonly averageBytes?: number
}

export type RowKey =
  | { readonly kind: 'primary' | 'unique'; readonly columns: readonly string[] }
  /** No key: the physical address stands in, which a rewrite of the table changes. */
  | { readonly kind: 'ctid' }
  /** A view or foreign table without anything to tell rows apart: features have no id. */
  | { readonly kind: 'none' }

export interface RasterSource {
  readonly kind: 'raster'
  readonly store: string
  readonly mosaic: Mosaic
  readonly bands: readonly RasterBand[]
  /** How its pixels are drawn; absent: bilinear, nearest for classes. */
  readonly resampling?: Resampling
  readonly overviews?: RasterOverviews
}

/** Pictures of a whole mosaic for maps of small scales, made once. */
export interface RasterOverviews {
  readonly store: string
  /** Finest first, each 8 times as coarse as the one before. */
  readonly generations: readonly Mosaic[]
}

/** One GeoTIFF, as much of it as a plan needs. */
export interface RasterFile {
  /** Path or URL, as its store opens it. */
  readonly path: string
  readonly crs: string
  readonly width: number
  readonly height: number
  /** Pixel (column, row; outer corner of the first is 0,0) to CRS: `x = t[0] + column * t[1] + row * t[2]`, `y = t[3] + column * t[4] + row * t[5]`. */
  readonly transform: readonly [number, number, number, number, number, number]
  readonly bbox: Bbox
  /** Level 0 is full resolution. */
  readonly levels: readonly { readonly width: number; readonly height: number; readonly blockWidth: number; readonly blockHeight: number }[]
  /** Changes when the file does. */
  readonly version: string
  /** When the picture was taken, in milliseconds since the epoch, where anything says so. */
  readonly time?: number
}

export interface RasterBand {
  readonly name: string
  readonly sampleType: 'uint8' | 'uint16' | 'uint32' | 'int8' | 'int16' | 'int32' | 'float16' | 'float32' | 'float64'
  readonly meaning: 'red' | 'green' | 'blue' | 'infrared' | 'gray' | 'alpha' | 'palette' | 'value'
  readonly nodata?: number
  /** Least and greatest value worth showing, from statistics or an overview. */
  readonly range?: readonly [number, number]
  readonly unit?: string
  /** A stored sample means `sample * scale + offset`, in `unit`; 1 and 0 where absent. Everything else here is in stored samples. */
  readonly scale?: number
  readonly offset?: number
  /** What whole numbers stand for, by rising value. Values without a class are no less valid. */
  readonly classes?: readonly RasterClass[]
}

/** A value with the colour that a palette has for it, the name that a nomenclature has, or both. */
export interface RasterClass {
  readonly value: number
  /** `#rrggbb`; absent where there is no palette. */
  readonly color?: string
  /** 0 to 1, 1 when absent. */
  readonly opacity?: number
  readonly name?: string
  /** Legends leave it out. */
  readonly isUnlisted?: true
}

/** Bounds of a request. Defaults in `defaultLimits`. */
export interface Limits {
  readonly mapSide: number
  readonly mapPixels: number
  readonly mapFeatures: number
  readonly mapLayers: number
  /** Raster files opened for one layer of a map. */
  readonly mapFiles: number
  readonly items: number
  readonly itemsMax: number
  readonly identifyFeatures: number
  readonly bodyBytes: number
  readonly requestSeconds: number
  readonly exportSeconds: number
  /** Of disk, for ready-made files of whole collections. */
  readonly exportBytes: number
  /** What a request may ask for as quality of lossy formats. */
  readonly qualityMin: number
  readonly qualityMax: number
}

export const defaultLimits: Limits = {
  mapSide: 8192,
  mapPixels: 40e6,
  mapFeatures: 2_000_000,
  mapLayers: 50,
  mapFiles: 500,
  items: 1000,
  itemsMax: 100_000,
  identifyFeatures: 100,
  bodyBytes: 50e6,
  requestSeconds: 60,
  exportSeconds: 3600,
  exportBytes: 20e9,
  qualityMin: 20,
  qualityMax: 95,
}

/** Quality where nobody says another: good for orthophotos without visible blocks; about a tenth of the PNG. */
export const defaultQuality = 85

export interface Access {
  readonly accounts: ReadonlyMap<string, { readonly password?: string; readonly keys: readonly string[] }>
  /** Collection id or `*` to the accounts that may write; `anonymous` means everybody. */
  readonly write: ReadonlyMap<string, readonly string[]>
}

/** Where Arpent keeps its own things, or why it cannot. */
export type StateInForce = { readonly kind: 'kept'; readonly store: string } | { readonly kind: 'off'; readonly finding: Finding }

/** What was made of one source, and what will hurt. */
export interface Verdict {
  /** What the operator named: a path, a URL without secrets, or a collection id. */
  readonly source: string
  /** Id of the collection it became; absent when it was left out. */
  readonly collection?: string
  readonly summary: string
  readonly findings: readonly Finding[]
}

export interface Finding {
  readonly severity: 'error' | 'warning' | 'info'
  /** Stable, for programs: `no-spatial-index`, `no-primary-key`, `unknown-srid`, `unreadable`, … */
  readonly code: string
  readonly message: string
  /** A command that cures it, ready to paste. */
  readonly cure?: string
}

/**
 * What one endpoint shows: the whole atlas, a space, or a single dataset. Protocols see only views; every cache key carries `key`.
 */
export interface AtlasView {
  readonly atlas: Atlas
  /** `''`, the space id, `datasets/{id}`, or `geoserver/{prefix}`: also the path prefix below the base URL. */
  readonly key: string
  readonly title: Text
  readonly collections: ReadonlyMap<string, Collection>
}
