import type { BlendMode, GeometryChoice } from '#styles/style.js'
import { scaled } from './color.js'
import type { DrawExports, DrawKernel } from './kernels/draw-kernel.js'

/**
 * What draws a geometry: plain data, all resolved. Lengths are pixels of the map, colours premultiplied RGBA as in `color.ts`, angles degrees
 * clockwise. `classes`: 1 points, 2 lines, 4 polygons, added. Values that are no numbers, or beyond reason, are taken as none, or bounded.
 */
export type Pen = FillPen | StrokePen | GraphicPen | GraphicStrokePen

/** Of polygons. */
export interface FillPen {
  readonly kind: 'fill'
  readonly classes: number
  readonly paint: Paint
  readonly displacement?: readonly [x: number, y: number]
}

/** Of lines and of the borders of polygons. */
export interface StrokePen extends StrokeForm {
  readonly kind: 'stroke'
  readonly classes: number
  readonly paint: Paint
  /** To the left of lines, and outwards of polygons (SE 1.1.0, 11.1.4 and 11.2). */
  readonly offset?: number
}

/**
 * At points, and at places of lines and polygons: by default the middle of the longest line, or the inner point of the widest polygon. On rings
 * `boundary` is half way around.
 */
export interface GraphicPen {
  readonly kind: 'graphic'
  readonly classes: number
  readonly graphic: PreparedGraphic
  readonly part?: GeometryChoice['part']
  /** Around the anchor. */
  readonly rotation?: number
  /** Turned with the line, too, where `part` is a place on one. */
  readonly isTurned?: boolean
  readonly opacity?: number
  /** Which point of the graphic lies on the place: shares of its width and height from its upper left corner; absent: the middle. */
  readonly anchor?: readonly [x: number, y: number]
  /** After the rotation (SE 1.1.0, 11.3.2). */
  readonly displacement?: readonly [x: number, y: number]
}

/** Along lines and borders of polygons; only graphics that fit whole on the line are drawn. `displacement` is turned with the line. */
export interface GraphicStrokePen extends Omit<GraphicPen, 'kind' | 'part' | 'isTurned'> {
  readonly kind: 'graphic-stroke'
  /** Between the edges of neighbours. */
  readonly gap: number
  /** Before the first. */
  readonly initialGap?: number
  /** Upright instead of turned with the line. */
  readonly isUpright?: boolean
  readonly offset?: number
}

export interface StrokeForm {
  readonly width: number
  /** Absent: butt. */
  readonly cap?: keyof typeof caps
  /** Absent: mitre. Mitres reach at most twice the half width. */
  readonly join?: keyof typeof joins
  /** Dashes and gaps in turn; an odd number counts twice. */
  readonly dashes?: readonly number[]
  /** How far into the dashes the line begins. */
  readonly dashOffset?: number
}

export type Paint =
  | { readonly kind: 'color'; readonly rgba: number }
  | { readonly kind: 'pattern'; readonly pattern: PreparedPattern; readonly opacity?: number }

/** Fixed to absolute pixels: `DrawExports.setPhase` says where the canvas lies. */
export type PreparedPattern =
  | (Omit<StrokeForm, 'cap' | 'join'> & {
      readonly kind: 'hatch'
      readonly rgba: number
      /** Of the lines, from the x axis. */
      readonly angle: number
      /** Between the middles of neighbours. */
      readonly spacing: number
      /** Of the lines from the origin, across. */
      readonly offset?: number
    })
  | { readonly kind: 'texture'; readonly image: PreparedImage }

export type PreparedGraphic = PreparedMark | PreparedImage

/** Outlines as the kernel holds them; `prepare-mark.ts` makes them. In other colours it is a copy (`{ ...mark, fill }`) with the same bytes. */
export interface PreparedMark {
  readonly kind: 'mark'
  readonly width: number
  readonly height: number
  /** How far fill and outline reach from the middle. */
  readonly radius: number
  readonly contours: number
  readonly bytes: Uint8Array
  /** Absent: not filled. */
  readonly fill?: number
  readonly outline?: StrokeForm & { readonly rgba: number }
  /** Filled below it, around the same middle: a halo. */
  readonly under?: { readonly bytes: Uint8Array; readonly contours: number; readonly radius: number; readonly rgba: number }
}

export interface PreparedImage {
  readonly kind: 'image'
  readonly width: number
  readonly height: number
  /** Premultiplied RGBA. */
  readonly bytes: Uint8Array
}

