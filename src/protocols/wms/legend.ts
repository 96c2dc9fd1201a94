import type { Background } from '#core/queries.js'
import type { RasterSymbolizer } from '#styles/raster-symbolizer.js'
import {
  type FillSymbolizer,
  type Graphic,
  type LineSymbolizer,
  type Rule,
  rulesOf,
  type Stroke,
  type Style,
  type Symbolizer,
} from '#styles/style.js'
import { attributes, type Xml, xml, xmlDocument } from '#xml/write.js'
import type { PictureFormat } from './appearance.js'
import { encoded } from './encoded.js'
import { glyphHeight, glyphsOf, glyphWidth } from './glyphs.js'

export interface LegendFrame {
  /** Pixels of one symbol. */
  readonly width: number
  readonly height: number
  /** Only what is drawn at this scale denominator. */
  readonly scaleDenominator?: number
}

/** Pixels of a symbol when the client does not say; LegendURL in capabilities says the same. */
export const legendSymbol = { width: 24, height: 18 } as const

/** A symbol with what it stands for; `text` is empty when there is nothing to tell apart. */
interface LegendRow {
  readonly symbols: () => readonly Xml[]
  readonly text: string
}

/** Rows beyond this are not drawn: nobody reads them. */
const maxRows = 200
const gap = 2
const textStart = 6
const longestText = 60

/** Size in pixels of the legend of a style. */
export function legendSize(style: Style, frame: LegendFrame): { readonly width: number; readonly height: number } {
  const rows = rowsOf(style, frame)
  const longest = Math.max(...rows.map(({ text }) => glyphsOf(text).length))
  return {
    width: frame.width + (longest === 0 ? 0 : 2 * textStart + longest * (glyphWidth + 1)),
    height: rows.length * (rowHeight(frame) + gap) - gap,
  }
}

/** The legend of a style: a symbol for each rule, or each class of a raster, one below the other, with their names where there are several. */
export async function legendImage(style: Style, frame: LegendFrame, background: Background, mediaType: PictureFormat): Promise<Uint8Array> {
  const { width, height } = legendSize(style, frame)
  const step = rowHeight(frame) + gap
  const rows = rowsOf(style, frame).map(({ symbols, text }, i) => {
    const middle = Math.floor((rowHeight(frame) - frame.height) / 2)
    return xml`
      <g${attributes({ transform: `translate(0 ${i * step + middle})` })}>${symbols()}</g>
      <path${attributes({ d: inkPath(text, frame.width + textStart, i * step + Math.floor((rowHeight(frame) - glyphHeight) / 2)) })}/>`
  })
  const drawing = xmlDocument(xml`<svg${attributes({ xmlns: 'http://www.w3.org/2000/svg', width, height })}>${rows}</svg>`)
  const { default: sharp } = await import('sharp')
  const image = sharp(Buffer.from(drawing))
  const isTransparent = background.isTransparent && mediaType !== 'image/jpeg'
  if (!isTransparent) image.flatten({ background: `#${background.color.toString(16).padStart(6, '0')}` })
  return encoded(image, mediaType)
}

const rowHeight = ({ height }: LegendFrame) => Math.max(height, glyphHeight + 2)

/** Rules drawn at a scale; without one, at the scale where the most are: rules that take turns are one thing, not several. */
function rulesAt(style: Style, scale?: number): readonly Rule[] {
  const rules = joinedRules(style)
  const at = (scale: number) =>
    rules.filter(
      ({ minScaleDenominator = 0, maxScaleDenominator = Infinity }) => scale >= minScaleDenominator && scale < maxScaleDenominator,
    )
  if (scale !== undefined) return at(scale)
  const sets = rules.map(({ minScaleDenominator = 0 }) => at(minScaleDenominator))
  return sets.reduce((most, set) => (set.length > most.length ? set : most), [])
}

/** What is drawn in several passes, as casings are, is one thing: rules of the same name and scale. */
function joinedRules(style: Style): readonly Rule[] {
  const joined = new Map<string, Rule>()
  for (const rule of rulesOf(style)) {
    const key = JSON.stringify([rule.name, rule.minScaleDenominator, rule.maxScaleDenominator])
    const { symbolizers = [] } = joined.get(key) ?? {}
    joined.set(key, { ...rule, symbolizers: [...symbolizers, ...rule.symbolizers] })
  }
  return [...joined.values()]
}

function rowsOf(style: Style, frame: LegendFrame): readonly LegendRow[] {
  const rows = rulesAt(style, frame.scaleDenominator).flatMap(({ name, symbolizers }): LegendRow[] => {
    const classes = symbolizers.find(symbolizer => symbolizer.kind === 'raster' && symbolizer.colorMap)
    if (classes?.kind === 'raster' && classes.colorMap)
      return classes.colorMap.entries.map(({ value, color, opacity = 1, label = String(value) }) => ({
        symbols: () => [swatch(color, classes.opacity * opacity, frame)],
        text: label.slice(0, longestText),
      }))
    return [{ symbols: () => symbolizers.flatMap(each => symbol(each, frame, symbolizers)), text: name.slice(0, longestText) }]
  })
  if (rows.length <= 1) return [{ symbols: rows[0]?.symbols ?? (() => []), text: '' }]
  return rows.slice(0, maxRows)
}

