import type { PlacedLabel } from '../placed-label.js'
import { type GlyphMasks, type MaskSet, phases } from './glyph-masks.js'
import type { MaskInput } from './mask-input.js'

/** Larger letters and halos are drawn as outlines: their masks would fill the cache. In pixels. */
const largest = { size: 40, radius: 16 }

/**
 * Draws a label that stands level from the masks of its glyphs. `shiftX`, `shiftY` as in `drawLabels`. False when it has to be drawn as
 * outlines.
 */
export function drawLevelLabel(input: MaskInput, label: PlacedLabel, masks: GlyphMasks, shiftX: number, shiftY: number): boolean {
  const { turns, text } = label
  const radius = text.halo && text.halo.color !== 0 ? text.halo.radius : 0
  if (turns || text.size > largest.size || radius > largest.radius) return false
  input.begin(2 * label.glyphs.length)
  const halos = radius > 0 ? lay(input, label, masks.of(text.size, radius), shiftX, shiftY) : 0
  if (halos < 0 || lay(input, label, masks.of(text.size, 0), shiftX, shiftY) < 0) return false
  return input.draw(halos, text.halo?.color ?? 0, text.color)
}

/** Puts the masks of all glyphs where they belong. How many there are, or -1 when one has none. Hot path. */
function lay(input: MaskInput, { faces, glyphs, origins }: PlacedLabel, set: MaskSet, shiftX: number, shiftY: number): number {
  let count = 0
  for (let i = 0; i < glyphs.length; i++) {
    // to the nearest quarter of a pixel; all but raised marks stand on the baseline, which lies on a whole one
    const quartersX = Math.round((origins[i * 2] * phases) / 256)
    const quartersY = Math.round((origins[i * 2 + 1] * phases) / 256)
    const [phaseX, phaseY] = [quartersX & (phases - 1), quartersY & (phases - 1)]
    const mask = set(faces[i], glyphs[i], phaseX, phaseY)
    if (mask === 'too-large') return -1
    if (mask === 'blank') continue
    input.add(mask, (quartersX - phaseX) / phases + mask.left - shiftX, (quartersY - phaseY) / phases + mask.top - shiftY)
    count++
  }
  return count
}
