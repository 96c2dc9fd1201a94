import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from '#xml/read.js'
import type { ColorEntry, ColorMap, RasterSymbolizer, ValueRange } from '../raster-symbolizer.js'
import { qmlColor } from './qml-color.js'

type Note = (message: string) => void

/** How a raster layer (`<pipe>`) is shown. Undefined where its renderer has no counterpart. */
export function readRaster(pipe: XmlElement, note: Note): RasterSymbolizer | undefined {
  const renderer = childOf(pipe, 'rasterrenderer')
  if (!renderer) return undefined
  const shown = rendererOf(renderer, note)
  if (!shown) return undefined
  if (number(renderer, 'alphaBand', -1) > 0) note('the band of opacity is not read')
  if (
    childOf(renderer, 'rasterTransparency')?.content.some(
      item => typeof item !== 'string' && item.content.some(inner => typeof inner !== 'string'),
    )
  )
    note('values that are transparent are drawn')
  return { kind: 'raster', opacity: number(renderer, 'opacity', 1), ...shown, ...adjusted(pipe, note) }
}

function rendererOf(renderer: XmlElement, note: Note): Partial<RasterSymbolizer> | undefined {
  const type = attributeOf(renderer, 'type') ?? ''
  const band = (name: string) => Math.max(0, number(renderer, name, 1) - 1)
  switch (type) {
    case 'singlebandpseudocolor':
      return { ...ofBand(band('band')), ...colorsOf(shaderOf(renderer, note)) }
    case 'paletted': {
      const palette = childOf(renderer, 'colorPalette')
      const entries = palette ? childrenOf(palette, 'paletteEntry').flatMap(entryOf) : []
      return { ...ofBand(band('band')), colorMap: { kind: 'values', entries: rising(entries) } }
    }
    case 'multibandcolor': {
      const names = ['red', 'green', 'blue'] as const
      const ranges = names.map(name => rangeOf(childOf(renderer, `${name}ContrastEnhancement`), note))
      const bands = names.map(name => band(`${name}Band`)) as unknown as RasterSymbolizer['bands']
      return { bands, ...(ranges.every(range => range !== undefined) && { ranges: ranges as unknown as RasterSymbolizer['ranges'] }) }
    }
    case 'singlebandgray':
      return grayOf(renderer, band('grayBand'), note)
    case 'hillshade': {
      if (attributeOf(renderer, 'multidirection') === '1') note('light of several directions falls from one')
      const numbers = [number(renderer, 'azimuth', 315), number(renderer, 'angle', 45), number(renderer, 'zfactor', 1)]
      const light = numbers.map(value => ({ kind: 'number', value }) as const)
      return { value: { kind: 'call', name: 'hillshade', arguments: [{ kind: 'band', band: band('band') }, ...light] }, range: [0, 255] }
    }
    case 'singlebandcolordata':
      return {}
    default:
      note(`rasters of the type ${type.slice(0, 40)} are not drawn so`)
      return undefined
  }
}

const ofBand = (band: number): Partial<RasterSymbolizer> => ({ value: { kind: 'band', band } })

function grayOf(renderer: XmlElement, band: number, note: Note): Partial<RasterSymbolizer> {
  const range = rangeOf(childOf(renderer, 'contrastEnhancement'), note)
  if (attributeOf(renderer, 'gradient') !== 'WhiteToBlack') return { ...ofBand(band), isGray: true, ...(range && { range }) }
  const [least, most] = range ?? [0, 255]
  const entries: ColorEntry[] = [
    { value: least, color: '#ffffff' },
    { value: most, color: '#000000' },
  ]
  return { ...ofBand(band), colorMap: { kind: 'ramp', entries } }
}

/** Of `<contrastEnhancement>`; values outside are clamped. */
function rangeOf(element: XmlElement | undefined, note: Note): ValueRange | undefined {
  if (!element) return undefined
  const [least, most] = ['minValue', 'maxValue'].map(name => Number(textOf(childOf(element, name) ?? element) || Number.NaN))
  const algorithm = textOf(childOf(element, 'algorithm') ?? element)
  if (algorithm.startsWith('Clip')) note('values outside of the range are clamped, and not left out')
  const isUsed = algorithm !== '' && algorithm !== 'NoEnhancement' && Number.isFinite(least) && Number.isFinite(most) && least < most
  return isUsed ? [least, most] : undefined
}

