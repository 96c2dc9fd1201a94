import type { Canvas } from '../canvas.js'
import { drawLabels, type RowsFirst } from './drawing/draw-labels.js'
import { createGlyphMasks } from './drawing/glyph-masks.js'
import { createGlyphOutlines } from './drawing/glyph-outlines.js'
import type { FontLibrary } from './fonts/font-library.js'
import type { LabelRequest } from './label-request.js'
import { placeLabels } from './place-labels.js'
import { inDrawingOrder, type PlacedLabel } from './placed-label.js'
import { type Frame, frameOfMap } from './placing/frame.js'
import { createTextShaper } from './shaping/text-shaper.js'

/** Places and draws labels; one a thread, so that shapes and outlines are made once. */
export interface LabelEngine {
  readonly fonts: FontLibrary
  /** See `placeLabels`. */
  place(requests: readonly LabelRequest[], frame: Frame, taken?: readonly PlacedLabel[]): PlacedLabel[]
  /** See `drawLabels`. */
  draw(canvas: Canvas, labels: readonly PlacedLabel[], shiftX?: number, shiftY?: number, first?: RowsFirst): void
  /** The labels of one map, collected layer by layer. */
  openSheet(): LabelSheet
}

export interface LabelSheet {
  add(request: LabelRequest): void
  /** Places what was added on a map of its own: no label is cut at its sides. From the bottom up, in drawing order. */
  place(width: number, height: number): PlacedLabel[]
}

export interface LabelEngineOptions {
  readonly fonts: FontLibrary
  /** Bounds of what is kept of shaped texts, outlines and masks of letters. */
  readonly shapeBytes?: number
  readonly outlineBytes?: number
  readonly maskBytes?: number
}

/** An engine that writes with `fonts`. Throws `RenderError` when there is no memory for drawing letters. */
export function createLabelEngine({ fonts, shapeBytes, outlineBytes, maskBytes }: LabelEngineOptions): LabelEngine {
  const shaper = createTextShaper(fonts, shapeBytes)
  const outlines = createGlyphOutlines(fonts, outlineBytes)
  const masks = createGlyphMasks(outlines, maskBytes)
  const engine: LabelEngine = {
    fonts,
    place: (requests, frame, taken = []) => placeLabels(requests, frame, taken, shaper),
    draw: (canvas, labels, shiftX, shiftY, first) => drawLabels(canvas, labels, { outlines, masks }, shiftX, shiftY, first),
    openSheet() {
      const requests: LabelRequest[] = []
      return {
        add: request => requests.push(request),
        place: (width, height) => engine.place(requests, frameOfMap(width, height)).sort(inDrawingOrder),
      }
    },
  }
  return engine
}