/** Units of the kernel in a pixel. */
const unit = 256
/** Longer lengths make no map; so far the kernel's numbers are exact. */
const longest = 1e5
/** Finer dashes and hatches cannot be seen: they are drawn as their average. */
export const finest = 0.25
const kinds = { fill: 0, stroke: 1, graphic: 2, 'graphic-stroke': 3 } as const
const caps = { butt: 0, round: 1, square: 2 } as const
const joins = { mitre: 0, round: 1, bevel: 2 } as const
const parts = { interior: 0, centroid: 1, vertices: 2, start: 3, end: 4, middle: 5, boundary: 6 } as const

/** The numbers of `DrawExports.compose`. */
export const blendModes: Readonly<Record<BlendMode, number>> = {
  normal: 0,
  multiply: 1,
  screen: 2,
  overlay: 3,
  darken: 4,
  lighten: 5,
  'color-dodge': 6,
  'color-burn': 7,
  'hard-light': 8,
  'soft-light': 9,
  difference: 10,
  exclusion: 11,
  add: 12,
}

/**
 * What `exports.draw` draws from now on, and on which plane. Cheap: it may be called for each feature. Graphics and textures need a canvas
 * that was reserved with graphics; what was used before is still there. Throws `RenderError` when a graphic is larger than the kernel holds.
 */
export function usePen(kernel: DrawKernel, pen: Pen, plane: number): void {
  const { exports } = kernel
  const rgba = 'paint' in pen && pen.paint.kind === 'color' ? pen.paint.rgba : 0
  switch (pen.kind) {
    case 'fill': {
      exports.usePen(kinds.fill, pen.classes, plane, rgba)
      usePaint(kernel, pen.paint)
      const [x, y] = pen.displacement ?? [0, 0]
      exports.setShift(units(x), units(y))
      return
    }
    case 'stroke': {
      const dashes = dashesOf(pen)
      const isNothing = !(pen.width > 0) || dashes.share === 0
      exports.usePen(kinds.stroke, isNothing ? 0 : pen.classes, plane, scaled(rgba, dashes.share))
      usePaint(kernel, pen.paint, dashes.share)
      useStroke(exports, pen, dashes)
      exports.setOffset(units(pen.offset))
      return
    }
    case 'graphic':
      exports.usePen(kinds.graphic, pen.classes, plane, 0)
      useGraphic(kernel, pen)
      exports.setPart(parts[pen.part ?? 'interior'], pen.isTurned ? 1 : 0)
      return
    case 'graphic-stroke': {
      exports.usePen(kinds['graphic-stroke'], pen.classes, plane, 0)
      useGraphic(kernel, pen)
      exports.setOffset(units(pen.offset))
      const extent = length(pen.graphic.width)
      const step = Math.max(1, extent + bounded(pen.gap))
      exports.setSpacing(units(bounded(pen.initialGap) + extent / 2), step * unit, extent * unit, pen.isUpright ? 1 : 0)
    }
  }
}

/** How far, in pixels, a pen draws beside its geometry. */
export function penReach(pen: Pen): number {
  switch (pen.kind) {
    case 'fill':
      return 1 + Math.hypot(...(pen.displacement ?? [0, 0]).map(bounded))
    case 'stroke':
      // mitres reach twice the half width
      return length(pen.width) + 2 * Math.abs(bounded(pen.offset)) + 1
    default: {
      const { graphic, anchor = [0.5, 0.5], displacement = [0, 0] } = pen
      const radius = graphic.kind === 'mark' ? graphic.radius : Math.hypot(graphic.width, graphic.height) / 2
      const away = Math.hypot(bounded(anchor[0] - 0.5) * graphic.width, bounded(anchor[1] - 0.5) * graphic.height)
      const offset = pen.kind === 'graphic-stroke' ? 2 * Math.abs(bounded(pen.offset)) : 0
      return length(radius) + bounded(away) + Math.hypot(...displacement.map(bounded)) + offset + 1
    }
  }
}

