import type { Graphic, GraphicShape, Value } from '#styles/style.js'
import { combined, type Getter, mapped } from '../getter.js'
import type { GraphicPen, PreparedGraphic } from '../pens.js'
import { prepareContours, prepareMark } from '../prepare-mark.js'
import { outlineOf } from './stroke-brush.js'
import { type BrushTools, colorOf, lengthOf, numberOf, offsetOf, textOf } from './tools.js'

/** A graphic as pens want it. */
export type DrawnGraphic = Required<Pick<GraphicPen, 'graphic' | 'rotation' | 'opacity' | 'anchor' | 'displacement'>>

/** Height of marks whose size a style leaves open (SE 1.1.0, 11.3.2). */
const usualSize = 6
const none: Getter<undefined> = { fixed: undefined }
/** What stands for a graphic of which nothing can be drawn (SE 1.1.0, 11.3.1). */
const standIn: GraphicShape = { kind: 'mark', shape: 'square', color: '#808080' }

/** The first shape that can be drawn, at its size; undefined for features that give it none. */
export function graphicOf(graphic: Graphic, tools: BrushTools): Getter<DrawnGraphic | undefined> {
  const { size, scale = 1, opacity = 1, rotation = 0, anchor, displacement } = graphic
  const pixels: Getter<number | undefined> = size === undefined ? none : lengthOf(size, tools)
  const shapes = [...graphic.shapes, ...(graphic.isOptional ? [] : [standIn])].map(shape => shapeOf(shape, pixels, scale, tools))
  const parts = {
    pixels,
    prepared: firstOf(shapes),
    opacity: numberOf(opacity, tools),
    rotation: numberOf(rotation, tools),
    anchor: anchorOf(anchor ?? [0.5, 0.5], tools),
    displacement: offsetOf(displacement, tools),
  }
  return combined(parts, ({ pixels, prepared, opacity, rotation, anchor, displacement }) =>
    prepared && (pixels === undefined || pixels > 0)
      ? { graphic: prepared, opacity: opacity || 0, rotation: rotation || 0, anchor, displacement }
      : undefined,
  )
}

function anchorOf([x, y]: readonly [Value<number>, Value<number>], tools: BrushTools): Getter<readonly [number, number]> {
  return combined({ x: numberOf(x, tools), y: numberOf(y, tools) }, ({ x, y }) => [x, y] as const)
}

function firstOf(getters: readonly Getter<PreparedGraphic | undefined>[]): Getter<PreparedGraphic | undefined> {
  const [first, ...rest] = getters
  if (rest.length === 0) return first
  if ('fixed' in first) return first.fixed ? first : firstOf(rest)
  const next = firstOf(rest)
  return { of: row => first.of(row) ?? ('fixed' in next ? next.fixed : next.of(row)) }
}

function shapeOf(
  shape: GraphicShape,
  pixels: Getter<number | undefined>,
  scale: Value<number>,
  tools: BrushTools,
): Getter<PreparedGraphic | undefined> {
  if (shape.kind === 'icon') return iconOf(shape, pixels, scale, tools)
  const { color, opacity = 1, outline } = shape
  const fill: Getter<number | undefined> = color === undefined ? none : mapped(colorOf(color, opacity, tools), rgba => rgba || undefined)
  const look = { size: mapped(pixels, size => size ?? usualSize * tools.scale.pixelRatio), fill, outline: outlineOf(outline, tools) }
  if (shape.kind === 'glyph') {
    const contours = tools.glyph?.(shape.family, shape.character)
    return contours ? combined(look, look => prepareContours(contours, plain(look))) : none
  }
  const form = { name: textOf(shape.shape, tools), widening: numberOf(shape.widening ?? 1, tools) }
  return combined({ ...look, ...form }, ({ name, widening, ...look }) => prepareMark(name, { ...plain(look), widening }))
}

/** Without what is undefined. */
function plain<L extends { readonly size: number; readonly fill: number | undefined; readonly outline: unknown }>({
  size,
  fill,
  outline,
}: L) {
  return { size, ...(fill !== undefined && { fill }), ...(outline !== undefined && { outline: outline as NonNullable<L['outline']> }) }
}

function iconOf(
  { href, color, outline }: Extract<GraphicShape, { kind: 'icon' }>,
  pixels: Getter<number | undefined>,
  scale: Value<number>,
  tools: BrushTools,
): Getter<PreparedGraphic | undefined> {
  const fill: Getter<string | undefined> = color === undefined ? none : textOf(color, tools)
  const line: Getter<string | undefined> = outline ? textOf(outline.color, tools) : none
  const width: Getter<number | undefined> = outline ? lengthOf(outline.width, tools) : none
  const parts = { href: textOf(href, tools), pixels, scale: numberOf(scale, tools), fill, line, width }
  const { pixelRatio } = tools.scale
  return combined(parts, ({ href, pixels, scale, fill, line, width }) => {
    if (!(scale > 0)) return undefined
    const parameters = {
      ...(fill !== undefined && { fill }),
      ...(line !== undefined && { outline: line }),
      ...(width !== undefined && { 'outline-width': width }),
    }
    // sizes and scales that cannot be told apart are one icon
    const size = pixels === undefined ? undefined : Math.round(pixels * 2) / 2
    return tools.icons.get(href, {
      pixelRatio: scale === 1 ? pixelRatio : (pixelRatio * Math.round(scale * 64)) / 64,
      ...(size !== undefined && { size }),
      ...(Object.keys(parameters).length > 0 && { parameters }),
    })
  })
}
