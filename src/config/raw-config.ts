import type { Contact, ForeignIdentifier, Keywords, LegacyServer, Limits, Logo, Text } from '#core/atlas.js'
import type { MosaicOrder } from '#core/mosaic-order.js'
import type { Parameter } from '#core/parameter.js'
import type { Bbox } from '#geo/bbox.js'
import type { Resampling } from '#render/resampling.js'
import type { RemoteSettings } from '#stores/cog/sources/remote-settings.js'
import type { ValueRange } from '#styles/raster-symbolizer.js'

/** The config file as the schema lets it pass, before references are checked and defaults filled in. */
export interface RawConfig {
  readonly sources?: OneOrMore
  readonly service?: {
    readonly title?: Text
    readonly abstract?: Text
    readonly keywords?: Keywords
    readonly contact?: Contact
    readonly fees?: string
    readonly constraints?: string
    readonly licence?: string
    readonly languages?: readonly string[]
    readonly publicUrl?: string
    readonly lenient?: boolean
    readonly metadata?: RawResource
  }
  readonly stores?: Readonly<Record<string, RawStore>>
  readonly collections?: Readonly<Record<string, RawCollection>>
  readonly spaces?: Readonly<Record<string, { readonly title?: Text; readonly collections: readonly string[] }>>
  readonly grids?: Readonly<Record<string, RawGrid>>
  readonly limits?: Partial<Limits>
  readonly exports?: { readonly at: string; readonly collections?: OneOrMore; readonly formats?: OneOrMore }
  readonly access?: {
    readonly accounts?: Readonly<Record<string, { readonly password?: string; readonly keys?: readonly string[] }>>
    readonly write?: Readonly<Record<string, readonly string[]>>
  }
  readonly fonts?: OneOrMore
  readonly remote?: { readonly styles?: OneOrMore }
  readonly state?: { readonly store: string }
  readonly namespaces?: Readonly<Record<string, string>>
  readonly legacy?: readonly LegacyServer[]
  readonly cache?: { readonly memory?: number; readonly rows?: number; readonly blocks?: number; readonly disk?: unknown }
}

export interface RawResource {
  readonly url: string
  readonly format?: string
}

export type OneOrMore = string | readonly string[]

export type RawStore =
  | {
      readonly kind: 'postgis'
      readonly url: string
      readonly schemas?: OneOrMore
      readonly poolSize?: number
      readonly statementSeconds?: number
      readonly discover?: boolean
    }
  | { readonly kind: 'embedded'; readonly files?: OneOrMore; readonly discover?: boolean }
  | {
      readonly kind: 'cog'
      readonly root?: string
      readonly files?: OneOrMore
      readonly remote?: Partial<RemoteSettings>
    }

export type RawColors = readonly (readonly [value: number, color: string, label?: string])[]

export interface RawRaster {
  readonly bands?: readonly [number, number, number]
  readonly value?: string
  readonly range?: ValueRange
  readonly ranges?: readonly [ValueRange, ValueRange, ValueRange]
  readonly percentiles?: ValueRange
  readonly gamma?: number
  readonly ramp?: RawColors
  readonly intervals?: RawColors
  readonly values?: RawColors
  readonly shaded?: boolean
  readonly encoding?: 'mapbox' | 'terrarium'
  readonly opacity?: number
}

export interface RawRasterStyle {
  readonly name: string
  readonly title?: Text
  readonly raster: RawRaster
}

export interface RawGrid {
  readonly title?: string
  readonly crs: string
  readonly cellSizes: readonly number[]
  readonly halvings?: number
  readonly extent: Bbox
  readonly anchor?: 'upper-left' | 'lower-left'
  readonly tileSize?: number
  readonly idPrefix?: string
}

type RawValues = string | number | readonly (string | number)[]

export interface RawDimension {
  readonly column?: string
  readonly start?: string
  readonly end?: string
  readonly pattern?: string
  readonly band?: number
  readonly units?: string
  readonly symbol?: string
  readonly extent?: RawValues
  readonly step?: string | number
  readonly default?: RawValues
  readonly multiple?: boolean
  readonly nearest?: boolean
  readonly current?: boolean
}

export interface RawCollection {
  readonly store?: string
  readonly table?: string
  readonly files?: OneOrMore
  readonly id?: OneOrMore
  readonly geometry?: string
  readonly title?: Text
  readonly abstract?: Text
  readonly keywords?: Keywords
  readonly licence?: string
  readonly attribution?: Text
  readonly attributionUrl?: string
  readonly logo?: Logo
  readonly theme?: OneOrMore
  readonly metadata?: readonly (RawResource & { readonly type?: string })[]
  readonly data?: readonly RawResource[]
  readonly featureLists?: readonly RawResource[]
  readonly info?: Text
  readonly identifiers?: readonly ForeignIdentifier[]
  readonly crs?: readonly string[]
  readonly epoch?: number
  readonly extent?: Bbox
  readonly minScaleDenominator?: number
  readonly maxScaleDenominator?: number
  readonly styles?: string | RawRasterStyle | readonly (string | RawRasterStyle)[]
  readonly resampling?: Resampling
  readonly quality?: number
  readonly locking?: 'required'
  readonly queryables?: OneOrMore
  readonly hidden?: OneOrMore
  readonly units?: Readonly<Record<string, string>>
  readonly filter?: string
  readonly params?: Readonly<Record<string, Omit<Parameter, 'name'>>>
  readonly order?: MosaicOrder
  readonly time?: string | RawDimension
  readonly elevation?: string | RawDimension
  readonly dimensions?: Readonly<Record<string, string | RawDimension>>
  readonly accuracy?: string | { readonly pattern: string }
}

/** The styles of a collection that are written into the config itself; names of files are the rest. */
export function rasterStylesOf({ styles = [] }: RawCollection): readonly RawRasterStyle[] {
  return stylesIn(styles).filter(style => typeof style !== 'string')
}

/** Names of the files of styles, as the config has them. */
export function styleFilesOf({ styles = [] }: RawCollection): readonly string[] {
  return stylesIn(styles).filter(style => typeof style === 'string')
}

const stylesIn = (styles: NonNullable<RawCollection['styles']>): readonly (string | RawRasterStyle)[] =>
  typeof styles === 'string' || !Array.isArray(styles) ? [styles as string | RawRasterStyle] : styles

export const listOf = (value: OneOrMore | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value
