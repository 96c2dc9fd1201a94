import type { PreparedGraphic } from '../pens.js'

/** A text and how it is set. Lengths are pixels; colours are premultiplied RGBA, red in the lowest byte. */
export interface LabelText {
  readonly text: string
  /** Wanted families, best first; see `fonts/match-family.ts` for what names are known. */
  readonly families: readonly string[]
  readonly size: number
  readonly isItalic: boolean
  /** As in CSS: 400 is regular, 700 bold. */
  readonly weight: number
  readonly letterSpacing: number
  readonly color: number
  readonly halo?: LabelHalo
  /** Lines longer than this are broken, into lines as even as can be. Text along lines is never broken. */
  readonly wrapWidth?: number
  /** From baseline to baseline, in sizes. */
  readonly lineHeight: number
  /** Words and what may stand for them where the whole does not fit. */
  readonly abbreviations?: Readonly<Record<string, string>>
}

export interface LabelHalo {
  readonly color: number
  readonly radius: number
}

/** Where a label belongs, in pixels of the map, y down. */
export type LabelAnchor = PointAnchor | LineAnchor | PolygonAnchor

/** At a point. */
export interface PointAnchor {
  readonly kind: 'point'
  readonly x: number
  readonly y: number
  /** The spot of the text that lies on the point: 0,0 is its lower left, 1,1 its upper right corner (OGC 05-077r4, 11.4.4). */
  readonly anchor: readonly [number, number]
  /** From the point, in pixels, y down. */
  readonly displacement: readonly [number, number]
  /** Clockwise, in degrees. */
  readonly rotation: number
  /** How far the text may move from there to find room, in pixels. */
  readonly maxDisplacement: number
}

/** Along a line. */
export interface LineAnchor {
  readonly kind: 'line'
  /** x,y pairs. */
  readonly points: Float64Array
  /** Distance of the middle of the text from the line, in pixels; positive is above the text, that is on its left. */
  readonly offset: number
  /** From middle to middle of repeated labels; a single one in the middle of the line when absent. */
  readonly repeat?: number
  /** Of repeated labels: from the beginning of the line to the first one. */
  readonly initialGap: number
  /** Straight instead of bent along the line. */
  readonly isStraight: boolean
  /** Level, with its middle on the line, instead of turned with it. */
  readonly isLevel: boolean
  /** Runs as the line does, even upside down. Else it is read from left to right whatever the direction of the line. */
  readonly followsDirection: boolean
  /** Of the turn between neighbouring letters, in degrees. */
  readonly maxAngle: number
}

/** Inside a polygon, at the place farthest from its border. */
export interface PolygonAnchor {
  readonly kind: 'polygon'
  /** Rings of x,y pairs by the even-odd rule: several polygons may be in one list. */
  readonly rings: readonly Float64Array[]
  readonly rotation: number
  readonly displacement: readonly [number, number]
  /** Left out when it does not fit into the polygon; else it only prefers to. */
  readonly mustFit: boolean
  readonly maxDisplacement: number
}

/** A picture behind the text, such as the shield of a road: as large as it is, or as the text with a margin. In pixels. */
export type LabelShield = { readonly graphic: PreparedGraphic } & (
  | { readonly kind: 'fixed'; readonly width: number; readonly height: number }
  | { readonly kind: 'stretched'; readonly margin: number }
)

/** One label that somebody wants. */
export interface LabelRequest {
  readonly text: LabelText
  readonly at: LabelAnchor
  /** The higher is placed first. */
  readonly priority: number
  /** Place of the layer in the drawing order: of two labels of one priority, that of the later layer is placed first. */
  readonly layer: number
  /** Of the feature: makes the order the same however requests arrive. */
  readonly key: string
  /** Labels of one group and text are one: lines that meet are joined, of points and polygons one gets a label. */
  readonly group?: string
  /** Labels of one text stay this far apart, in pixels. */
  readonly minRepeat?: number
  /** Takes no part in collision: may lie on others, and others on it. */
  readonly mayOverlap: boolean
  /** Kept free around the text, in pixels. */
  readonly spaceAround: number
  /** Room is kept for it, and it is told where it belongs; who draws the labels draws it first. Not behind text that bends with a line. */
  readonly shield?: LabelShield
}
