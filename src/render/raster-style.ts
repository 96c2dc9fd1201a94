import type { BandExpression } from '#styles/band-expression.js'
import type { RasterSymbolizer, ValueRange } from '#styles/raster-symbolizer.js'
import { bandValues } from './band-values.js'
import { paintColors, paintPalette, paintValues, type Shading } from './raster-paint.js'
import type { RasterPixels } from './raster-pixels.js'
import { type ColorOf, colorRamp, grayColors, heightColors, mappedColors, tabledRamp } from './raster-ramp.js'
import { type GroundCell, shadeRelief } from './raster-shade.js'
import { changeTones } from './raster-tones.js'

/** What painting needs to know of a band. */
export interface PaintedBand {
  readonly sampleType: string
  readonly meaning: string
  readonly range?: readonly [number, number]
}

/** Turns samples into colours. */
export interface RasterPainter {
  /** Values are classes: neither averaged nor interpolated. */
  readonly isClassified: boolean
  /** Colours are the samples themselves: red, green and blue of 8 bits, which a store may hand over without painting. */
  readonly isPhotograph: boolean
  /** Writes RGBA with premultiplied alpha (0xAABBGGRR, as bytes R, G, B, A) for every pixel. `cell` is for shading. */
  paint(pixels: RasterPixels, cell: GroundCell, out: Uint32Array): void
}

/** A raster without bands shows nothing, whatever its style says. */
const noBand: PaintedBand = { sampleType: 'float32', meaning: 'value' }

const ownColors = ['red', 'green', 'blue']

/**
 * The painter for a raster. Without a symbolizer, or where it leaves things open: photographs as they are, deeper ones stretched over the
 * range of each band, palettes by their colours, heights by a hypsometric scale with light relief, other single bands in gray.
 */
export function rasterPainter(bands: readonly PaintedBand[], symbolizer?: RasterSymbolizer): RasterPainter {
  const ofBands = painters.get(bands) ?? new WeakMap<object, RasterPainter>()
  painters.set(bands, ofBands)
  const painter = ofBands.get(symbolizer ?? noSymbolizer) ?? newPainter(bands, symbolizer)
  ofBands.set(symbolizer ?? noSymbolizer, painter)
  return painter
}

// A memo of a pure function: bands and styles of what is published are the same objects from map to map, and tables of colours take as long as a map.
const painters = new WeakMap<object, WeakMap<object, RasterPainter>>()
const noSymbolizer = {}

function newPainter(bands: readonly PaintedBand[], symbolizer?: RasterSymbolizer): RasterPainter {
  const plain = painterOf(bands, symbolizer)
  const tones = symbolizer?.tones
  if (!tones) return plain
  return {
    ...plain,
    isPhotograph: false,
    paint(pixels, cell, out) {
      plain.paint(pixels, cell, out)
      changeTones(out, tones)
    },
  }
}

function painterOf(bands: readonly PaintedBand[], symbolizer?: RasterSymbolizer): RasterPainter {
  if (symbolizer?.value && symbolizer.value.kind !== 'band') return expressionPainter(symbolizer.value, symbolizer)
  const shown = symbolizer?.value?.kind === 'band' ? [symbolizer.value.band] : bandsShown(bands, symbolizer)
  if (shown.length === 3 && !symbolizer?.colorMap) return colorPainter(bands, shown, symbolizer)
  return bandPainter(bands, shown[0], symbolizer)
}

function colorPainter(bands: readonly PaintedBand[], shown: readonly number[], symbolizer: RasterSymbolizer | undefined): RasterPainter {
  const shadings = shown.map((b, i) => shadingOf(bands[b], symbolizer?.ranges?.[i] ?? symbolizer?.range, symbolizer?.gamma))
  const isPhotograph = shown.every((band, i) => bands[band].meaning === ownColors[i] && !shadings[i])
  return { isClassified: false, isPhotograph, paint: (pixels, _, out) => paintColors(pixels, shown, shadings, out) }
}

function bandPainter(bands: readonly PaintedBand[], band: number, symbolizer: RasterSymbolizer | undefined): RasterPainter {
  const painted = bands[band] ?? noBand
  const { meaning, sampleType } = painted
  const { colorMap, gamma } = symbolizer ?? {}
  if (meaning === 'palette' && !colorMap)
    return { isClassified: true, isPhotograph: false, paint: (pixels, _, out) => paintPalette(pixels, band, out) }
  const isHeight = meaning !== 'palette' && !symbolizer?.isGray && /^(int16|int32|float)/.test(sampleType)
  const isShaded = symbolizer?.isShaded ?? (isHeight && !colorMap)
  const range = symbolizer?.range ?? rangeOf(painted)
  const colors = colorMap ? mappedColors(colorMap) : tabledRamp(colorRamp(isHeight ? heightColors(range) : grayColors(range)), range, gamma)
  return {
    isClassified: meaning === 'palette' || colorMap?.kind === 'values',
    isPhotograph: false,
    paint: (pixels, cell, out) =>
      paintValues(pixels.bands[band], pixels.mask, colors, isShaded ? shadeRelief(pixels, band, cell) : undefined, out),
  }
}

/** Values that are computed, in gray where no colour map says otherwise. */
function expressionPainter(expression: BandExpression, { colorMap, range, gamma }: RasterSymbolizer): RasterPainter {
  const shown = range ?? usualRange(expression)
  const colors: ColorOf = colorMap ? mappedColors(colorMap) : tabledRamp(colorRamp(grayColors(shown)), shown, gamma)
  return {
    isClassified: colorMap?.kind === 'values',
    isPhotograph: false,
    paint: (pixels, cell, out) => paintValues(bandValues(expression, pixels, cell), pixels.mask, colors, undefined, out),
  }
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

/** Undefined: 8-bit shades as they are. */
function shadingOf(band: PaintedBand, asked: ValueRange | undefined, gamma = 1): Shading | undefined {
  const range = asked ?? band.range ?? (band.sampleType === 'uint8' && gamma === 1 ? undefined : rangeOf(band))
  return range && { least: range[0], greatest: range[1], gamma }
}

function rangeOf({ range, sampleType }: PaintedBand): ValueRange {
  return range ?? (sampleType === 'uint8' ? [0, 255] : sampleType === 'uint16' ? [0, 65535] : [0, 1])
}
