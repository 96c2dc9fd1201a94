import { writeEwkb } from '#geo/ewkb.js'
import type { Symbolizer, TextSymbolizer } from '#styles/style.js'
import type { SketchItem } from '../queries.js'
import type { LegendRow } from './legend-rows.js'
import { textWidth } from './text-width.js'

/** How a legend is set. Lengths in pixels of 0.28 mm. */
export interface LegendLook {
  /** Of one symbol. */
  readonly width: number
  readonly height: number
  readonly font: LegendFont
  /** `auto`: only where there is something to tell apart. */
  readonly labels: 'auto' | 'on' | 'off'
  /** Side by side as many. */
  readonly columns?: number
}

export interface LegendFont {
  /** The usual one when absent. */
  readonly family?: string
  readonly size: number
  readonly color: string
  readonly isBold?: boolean
  readonly isItalic?: boolean
}

/** The rows of one layer below its title, which is left out where there is none. */
export interface LegendPart {
  readonly title?: string
  readonly rows: readonly LegendRow[]
}

export interface LegendLayout {
  readonly width: number
  readonly height: number
  readonly items: readonly SketchItem[]
}

const usualFamily = 'Open Sans'
/** Between rows, and between symbol and text. */
const [gap, textGap] = [2, 6]

/** The legend of some layers, one row below the other, each symbol with its text to the right. */
export function layOutLegend(parts: readonly LegendPart[], look: LegendLook): LegendLayout {
  const isLabelled = (rows: readonly LegendRow[]) =>
    look.labels === 'on' || (look.labels === 'auto' && (rows.length > 1 || parts.length > 1))
  const lines = parts.flatMap(({ title, rows }): Line[] => [
    ...(title !== undefined && title !== '' ? [{ kind: 'title', text: title } as const] : []),
    ...rows.map((row): Line => ({ kind: 'row', row, text: isLabelled(rows) ? row.text : '' })),
  ])
  if (lines.length === 0) return { width: look.width, height: look.height, items: [] }
  const perColumn = Math.ceil(lines.length / Math.max(1, look.columns ?? 1))
  const columns = Array.from({ length: Math.ceil(lines.length / perColumn) }, (_, i) => lines.slice(i * perColumn, (i + 1) * perColumn))
  const items: SketchItem[] = []
  let [left, height] = [0, 0]
  for (const [i, column] of columns.entries()) {
    if (i > 0) left += 2 * textGap
    const laid = layOutColumn(column, look, left)
    items.push(...laid.items)
    left += laid.width
    height = Math.max(height, laid.height)
  }
  return { width: Math.ceil(left), height: Math.ceil(height), items }
}

type Line = { readonly kind: 'title'; readonly text: string } | { readonly kind: 'row'; readonly row: LegendRow; readonly text: string }

function layOutColumn(lines: readonly Line[], look: LegendLook, left: number): LegendLayout {
  const { width, height, font } = look
  const rowHeight = Math.max(height, Math.ceil(font.size * 1.35))
  const items: SketchItem[] = []
  let [top, right] = [0, 0]
  for (const [i, line] of lines.entries()) {
    const isTitle = line.kind === 'title'
    const before = lines[i - 1]
    const isJoined = !isTitle && line.row.isSeamless && before?.kind === 'row' && before.row.isSeamless
    if (i > 0 && !isJoined) top += gap
    const text = line.text.trim()
    const start = isTitle ? left : left + width + textGap
    if (!isTitle) items.push(...symbolItems(line.row, left, top, { width, height: line.row.isSeamless ? rowHeight : height }, rowHeight))
    if (text !== '') items.push(textItem(text, start, top + rowHeight / 2, isTitle ? { ...font, isBold: true } : font))
    const isPlain = font.family === undefined && !font.isBold && !isTitle
    right = Math.max(right, text === '' ? left + (isTitle ? 0 : width) : start + textWidth(text, font.size, isPlain) + textGap)
    top += rowHeight
  }
  return { width: right - left, height: top, items }
}

function textItem(text: string, x: number, y: number, { family, size, color, isBold, isItalic }: LegendFont): SketchItem {
  const symbolizer: TextSymbolizer = {
    kind: 'text',
    text: { kind: 'literal', value: text },
    font: { families: [family ?? usualFamily], size, weight: isBold ? 700 : 400, ...(isItalic && { isItalic }) },
    color,
    opacity: 1,
    placement: { kind: 'point', anchor: [0, 0.5] },
    mayOverlap: true,
  }
  return { geometry: pointAt(x, y), symbolizers: [symbolizer] }
}

interface Size {
  readonly width: number
  readonly height: number
}

