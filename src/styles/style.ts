import type { Expression } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import type { RasterSymbolizer } from './raster-symbolizer.js'

/**
 * The one style model, plain data; style languages are read into it. It follows GeoStyler's, and says more where SLD, SE, MapLibre or QGIS do.
 * Colours are `#rrggbb`; lengths are pixels of 0.28 mm (OGC 06-042, 7.2.4.6.9), scaled by the map's DPI; angles are degrees, clockwise;
 * offsets and displacements are x to the right, y down.
 */
export interface Style {
  readonly name?: string
  readonly title?: string
  readonly abstract?: string
  /** In drawing order: each runs over all features before the next, so that casings join. SLD's FeatureTypeStyles, MapLibre's layers, QGIS's levels. */
  readonly passes: readonly StylePass[]
}

/** What is drawn by one run over the features. */
export interface StylePass {
  readonly name?: string
  readonly rules: readonly Rule[]
  /** Only the first rule that holds draws a feature; absent: all that hold do. */
  readonly isFirstMatch?: boolean
  /** Features are drawn in this order, the last on top. */
  readonly sort?: readonly { readonly property: string; readonly descending: boolean }[]
  /** What is made of the features before they are drawn. */
  readonly transformation?: Transformation
  /** Of the pass as a whole, once it is drawn. */
  readonly opacity?: number
  readonly blend?: BlendMode
}

/** All rules of a style, in drawing order. */
export function rulesOf({ passes }: Style): readonly Rule[] {
  return passes.flatMap(({ rules }) => rules)
}

/** The style with each symbolizer replaced by what `change` makes of it. */
export function withSymbolizers(style: Style, change: (symbolizer: Symbolizer) => Symbolizer): Style {
  const changed = (rule: Rule): Rule => ({ ...rule, symbolizers: rule.symbolizers.map(change) })
  return { ...style, passes: style.passes.map(pass => ({ ...pass, rules: pass.rules.map(changed) })) }
}

/** W3C Compositing and Blending Level 1, 5.8 and 9. */
export type BlendMode =
  | 'normal'
  | 'multiply'
  | 'screen'
  | 'overlay'
  | 'darken'
  | 'lighten'
  | 'color-dodge'
  | 'color-burn'
  | 'hard-light'
  | 'soft-light'
  | 'difference'
  | 'exclusion'
  | 'add'

/** What is drawn of which features, at which scales. */
export interface Rule {
  readonly name: string
  readonly title?: string
  /** Titles in other languages, by their codes (`fr`). */
  readonly titles?: Readonly<Record<string, string>>
  readonly abstract?: string
  /** Inclusive. */
  readonly minScaleDenominator?: number
  /** Exclusive (OGC 05-077r4, 10.2). */
  readonly maxScaleDenominator?: number
  /** Absent: every feature. */
  readonly filter?: Filter
  /** Of geometries of other types nothing is drawn; absent: of all that a symbolizer can draw. */
  readonly geometryTypes?: readonly ('point' | 'line' | 'polygon')[]
  /** Holds for the features for which no other rule of the pass, in scale, does. */
  readonly isElse?: boolean
  readonly symbolizers: readonly Symbolizer[]
  /** Legends leave the rule out. */
  readonly isUnlisted?: boolean
  /** What legends show instead of what the symbolizers draw. */
  readonly legendGraphic?: Graphic
}

/** How a feature or a raster is drawn. */
export type Symbolizer = FillSymbolizer | LineSymbolizer | PointSymbolizer | TextSymbolizer | RasterSymbolizer

/** A value of the style, or one computed for each feature. */
export type Value<T extends string | number | boolean> = T | Expression

/** Pixels of 0.28 mm, or metres on the ground. */
export type Length = Value<number> | { readonly kind: 'ground'; readonly metres: Value<number> }

/** x to the right, y down. */
export type Offset = readonly [x: Length, y: Length]

/** What of a feature's geometry is drawn. */
export interface GeometryChoice {
  /** Another geometry column than that of the layer. */
  readonly column?: string
  readonly part?: 'centroid' | 'interior' | 'vertices' | 'start' | 'end' | 'middle' | 'boundary'
}

/** Of polygons. */
export interface FillSymbolizer {
  readonly kind: 'fill'
  readonly geometry?: GeometryChoice
  /** Absent: only pattern and outline. */
  readonly color?: Value<string>
  readonly opacity: Value<number>
  /** Drawn over the colour. */
  readonly pattern?: Pattern
  readonly outline?: Stroke
  readonly displacement?: Offset
}

