import type { Canvas } from '../canvas.js'
import { RenderError } from '../render-error.js'
import type { GlyphOutlines } from './glyph-outlines.js'
import type { PlacedLabel } from './placed-label.js'
import { touches } from './placed-label.js'

/** What one label takes of the kernel's input, unless it needs more; in words. */
const usualWords = 1 << 16

/**
 * Draws labels in the order given, each with its halo beneath all of its letters. `shiftX`, `shiftY`, whole pixels, are the place of the
 * canvas's upper left corner in the frame of the labels: a label is the same on all canvases, down to the pixel.
 */
export function drawLabels(canvas: Canvas, labels: readonly PlacedLabel[], outlines: GlyphOutlines, shiftX = 0, shiftY = 0): void {
  const input = openInput(canvas)
  for (const label of labels) {
    if (touches(label, shiftX, shiftY, shiftX + canvas.width, shiftY + canvas.height)) {
      drawLabel(canvas, label, outlines, shiftX * 256, shiftY * 256, input)
    }
  }
}

interface Input {
  /** Views of the kernel's input with room for `words`, wherever its memory lies now. */
  reserve(words: number): void
  words: Int32Array
  floats: Float32Array
}

function openInput({ kernel: { exports } }: Canvas): Input {
  let room = 0
  const input: Input = {
    words: new Int32Array(),
    floats: new Float32Array(),
    reserve(words) {
      const { buffer } = exports.memory
      if (words <= room && input.words.buffer === buffer && buffer.byteLength > 0) return
      if (words > room) {
        room = Math.max(usualWords, words * 2)
        if (!exports.layInput(room * 4)) throw new RenderError('too-large', 'A label needs more memory than drawing may take.')
      }
      input.words = new Int32Array(exports.memory.buffer, exports.inputAt(), room)
      input.floats = new Float32Array(exports.memory.buffer, exports.inputAt(), room)
    },
  }
  return input
}

function drawLabel(canvas: Canvas, label: PlacedLabel, outlines: GlyphOutlines, x: number, y: number, input: Input): void {
  const { faces, glyphs, origins, turns, text } = label
  let to = 0
  for (let i = 0; i < glyphs.length; i++) {
    const outline = outlines.get(faces[i], glyphs[i], text.size)
    if (!outline) continue
    const before = to > 0 && input.words.length < to + outline.length ? input.words.slice(0, to) : undefined
    input.reserve(to + outline.length)
    if (before) input.words.set(before)
    input.words.set(outline, to)
    input.words[to + 2] = origins[i * 2] - x
    input.words[to + 3] = origins[i * 2 + 1] - y
    input.floats[to + 4] = turns ? Math.cos(turns[i]) : 1
    input.floats[to + 5] = turns ? Math.sin(turns[i]) : 0
    to += outline.length
  }
  if (to === 0) return
  const { exports } = canvas.kernel
  const halo = text.halo ? Math.round(text.halo.radius * 256) : 0
  const status = exports.drawOutlines(exports.inputAt(), to * 4, halo, text.halo?.color ?? 0, text.color, 0)
  if (status !== 0) throw new RenderError('too-large', 'A label has more outlines than drawing may hold in memory.')
}
