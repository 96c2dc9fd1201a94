/** Scripts whose letters are shaped by rules of their own, by their OpenType-like names (ISO 15924); others are left to the shaper's guess. */
const scripts = [
  'Latn Latin',
  'Grek Greek',
  'Cyrl Cyrillic',
  'Armn Armenian',
  'Hebr Hebrew',
  'Arab Arabic',
  'Syrc Syriac',
  'Thaa Thaana',
  'Nkoo Nko',
  'Deva Devanagari',
  'Beng Bengali',
  'Guru Gurmukhi',
  'Gujr Gujarati',
  'Orya Oriya',
  'Taml Tamil',
  'Telu Telugu',
  'Knda Kannada',
  'Mlym Malayalam',
  'Sinh Sinhala',
  'Thai Thai',
  'Laoo Lao',
  'Tibt Tibetan',
  'Mymr Myanmar',
  'Geor Georgian',
  'Hang Hangul',
  'Ethi Ethiopic',
  'Cher Cherokee',
  'Khmr Khmer',
  'Mong Mongolian',
  'Hira Hiragana',
  'Kana Katakana',
  'Hani Han',
  'Tfng Tifinagh',
].map(entry => {
  const [code, name] = entry.split(' ')
  return { code, has: new RegExp(`^\\p{Script=${name}}$`, 'u') }
})

const neutral = /^[\p{Script=Common}\p{Script=Inherited}]$/u

/** ISO 15924 code of the script of a character; undefined for signs, digits and marks that all scripts share; `Zzzz` for the others. */
export function scriptOf(codePoint: number): string | undefined {
  // most text, and what regular expressions would be slow for
  if (codePoint < 0x250) return isLatinLetter(codePoint) ? 'Latn' : undefined
  const character = String.fromCodePoint(codePoint)
  if (neutral.test(character)) return undefined
  return scripts.find(({ has }) => has.test(character))?.code ?? 'Zzzz'
}

const isLatinLetter = (c: number) =>
  (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === 0xaa || c === 0xba || (c >= 0xc0 && c !== 0xd7 && c !== 0xf7)