function symbol(symbolizer: Symbolizer, frame: LegendFrame, all: readonly Symbolizer[]): readonly Xml[] {
  switch (symbolizer.kind) {
    case 'fill':
      return [fill(symbolizer, frame)]
    case 'line':
      return all.some(({ kind }) => kind === 'fill') ? [border(symbolizer.stroke, frame)] : [line(symbolizer, frame)]
    case 'point':
      return mark(symbolizer.graphic, frame)
    case 'raster':
      return raster(symbolizer, frame)
    case 'text':
      return []
  }
}

const number = (value: unknown, otherwise: number) => (typeof value === 'number' ? value : otherwise)
const text = (value: unknown) => (typeof value === 'string' ? value : '#808080')

const stroked = (stroke: Stroke | undefined) =>
  stroke && {
    stroke: text(stroke.color),
    'stroke-opacity': number(stroke.opacity, 1),
    'stroke-width': number(stroke.width, 1),
    'stroke-linejoin': 'round',
  }

function fill({ color, opacity, outline }: FillSymbolizer, frame: LegendFrame): Xml {
  return xml`<rect${attributes({ ...insideOf(outline, frame), fill: text(color), 'fill-opacity': number(opacity, 1), ...stroked(outline) })}/>`
}

function border(stroke: Stroke, frame: LegendFrame): Xml {
  return xml`<rect${attributes({ ...insideOf(stroke, frame), fill: 'none', ...stroked(stroke) })}/>`
}

/** The box whose border shows whole. */
function insideOf(stroke: Stroke | undefined, { width, height }: LegendFrame) {
  const inset = stroke ? Math.max(0.5, Math.min(number(stroke.width, 1) / 2, width / 4, height / 4)) : 0
  return { x: inset, y: inset, width: Math.max(0, width - 2 * inset), height: Math.max(0, height - 2 * inset) }
}

function line({ stroke }: LineSymbolizer, { width, height }: LegendFrame): Xml {
  const d = `M${0.1 * width} ${0.8 * height}L${0.4 * width} ${0.35 * height}L${0.6 * width} ${0.65 * height}L${0.9 * width} ${0.2 * height}`
  return xml`<path${attributes({ d, fill: 'none', ...stroked(stroke), 'stroke-linecap': 'round' })}/>`
}

function mark({ shapes: [shape], size }: Graphic, { width, height }: LegendFrame): readonly Xml[] {
  if (shape.kind !== 'mark') return []
  const r = Math.max(0.5, Math.min(number(size, 6) / 2, Math.min(width, height) / 2))
  const paths: Readonly<Record<string, string>> = {
    circle: `M${-r} 0A${r} ${r} 0 1 0 ${r} 0A${r} ${r} 0 1 0 ${-r} 0Z`,
    square: `M${-r} ${-r}H${r}V${r}H${-r}Z`,
    triangle: `M0 ${-r}L${0.866 * r} ${0.5 * r}L${-0.866 * r} ${0.5 * r}Z`,
    cross: `M${-r} ${-r / 4}H${-r / 4}V${-r}H${r / 4}V${-r / 4}H${r}V${r / 4}H${r / 4}V${r}H${-r / 4}V${r / 4}H${-r}Z`,
  }
  const place = { transform: `translate(${width / 2} ${height / 2})`, d: paths[shape.shape] ?? paths.square }
  return [
    xml`<path${attributes({ ...place, fill: text(shape.color), 'fill-opacity': number(shape.opacity, 1), ...stroked(shape.outline) })}/>`,
  ]
}

/** A raster without classes has no colours of its own to show: a few shades stand for it. */
function raster({ opacity }: RasterSymbolizer, { width, height }: LegendFrame): readonly Xml[] {
  const shades = ['#4a5d3a', '#7d9160', '#b3b58d', '#e3dcc8']
  return shades.map((color, i) => {
    const box = { x: (i * width) / shades.length, y: 0, width: width / shades.length, height }
    return xml`<rect${attributes({ ...box, fill: color, 'fill-opacity': opacity })}/>`
  })
}

const swatch = (color: string, opacity: number, frame: LegendFrame) => fill({ kind: 'fill', color, opacity }, frame)

/** The letters of `text` as squares of one pixel: a server need not have fonts. */
function inkPath(text: string, left: number, top: number): string {
  return glyphsOf(text)
    .flatMap((rows, i) =>
      rows.flatMap((row, y) => Array.from(row, (ink, x) => (ink === '#' ? `M${left + i * (glyphWidth + 1) + x} ${top + y}h1v1h-1z` : ''))),
    )
    .join('')
}