/** A symbol in the middle of its row. */
function symbolItems(
  { shape, symbolizers, isSeamless }: LegendRow,
  x: number,
  top: number,
  size: Size,
  rowHeight: number,
): readonly SketchItem[] {
  const y = top + Math.floor((rowHeight - size.height) / 2)
  const fitted = symbolizers.map(symbolizer => fittedTo(symbolizer, size))
  const { width, height } = size
  switch (shape) {
    case 'polygon': {
      // slices of a ramp, shades side by side, or all of them over each other
      const isSliced =
        symbolizers.length > 1 && symbolizers.every(symbolizer => symbolizer.kind === 'fill' && !symbolizer.outline && !symbolizer.pattern)
      if (!isSliced) return [{ geometry: boxAt(x, y, width, height, strokeOf(fitted) / 2), symbolizers: fitted }]
      // on whole pixels, so that nothing shines through between
      const cut = (side: number, i: number) => Math.round((i * side) / fitted.length)
      return fitted.map((symbolizer, i) => ({
        geometry: isSeamless
          ? boxAt(x, y + cut(height, i), width, cut(height, i + 1) - cut(height, i), 0)
          : boxAt(x + cut(width, i), y, cut(width, i + 1) - cut(width, i), height, 0),
        symbolizers: [symbolizer],
      }))
    }
    case 'line': {
      const at = (u: number, v: number) => [x + u * width, y + v * height]
      const coordinates = Float64Array.from([at(0.08, 0.8), at(0.4, 0.35), at(0.6, 0.65), at(0.92, 0.2)].flat())
      return [{ geometry: writeEwkb({ kind: 'LineString', dimensions: 'xy', coordinates }), symbolizers: fitted }]
    }
    default:
      return [{ geometry: pointAt(x + width / 2, y + height / 2), symbolizers: fitted.map(sampleText) }]
  }
}

/** A text stands for itself by its letters, where it stands, a number by itself. */
function sampleText(symbolizer: Symbolizer): Symbolizer {
  if (symbolizer.kind !== 'text') return symbolizer
  const { wrapWidth: _w, shield: _s, ...text } = symbolizer
  // What was computed is a value now.
  const settled: unknown = text.text
  const value = typeof settled === 'string' && Number(settled) > 0 ? settled : 'Abc'
  return { ...text, text: { kind: 'literal', value }, placement: { kind: 'point', anchor: [0.5, 0.5] }, mayOverlap: true }
}

const pointAt = (x: number, y: number) => writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(x, y) })

/** A box whose border shows whole. */
function boxAt(x: number, y: number, width: number, height: number, inset: number): Uint8Array {
  const [left, top, right, bottom] = [x + inset, y + inset, x + width - inset, y + height - inset]
  const ring = Float64Array.of(left, top, right, top, right, bottom, left, bottom, left, top)
  return writeEwkb({ kind: 'Polygon', dimensions: 'xy', rings: [ring] })
}

function strokeOf(symbolizers: readonly Symbolizer[]): number {
  const widths = symbolizers.map(symbolizer => {
    const stroke = symbolizer.kind === 'fill' ? symbolizer.outline : symbolizer.kind === 'line' ? symbolizer.stroke : undefined
    return typeof stroke?.width === 'number' ? stroke.width : 0
  })
  return Math.max(0, ...widths)
}

/** Marks at the ends of lines stand there in the sample, too. */
const placesOnLines: ReadonlySet<string> = new Set(['start', 'end', 'middle'])

/** No thicker and no larger than what it is drawn in; not moved away from it. */
function fittedTo(symbolizer: Symbolizer, { width, height }: Size): Symbolizer {
  const side = Math.min(width, height)
  const within = (length: unknown, most: number) => (typeof length === 'number' ? Math.min(length, most) : most / 2)
  switch (symbolizer.kind) {
    case 'fill': {
      const { displacement: _, geometry: _g, outline, ...fill } = symbolizer
      return { ...fill, ...(outline && { outline: { ...outline, width: within(outline.width, side / 3) } }) }
    }
    case 'line': {
      const { offset: _, geometry: _g, stroke, ...line } = symbolizer
      return { ...line, stroke: { ...stroke, width: within(stroke.width, side * 0.7) } }
    }
    case 'point': {
      const { displacement: _, anchor: _a, ...graphic } = symbolizer.graphic
      const { isTurned, geometry } = symbolizer
      const part = geometry?.part && placesOnLines.has(geometry.part) ? geometry.part : undefined
      return {
        kind: 'point',
        ...(part && { geometry: { part } }),
        graphic: { ...graphic, ...(graphic.size !== undefined && { size: within(graphic.size, side) }) },
        ...(isTurned && { isTurned }),
      }
    }
    case 'text': {
      const { geometry: _g, ...text } = symbolizer
      return { ...text, font: { ...text.font, size: within(text.font.size, side * 0.8) } }
    }
    default:
      return symbolizer
  }
}
