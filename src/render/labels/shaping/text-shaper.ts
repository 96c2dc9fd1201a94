import { createBoundedCache } from '../../bounded-cache.js'
import type { FontFace } from '../fonts/font-face.js'
import type { FontLibrary } from '../fonts/font-library.js'
import type { LabelText } from '../label-request.js'
import { breakLines, wordsOf } from './break-lines.js'
import { shapeLine } from './shape-line.js'
import type { ShapedLine, ShapedText } from './shaped-text.js'

/** Turns texts into glyphs; what was shaped lately is kept. */
export interface TextShaper {
  readonly fonts: FontLibrary
  /** Shapes a text, broken into lines where it asks for that. Undefined for texts that cannot be labels: empty, too long, or of no size. */
  shape(text: LabelText, isSingleLine?: boolean): ShapedText | undefined
  /** Any text of these letters is at least so high (see `ShapedText`) and takes at least so much room, in pixels: known without shaping. */
  leastHeight(text: LabelText): LeastHeight
}

export interface LeastHeight {
  readonly height: number
  readonly room: number
}

/** Longer texts are no labels, in characters. */
const longestLabel = 1000
const mostLines = 30
/** Sizes of letters, in pixels. */
const sizes = [0.5, 1000] as const
const loneSurrogate = /[\ud800-\udfff]/gu
const newLine = /\r\n|[\n\r\u0085\u2028\u2029]/u

/** A shaper that keeps at most `cacheBytes` of shaped texts. */
export function createTextShaper(fonts: FontLibrary, cacheBytes = 16e6): TextShaper {
  const cache = createBoundedCache<string, ShapedText>(cacheBytes)
  const names = new WeakMap<readonly number[], string>()
  let last: (Pick<LabelText, 'families' | 'weight' | 'isItalic' | 'size'> & { readonly least: LeastHeight }) | undefined
  const nameOf = (faces: readonly number[]) => {
    let name = names.get(faces)
    if (name === undefined) {
      name = faces.join()
      names.set(faces, name)
    }
    return name
  }
  return {
    fonts,
    leastHeight({ families, weight, isItalic, size }) {
      // most texts are set as the one before
      if (!last || last.families !== families || last.weight !== weight || last.isItalic !== isItalic || last.size !== size) {
        const face = fonts.face(fonts.choose(families, weight, isItalic)[0])
        const room = (capHeightOf(face) + depthOf(face)) * size
        last = { families, weight, isItalic, size, least: { height: room + depthOf(face) * size, room } }
      }
      return last.least
    },
    shape(text, isSingleLine = false) {
      if (!isLabel(text)) return undefined
      const { families, weight, isItalic, size, letterSpacing, lineHeight } = text
      const faces = fonts.choose(families, weight, isItalic)
      const wrapWidth = isSingleLine ? -1 : (text.wrapWidth ?? 0)
      const key = `${nameOf(faces)} ${size} ${letterSpacing} ${lineHeight} ${wrapWidth}\n${text.text}`
      const known = cache.get(key)
      if (known) return known
      const line = (part: string) => shapeLine(part, fonts, faces, size, letterSpacing)
      const shaped = assemble(linesOf(text, isSingleLine, line).map(line), fonts, faces, text)
      cache.set(key, shaped, shaped.bytes + key.length * 2)
      return shaped
    },
  }
}

function isLabel({ text, size, letterSpacing, lineHeight }: LabelText): boolean {
  if (text.length > longestLabel || text.trim() === '') return false
  return size >= sizes[0] && size <= sizes[1] && Math.abs(letterSpacing) <= 10 * size && lineHeight >= 0 && lineHeight <= 10
}

function linesOf(text: LabelText, isSingleLine: boolean, shape: (part: string) => ShapedLine): string[] {
  // lone surrogates are no characters: shown as missing ones
  const whole = text.text.replaceAll(loneSurrogate, '\ufffd').trim()
  if (isSingleLine) return [whole.split(newLine).join(' ')]
  const { wrapWidth } = text
  const lines = whole.split(newLine).flatMap(line => {
    if (!wrapWidth || !(wrapWidth > 0)) return [line.trim()]
    const blank = shape('x x').width - shape('xx').width
    const words = wordsOf(line).map(word => {
      const bare = word.trim()
      return { text: word, width: shape(bare).width, blank: blank * (word.length - bare.length) }
    })
    return breakLines(words, wrapWidth)
  })
  return lines.slice(0, mostLines)
}

function assemble(lines: readonly ShapedLine[], fonts: FontLibrary, faces: readonly number[], text: LabelText): ShapedText {
  const main = fonts.face(faces[0])
  const [capHeight, descent] = [capHeightOf(main) * text.size, depthOf(main) * text.size]
  // as much room above a capital as below the baseline: so a box is even about the middle of its text, and holds most accents
  const ascent = capHeight + descent
  const glyphs = lines.reduce((sum, line) => sum + line.glyphs.length, 0)
  return {
    lines,
    faces: together(lines.map(line => line.faces)),
    glyphs: together(lines.map(line => line.glyphs)),
    width: Math.max(0, ...lines.map(line => line.width)),
    ascent,
    descent,
    middle: capHeight / 2,
    lineStep: text.size * text.lineHeight,
    overhang: {
      above: Math.max(capHeight, ...lines.map(({ ink }, i) => -ink[1] - i * text.size * text.lineHeight)) - ascent,
      below: Math.max(0, ...lines.map(({ ink }) => ink[3] - descent)),
      beside: Math.max(0, ...lines.map(({ ink, width }) => Math.max(-ink[0], ink[2] - width))),
    },
    bytes: 700 + lines.length * 800 + glyphs * 30,
  }
}

function together(parts: readonly Uint16Array[]): Uint16Array {
  return parts.length === 1 ? parts[0] : Uint16Array.from(parts.flatMap(part => [...part]))
}

const capHeightOf = (face: FontFace | undefined) => face?.capHeight ?? 0.7
const depthOf = (face: FontFace | undefined) => -(face?.descender ?? -0.2)
