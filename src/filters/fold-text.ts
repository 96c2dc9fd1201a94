/** Two letters for one; where they stand in a text, they are written out before `letters` apply. */
export const ligatures: readonly (readonly [string, string])[] = [
  ['œ', 'oe'],
  ['Œ', 'oe'],
  ['æ', 'ae'],
  ['Æ', 'ae'],
]

/** Letters with accents that become the one without: those of western and central Europe. A database looks through all of them for each letter: few are fast. */
const accented = [...'ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿŸąĄćĆčČęĘěĚńŃňŇőŐřŘśŚšŠůŮűŰźŹžŽżŻ'].map(
  letter => [letter, letter.normalize('NFD')[0].toLowerCase()] as const,
)
/** Those that are such a letter to who searches. */
const others = ['Øo', 'øo', 'Łl', 'łl', 'Đd', 'đd', 'ßs', 'Ðd', 'ðd', 'ıi'].map(([from, to]) => [from, to] as const)

/** What stands between words, and holds them together to a database: names of files, addresses. A code is found by each of its parts. */
const separators = [...`'./@:_-’`].map(sign => [sign, ' '] as const)

const pairs = [...accented, ...others, ...separators]

/** Accents on their own, which are left out. */
const accents = '\u0300\u0301\u0302\u0303\u0308\u0327'

/** Letters and what becomes of them, place by place; those beyond the end of `to` are left out. */
export const letters = {
  from: pairs.map(([from]) => from).join('') + accents,
  to: pairs.map(([, to]) => to).join(''),
} as const

const map = new Map([...letters.from].map((from, i) => [from, letters.to[i] ?? '']))

/** A text without accents, ligatures and signs that hold words together, as a database folds it that knows only `ligatures` and `letters`; in small letters. */
export function foldText(text: string): string {
  let folded = text
  for (const [from, to] of ligatures) folded = folded.replaceAll(from, to)
  return Array.from(folded, letter => map.get(letter) ?? letter)
    .join('')
    .toLowerCase()
}

/** The words of a text, folded. */
export function wordsOf(text: string): readonly string[] {
  return foldText(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')
}

/**
 * A regular expression that texts match which have a word with this beginning when folded, and others too: to leave out most texts without folding
 * them. Of letters, digits, brackets and accents; undefined where nothing can be said.
 */
export function likelyPattern(word: string): string | undefined {
  const all = Array.from(word)
  const start = all.slice(0, 3)
  // what may be half of a ligature, or is no plain letter, is left to who folds
  const isHalf = (at: number) => /[ao]/.test(start[at]) && (all[at + 1] ?? 'e') === 'e'
  const end = start.findIndex((letter, at) => !/[a-z0-9]/.test(letter) || isHalf(at))
  const sure = end < 0 ? start : start.slice(0, end)
  if (sure.length === 0) return undefined
  const forms = (letter: string) => pairs.filter(([, to]) => to === letter).map(([from]) => from)
  return sure.map(letter => `[${letter}${letter.toUpperCase()}${forms(letter).join('')}]`).join(`[${accents}]*`)
}
