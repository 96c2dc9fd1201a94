import type { BandExpression } from './band-expression.js'

/** How a raster is shown. What it leaves open the file decides: photographs as they are, heights shaded, palettes by their colours. */
export interface RasterSymbolizer {
  readonly kind: 'raster'
  readonly opacity: number
  /** Bands shown as red, green and blue, by index from 0. */
  readonly bands?: readonly [number, number, number]
  /** One value computed from the bands, shown instead of bands. */
  readonly value?: BandExpression
  /** One band is gray where no colour map says otherwise, heights too. */
  readonly isGray?: true
  /** Least and greatest value shown, what lies outside is clamped; for all bands, or for each of three. Absent: the bands' own. */
  readonly range?: ValueRange
  readonly ranges?: readonly [ValueRange, ValueRange, ValueRange]
  /** Shares of the values, 0 to 100, that stand for least and greatest; measured when the raster is published, which turns them into ranges. */
  readonly percentiles?: ValueRange
  /** Above 1 brightens what is between darkest and brightest. */
  readonly gamma?: number
  readonly colorMap?: ColorMap
  /** Of the colours that are shown. */
  readonly tones?: RasterTones
  /** Colours are darkened and brightened by the relief. */
  readonly isShaded?: boolean
  /** Heights in metres as colours that programs read: `mapbox` (10 cm from -10,000 m) or `terrarium` (1/256 m from -32,768 m). */
  readonly encoding?: 'mapbox' | 'terrarium'
}

/** How colours are changed once they are painted. */
export interface RasterTones {
  /** Added to each channel, -255 to 255. */
  readonly brightness?: number
  /** Each channel is as many times as far from the middle. */
  readonly contrast?: number
  /** 0 is gray, 1 as it is, 2 most. */
  readonly saturation?: number
  /** Gray, by what of the three channels. */
  readonly gray?: 'lightness' | 'luminosity' | 'average'
}

/** In the units of the values of the band. */
export type ValueRange = readonly [least: number, greatest: number]

/**
 * Colours of values. `ramp`: between two entries colours are mixed, beyond the ends they stay. `intervals`: an entry colours what lies below its value and
 * not below the one before; what lies at or above the last shows nothing. `values`: exactly these, the rest shows nothing.
 */
export interface ColorMap {
  readonly kind: 'ramp' | 'intervals' | 'values'
  /** By rising value. */
  readonly entries: readonly ColorEntry[]
}

/** `#rrggbb` of a value; opacity is 0 to 1, 1 when absent. */
export interface ColorEntry {
  readonly value: number
  readonly color: string
  readonly opacity?: number
  readonly label?: string
  /** Legends leave it out. */
  readonly isUnlisted?: true
}
