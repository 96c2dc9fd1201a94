import type { Identified } from '#core/encoders.js'
import type { GmlVersionName } from './gml-version.js'

/** A way of writing what was found at a place: features and raster values of several collections. */
export interface FeatureFormat {
  readonly name: string
  /** The first is the one to advertise; the others are the same by another name. */
  readonly mediaTypes: readonly string[]
  /** Text comes as a string or as UTF-8. Deterministic: the same sets give the same bytes. */
  encode(sets: readonly Identified[], options: FeatureFormatOptions): Uint8Array | string
}

export interface FeatureFormatOptions {
  /** ISO 639-1 codes, best first. */
  readonly languages: readonly string[]
  /** Prefix of collection names to namespace URI, as in the atlas. */
  readonly namespaces: ReadonlyMap<string, string>
  /** Namespace of collections without a prefix: `{publicUrl}/ns`. */
  readonly namespace: string
  /** Where the schema of collections of a prefix is, for formats that name it. */
  readonly schemaAddress?: (prefix: string, ids: readonly string[], version: GmlVersionName) => string
}
