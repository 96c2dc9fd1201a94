import { straight } from '#render/color.js'
import type { SceneText, TextPiece } from '#render/vector/scene.js'
import { decimal } from './numbers.js'
import type { PdfContent } from './pdf-content.js'
import { pdfText } from './pdf-objects.js'

/** A label: glyph by glyph where it was placed, and beside it what it says (ISO 32000-1, 14.9.4); of the halo beneath that is nothing. */
export function writePdfText(text: SceneText, { out, resources, fonts }: PdfContent): void {
  const { color, halo, text: whole } = text.text
  if (text.pieces.length === 0) return
  fonts.use(text)
  const glyphs = (piece: TextPiece) => glyphsOf(piece, text.text.size, fonts.name(piece.face))
  if (halo && halo.color !== 0 && halo.radius > 0) {
    const { rgb, opacity } = straight(halo.color)
    const look = `/${resources.state(1, opacity)} gs ${resources.color(rgb)} RG ${decimal(halo.radius * 2, 3)} w 1 J 1 j [] 0 d 1 Tr`
    out.add(`/Span << /ActualText ${pdfText('')} >> BDC q BT ${look}\n${text.pieces.map(glyphs).join('')}ET Q EMC\n`)
  }
  if (color === 0) return
  const { rgb, opacity } = straight(color)
  const look = `/${resources.state(opacity, 1)} gs ${resources.color(rgb)} rg 0 Tr`
  const lines = text.isBent ? [{ says: whole, pieces: text.pieces }] : text.pieces.map(piece => ({ says: piece.text, pieces: [piece] }))
  for (const { says, pieces } of lines)
    out.add(`/Span << /ActualText ${pdfText(says)} >> BDC q BT ${look}\n${pieces.map(glyphs).join('')}ET Q EMC\n`)
}

function glyphsOf({ glyphs, turn }: TextPiece, size: number, font: string): string {
  const [cos, sin] = [decimal(Math.cos(turn) * size, 4), decimal(Math.sin(turn) * size, 4)]
  const flipped = decimal(-Math.cos(turn) * size, 4)
  const shown = glyphs.map(
    ({ glyph, x, y }) =>
      `${cos} ${sin} ${sin} ${flipped} ${decimal(x, 3)} ${decimal(y, 3)} Tm <${glyph.toString(16).padStart(4, '0')}> Tj\n`,
  )
  return `/${font} 1 Tf\n${shown.join('')}`
}
