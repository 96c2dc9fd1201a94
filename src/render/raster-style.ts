import type { BandExpression } from '#styles/band-expression.js'
import type { RasterSymbolizer, ValueRange } from '#styles/raster-symbolizer.js'
import { bandValues } from './band-values.js'
import { ownColors, type PaintedBand, type RasterLook, rangeOf, rasterLook } from './raster-look.js'
import { paintColors, paintPalette, paintValues, type Shading } from './raster-paint.js'
import type { RasterPixels } from './raster-pixels.js'
import { type ColorOf, colorRamp, grayColors, heightColors, mappedColors, tabledRamp } from './raster-ramp.js'
import { type GroundCell, shadeRelief } from './raster-shade.js'
import { changeTones } from './raster-tones.js'

/** Turns samples into colours. */
export interface RasterPainter {
  /** Values are classes: neither averaged nor interpolated. */
  readonly isClassified: boolean
  /** Colours are the samples themselves: red, green and blue of 8 bits, which a store may hand over without painting. */
  readonly isPhotograph: boolean
  /** What lies beside a pixel bears on its colour: slopes and light. */
  readonly looksAround?: boolean
  /** Writes RGBA with premultiplied alpha (0xAABBGGRR, as bytes R, G, B, A) for every pixel. `cell` is for shading. */
  paint(pixels: RasterPixels, cell: GroundCell, out: Uint32Array): void
}

/** The painter for a raster, of the look that `rasterLook` says. */
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
  const look = rasterLook(bands, symbolizer)
  switch (look.kind) {
    case 'colors':
      return colorPainter(bands, look.bands, symbolizer)
    case 'palette':
      return { isClassified: true, isPhotograph: false, paint: (pixels, _, out) => paintPalette(pixels, look.band, out) }
    case 'values':
      return bandPainter(look, bands[look.band]?.meaning === 'palette' || bands[look.band]?.classes !== undefined, symbolizer)
    case 'computed':
      return expressionPainter(look, symbolizer)
  }
}

function colorPainter(bands: readonly PaintedBand[], shown: readonly number[], symbolizer: RasterSymbolizer | undefined): RasterPainter {
  const shadings = shown.map((b, i) => shadingOf(bands[b], symbolizer?.ranges?.[i] ?? symbolizer?.range, symbolizer?.gamma))
  const isPhotograph = shown.every((band, i) => bands[band].meaning === ownColors[i] && !shadings[i])
  return { isClassified: false, isPhotograph, paint: (pixels, _, out) => paintColors(pixels, shown, shadings, out) }
}

function bandPainter(
  { band, scale, range, isShaded }: Extract<RasterLook, { readonly kind: 'values' }>,
  hasClasses: boolean,
  { colorMap, gamma }: Partial<RasterSymbolizer> = {},
): RasterPainter {
  const colors = colorMap
    ? mappedColors(colorMap)
    : tabledRamp(colorRamp(scale === 'heights' ? heightColors(range) : grayColors(range)), range, gamma)
  return {
    isClassified: hasClasses || colorMap?.kind === 'values',
    isPhotograph: false,
    looksAround: isShaded,
    paint: (pixels, cell, out) =>
      paintValues(pixels.bands[band], pixels.mask, colors, isShaded ? shadeRelief(pixels, band, cell) : undefined, out),
  }
}

/** Values that are computed, in gray where no colour map says otherwise. */
function expressionPainter(
  { expression, range }: Extract<RasterLook, { readonly kind: 'computed' }>,
  { colorMap, gamma }: Partial<RasterSymbolizer> = {},
): RasterPainter {
  const colors: ColorOf = colorMap ? mappedColors(colorMap) : tabledRamp(colorRamp(grayColors(range)), range, gamma)
  return {
    isClassified: colorMap?.kind === 'values',
    isPhotograph: false,
    looksAround: isOfSurface(expression),
    paint: (pixels, cell, out) => paintValues(bandValues(expression, pixels, cell), pixels.mask, colors, undefined, out),
  }
}

const isOfSurface = (expression: BandExpression): boolean =>
  expression.kind === 'call' && (['slope', 'aspect', 'hillshade'].includes(expression.name) || expression.arguments.some(isOfSurface))

/** Undefined: 8-bit shades as they are. */
function shadingOf(band: PaintedBand, asked: ValueRange | undefined, gamma = 1): Shading | undefined {
  const range = asked ?? band.range ?? (band.sampleType === 'uint8' && gamma === 1 ? undefined : rangeOf(band))
  return range && { least: range[0], greatest: range[1], gamma }
}
