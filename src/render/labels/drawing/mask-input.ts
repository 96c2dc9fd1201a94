import type { DrawExports } from '../../kernels/draw-kernel.js'
import { RenderError } from '../../render-error.js'
import type { GlyphMask } from './glyph-masks.js'

/** The input of a drawing kernel, filled with lists of masks (see `letters.ts` there); a mask is copied there once for all labels of a map. */
export interface MaskInput {
  /** Begins the list of a label of at most `most` masks. */
  begin(most: number): void
  /** Adds a mask, its upper left corner at pixel x,y. */
  add(mask: GlyphMask, x: number, y: number): void
  /** Draws the first `halos` masks of the list as one, then the others as one. False where that takes too much memory. */
  draw(halos: number, haloColor: number, color: number): boolean
  /** To be told when something else used the input. */
  forget(): void
}

/** Numbers of a mask in a list. */
const entry = 5
/** Bytes of most lists. */
const usualList = 4096
/** Bytes of masks that are kept for the next label. */
const keptBytes = 1 << 20
const leastBytes = 1 << 18

/** Opens the input of a kernel: the list lies first, the masks behind it. */
export function openMaskInput(exports: DrawExports): MaskInput {
  const places = new Map<GlyphMask, number>()
  let [listBytes, used, room, base, next] = [usualList, 0, 0, 0, 0]
  let bytes = new Uint8Array()
  let words = new Int32Array()

  /** What lies there stays, but the kernel's memory may move. */
  function reserve(wanted: number) {
    if (wanted <= room && bytes.buffer === exports.memory.buffer) return
    if (wanted > room) {
      room = Math.max(leastBytes, wanted * 2)
      if (!exports.layInput(room)) throw new RenderError('too-large', 'A label needs more memory than drawing may take.')
    }
    base = exports.inputAt()
    bytes = new Uint8Array(exports.memory.buffer, base, room)
    words = new Int32Array(exports.memory.buffer, base, room >> 2)
  }

  function put(mask: GlyphMask): number {
    reserve(used + mask.alpha.length)
    const at = used
    bytes.set(mask.alpha, at)
    used += mask.alpha.length
    places.set(mask, at)
    return at
  }

  function forget() {
    places.clear()
    room = 0
    used = listBytes
  }

  return {
    begin(most) {
      next = 0
      if (most * entry * 4 > listBytes) {
        listBytes = most * entry * 8
        forget()
      } else if (room === 0 || used > keptBytes) forget()
      reserve(used)
    },
    add(mask, x, y) {
      const at = places.get(mask) ?? put(mask)
      words[next] = base + at
      words[next + 1] = x
      words[next + 2] = y
      words[next + 3] = mask.columns
      words[next + 4] = mask.rows
      next += entry
    },
    draw(halos, haloColor, color) {
      const letters = next / entry - halos
      return next === 0 || exports.drawMasks(base, halos, haloColor, letters, color, 0) !== 0
    },
    forget,
  }
}
