import type { DrawExports } from '../../kernels/draw-kernel.js'
import { RenderError } from '../../render-error.js'

/** The input of a drawing kernel, filled with outlines of glyphs one after the other. */
export interface OutlineInput {
  /** Adds an outline with its origin in 256ths of a pixel, turned clockwise about it. */
  add(outline: Int32Array, x: number, y: number, turn: number): void
  /** Draws what was added as one shape, its halo (`radius` in pixels) beneath, and forgets it. */
  draw(color: number, halo: { readonly radius: number; readonly color: number } | undefined): void
}

/** Room for most labels; in words of 32 bits. */
const usualWords = 1 << 16

/** Opens the input of a kernel: valid until something else uses it. */
export function openOutlineInput(exports: DrawExports): OutlineInput {
  let room = 0
  let words = new Int32Array()
  let floats = new Float32Array()
  let length = 0

  /** The kernel's memory moves when it grows, even while it draws. */
  function reserve(wanted: number) {
    const { buffer } = exports.memory
    if (wanted <= room && words.buffer === buffer) return
    const before = wanted > room && length > 0 ? new Int32Array(buffer, exports.inputAt(), length).slice() : undefined
    if (wanted > room) {
      room = Math.max(usualWords, wanted * 2)
      if (!exports.layInput(room * 4)) throw new RenderError('too-large', 'A label needs more memory than drawing may take.')
    }
    words = new Int32Array(exports.memory.buffer, exports.inputAt(), room)
    floats = new Float32Array(exports.memory.buffer, exports.inputAt(), room)
    if (before) words.set(before)
  }

  return {
    add(outline, x, y, turn) {
      reserve(length + outline.length)
      words.set(outline, length)
      words[length + 2] = x
      words[length + 3] = y
      floats[length + 4] = turn === 0 ? 1 : Math.cos(turn)
      floats[length + 5] = turn === 0 ? 0 : Math.sin(turn)
      length += outline.length
    },
    draw(color, halo) {
      if (length === 0) return
      const status = exports.drawOutlines(
        exports.inputAt(),
        length * 4,
        halo ? Math.round(halo.radius * 256) : 0,
        halo?.color ?? 0,
        color,
        0,
      )
      length = 0
      if (status !== 0) throw new RenderError('too-large', 'A label has more outlines than drawing may hold in memory.')
    },
  }
}