/** What fills an area again and again. */
export type Pattern = Hatch | GraphicPattern

/** Parallel lines, fixed to the map's grid of pixels and not to the feature. */
export interface Hatch {
  readonly kind: 'hatch'
  /** Of the lines, from the x axis. */
  readonly angle: Value<number>
  /** Between the middles of neighbours. */
  readonly spacing: Length
  readonly offset?: Length
  readonly stroke: Stroke
}

/** A graphic again and again, fixed likewise. */
export interface GraphicPattern {
  readonly kind: 'graphic'
  readonly graphic: Graphic
  /** Between the edges of neighbours; 0 when absent. */
  readonly margin?: Offset
  /** Every other row is shifted by this share of the step. */
  readonly stagger?: number
}

/** Of lines, and of the borders of polygons. */
export interface LineSymbolizer {
  readonly kind: 'line'
  readonly geometry?: GeometryChoice
  readonly stroke: Stroke
  /** To the left of the line's direction (SE 1.1.0, 11.1.4). */
  readonly offset?: Length
}

/** How a line is drawn. */
export interface Stroke {
  readonly color: Value<string>
  readonly opacity: Value<number>
  readonly width: Length
  readonly cap?: 'butt' | 'round' | 'square'
  readonly join?: 'mitre' | 'round' | 'bevel'
  /** Lengths of dashes and gaps in turn. */
  readonly dashes?: readonly Length[]
  readonly dashOffset?: Length
  /** Drawn along the line instead of a plain stroke. */
  readonly graphic?: GraphicStroke
  /** Shows through the stroke instead of its colour. */
  readonly pattern?: Pattern
}

/** Graphics one behind the other along a line. */
export interface GraphicStroke {
  readonly graphic: Graphic
  /** Between the edges of neighbours. */
  readonly gap?: Length
  readonly initialGap?: Length
  /** Upright instead of turned with the line. */
  readonly isUpright?: boolean
}

/** Of points; of other geometries their inner point. */
export interface PointSymbolizer {
  readonly kind: 'point'
  readonly geometry?: GeometryChoice
  readonly graphic: Graphic
  /** Turned with the line, where its place is on one. */
  readonly isTurned?: true
}

/** A mark, a character or a picture at a place. */
export interface Graphic {
  /** The first that can be drawn is. */
  readonly shapes: readonly [GraphicShape, ...GraphicShape[]]
  /** Nothing is drawn where no shape can be, as in MapLibre; else a gray square stands for it (SE 1.1.0, 11.3.1). */
  readonly isOptional?: true
  /** Height; absent: that of the icon, 6 for marks (SE 1.1.0, 11.3.2). */
  readonly size?: Length
  /** How many times larger than its file an icon is that has no size. */
  readonly scale?: Value<number>
  readonly opacity?: Value<number>
  readonly rotation?: Value<number>
  /** Which point of the graphic lies on the place: shares of its width and height from the upper left corner; absent: the middle. */
  readonly anchor?: readonly [x: Value<number>, y: Value<number>]
  readonly displacement?: Offset
}

/** What a graphic shows. */
export type GraphicShape = Mark | Glyph | Icon

/** A form filled and outlined in colours of the style. */
export interface Mark {
  readonly kind: 'mark'
  /** `square`, `circle`, `triangle`, `star`, `cross`, `x`, … and `shape://…` (`render/mark-shapes.ts` lists them). */
  readonly shape: Value<string>
  /** How many times wider than it is by itself; the size of the graphic is its height. */
  readonly widening?: Value<number>
  readonly color?: Value<string>
  readonly opacity?: Value<number>
  readonly outline?: Stroke
}

/** A character of a font. */
export interface Glyph {
  readonly kind: 'glyph'
  readonly family: string
  readonly character: string
  readonly color?: Value<string>
  readonly opacity?: Value<number>
  readonly outline?: Stroke
}

/** A picture (SVG, PNG, JPEG, WebP, GIF) beside the style, or inside it as a `data:` address. */
export interface Icon {
  readonly kind: 'icon'
  readonly href: Value<string>
  /** Of SVGs that take parameters. */
  readonly color?: Value<string>
  readonly outline?: Stroke
}

