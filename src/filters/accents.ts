/**
 * Combining marks of alphabets as a class of characters that JavaScript and PostgreSQL both read: of Latin, Greek and Cyrillic, and the points of
 * Hebrew and Arabic. Vowels of Indic scripts and the voicing marks of Japanese are no accents: words without them are other words.
 */
const marks =
  '[\\u0300-\\u036f\\u0483-\\u0487\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7\\u064b-\\u065f\\u0670\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f]'

/** Letters whose stroke is a part of them, each with the one that it is without. */
const stroked = { from: 'ØøĐđĦħŁłŦŧƀƗɨɄʉɃɆɇɈɉɌɍɎɏ', to: 'OoDdHhLlTtbIiUuBEeJjRrYy' }

/** Letters that are written as two where there are no others. */
const ligatures = [
  ['Œ', 'OE'],
  ['œ', 'oe'],
  ['Æ', 'AE'],
  ['æ', 'ae'],
] as const

/** The one table of what an accent is: `marks` as a regular expression, then `stroked`, then `ligatures`. */
export const accents = { marks, stroked, ligatures } as const

const allMarks = new RegExp(marks, 'gu')
const plainOf = new Map([...[...stroked.from].map((letter, i) => [letter, [...stroked.to][i]!] as const), ...ligatures])

/** The text without accents, case kept, composed (NFC) as far as letters still have marks. */
export function withoutAccents(text: string): string {
  if (!/[^\0-\x7f]/.test(text)) return text
  const bare = text.normalize('NFD').replaceAll(allMarks, '')
  return Array.from(bare, letter => plainOf.get(letter) ?? letter)
    .join('')
    .normalize('NFC')
}
