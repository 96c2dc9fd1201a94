import type { FillSymbolizer, LineSymbolizer, PointSymbolizer, Rule, Symbolizer } from '#styles/style.js'
import { combined, type Getter, mapped } from '../getter.js'
import type { Pen } from '../pens.js'
import { graphicOf } from './graphic-brush.js'
import { patternOf } from './pattern-brush.js'
import { strokePen } from './stroke-brush.js'
import { type BrushTools, colorOf, numberOf, offsetOf } from './tools.js'

/** A pen for every feature; undefined for those of which nothing is drawn. */
export interface Brush {
  readonly pen: Getter<Pen | undefined>
  /** Geometry column drawn; absent: that of the layer. */
  readonly column?: string
}

/** Classes of geometries, as pens count them. */
const classOf = { point: 1, line: 2, polygon: 4 } as const
const allClasses = 7

/** What the symbolizers of a rule draw, in order. Texts and rasters are drawn elsewhere. */
export function brushesOf({ symbolizers, geometryTypes }: Rule, tools: BrushTools): readonly Brush[] {
  const allowed = geometryTypes?.reduce((sum, type) => sum | classOf[type], 0) ?? allClasses
  return symbolizers.flatMap(symbolizer => {
    const column = 'geometry' in symbolizer ? symbolizer.geometry?.column : undefined
    return pensOf(symbolizer, allowed, tools).map(pen => ({ pen, ...(column !== undefined && { column }) }))
  })
}

function pensOf(symbolizer: Symbolizer, allowed: number, tools: BrushTools): readonly Getter<Pen | undefined>[] {
  switch (symbolizer.kind) {
    case 'fill':
      return fillPens(symbolizer, classOf.polygon & allowed, tools)
    case 'line':
      return [linePen(symbolizer, (classOf.line | classOf.polygon) & allowed, tools)]
    case 'point':
      return [pointPen(symbolizer, allowed, tools)]
    default:
      return []
  }
}

function fillPens(symbolizer: FillSymbolizer, classes: number, tools: BrushTools): readonly Getter<Pen | undefined>[] {
  const { color, opacity, pattern, outline, displacement } = symbolizer
  const shift = offsetOf(displacement, tools)
  const plain =
    color !== undefined &&
    combined({ rgba: colorOf(color, opacity, tools), shift }, ({ rgba, shift }): Pen | undefined =>
      rgba ? { kind: 'fill', classes, paint: { kind: 'color', rgba }, displacement: shift } : undefined,
    )
  const patterned =
    pattern &&
    combined(
      { pattern: patternOf(pattern, tools), opacity: numberOf(opacity, tools), shift },
      ({ pattern, opacity, shift }): Pen | undefined =>
        pattern && opacity > 0 ? { kind: 'fill', classes, paint: { kind: 'pattern', pattern, opacity }, displacement: shift } : undefined,
    )
  const pens = [plain || undefined, patterned, outline && strokePen(outline, classes, tools)]
  return pens.filter(pen => pen !== undefined)
}

function linePen({ stroke, offset }: LineSymbolizer, classes: number, tools: BrushTools): Getter<Pen | undefined> {
  return strokePen(stroke, classes, tools, offset)
}

function pointPen({ graphic, geometry, isTurned }: PointSymbolizer, classes: number, tools: BrushTools): Getter<Pen | undefined> {
  const part = geometry?.part
  const place = { ...(part && { part }), ...(isTurned && { isTurned }) }
  return mapped(graphicOf(graphic, tools), drawn => drawn && { kind: 'graphic', classes, ...drawn, ...place })
}
