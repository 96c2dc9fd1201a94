import { type DrawKernel, startDrawKernel } from '../../kernels/draw-kernel.js'
import { RenderError } from '../../render-error.js'
import type { GlyphOutlines } from './glyph-outlines.js'
import { openOutlineInput } from './outline-input.js'

/** The coverage of a glyph, or of its halo. */
export interface GlyphMask {
  /** Of the upper left pixel, from the pixel that the origin lies in. */
  readonly left: number
  readonly top: number
  readonly columns: number
  readonly rows: number
  /** Bytes of a row of opacities: whole vectors of 16. */
  readonly pitch: number
  /** Opacities, 0 to 255, row by row, and 0 behind the columns. */
  readonly alpha: Uint8Array
}

/** Masks of glyphs that stand level: drawn once, laid down many times. */
export interface GlyphMasks {
  /** Those of one size and halo (`radius` pixels on all sides, 0 for the glyphs themselves). */
  of(size: number, radius: number): MaskSet
}

/**
 * The mask of a glyph whose origin lies `phaseX` and `phaseY` quarters of a pixel from a pixel's upper left corner. `blank` when nothing
 * shows, `too-large` when it has to be drawn as an outline.
 */
export type MaskSet = (face: number, glyph: number, phaseX: number, phaseY: number) => GlyphMask | 'blank' | 'too-large'

/** Positions within a pixel: finer ones cannot be told apart. */
export const phases = 4
/** Side of the canvas that masks are drawn on, in pixels. */
const side = 256

/** Masks of at most `maxBytes`, drawn by a kernel of their own. When they are full, all are forgotten. */
export function createGlyphMasks(outlines: GlyphOutlines, maxBytes = 16e6, { exports }: DrawKernel = startDrawKernel()): GlyphMasks {
  /** By radius, and size. */
  const sets = new Map<number, Map<number, MaskSet>>()
  let bytes = 0
  if (!exports.layOut(side, side, 1, 0, 0)) throw new RenderError('too-large', 'There is no memory for drawing letters.')
  exports.clear(0, 0)
  const input = openOutlineInput(exports)

  function drawMask(outline: Int32Array | undefined, phaseX: number, phaseY: number, radius: number): GlyphMask | 'blank' | 'too-large' {
    if (!outline) return 'blank'
    const [shiftX, shiftY] = [(phaseX * 256) / phases, (phaseY * 256) / phases]
    const [minX, minY, maxX, maxY] = bounds(outline)
    // a pixel more for joins that round beyond the radius
    const grow = radius > 0 ? radius + 1 : 0
    const [left, top] = [Math.floor((minX + shiftX) / 256 - grow), Math.floor((minY + shiftY) / 256 - grow)]
    const [columns, rows] = [Math.ceil((maxX + shiftX) / 256 + grow) - left, Math.ceil((maxY + shiftY) / 256 + grow) - top]
    if (columns > side || rows > side) return 'too-large'
    input.add(outline, shiftX - left * 256, shiftY - top * 256, 0)
    if (radius > 0) input.draw(0, { radius, color: white })
    else input.draw(white, undefined)
    const pixels = new Uint8Array(exports.memory.buffer, exports.planeAt(0), side * rows * 4)
    const pitch = (columns + 15) & ~15
    const alpha = new Uint8Array(pitch * rows)
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) alpha[row * pitch + column] = pixels[(row * side + column) * 4 + 3]
    }
    pixels.fill(0)
    return { left, top, columns, rows, pitch, alpha }
  }

  function createSet(size: number, radius: number): MaskSet {
    const masks = new Map<number, GlyphMask | 'blank' | 'too-large'>()
    return (face, glyph, phaseX, phaseY) => {
      const key = ((face * 65536 + glyph) * phases + phaseY) * phases + phaseX
      let mask = masks.get(key)
      if (mask) return mask
      mask = drawMask(outlines.get(face, glyph, size), phaseX, phaseY, radius)
      masks.set(key, mask)
      bytes += 250 + (typeof mask === 'string' ? 0 : mask.alpha.length)
      return mask
    }
  }

  return {
    of(size, radius) {
      if (bytes > maxBytes) {
        sets.clear()
        bytes = 0
      }
      let sized = sets.get(radius)
      if (!sized) {
        sized = new Map()
        sets.set(radius, sized)
      }
      let set = sized.get(size)
      if (!set) {
        set = createSet(size, radius)
        sized.set(size, set)
        bytes += 500
      }
      return set
    },
  }
}

const white = 0xffffffff

/** Of all points of an outline (see `flattenOutline`), in 256ths of a pixel. */
function bounds(outline: Int32Array): [number, number, number, number] {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let at = 6; at < outline.length; ) {
    const end = at + 1 + outline[at] * 2
    for (at++; at < end; at += 2) {
      minX = Math.min(minX, outline[at])
      maxX = Math.max(maxX, outline[at])
      minY = Math.min(minY, outline[at + 1])
      maxY = Math.max(maxY, outline[at + 1])
    }
  }
  return [minX, minY, maxX, maxY]
}
