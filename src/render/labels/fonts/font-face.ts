import type * as HarfBuzz from 'harfbuzzjs'
import { faultOfFont } from './check-font.js'

/** The shaping library as loaded: its WebAssembly is compiled on import, which is why it is handed around. */
export type Shaper = typeof HarfBuzz

/** One font file, opened. Lengths are in em, y up from the baseline. */
export interface FontFace {
  readonly ascender: number
  /** Below zero. */
  readonly descender: number
  readonly capHeight: number
  covers(codePoint: number): boolean
  /** Shapes the characters `start … end - 1` of `text` (UTF-16 units), which are of one script and direction; the rest is context. Glyphs in visual order. */
  shape(text: string, start: number, end: number, isRightToLeft: boolean, script: string | undefined): GlyphRun
  /** The box of a glyph's outline: minX, minY, maxX, maxY in em, y up; all 0 for blanks. */
  box(glyph: number): GlyphBox
  /** The outline of a glyph: SVG path commands M, L, Q, C, Z, in em, y up. Empty for blanks. */
  outline(glyph: number): readonly OutlineCommand[]
}

export type GlyphBox = readonly [minX: number, minY: number, maxX: number, maxY: number]

export interface OutlineCommand {
  readonly type: string
  readonly values: readonly number[]
}

/** Glyphs in visual order; `clusters` are the UTF-16 positions of their first characters; advances and offsets in em, y up. */
export interface GlyphRun {
  readonly glyphs: readonly number[]
  readonly clusters: readonly number[]
  readonly advances: readonly number[]
  readonly xOffsets: readonly number[]
  readonly yOffsets: readonly number[]
}

/** What a font file says of itself. `weight` is that of CSS, 100 to 900. */
export interface FontNames {
  readonly family: string
  readonly weight: number
  readonly isItalic: boolean
}

/** An outline of more commands is no letter. */
const mostCommands = 20_000

/** Opens a font. Throws an `Error` whose message is the reason when it is broken. */
export function openFontFace(hb: Shaper, bytes: Uint8Array): FontFace {
  const { face, font } = open(hb, bytes)
  const unitsPerEm = unitsOf(face)
  font.setScale(unitsPerEm, unitsPerEm)
  const em = 1 / unitsPerEm
  const { ascender, descender } = font.hExtents()
  const buffer = new hb.Buffer()
  const known = new Map<number, boolean>()
  const boxes = new Map<number, GlyphBox>()
  const covers = (codePoint: number) => {
    let is = known.get(codePoint)
    if (is === undefined) {
      is = (font.nominalGlyph(codePoint) ?? 0) !== 0
      if (known.size < 20_000) known.set(codePoint, is)
    }
    return is
  }
  const capH = font.glyphExtents(font.nominalGlyph(72) ?? 0)
  return {
    ascender: (ascender || unitsPerEm * 0.8) * em,
    descender: (Math.min(descender, 0) || -unitsPerEm * 0.2) * em,
    capHeight: capH && capH.yBearing > 0 ? capH.yBearing * em : 0.7,
    covers,
    shape(text, start, end, isRightToLeft, script) {
      buffer.clearContents()
      buffer.addText(text, start, end - start)
      buffer.setDirection(isRightToLeft ? hb.Direction.RTL : hb.Direction.LTR)
      if (script) buffer.setScript(script)
      buffer.guessSegmentProperties()
      hb.shape(font, buffer)
      const infos = buffer.getGlyphInfos()
      const positions = buffer.getGlyphPositions()
      return {
        glyphs: infos.map(info => info.codepoint),
        clusters: infos.map(info => info.cluster),
        advances: positions.map(position => position.xAdvance * em),
        xOffsets: positions.map(position => position.xOffset * em),
        yOffsets: positions.map(position => position.yOffset * em),
      }
    },
    box(glyph) {
      let box = boxes.get(glyph)
      if (!box) {
        const extents = font.glyphExtents(glyph)
        const [x, y, width, height] = extents ? [extents.xBearing, extents.yBearing, extents.width, extents.height] : [0, 0, 0, 0]
        // the height of extents runs down from their top
        box = [x * em, (y + height) * em, (x + width) * em, y * em]
        boxes.set(glyph, box)
      }
      return box
    },
    outline(glyph) {
      const commands = font.glyphToJson(glyph)
      if (commands.length > mostCommands) return []
      return commands.map(({ type, values }) => ({ type, values: values.map(value => value * em) }))
    },
  }
}

/** Family, weight and slope of a font file. Throws an `Error` whose message is the reason when it is broken. */
export function readFontNames(hb: Shaper, bytes: Uint8Array): FontNames {
  const { face } = open(hb, bytes)
  const name = (id: number) => (face.listNames().some(entry => entry.nameId === id) ? face.getName(id, 'en') : '')
  const os2 = face.referenceTable('OS/2')
  const view = os2 && os2.length >= 64 ? new DataView(os2.buffer, os2.byteOffset, os2.byteLength) : undefined
  const family = name(16) || name(1)
  if (!family) throw new Error('It does not say the name of its family.')
  const weight = view?.getUint16(4) ?? 400
  return {
    family,
    weight: weight >= 1 && weight <= 1000 ? weight : 400,
    // italic or oblique
    isItalic: view ? (view.getUint16(62) & 0x201) !== 0 : false,
  }
}

function open(hb: Shaper, bytes: Uint8Array) {
  const fault = faultOfFont(bytes)
  if (fault) throw new Error(fault)
  const face = new hb.Face(new hb.Blob(bytes), 0)
  if (face.collectUnicodes().length === 0) throw new Error('It has glyphs for no character: its table cmap is empty or broken.')
  const font = new hb.Font(face)
  // the first letters with an outline prove that outlines can be read
  const letters = [65, 97, 48, ...face.collectUnicodes().slice(0, 64)]
  if (!letters.some(letter => font.glyphToPath(font.nominalGlyph(letter) ?? 0).length > 0)) {
    throw new Error('Its outlines cannot be read.')
  }
  return { face, font }
}

function unitsOf(face: HarfBuzz.Face): number {
  const head = face.referenceTable('head')
  const units = head && head.length >= 20 ? (head[18] << 8) | head[19] : 0
  return units >= 16 && units <= 16384 ? units : 1000
}
