import type { PreparedGraphic } from '../pens.js'
import type { LabelText } from './label-request.js'
import type { ShapedLine } from './shaping/shaped-text.js'

/** A label that has found its place: plain data, in pixels of the frame it was placed in. */
export interface PlacedLabel {
  readonly key: string
  readonly layer: number
  readonly priority: number
  readonly group?: string
  /** The whole text, by which repetitions are known. */
  readonly name: string
  /** As it is drawn: perhaps abbreviated. */
  readonly text: LabelText
  /** Its lines as they were shaped: their glyphs, one line after the other, are those of the label. */
  readonly lines: readonly ShapedLine[]
  /** The middle of the text, which says whose the label is. */
  readonly x: number
  readonly y: number
  /** Number of the face and of the glyph in it, glyph by glyph. */
  readonly faces: Uint16Array
  readonly glyphs: Uint16Array
  /** Origins of the glyphs: x,y pairs in whole 256ths of a pixel. */
  readonly origins: readonly number[]
  /** Clockwise turns of the glyphs around their origins, in radians; absent when none is turned. */
  readonly turns?: Float32Array
  /** Size of the picture behind the text, around its middle, and its turn in radians clockwise. */
  readonly shield?: PlacedShield
  /** What the label covers, halo and free space included: minX, minY, maxX, maxY of each box. */
  readonly boxes: readonly number[]
  readonly mayOverlap: boolean
  readonly minRepeat?: number
}

export interface PlacedShield {
  readonly graphic: PreparedGraphic
  readonly width: number
  readonly height: number
  readonly turn: number
}

/** Bytes a placed label holds, about. */
export const bytesOfLabel = ({ glyphs, boxes, text, key, lines }: PlacedLabel): number =>
  700 + lines.length * 300 + glyphs.length * 42 + boxes.length * 8 + (text.text.length + key.length) * 2

/** From the bottom up: later layers lie above, then what was placed first. */
export function inDrawingOrder(a: PlacedLabel, b: PlacedLabel): number {
  return (
    a.layer - b.layer ||
    a.priority - b.priority ||
    (a.key === b.key ? 0 : a.key > b.key ? -1 : 1) ||
    (a.text.text === b.text.text ? 0 : a.text.text > b.text.text ? -1 : 1) ||
    b.y - a.y ||
    b.x - a.x
  )
}

/** Whether anything of a label may lie in a rectangle. */
export function touches({ boxes }: PlacedLabel, minX: number, minY: number, maxX: number, maxY: number): boolean {
  for (let i = 0; i < boxes.length; i += 4) {
    if (boxes[i] < maxX && boxes[i + 2] > minX && boxes[i + 1] < maxY && boxes[i + 3] > minY) return true
  }
  return false
}
