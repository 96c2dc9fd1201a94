import type { FontLibrary } from '../labels/fonts/font-library.js'
import type { PlacedLabel } from '../labels/placed-label.js'
import type { ShapedLine } from '../labels/shaping/shaped-text.js'
import type { SceneText, TextFace, TextGlyph, TextPiece } from './scene.js'

/** Units of the origins of glyphs in a pixel. */
const unit = 256
/** Scripts whose letters change where they are joined. */
const joins = /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Nko}\p{Script=Mongolian}]/u
const joiner = '\u200d'
const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u

/** Labels as texts of a scene. Faces are the same objects for all of them. */
export function sceneTexts(fonts: FontLibrary): (label: PlacedLabel) => SceneText {
  const faces = new Map<number, TextFace>()
  const faceOf = (number: number): TextFace => {
    const known = faces.get(number) ?? { ...fonts.file(number), number }
    faces.set(number, known)
    return known
  }
  return label => {
    const { turns } = label
    const isBent = turns?.some(turn => turn !== turns[0]) ?? false
    const pieces: TextPiece[] = []
    let base = 0
    for (const line of label.lines) {
      const ends = endsOfLetters(line)
      for (let first = 0, end = 0; first < line.glyphs.length; first = end) {
        end = first + 1
        while (end < line.glyphs.length && (isBent ? line.clusters[end] === first : line.faces[end] === line.faces[first])) end++
        pieces.push(pieceOf(label, { line, ends, base }, first, end, faceOf(line.faces[first]), isBent))
      }
      base += line.glyphs.length
    }
    return { kind: 'text', text: label.text, pieces, isBent }
  }
}

/** A line of a label, where its letters end, and the number of glyphs in the lines before. */
interface LineAt {
  readonly line: ShapedLine
  readonly ends: ReadonlyMap<number, number>
  readonly base: number
}

/** Glyphs `first … end - 1` of a line. */
function pieceOf(
  { origins, turns }: PlacedLabel,
  { line, ends, base }: LineAt,
  first: number,
  end: number,
  face: TextFace,
  isBent: boolean,
): TextPiece {
  const turn = turns?.[base + first] ?? 0
  const glyphs: TextGlyph[] = []
  let [from, to] = [Infinity, 0]
  for (let k = first; k < end; k++) {
    const letter = line.letters[k]
    from = Math.min(from, letter)
    to = Math.max(to, ends.get(letter) ?? line.text.length)
    const isAlone = line.clusters[k] === k && line.clusters[k + 1] !== k
    const at = { glyph: line.glyphs[k], x: origins[(base + k) * 2] / unit, y: origins[(base + k) * 2 + 1] / unit }
    glyphs.push(isAlone ? { ...at, text: line.text.slice(letter, ends.get(letter)) } : at)
  }
  const whole = line.text.slice(from, to)
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  // from the origin of the first glyph back to where its letter begins, on the baseline
  const [dx, dy] = [line.x[first] - line.starts[first], line.y[first]]
  const last = line.clusters[end - 1]
  return {
    text: isBent ? joined(line.text, from, to) : whole,
    isRightToLeft: rightToLeft.test(whole),
    face,
    x: glyphs[0].x - (dx * cos - dy * sin),
    y: glyphs[0].y - (dx * sin + dy * cos),
    width: line.starts[last] + line.advances[last] - line.starts[first],
    turn,
    glyphs,
  }
}

/** Where the letter that begins at a position of the text ends. */
function endsOfLetters({ letters, text }: ShapedLine): ReadonlyMap<number, number> {
  const starts = [...new Set(letters)].sort((a, b) => a - b)
  return new Map(starts.map((start, i) => [start, starts[i + 1] ?? text.length]))
}

/** A letter that is written by itself, with what makes it look joined. */
function joined(text: string, from: number, to: number): string {
  const letter = text.slice(from, to)
  if (!joins.test(letter)) return letter
  const [before, after] = [text.charAt(from - 1), text.charAt(to)]
  return `${joins.test(before) ? joiner : ''}${letter}${joins.test(after) ? joiner : ''}`
}
