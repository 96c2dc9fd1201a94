import type { Filter } from '#filters/filter.js'
import type { Bbox } from '#geo/bbox.js'
import type { TileMatrix, TileMatrixSet } from '#geo/tile-matrix-set.js'
import type { Resampling } from '#render/resampling.js'
import type { Style, Symbolizer } from '#styles/style.js'
import type { Collection, FeatureSource, GeometryColumn, NamedStyle, RasterBand, RasterFile } from './atlas.js'
import type { ShownValues, Span } from './dimension.js'
import type { MapDecoration } from './map-decoration.js'
import type { PageLayout } from './page-layout.js'

/** Rows of one table, as the waist asks for them. Everything that selects rows (box, ids, attributes) is the filter. */
export interface FeatureQuery {
  readonly source: FeatureSource
  /** Columns wanted, in this order, geometry columns among them; `key: true` puts the feature id first, as text in a column named `@id`. */
  readonly columns: readonly string[]
  readonly key: boolean
  readonly filter?: Filter
  /** Rows for which this is not true may be left out, as far as the store can tell; whoever asks looks at each row that comes. */
  readonly narrow?: Filter
  readonly search?: TextSearch
  /** Null comes last, and first where descending. */
  readonly sort?: readonly SortKey[]
  readonly limit?: number
  readonly offset?: number
  /** Rows come in the order of `sort`, then of the key, which is total: for pages. */
  readonly isPaged?: boolean
  /**
   * Only rows behind this place in that order: the values of the columns of `sort`, as `RowView.text` gives them, then the feature id (without a key: how
   * many rows come before). See `findPage`. Null is greater than all values, as a value and in the order.
   */
  readonly after?: readonly (string | null)[]
  /** All rows are wanted, however many: they may be found in whatever way is best for many. Without an order only. */
  readonly isBulk?: boolean
  /** The bytes of a batch may be overwritten as soon as the next is asked for: whoever asks has looked at all its rows by then. */
  readonly isFleeting?: boolean
  /** Geometries are simplified below this distance in storage CRS units, never so that neighbours part. */
  readonly simplify?: number
}

/** Words to be found in the texts of a row, in whichever of its columns. */
export interface TextSearch {
  readonly columns: readonly string[]
  /** One of these lists, all words of it. A word, folded by `foldText`, is found where a word begins with it, or has the same French stem. */
  readonly anyOf: readonly (readonly string[])[]
}

/** A column to put rows in the order of. */
export interface SortKey {
  readonly column: string
  readonly descending: boolean
}

/** Rows put together in groups, and what each group comes to. Names of groupings and measures are those of the columns of the answer, each once. */
export interface AggregateQuery extends Pick<FeatureQuery, 'source' | 'filter' | 'search'> {
  /** None: all rows are one group. */
  readonly groupBy: readonly Grouping[]
  readonly measures: readonly Measure[]
  /** By names of groupings and measures; nulls last, whichever way. */
  readonly sort: readonly SortKey[]
  readonly limit: number
}

/** Groups are values of a column, or stretches of them, each said by where it begins. Null is a group of its own. */
export interface Grouping {
  readonly name: string
  readonly column: string
  readonly bin?: Bin
}

export type Bin =
  /** In an IANA time zone. Hours are times, the others dates; weeks begin on Mondays. Times without zone are in UTC. */
  | { readonly kind: 'time'; readonly unit: TimeUnit; readonly zone: string }
  /** A decimal; stretches begin at its multiples. Values that are not finite are NaN. */
  | { readonly kind: 'width'; readonly width: string }

export const timeUnits = ['year', 'quarter', 'month', 'week', 'day', 'hour'] as const
export type TimeUnit = (typeof timeUnits)[number]

export type Measure =
  /** Of rows; with a column, of those where it is not null. */
  | { readonly name: string; readonly kind: 'count'; readonly column?: string }
  /** Nulls aside. Sums and averages of whole and decimal numbers are exact decimals, those of doubles are doubles. */
  | { readonly name: string; readonly kind: 'count-distinct' | 'sum' | 'avg' | 'min' | 'max'; readonly column: string }
  /** The value below which this share of them lies, 0 to 1, interpolated: a double. */
  | { readonly name: string; readonly kind: 'percentile'; readonly column: string; readonly fraction: number }
  /** Of a geometry column, in its CRS: four doubles, named with `.minx`, `.miny`, `.maxx`, `.maxy`. */
  | { readonly name: string; readonly kind: 'extent'; readonly column: string }

