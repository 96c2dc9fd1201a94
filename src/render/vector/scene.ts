import type { BlendMode } from '#styles/style.js'
import type { LabelText } from '../labels/label-request.js'

/**
 * A map as shapes instead of pixels: what the vector formats write. Lengths and places are pixels of the map, y down from its upper left corner; later
 * items lie on top of earlier ones.
 */
export interface Scene {
  readonly width: number
  readonly height: number
  /** Pixels per inch of the paper. */
  readonly dpi: number
  /** 0xRRGGBB; absent: transparent. */
  readonly background?: number
  readonly title?: string
  readonly items: readonly SceneItem[]
}

export type SceneItem = ScenePath | SceneUse | ScenePicture | SceneText | SceneGroup

/** Filled by the non-zero rule, then stroked. */
export interface ScenePath {
  readonly kind: 'path'
  readonly parts: readonly PathPart[]
  readonly fill?: ScenePaint
  readonly stroke?: SceneStroke
}

export interface PathPart {
  /** x,y pairs in hundredths of a pixel. */
  readonly points: Int32Array
  readonly isClosed: boolean
}

export type ScenePaint =
  | { readonly kind: 'color'; readonly rgb: number; readonly opacity: number }
  | { readonly kind: 'pattern'; readonly pattern: ScenePattern; readonly opacity: number }

export interface SceneStroke {
  readonly paint: ScenePaint
  readonly width: number
  readonly cap: 'butt' | 'round' | 'square'
  /** Mitres reach at most twice the half width. */
  readonly join: 'mitre' | 'round' | 'bevel'
  /** Dashes and gaps in turn; an even number of them. */
  readonly dashes?: readonly number[]
  readonly dashOffset?: number
}

/** A tile again and again. */
export interface ScenePattern {
  readonly width: number
  readonly height: number
  /** From the tile to the map: clockwise turn in radians, then the place of the tile's upper left corner. */
  readonly turn: number
  readonly x: number
  readonly y: number
  readonly items: readonly SceneItem[]
}

/** Something that is drawn in many places; its own origin lies on each. */
export interface SceneSymbol {
  readonly items: readonly SceneItem[]
  /** All of it lies so close to its origin. */
  readonly reach: number
}

export interface SceneUse {
  readonly kind: 'use'
  readonly symbol: SceneSymbol
  readonly x: number
  readonly y: number
  /** Clockwise turn. */
  readonly cos: number
  readonly sin: number
  readonly opacity: number
}

export interface ScenePicture {
  readonly kind: 'picture'
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly picture: PixelPicture
}

/** Premultiplied RGBA. The same object is the same picture. */
export interface PixelPicture {
  readonly width: number
  readonly height: number
  readonly bytes: Uint8Array
  /** Instead of `bytes`, which then are none: a tenth of the size where it is an opaque photograph. */
  readonly jpeg?: Uint8Array
}

/** A label: its halo lies beneath all of its letters. */
export interface SceneText {
  readonly kind: 'text'
  readonly text: LabelText
  readonly pieces: readonly TextPiece[]
  /** Pieces are the letters of one line that bends. */
  readonly isBent: boolean
}

/** Letters of one face that stand on a straight baseline, in visual order. */
export interface TextPiece {
  readonly text: string
  readonly isRightToLeft: boolean
  readonly face: TextFace
  /** Where the baseline begins on the left. */
  readonly x: number
  readonly y: number
  readonly width: number
  /** Clockwise, in radians. */
  readonly turn: number
  readonly glyphs: readonly TextGlyph[]
}

export interface TextGlyph {
  readonly glyph: number
  readonly x: number
  readonly y: number
  /** What it stands for, where it stands for whole characters. */
  readonly text?: string
}

/** A font file. The same object is the same face. */
export interface TextFace {
  readonly number: number
  readonly family: string
  readonly weight: number
  readonly isItalic: boolean
  readonly path: string
}

export interface SceneGroup {
  readonly kind: 'group'
  readonly items: readonly SceneItem[]
  readonly opacity?: number
  readonly blend?: BlendMode
  /** Where its own origin lies. */
  readonly x?: number
  readonly y?: number
  /** Nothing of it shows outside of this box around its origin. */
  readonly clip?: { readonly width: number; readonly height: number }
}
