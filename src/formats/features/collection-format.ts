import type { FeatureHead, FeatureTable } from '#core/feature-table.js'
import type { GmlVersionName } from './gml-version.js'

/** A way of writing features of one collection, as many as there are: an answer, a page, or a file to keep. */
export interface CollectionFormat {
  /** What `f=` says; the first is the one to advertise, in lower case. */
  readonly names: readonly string[]
  /** For people: `GeoPackage`. */
  readonly title: string
  /** The first is the one to advertise; the others are the same by another name. */
  readonly mediaTypes: readonly string[]
  /** Of files, without the dot. */
  readonly extension: string
  /** Made of text, so that it is worth compressing on the way. */
  readonly isText: boolean
  /** Shown by browsers and clients as a document; others are saved as a file. */
  readonly isDocument?: boolean
  /** Attributes may be objects. */
  readonly hasObjects?: boolean
  /** Whole collections are kept as files of it, to be downloaded. */
  readonly isKept?: boolean
  /** Its first bytes may come before the last row is read. Others are made in a temporary file or in bounded memory first. */
  readonly isStreamed: boolean
  /** The CRS it is always in, such as `EPSG:4326` (longitude first) of KML: whoever writes brings the rows into it. */
  readonly crs?: string
  /** Names of what requests may say to it, in lower case: `bom` to CSV. */
  readonly parameters?: readonly string[]
  /** What it can hold of it all at most. */
  readonly mostFeatures?: number
  /** Why such features cannot be written in it, as the end of a sentence; undefined where they can. Throws `invalid-parameter` for options it does not know. */
  obstacle?(head: FeatureHead, options: WriteOptions): string | undefined
  /**
   * The bytes, in pieces of up to about 256 KB. Nothing is read before it is asked for; whoever stops asking must call `return`, which frees the rows and
   * what was kept on disk. Deterministic: the same rows give the same bytes. Throws Problems; what was written by then is no whole file.
   */
  write(table: FeatureTable, options: WriteOptions): AsyncIterable<Uint8Array>
}

/** What formats are told beside the features. */
export interface WriteOptions {
  /** ISO 639-1 codes, best first. */
  readonly languages: readonly string[]
  /** Coordinates are written y,x where the format leaves that to the request; x,y otherwise. */
  readonly isFlipped?: boolean
  /** Decimals of x and y, at most; else as many as keep a millimetre. */
  readonly decimals?: number
  /** What the request says to the format, by names in lower case: `geometry=wkt` to CSV. */
  readonly parameters: ReadonlyMap<string, string>
  /** It is written to be kept, and read again and again: an index is worth its while. */
  readonly isStored?: boolean
  /** A folder for what cannot be written in order; formats remove what they put there. */
  readonly temporaryFolder: string
  /** Of answers that are a page of a collection, for formats that can say it. */
  readonly page?: Page
  /** As of `FeatureFormatOptions`. */
  readonly namespaces: ReadonlyMap<string, string>
  readonly namespace: string
  readonly schemaAddress?: (prefix: string, ids: readonly string[], version: GmlVersionName) => string
}

/** What an answer says about itself beside its features. */
export interface Page {
  /** Asked once, when all features are written. */
  readonly numberMatched: () => number | undefined
  /** An estimate: what is told where the exact number is not known in the end. */
  readonly numberEstimated?: number
  readonly timeStamp: string
  readonly links: readonly Link[]
  /** Asked once, when all features are written: the links that are known only then (`next`). */
  readonly lastLinks: () => readonly Link[]
  /** Address of the items, below which each feature is: `{base}/{id}`. */
  readonly itemsAddress: string
  /** The answer is this one feature, not a collection of one. */
  readonly isSingle?: boolean
}

/** A link (RFC 8288) as documents of OGC APIs have it; `href` is absolute. */
export interface Link {
  readonly href: string
  readonly rel: string
  readonly type?: string
  readonly title?: string
  /** Bytes of what it leads to. */
  readonly length?: number
  readonly hreflang?: string
}