/** A map. Coordinates are x,y whatever the protocol said. */
export interface MapQuery {
  readonly layers: readonly StyledLayer[]
  readonly crs: string
  readonly bbox: Bbox
  readonly width: number
  readonly height: number
  /** Degrees, between 0 and 360, by which what is drawn is turned clockwise around the middle of the map; box, size and scale are those before. */
  readonly angle?: number
  readonly background: Background
  readonly mediaType: string
  /** Of lossy formats, 1 to 100, where the client names one; else what the collections say. */
  readonly quality?: number
  /** Pixels per inch the client draws at; 90.714 (0.28 mm a pixel) when it does not say. */
  readonly dpi: number
  /** The map is this tile of a grid. */
  readonly tile?: MapTile
  /** What is put around and over the map, in formats that are printed. */
  readonly decoration?: MapDecoration
  /** Of the layers, one each: for formats that name them. */
  readonly titles?: readonly string[]
  readonly data?: DataOptions
  /** Variables that the client gives to styles and filters, by names in lower case. */
  readonly variables?: Variables
  /** Pixels around the map in which features are looked for at least: for symbols that reach farther than their style lets know. */
  readonly buffer?: number
}

export type Variables = Readonly<Record<string, string>>

export interface StyledLayer {
  readonly collection: Collection
  readonly style: NamedStyle
  /** Only features for which it is true; settled, see `selectFeatures`. */
  readonly filter?: Filter
  /** Before the order of the style. */
  readonly sort?: readonly SortKey[]
  /** Of a mosaic, only files taken then. */
  readonly times?: readonly Span[]
  /** Of a raster, only cells with such values. */
  readonly shown?: ShownValues
  /** Of a raster, instead of what its collection says. */
  readonly resampling?: Resampling
}

/** One tile of one collection, as a picture. */
export interface TileQuery {
  readonly collection: Collection
  readonly style: NamedStyle
  readonly grid: TileMatrixSet
  readonly matrix: TileMatrix
  readonly column: number
  readonly row: number
  /** What the client takes, the best first; none is the server's choice. */
  readonly mediaTypes: readonly string[]
  /** Of lossy formats, 1 to 100, where the client names one: then the tile is encoded anew. */
  readonly quality?: number
  readonly background: Background
}

export interface Background {
  /** 0xRRGGBB */
  readonly color: number
  readonly isTransparent: boolean
}

/** Pixels from a place in which a shape still counts as being there: one number for all, or by what the shape is. */
export type Tolerance = number | { readonly point: number; readonly line: number; readonly polygon: number }

/** What is at a pixel of a map. */
export interface IdentifyQuery {
  readonly map: MapQuery
  readonly layers: readonly StyledLayer[]
  /** Pixel position, from the upper left corner. */
  readonly column: number
  readonly row: number
  readonly featureCount: number
  readonly tolerance: Tolerance
}

/**
 * A map as a worker draws it: plain data, everything resolved. `deadline` is in milliseconds of `core/clock.ts`.
 */
export interface MapJob {
  readonly width: number
  readonly height: number
  readonly crs: string
  readonly bbox: Bbox
  /** As of `MapQuery`. */
  readonly angle?: number
  readonly background: Background
  readonly mediaType: string
  /** Of lossy formats, 1 to 100; `defaultQuality` where absent. */
  readonly quality?: number
  readonly scaleDenominator: number
  /** Device pixels per style pixel of 0.28 mm. */
  readonly pixelRatio: number
  readonly variables?: Variables
  /** As of `MapQuery`. */
  readonly buffer?: number
  readonly layers: readonly LayerJob[]
  readonly maxFeatures: number
  /** Changes of data so far: what was kept before the last one is out of date. */
  readonly edits?: number
  readonly deadline: number
  readonly data?: DataOptions
  /** The page it lies on, in formats that are printed. */
  readonly page?: PageLayout
  /** The map is this tile of a grid: its texts fit those of its neighbours. */
  readonly tile?: MapTile
  readonly band?: MapBand
  /** Rows, down to the last, that another thread may encode once they are drawn: how far that is stands in the first of `states`, see `halfState`. */
  readonly lower?: MapBand
}

/**
 * Rows of a map that are drawn by themselves: `height` of them from row `top` on. They are answered encoded, to be joined (`joinPng`), where they settle
 * how pixels are written; else no bytes are, but by whoever ends last the whole map, where no band settles it.
 */
