import { straight } from '#render/color.js'
import type { SceneText, TextPiece } from '#render/vector/scene.js'
import { decimal, hexColor } from './numbers.js'
import { escaped, familyList } from './svg-words.js'

/**
 * A label. Level and turned lines are a text each, in its middle, so that another font than the one it was placed in moves it little; along a bend each
 * letter is a text of its own. A halo lies beneath all letters.
 */
export function svgText({ text, pieces, isBent }: SceneText): string {
  if (pieces.length === 0) return ''
  const { rgb, opacity } = straight(text.color)
  const fill = text.color === 0 ? 'fill="none"' : `fill="${hexColor(rgb)}"${opacity < 1 ? ` fill-opacity="${decimal(opacity, 4)}"` : ''}`
  const spacing = text.letterSpacing && !isBent ? ` letter-spacing="${decimal(text.letterSpacing)}"` : ''
  const font = `font-size="${decimal(text.size)}"${spacing}`
  const halo = haloOf(text.halo)
  const written = (piece: TextPiece) => pieceOf(piece, text.families, isBent)
  const label = isBent ? ` aria-label="${escaped(text.text)}"` : ''
  if (!halo) return `<g ${font} ${fill}${label}>${pieces.map(written).join('')}</g>\n`
  // the halo of a letter or line would lie on the one before
  if (pieces.length > 1) {
    const beneath = `<g ${font} fill="none" ${halo} aria-hidden="true">${pieces.map(written).join('')}</g>\n`
    return `${beneath}<g ${font} ${fill}${label}>${pieces.map(written).join('')}</g>\n`
  }
  return `<g ${font} ${fill} ${halo} paint-order="stroke"${label}>${pieces.map(written).join('')}</g>\n`
}

function haloOf(halo: SceneText['text']['halo']): string {
  if (!halo || halo.color === 0 || !(halo.radius > 0)) return ''
  const { rgb, opacity } = straight(halo.color)
  const faint = opacity < 1 ? ` stroke-opacity="${decimal(opacity, 4)}"` : ''
  return `stroke="${hexColor(rgb)}"${faint} stroke-width="${decimal(halo.radius * 2)}" stroke-linejoin="round"`
}

function pieceOf({ text, isRightToLeft, face, x, y, width, turn }: TextPiece, families: readonly string[], isLetter: boolean): string {
  if (text.trim() === '') return ''
  const half = isLetter ? 0 : width / 2
  const [atX, atY] = [x + half * Math.cos(turn), y + half * Math.sin(turn)]
  const place =
    turn === 0
      ? `x="${decimal(atX)}" y="${decimal(atY)}"`
      : `transform="translate(${decimal(atX)} ${decimal(atY)}) rotate(${decimal((turn * 180) / Math.PI)})"`
  const fit = isLetter ? '' : ` text-anchor="middle" textLength="${decimal(width)}"`
  const look = `${face.weight === 400 ? '' : ` font-weight="${face.weight}"`}${face.isItalic ? ' font-style="italic"' : ''}`
  const family = ` font-family="${familyList([face.family, ...families])}"`
  const direction = isRightToLeft && !isLetter ? ' direction="rtl"' : ''
  return `<text ${place}${fit}${family}${look}${direction} xml:space="preserve">${escaped(text)}</text>`
}
