import type { DrawExports } from '../../kernels/draw-kernel.js'
import { RenderError } from '../../render-error.js'
import type { PlacedLabel } from '../placed-label.js'
import { type GlyphMask, type GlyphMasks, type MaskSet, phases } from './glyph-masks.js'

/** Larger letters and halos are drawn as outlines: their masks would fill the cache. In pixels. */
const largest = { size: 40, radius: 16 }
/** Pixels a label may cover as one mask. */
const mostPixels = 4e6

/** A mask and the pixel of its upper left corner. */
interface Laid {
  readonly mask: GlyphMask
  readonly x: number
  readonly y: number
}

/**
 * Draws a label that stands level from the masks of its glyphs: joined to one mask first, so that no letter and no halo shines through another.
 * `shiftX`, `shiftY` as in `drawLabels`. False when it has to be drawn as outlines.
 */
export function drawLevelLabel(exports: DrawExports, label: PlacedLabel, masks: GlyphMasks, shiftX: number, shiftY: number): boolean {
  const { turns, text } = label
  const radius = text.halo && text.halo.color !== 0 ? text.halo.radius : 0
  if (turns || text.size > largest.size || radius > largest.radius) return false
  const letters = lay(label, masks.of(text.size, 0), shiftX, shiftY)
  const halos = radius > 0 ? lay(label, masks.of(text.size, radius), shiftX, shiftY) : []
  if (!letters || !halos) return false
  const isWhole = paint(exports, halos, text.halo?.color ?? 0, joinHalos)
  return isWhole && paint(exports, letters, text.color, joinLetters)
}

/** The masks of all glyphs where they belong, or undefined when one has none. */
function lay({ faces, glyphs, origins }: PlacedLabel, set: MaskSet, shiftX: number, shiftY: number): Laid[] | undefined {
  const laid: Laid[] = []
  for (let i = 0; i < glyphs.length; i++) {
    // to the nearest quarter of a pixel; all but raised marks stand on the baseline, which lies on a whole one
    const [quartersX, quartersY] = [Math.round((origins[i * 2] * phases) / 256), Math.round((origins[i * 2 + 1] * phases) / 256)]
    const [phaseX, phaseY] = [quartersX & (phases - 1), quartersY & (phases - 1)]
    const mask = set(faces[i], glyphs[i], phaseX, phaseY)
    if (mask === 'too-large') return undefined
    if (mask === 'blank') continue
    const [x, y] = [(quartersX - phaseX) / phases, (quartersY - phaseY) / phases]
    laid.push({ mask, x: x + mask.left - shiftX, y: y + mask.top - shiftY })
  }
  return laid
}

/** Joins masks in the kernel's input and paints through them. False when they cover too much. */
function paint(exports: DrawExports, laid: readonly Laid[], color: number, join: Join): boolean {
  if (laid.length === 0) return true
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { mask, x, y } of laid) {
    minX = Math.min(minX, x)
    minY = Math.min(minY, y)
    maxX = Math.max(maxX, x + mask.columns)
    maxY = Math.max(maxY, y + mask.rows)
  }
  const [columns, rows] = [maxX - minX, maxY - minY]
  if (columns * rows > mostPixels) return false
  if (!exports.layInput(columns * rows)) throw new RenderError('too-large', 'A label needs more memory than drawing may take.')
  const at = exports.inputAt()
  const whole = new Uint8Array(exports.memory.buffer, at, columns * rows).fill(0)
  for (const { mask, x, y } of laid) join(whole, (y - minY) * columns + x - minX, columns, mask)
  exports.paintMask(at, minX, minY, columns, rows, color, 0)
  return true
}

/** Joins a mask to `whole`, from position `at`; a row of it is `stride` long. */
type Join = (whole: Uint8Array, at: number, stride: number, mask: GlyphMask) => void

/** Hot path. Letters that touch fill a pixel together. */
function joinLetters(whole: Uint8Array, at: number, stride: number, { columns, rows, alpha }: GlyphMask): void {
  for (let row = 0, from = 0; row < rows; row++, at += stride) {
    for (let to = at, end = at + columns; to < end; to++, from++) {
      const sum = whole[to] + alpha[from]
      whole[to] = sum > 255 ? 255 : sum
    }
  }
}

/** Hot path. Halos overlap: the higher opacity holds. */
function joinHalos(whole: Uint8Array, at: number, stride: number, { columns, rows, alpha }: GlyphMask): void {
  for (let row = 0, from = 0; row < rows; row++, at += stride) {
    for (let to = at, end = at + columns; to < end; to++, from++) if (alpha[from] > whole[to]) whole[to] = alpha[from]
  }
}