export interface MapBand {
  readonly top: number
  readonly height: number
  /** Of the whole map: RGBA with straight alpha. */
  readonly pixels: SharedArrayBuffer
  /** One Int32 for each band, this one's at `index`: see `bandState`. */
  readonly states: SharedArrayBuffer
  readonly index: number
  /** What other bands settle: see `ImageFormat.encodeBand`. The pixels are there, nothing is drawn. */
  readonly pixelBytes?: number
}

/** How far a band is: 0 before it is drawn, then whether its own bytes could be made. */
export const bandState = { unsettled: 1, encoded: 2 } as const

/**
 * How far the sharing of a map's encoding is. `offered`: the lower rows lie in the common pixels, from the one on that is the third of the states; who changes that to `taken` encodes them, or to `kept`:
 * the thread that drew them, which answers the whole map then. `halved`: it answers the upper rows only.
 */
export const halfState = { undrawn: 0, offered: 1, taken: 2, kept: 3, halved: 4 } as const

/** How a map is written in formats that tell the features instead of showing them. */
export interface DataOptions {
  /** Pixels in a cell of a UTFGrid, along each side; 4 when absent. */
  readonly resolution?: number
  /** Of KML, for each layer: more are a picture. */
  readonly mostFeatures?: number
  /** Of KML; absent: it has. */
  readonly hasAttributes?: boolean
  /** Of KML: where the same map is as a picture, and as an archive with all that belongs to it. */
  readonly pictureAddress?: string
  readonly kmzAddress?: string
}

/** Place of a tile among those of its level; tiles are squares of the map's width. */
export interface MapTile {
  readonly column: number
  readonly row: number
  /** Of the level. */
  readonly columns: number
  readonly rows: number
  /** Upper left corner of tile 0,0, in the CRS of the map. */
  readonly origin: readonly [x: number, y: number]
  /** Units of the CRS in a pixel. */
  readonly cellSize: number
}

export type LayerJob = FeatureLayerJob | RasterLayerJob | SketchLayerJob

/** What a layer is called, in formats that say so. */
export interface LayerName {
  readonly id: string
  readonly title: string
}

/** What is given with the job: symbols and texts of legends. */
export interface SketchLayerJob {
  readonly kind: 'sketch'
  readonly items: readonly SketchItem[]
}

export interface SketchItem {
  /** EWKB in pixels of 0.28 mm, from the upper left corner, y down. */
  readonly geometry: Uint8Array
  /** Nothing of them is computed from columns. */
  readonly symbolizers: readonly Symbolizer[]
}

export interface FeatureLayerJob {
  readonly kind: 'features'
  readonly source: FeatureSource
  readonly geometry: GeometryColumn
  readonly style: Style
  /** Changes when the style does; absent for styles that are used but once. */
  readonly key?: string
  readonly filter?: Filter
  readonly sort?: readonly SortKey[]
  readonly name?: LayerName
}

export interface RasterLayerJob {
  readonly kind: 'raster'
  readonly store: string
  /** Only the files the map touches, in drawing order: the last is on top. */
  readonly files: readonly RasterFile[]
  /** They are some of a mosaic: one that cannot be read is left out. Of several files this goes without saying. */
  readonly isMosaic?: boolean
  readonly bands: readonly RasterBand[]
  /** Bilinear where it is absent, nearest for classes. */
  readonly resampling?: Resampling
  readonly style: Style
  /** Only cells with such values are drawn; then values are not interpolated. */
  readonly shown?: ShownValues
  readonly name?: LayerName
}

export interface EncodedImage {
  readonly mediaType: string
  readonly bytes: Uint8Array
  /** To be told, once, by the only one who has the bytes, when they are read no more: their memory is used again. Where nobody tells it is collected. */
  readonly giveBack?: (() => void) | undefined
  /** A strong validator, where one is known without looking at the bytes. */
  readonly version?: string
  /** Files of mosaics that could not be read; the rest is there. */
  readonly faults?: readonly RasterFault[]
  /** Milliseconds that drawing it kept its thread from anything else, at most; absent where nobody looked. */
  readonly longest?: number
  /** Parts of the work in milliseconds, for Server-Timing. */
  readonly timings: Readonly<Record<string, number>>
}

/** A file of a mosaic that could not be read. */
export interface RasterFault {
  readonly store: string
  readonly path: string
  readonly version: string
  /** For the operator; names the file, not where it is. */
  readonly message: string
}
