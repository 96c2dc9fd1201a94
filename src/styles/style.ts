/** The one style model, plain data. Colours are `#rrggbb`; lengths are pixels of 0.28 mm (OGC 06-042, 7.2.4.6.9), scaled by the map's DPI. */
export interface Style {
  readonly rules: readonly Rule[]
}

export interface Rule {
  readonly name: string
  readonly minScaleDenominator?: number
  readonly maxScaleDenominator?: number
  readonly symbolizers: readonly Symbolizer[]
}

export type Symbolizer = FillSymbolizer | LineSymbolizer | MarkSymbolizer | RasterSymbolizer

export interface FillSymbolizer {
  readonly kind: 'fill'
  readonly color: string
  readonly opacity: number
  readonly outline?: Stroke
}

export interface LineSymbolizer {
  readonly kind: 'line'
  /** Drawn under all strokes of the rule. */
  readonly casing?: Stroke
  readonly stroke: Stroke
}

export interface Stroke {
  readonly color: string
  readonly opacity: number
  readonly width: number
}

export interface MarkSymbolizer {
  readonly kind: 'mark'
  readonly shape: 'circle' | 'square' | 'triangle' | 'cross'
  readonly radius: number
  readonly color: string
  readonly opacity: number
  readonly halo?: Stroke
}

export interface RasterSymbolizer {
  readonly kind: 'raster'
  readonly opacity: number
  /** Bands shown, by index from 0; absent: as the file says. */
  readonly bands?: readonly [number, number, number]
  readonly colorMap?: readonly { readonly value: number; readonly color: string }[]
  /** Values outside are clamped; absent: the band's own range. */
  readonly range?: readonly [number, number]
  readonly isShaded?: boolean
}
