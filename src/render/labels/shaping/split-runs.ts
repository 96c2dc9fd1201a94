import createBidi from 'bidi-js'
import type { FontLibrary } from '../fonts/font-library.js'
import { scriptOf } from './script-of.js'

/** Characters `start … end - 1` (UTF-16 units) of one direction, script and face. */
export interface TextRun {
  readonly start: number
  readonly end: number
  readonly isRightToLeft: boolean
  readonly script: string | undefined
  /** Number of the face in the font library. */
  readonly face: number
}

// its types say `default`, its CommonJS is the function itself
const bidi = (createBidi as unknown as typeof createBidi.default)()
/** Joiners, variation selectors and other characters without a shape: they stay with what is before them. */
const unseen = /^[\p{Default_Ignorable_Code_Point}\p{Mark}\p{Control}]$/u
const maybeRightToLeft = /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** Cuts one line of text into runs, in visual order from left to right (Unicode Standard Annex 9). */
export function splitRuns(line: string, fonts: FontLibrary, faces: readonly number[]): TextRun[] {
  const embedding = maybeRightToLeft.test(line) ? bidi.getEmbeddingLevels(line, 'auto') : undefined
  const levels = embedding?.levels
  const runs: { start: number; end: number; level: number; script: string | undefined; face: number }[] = []
  for (let at = 0; at < line.length; ) {
    const codePoint = line.codePointAt(at)!
    const end = at + (codePoint > 0xffff ? 2 : 1)
    const level = levels?.[at] ?? 0
    const run = runs.at(-1)
    const face = run && isUnseen(codePoint) ? run.face : faceFor(codePoint, fonts, faces, run?.face)
    const script = scriptOf(codePoint)
    if (run && run.level === level && run.face === face && (!script || !run.script || script === run.script)) {
      run.end = end
      run.script ??= script
    } else runs.push({ start: at, end, level, script, face })
    at = end
  }
  return inVisualOrder(runs).map(({ level, ...run }) => ({ ...run, isRightToLeft: level % 2 === 1 }))
}

const isUnseen = (codePoint: number) => (codePoint < 0x20 || codePoint >= 0x7f) && unseen.test(String.fromCodePoint(codePoint))

/** The first face that has the character. A blank takes the face before it; what no face has is shown as missing by the first. */
function faceFor(codePoint: number, fonts: FontLibrary, faces: readonly number[], before: number | undefined): number {
  if (codePoint === 0x20 && before !== undefined) return before
  let first: number | undefined
  for (const number of faces) {
    const face = fonts.face(number)
    if (!face) continue
    first ??= number
    if (face.covers(codePoint)) return number
  }
  return first ?? faces[0]
}

/** Rule L2: from the highest level to the lowest odd one, what lies at that level or above is turned around. */
function inVisualOrder<R extends { readonly level: number }>(runs: readonly R[]): R[] {
  const order = [...runs]
  const levels = runs.map(run => run.level)
  const highest = Math.max(0, ...levels)
  for (let level = highest; level > 0; level--) {
    for (let i = 0; i < order.length; i++) {
      let end = i
      while (end < order.length && order[end].level >= level) end++
      if (end - i > 1) order.splice(i, end - i, ...order.slice(i, end).reverse())
      i = Math.max(i, end)
    }
  }
  return order
}
