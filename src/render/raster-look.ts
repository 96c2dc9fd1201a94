import type { BandExpression } from '#styles/band-expression.js'
import type { RasterSymbolizer, ValueRange } from '#styles/raster-symbolizer.js'

/** What looks depend on of a band. */
export interface PaintedBand {
  readonly sampleType: string
  readonly meaning: string
  readonly range?: readonly [number, number]
  /** There are any where values are names of something. */
  readonly classes?: readonly object[]
}

/** What a raster looks like, with all decided that its symbolizer leaves open. */
export type RasterLook =
  /** Three bands as red, green and blue. */
  | { readonly kind: 'colors'; readonly bands: readonly number[] }
  /** One band by the palette of its file. */
  | { readonly kind: 'palette'; readonly band: number }
  /** One band by a colour map, or where there is none as heights in colours or in gray, over a range. */
  | {
      readonly kind: 'values'
      readonly band: number
      readonly scale: 'map' | 'heights' | 'gray'
      readonly range: ValueRange
      readonly isShaded: boolean
    }
  /** A value computed from bands, by a colour map or in gray over a range. */
  | { readonly kind: 'computed'; readonly expression: BandExpression; readonly range: ValueRange }

/** A raster without bands shows nothing, whatever its style says. */
const noBand: PaintedBand = { sampleType: 'float32', meaning: 'value' }

export const ownColors = ['red', 'green', 'blue']

/**
 * The look of a raster. Without a symbolizer, or where it leaves things open: photographs as they are, deeper ones stretched over the range of each band,
 * palettes by their colours, heights by a hypsometric scale with light relief, other single bands in gray.
 */
export function rasterLook(bands: readonly PaintedBand[], symbolizer?: RasterSymbolizer): RasterLook {
  const { value, colorMap, range, isGray } = symbolizer ?? {}
  if (value && value.kind !== 'band') return { kind: 'computed', expression: value, range: range ?? usualRange(value) }
  const shown = value ? [value.band] : bandsShown(bands, symbolizer)
  if (shown.length === 3 && !colorMap) return { kind: 'colors', bands: shown }
  const [band] = shown
  const painted = bands[band] ?? noBand
  const isPalette = painted.meaning === 'palette'
  if (isPalette && !colorMap) return { kind: 'palette', band }
  const isHeight = !isPalette && !painted.classes && !isGray && /^(int16|int32|float)/.test(painted.sampleType)
  return {
    kind: 'values',
    band,
    scale: colorMap ? 'map' : isHeight ? 'heights' : 'gray',
    range: range ?? rangeOf(painted),
    isShaded: symbolizer?.isShaded ?? (isHeight && !colorMap),
  }
}

/** Three bands for a colour picture, one otherwise. Infrared is shown only when asked for. */
function bandsShown(bands: readonly PaintedBand[], symbolizer: RasterSymbolizer | undefined): readonly number[] {
  const asked = symbolizer?.bands?.filter(band => band >= 0 && band < bands.length)
  if (asked?.length === 3) return asked[0] === asked[1] && asked[1] === asked[2] ? [asked[0]] : asked
  const named = ownColors.map(meaning => bands.findIndex(band => band.meaning === meaning))
  if (named.every(band => band >= 0)) return named
  const usable = bands.flatMap(({ meaning }, i) => (meaning === 'alpha' ? [] : [i]))
  if (usable.length >= 3 && bands[usable[0]].meaning !== 'palette') return usable.slice(0, 3)
  return [usable[0] ?? 0]
}

/** What the values of an expression lie in where nobody says: of a surface, of a truth, of an index. */
export function usualRange(expression: BandExpression): ValueRange {
  if (expression.kind !== 'call') return [0, 1]
  switch (expression.name) {
    case 'hillshade':
      return [0, 255]
    case 'slope':
      return [0, 90]
    case 'aspect':
      return [0, 360]
    case '/':
      return [-1, 1]
    default:
      return [0, 1]
  }
}

export function rangeOf({ range, sampleType }: PaintedBand): ValueRange {
  return range ?? (sampleType === 'uint8' ? [0, 255] : sampleType === 'uint16' ? [0, 65535] : [0, 1])
}
