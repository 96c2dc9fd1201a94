import type { FontLibrary } from '../fonts/font-library.js'
import { flattenOutline } from './flatten-outline.js'

/** Outlines of glyphs at sizes, ready for the kernel; kept for the next label within a bound in bytes. */
export interface GlyphOutlines {
  /** Undefined for blanks. */
  get(face: number, glyph: number, size: number): Int32Array | undefined
  readonly bytes: number
}

/** Outlines of at most `maxBytes` (some 50,000 letters at the usual sizes). When they are full, all are forgotten. */
export function createGlyphOutlines(fonts: FontLibrary, maxBytes = 16e6): GlyphOutlines {
  const bySize = new Map<number, Map<number, Int32Array | undefined>>()
  let bytes = 0
  return {
    get bytes() {
      return bytes
    },
    get(face, glyph, size) {
      let glyphs = bySize.get(size)
      const key = face * 65536 + glyph
      const known = glyphs?.get(key)
      if (known || glyphs?.has(key)) return known
      const outline = flattenOutline(fonts.face(face)?.outline(glyph) ?? [], size)
      const more = 150 + (outline?.byteLength ?? 0)
      if (bytes + more > maxBytes) {
        bySize.clear()
        bytes = 0
        glyphs = undefined
      }
      if (!glyphs) {
        glyphs = new Map()
        bySize.set(size, glyphs)
        bytes += 200
      }
      glyphs.set(key, outline)
      bytes += more
      return outline
    },
  }
}
