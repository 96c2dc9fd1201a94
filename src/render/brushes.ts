import type { Graphic, Length, Rule, Stroke, Symbolizer, Value } from '#styles/style.js'
import { premultiplied } from './color.js'
import { combined, type Getter, mapped } from './getter.js'
import { type MapScale, pixelsPerMetre } from './map-scale.js'
import { markOutline } from './mark-outline.js'
import { lines, type Pen, points, polygons } from './pens.js'
import { isExpression } from './plan-style.js'
import type { RowCompiler } from './row-compiler.js'

/** A pen for every feature; undefined for those of which nothing is drawn. */
export interface Brush {
  readonly pen: Getter<Pen | undefined>
  /** Geometry column drawn; absent: that of the layer. */
  readonly column?: string
}

export interface BrushTools {
  readonly scale: MapScale
  readonly compiler: RowCompiler
}

const classOf = { point: points, line: lines, polygon: polygons } as const

/** What the symbolizers of a rule draw, in order. Texts and rasters are drawn elsewhere. */
export function brushesOf({ symbolizers, geometryTypes }: Rule, tools: BrushTools): readonly Brush[] {
  const allowed = geometryTypes?.reduce((sum, type) => sum | classOf[type], 0) ?? points | lines | polygons
  return symbolizers.flatMap(symbolizer =>
    pensOf(symbolizer, tools, allowed).map(pen => ({
      pen,
      ...('geometry' in symbolizer && symbolizer.geometry?.column && { column: symbolizer.geometry.column }),
    })),
  )
}

function pensOf(symbolizer: Symbolizer, tools: BrushTools, allowed: number): readonly Getter<Pen | undefined>[] {
  switch (symbolizer.kind) {
    case 'fill': {
      const { color, opacity, outline } = symbolizer
      const classes = polygons & allowed
      return [
        ...(color === undefined
          ? []
          : [mapped(colorOf(color, opacity, tools), rgba => rgba && ({ kind: 'fill', classes, color: rgba } as const))]),
        ...(outline ? [strokePen(outline, classes, tools)] : []),
      ].map(visible)
    }
    case 'line':
      return [strokePen(symbolizer.stroke, (lines | polygons) & allowed, tools)]
    case 'point':
      return graphicPens(symbolizer.graphic, points & allowed, tools)
    default:
      return []
  }
}

const visible = (getter: Getter<Pen | 0 | undefined>): Getter<Pen | undefined> => mapped(getter, pen => pen || undefined)

function strokePen({ color, opacity, width, join }: Stroke, classes: number, tools: BrushTools): Getter<Pen | undefined> {
  const isRound = join !== 'mitre'
  return combined({ rgba: colorOf(color, opacity, tools), pixels: lengthOf(width, tools) }, ({ rgba, pixels }) =>
    rgba && pixels > 0 ? { kind: 'stroke', classes, color: rgba, width: pixels, isRound } : undefined,
  )
}

function graphicPens(
  { shapes: [shape], size = 6, opacity = 1 }: Graphic,
  classes: number,
  tools: BrushTools,
): readonly Getter<Pen | undefined>[] {
  if (shape.kind !== 'mark') return []
  const { shape: name, color = '#808080', opacity: own = 1 } = shape
  const strength = combined({ all: numberOf(opacity, tools), own: numberOf(own, tools) }, ({ all, own }) => all * own)
  const rgba = combined({ color: textOf(color, tools), strength }, ({ color, strength }) => packedColor(color, strength))
  return [
    combined({ rgba, pixels: lengthOf(size, tools) }, ({ rgba, pixels }) =>
      rgba && pixels > 0 ? { kind: 'mark', classes, color: rgba, outline: markOutline(name, pixels / 2, 0) } : undefined,
    ),
  ]
}

/** In pixels of the map; NaN where the feature gives no number. */
function lengthOf(length: Length, tools: BrushTools): Getter<number> {
  if (typeof length === 'object' && length.kind === 'ground') {
    const factor = pixelsPerMetre(tools.scale)
    return mapped(numberOf(length.metres, tools), metres => metres * factor)
  }
  return mapped(numberOf(length, tools), pixels => pixels * tools.scale.pixelRatio)
}

/** Premultiplied; 0 where nothing shows. */
function colorOf(color: Value<string>, opacity: Value<number>, tools: BrushTools): Getter<number> {
  return combined({ color: textOf(color, tools), opacity: numberOf(opacity, tools) }, ({ color, opacity }) => packedColor(color, opacity))
}

function packedColor(color: string, opacity: number): number {
  return /^#[0-9a-f]{6}$/i.test(color) ? premultiplied(color, Math.min(1, Math.max(0, opacity)) || 0) : 0
}

function numberOf(value: Value<number>, { compiler }: BrushTools): Getter<number> {
  if (!isExpression(value)) return { fixed: value }
  const ask = compiler.expression(value)
  return {
    of(row) {
      const answer = ask(row)
      return answer === null ? Number.NaN : Number(answer)
    },
  }
}

function textOf(value: Value<string>, { compiler }: BrushTools): Getter<string> {
  if (!isExpression(value)) return { fixed: value }
  const ask = compiler.expression(value)
  return { of: row => String(ask(row) ?? '') }
}
