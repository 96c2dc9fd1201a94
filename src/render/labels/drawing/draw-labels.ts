import type { Canvas } from '../../canvas.js'
import { type PlacedLabel, touches } from '../placed-label.js'
import { drawLevelLabel } from './draw-level-label.js'
import type { GlyphMasks } from './glyph-masks.js'
import type { GlyphOutlines } from './glyph-outlines.js'
import { openMaskInput } from './mask-input.js'
import { openOutlineInput } from './outline-input.js'

/**
 * Draws labels in the order given, each with its halo beneath all of its letters. `shiftX`, `shiftY`, whole pixels, are the place of the
 * canvas's upper left corner in the frame of the labels: a label is the same on all canvases, down to the pixel.
 */
export function drawLabels(
  canvas: Canvas,
  labels: readonly PlacedLabel[],
  outlines: GlyphOutlines,
  masks: GlyphMasks,
  shiftX = 0,
  shiftY = 0,
): void {
  const { exports } = canvas.kernel
  const level = openMaskInput(exports)
  for (const label of labels) {
    if (!touches(label, shiftX, shiftY, shiftX + canvas.width, shiftY + canvas.height)) continue
    if (drawLevelLabel(level, label, masks, shiftX, shiftY)) continue
    const input = openOutlineInput(exports)
    const { faces, glyphs, origins, turns, text } = label
    for (let i = 0; i < glyphs.length; i++) {
      const outline = outlines.get(faces[i], glyphs[i], text.size)
      if (outline) input.add(outline, origins[i * 2] - shiftX * 256, origins[i * 2 + 1] - shiftY * 256, turns?.[i] ?? 0)
    }
    input.draw(text.color, text.halo)
    level.forget()
  }
}