function shaderOf(renderer: XmlElement, note: Note): ColorMap | undefined {
  const shader = childOf(childOf(renderer, 'rastershader') ?? renderer, 'colorrampshader')
  if (!shader) {
    note('the colours of the values are missing')
    return undefined
  }
  const entries = rising(childrenOf(shader, 'item').flatMap(entryOf))
  const type = attributeOf(shader, 'colorRampType') ?? 'INTERPOLATED'
  if (type === 'EXACT') return { kind: 'values', entries }
  if (type === 'DISCRETE') return { kind: 'intervals', entries: entries.map(entry => ({ ...entry, value: justAbove(entry.value) })) }
  if (attributeOf(shader, 'clip') === '1') note('values outside of the ramp have the colours of its ends')
  return { kind: 'ramp', entries }
}

const colorsOf = (colorMap: ColorMap | undefined): Partial<RasterSymbolizer> =>
  colorMap && colorMap.entries.length > 0 ? { colorMap } : {}

/** A class of QGIS ends with its value, ours below it: the next number that a raster of single precision has. */
function justAbove(value: number): number {
  if (!Number.isFinite(value)) return Number.MAX_VALUE
  const bits = new DataView(new ArrayBuffer(4))
  bits.setFloat32(0, value)
  const rounded = bits.getFloat32(0)
  if (rounded > value) return rounded
  if (rounded === 0) return 2 ** -149
  bits.setInt32(0, bits.getInt32(0) + (rounded > 0 ? 1 : -1))
  return bits.getFloat32(0)
}

function entryOf(element: XmlElement): ColorEntry[] {
  const text = attributeOf(element, 'value') ?? ''
  const value = /^\+?inf/i.test(text) ? Number.POSITIVE_INFINITY : Number(text || Number.NaN)
  if (Number.isNaN(value)) return []
  const { color } = qmlColor(attributeOf(element, 'color'))
  const alpha = number(element, 'alpha', 255)
  const label = attributeOf(element, 'label')
  return [{ value, color, ...(alpha < 255 && { opacity: Math.round((alpha / 255) * 1e6) / 1e6 }), ...(label && { label }) }]
}

const rising = (entries: readonly ColorEntry[]) => [...entries].sort((a, b) => a.value - b.value)

/** Gamma, brightness, contrast and saturation; what else changes colours is noted. */
function adjusted(pipe: XmlElement, note: Note): Pick<RasterSymbolizer, 'gamma' | 'tones'> {
  const light = childOf(pipe, 'brightnesscontrast')
  const hue = childOf(pipe, 'huesaturation')
  const of = (element: XmlElement | undefined, name: string, otherwise: number) => (element ? number(element, name, otherwise) : otherwise)
  const [brightness, contrast, gamma] = [of(light, 'brightness', 0), of(light, 'contrast', 0), of(light, 'gamma', 1)]
  const saturation = of(hue, 'saturation', 0)
  const gray = ([undefined, 'lightness', 'luminosity', 'average'] as const)[of(hue, 'grayscaleMode', 0)]
  if (of(hue, 'colorizeOn', 0) !== 0 || (hue && attributeOf(hue, 'invertColors') === '1')) note('colorize and inversion are not applied')
  const tones = {
    ...(brightness !== 0 && { brightness }),
    ...(contrast !== 0 && { contrast: ((Math.min(100, Math.max(-100, contrast)) + 100) / 100) ** 2 }),
    ...(saturation !== 0 && !gray && { saturation: Math.min(2, Math.max(0, saturation / 100 + 1)) }),
    ...(gray && { gray }),
  }
  return { ...(gamma > 0 && gamma !== 1 && { gamma }), ...(Object.keys(tones).length > 0 && { tones }) }
}

function number(element: XmlElement, name: string, otherwise: number): number {
  const value = Number(attributeOf(element, name) || otherwise)
  return Number.isFinite(value) ? value : otherwise
}