/** Labels, placed together with those of all layers. */
export interface TextSymbolizer {
  readonly kind: 'text'
  readonly geometry?: GeometryChoice
  readonly text: Expression
  readonly font: Font
  readonly color: Value<string>
  readonly opacity: Value<number>
  readonly halo?: { readonly color: Value<string>; readonly opacity: Value<number>; readonly radius: Length }
  readonly placement: TextPlacement
  /** The higher, the earlier it finds its place; 0 when absent. */
  readonly priority?: Value<number>
  /** Drawn even over others. */
  readonly mayOverlap?: boolean
  /** Room kept free around it. */
  readonly spaceAround?: Length
  /** Lines longer than this are broken. */
  readonly wrapWidth?: Length
  /** Of lines, as a share of the size; 1.2 when absent. */
  readonly lineHeight?: number
  /** Labels of features that say the same are one: on lines that meet, on parts of one thing. */
  readonly isGrouped?: boolean
  /** Same texts keep this distance. */
  readonly minRepeat?: Length
  /** Drawn behind the text, as large as it where `isStretched`. */
  readonly shield?: { readonly graphic: Graphic; readonly isStretched?: boolean; readonly margin?: Length }
  /** Texts that do not fit are shortened by this: each word by its short form. */
  readonly abbreviations?: Readonly<Record<string, string>>
}

/** How a text is set. */
export interface Font {
  /** The first that is there and has the characters is taken. */
  readonly families: readonly string[]
  readonly size: Length
  readonly isItalic?: boolean
  /** 100 to 900; 400 when absent. */
  readonly weight?: number
  /** Added between characters. */
  readonly letterSpacing?: Length
}

/** Where a text stands. */
export type TextPlacement = PointPlacement | LinePlacement

/** At a point of the feature. */
export interface PointPlacement {
  readonly kind: 'point'
  /** Which point of the text lies on the place: shares of its width and height from its lower left corner (SE 1.1.0, 11.4.4). */
  readonly anchor: readonly [x: Value<number>, y: Value<number>]
  readonly displacement?: Offset
  readonly rotation?: Value<number>
  /** Where its own place is taken it may move this far. */
  readonly maxDisplacement?: Length
  /** Only where it fits inside the polygon. */
  readonly mustFit?: boolean
}

/** Along the lines of the feature. */
export interface LinePlacement {
  readonly kind: 'line'
  /** To the left of the line, seen as the text is read. */
  readonly offset?: Length
  /** Between two labels of one line; absent: one. */
  readonly repeat?: Length
  readonly initialGap?: Length
  /** Straight instead of bent along the line. */
  readonly isStraight?: boolean
  /** Level instead of turned with the line. */
  readonly isUpright?: boolean
  /** Greatest turn between two characters; 30 when absent. */
  readonly maxAngle?: number
}

/** What is drawn of many points instead of each (rendering transformations). Of other geometries the middle of their boxes counts. */
export type Transformation = Clustering | Binning | Heatmap | Inverse

/** One polygon of all that is outside of the polygons: a mask. It has no attributes; filters of the rules choose nothing. */
export interface Inverse {
  readonly kind: 'inverse'
}

/** Points nearer than `distance` pixels are one, with their number in `count`; one that is alone keeps its attributes. */
export interface Clustering {
  readonly kind: 'cluster'
  /** 1 to 128. */
  readonly distance: number
}

/** Hexagons or squares of `size` pixels across with `count`, and `value`: the sum of `weight`. */
export interface Binning {
  readonly kind: 'bins'
  readonly shape: 'hexagon' | 'square'
  /** 4 to 512. */
  readonly size: number
  /** 1 where it is absent. */
  readonly weight?: Expression
}

/**
 * A raster of density, 0 to 1 and more, which the raster symbolizer colours: each feature adds `intensity` times its weight times a bell of height 0.399
 * that fades out at `radius`, as MapLibre defines it. Filters of the rules choose features.
 */
export interface Heatmap {
  readonly kind: 'heatmap'
  /** Pixels, 1 to 256. */
  readonly radius: number
  /** 1 where it is absent. */
  readonly weight?: Expression
  /** By the scale of the map, where it is computed; 1 where it is absent. */
  readonly intensity?: Value<number>
}

/** Columns that a transformation computes; they hide those of the table. `x` and `y` are the place in the CRS of the map. */
export const computedColumns: Readonly<Record<Transformation['kind'], readonly string[]>> = {
  cluster: ['count', 'x', 'y'],
  bins: ['count', 'value', 'x', 'y'],
  heatmap: [],
  inverse: [],
}