function usePaint(kernel: DrawKernel, paint: Paint, share = 1): void {
  if (paint.kind === 'color') return
  const { exports } = kernel
  const { pattern } = paint
  exports.setPatternOpacity(Math.round(255 * Math.min(1, Math.max(0, paint.opacity ?? 1)) * share))
  if (pattern.kind === 'texture') {
    exports.useTexture(kernel.shelve(pattern.image.bytes), pattern.image.width, pattern.image.height)
    return
  }
  const dashes = dashesOf(pattern)
  const angle = (bounded(pattern.angle) * Math.PI) / 180
  const spacing = Number.isFinite(pattern.spacing) ? Math.max(finest, pattern.spacing) : longest
  const half = length(pattern.width) / 2
  exports.useHatch(
    cosine(angle),
    sine(angle),
    spacing,
    bounded(pattern.offset),
    Math.min(half, spacing / 2),
    scaled(pattern.rgba, dashes.share),
  )
  for (const dash of dashes.lengths) exports.addHatchDash(dash, bounded(pattern.dashOffset))
}

function useStroke(exports: DrawExports, stroke: StrokeForm, dashes: Dashes): void {
  exports.useStroke((length(stroke.width) / 2) * unit, caps[stroke.cap ?? 'butt'], joins[stroke.join ?? 'mitre'])
  if (dashes.lengths.length === 0) return
  exports.setDashOffset(bounded(stroke.dashOffset) * unit)
  for (const dash of dashes.lengths) exports.addDash(dash * unit)
}

function useGraphic(
  kernel: DrawKernel,
  { graphic, rotation, opacity = 1, anchor = [0.5, 0.5], displacement = [0, 0] }: Omit<GraphicPen, 'kind'>,
): void {
  const { exports } = kernel
  const share = Math.min(1, Math.max(0, opacity))
  const at = kernel.shelve(graphic.bytes)
  if (graphic.kind === 'mark') {
    const { outline } = graphic
    const dashes = outline ? dashesOf(outline) : solid
    const line = outline && outline.width > 0 ? scaled(outline.rgba, share * dashes.share) : 0
    if (outline) useStroke(exports, outline, dashes)
    exports.useMark(at, graphic.contours, length(graphic.radius) * unit, scaled(graphic.fill ?? 0, share), line)
    const { under } = graphic
    if (under) exports.useUnder(kernel.shelve(under.bytes), under.contours, length(under.radius) * unit, under.rgba)
  } else exports.useImage(at, graphic.width, graphic.height, Math.round(share * 255))
  const angle = (bounded(rotation) * Math.PI) / 180
  const [anchorX, anchorY] = [bounded(anchor[0] - 0.5) * graphic.width, bounded(anchor[1] - 0.5) * graphic.height]
  exports.setGraphicPlace(cosine(angle), sine(angle), units(anchorX), units(anchorY), units(displacement[0]), units(displacement[1]))
}

export interface Dashes {
  /** Dashes and gaps in turn, pixels; empty where the line is drawn through. */
  readonly lengths: readonly number[]
  /** Of the colour that is left where the dashes are too fine to be drawn. */
  readonly share: number
}

const solid: Dashes = { lengths: [], share: 1 }

/** The dashes of a stroke as they are drawn: an even number, or none. */
export function dashesOf({ dashes, cap }: Pick<StrokeForm, 'dashes' | 'cap'>): Dashes {
  if (!dashes?.length || !dashes.every(dash => dash >= 0)) return solid
  const even = dashes.length % 2 ? [...dashes, ...dashes] : dashes
  const lengths = even.slice(0, 64).map(length)
  const period = lengths.reduce((sum, dash) => sum + dash, 0)
  const drawn = lengths.reduce((sum, dash, i) => (i % 2 ? sum : sum + dash), 0)
  if (period === 0 || drawn === period) return solid
  if (drawn === 0 && (cap ?? 'butt') === 'butt') return { lengths: [], share: 0 }
  return period < finest ? { lengths: [], share: drawn / period } : { lengths, share: 1 }
}

/** 0 for what is no number. */
export const bounded = (value = 0) => (Number.isFinite(value) ? Math.min(longest, Math.max(-longest, value)) : 0)
/** 0 for what is below, or no number. */
export const length = (value: number) => (value > 0 ? Math.min(longest, value) : 0)
const units = (pixels = 0) => Math.round(bounded(pixels) * unit)
/** Exact at right angles: level graphics are then copied pixel by pixel. */
const exact = (value: number) => (Math.abs(value - Math.round(value)) < 1e-12 ? Math.round(value) : value)
const cosine = (angle: number) => exact(Math.cos(angle))
const sine = (angle: number) => exact(Math.sin(angle))
