import type { Canvas } from '../../canvas.js'
import { type PlacedLabel, touches } from '../placed-label.js'
import { drawLevelLabel } from './draw-level-label.js'
import type { GlyphMasks } from './glyph-masks.js'
import type { GlyphOutlines } from './glyph-outlines.js'
import { openMaskInput } from './mask-input.js'
import { openOutlineInput } from './outline-input.js'

/** Rows that are wanted before those above: from `top` on. */
export interface RowsFirst {
  readonly top: number
  /** They are drawn, and those above are not. Not called where they cannot be drawn apart. */
  onDone(): void
}

interface Letters {
  readonly outlines: GlyphOutlines
  readonly masks: GlyphMasks
}

/** Ink may lie so far beyond the boxes of a label: letters move to quarters of pixels. */
const mostBeyond = 4

/**
 * Draws labels in the order given, each with its halo beneath all of its letters. `shiftX`, `shiftY`, whole pixels, are the place of the
 * canvas's upper left corner in the frame of the labels: a label is the same on all canvases, down to the pixel.
 */
export function drawLabels(
  canvas: Canvas,
  labels: readonly PlacedLabel[],
  { outlines, masks }: Letters,
  shiftX = 0,
  shiftY = 0,
  first?: RowsFirst,
): void {
  const { kernel, width, height } = canvas
  const { exports } = kernel
  const level = openMaskInput(exports)
  /** Draws labels `from … end - 1` in rows `top … bottom - 1`, as far as `other` does those that are no masks. Returns where it stopped. */
  const drawRows = (from: number, end: number, top: number, bottom: number, other?: (label: PlacedLabel) => void): number => {
    exports.useLetterRows(top, bottom)
    const minY = shiftY + top - (top > 0 ? mostBeyond : 0)
    const maxY = shiftY + bottom + (bottom < height ? mostBeyond : 0)
    for (let i = from; i < end; i++) {
      const label = labels[i]
      if (!touches(label, shiftX, minY, shiftX + width, maxY) || drawLevelLabel(level, label, masks, shiftX, shiftY)) continue
      if (!other) return i
      other(label)
    }
    return end
  }
  const drawOutlines = ({ faces, glyphs, origins, turns, text }: PlacedLabel) => {
    const input = openOutlineInput(exports)
    for (let i = 0; i < glyphs.length; i++) {
      const outline = outlines.get(faces[i], glyphs[i], text.size)
      if (outline) input.add(outline, origins[i * 2] - shiftX * 256, origins[i * 2 + 1] - shiftY * 256, turns?.[i] ?? 0)
    }
    input.draw(text.color, text.halo)
    level.forget()
  }
  let done = 0
  if (first) {
    done = drawRows(0, labels.length, first.top, height)
    if (done === labels.length) first.onDone()
    drawRows(0, done, 0, first.top, drawOutlines)
  }
  drawRows(done, labels.length, 0, height, drawOutlines)
}
