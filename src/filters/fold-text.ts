/** Two letters for one; where they stand in a text, they are written out before `letters` apply. */
export const ligatures: readonly (readonly [string, string])[] = [
  ['œ', 'oe'],
  ['Œ', 'oe'],
  ['æ', 'ae'],
  ['Æ', 'ae'],
]

/** Latin letters that decompose into one without accent, and those that are that letter to who searches. */
const accented = Array.from({ length: 0x180 - 0xc0 }, (_, i) => String.fromCodePoint(0xc0 + i)).flatMap(letter => {
  const [base] = letter.normalize('NFD')
  return /[a-z]/i.test(base) ? [[letter, base.toLowerCase()] as const] : []
})
const others = ['Øo', 'øo', 'Łl', 'łl', 'Đd', 'đd', 'ßs', 'Ħh', 'ħh', 'Ŋn', 'ŋn', 'Ðd', 'ðd', 'ıi'].map(
  ([from, to]) => [from!, to!] as const,
)
const capitals = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map(letter => [letter, letter.toLowerCase()] as const)

/** What stands between words. `_` and `.` too: a code is found by each of its parts. */
const separators = `!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~\t\n\r«»°·…–—‘’“”`

const pairs = [...capitals, ...accented, ...others, ...[...separators].map(each => [each, ' '] as const)]

/** Letters and what becomes of them, place by place; letters beyond the end of `to` are left out: accents on their own. */
export const letters = {
  from: pairs.map(([from]) => from).join('') + Array.from({ length: 0x30 }, (_, i) => String.fromCodePoint(0x300 + i)).join(''),
  to: pairs.map(([, to]) => to).join(''),
} as const

const map = new Map([...letters.from].map((from, i) => [from, letters.to[i] ?? '']))

/** A text without accents, ligatures, capitals and punctuation, as a database folds it that knows only `ligatures` and `letters`. */
export function foldText(text: string): string {
  let folded = text
  for (const [from, to] of ligatures) folded = folded.replaceAll(from, to)
  return Array.from(folded, letter => map.get(letter) ?? letter).join('')
}

/** The words of a text, folded. */
export function wordsOf(text: string): readonly string[] {
  return foldText(text)
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')
}
