import { withoutAccents } from '../accents.js'
import { foldCase } from '../fold-case.js'
import { characters, lowerCase, sliceCharacters, upperCase } from '../texts.js'
import { define } from './define-function.js'

/** Longest text that a function makes. */
const longest = 1_000_000

const length = (text: string) => characters(text).length
const trimmed = (text: string, chars = ' \t\r\n') => trimEnd(trimStart(text, chars), chars)

function trimStart(text: string, chars: string): string {
  let start = 0
  while (start < text.length && chars.includes(text[start])) start++
  return text.slice(start)
}

function trimEnd(text: string, chars: string): string {
  let end = text.length
  while (end > 0 && chars.includes(text[end - 1])) end--
  return text.slice(0, end)
}

/** 0-based place of `part` in `text`, in characters; -1 when it is not there. */
function indexOf(text: string, part: string, last = false): number {
  const at = last ? text.lastIndexOf(part) : text.indexOf(part)
  return at < 0 ? -1 : length(text.slice(0, at))
}

/** `start` counts from 1; what lies before the beginning takes away from the length. */
function substr(text: string, start: number, count = Number.POSITIVE_INFINITY): string {
  const from = Math.trunc(start) - 1
  return sliceCharacters(text, Math.max(0, from), Math.max(0, from + Math.max(0, Math.trunc(count))))
}

/** As wide as asked for, and cut where it is wider; only the first character fills, as in QGIS. */
function padded(text: string, width: number, [first = ''] = ' ', before = false): string {
  const missing = Math.min(10_000, Math.trunc(width)) - length(text)
  if (missing <= 0) return width < 0 ? text : sliceCharacters(text, 0, Math.trunc(width))
  return before ? first.repeat(missing) + text : text + first.repeat(missing)
}

function replaced(text: string, part: string, by: string): string | null {
  if (part === '') return text
  const result =
    text.length * (by.length + 1) > longest && text.split(part).length * by.length > longest ? null : text.replaceAll(part, () => by)
  return result !== null && result.length > longest ? null : result
}

const capitalised = (text: string) =>
  lowerCase(text).replace(/(^|[^\p{L}\p{N}'’])(\p{L})/gu, (_, before, letter) => before + upperCase(letter))

/** Nulls are empty. */
function concatenated(...list: (string | null)[]): string | null {
  const text = list.map(part => part ?? '').join('')
  return text.length > longest ? null : text
}

/** Of texts; places and lengths are characters, not units of UTF-16. */
export const text = [
  define('concat strConcat concatenate ||', 'null text…', 'text', concatenated),
  define('lower strToLowerCase downcase', 'text', 'text', lowerCase),
  define('upper strToUpperCase upcase', 'text', 'text', upperCase),
  define('casei', 'text', 'text', foldCase),
  define('accenti', 'text', 'text', withoutAccents),
  define('strCapitalize title', 'text', 'text', capitalised),
  define('trim strTrim', 'text text?', 'text', trimmed),
  define('ltrim', 'text text?', 'text', (of: string, chars = ' \t\r\n') => trimStart(of, chars)),
  define('rtrim', 'text text?', 'text', (of: string, chars = ' \t\r\n') => trimEnd(of, chars)),
  define('strLength length char_length', 'text', 'number', length),
  define('substr substring', 'text number number?', 'text', substr),
  define('strSubstring', 'text number number', 'text', (of: string, from: number, to: number) =>
    sliceCharacters(of, Math.max(0, from), Math.max(0, to)),
  ),
  define('strSubstringStart', 'text number', 'text', (of: string, from: number) => sliceCharacters(of, Math.max(0, from))),
  define('slice', 'text number number?', 'text', (of: string, from: number, to?: number) => sliceCharacters(of, from, to)),
  define('left', 'text number', 'text', (of: string, count: number) => sliceCharacters(of, 0, count)),
  define('right', 'text number', 'text', (of: string, count: number) =>
    sliceCharacters(of, count >= 0 ? Math.max(0, length(of) - count) : -count),
  ),
  define('replace strReplace', 'text text text any?', 'text', replaced),
  define('strIndexOf', 'text text', 'number', (of: string, part: string) => indexOf(of, part)),
  define('strLastIndexOf', 'text text', 'number', (of: string, part: string) => indexOf(of, part, true)),
  define('index-of', 'text text', 'number', (part: string, of: string) => indexOf(of, part)),
  define('strpos', 'text text', 'number', (of: string, part: string) => indexOf(of, part) + 1),
  define('strStartsWith starts_with', 'text text', 'boolean', (of: string, part: string) => of.startsWith(part)),
  define('strEndsWith ends_with', 'text text', 'boolean', (of: string, part: string) => of.endsWith(part)),
  define('strContains', 'text text', 'boolean', (of: string, part: string) => of.includes(part)),
  define('strEqualsIgnoreCase', 'text text', 'boolean', (a: string, b: string) => lowerCase(a) === lowerCase(b)),
  define('strDefaultIfBlank', 'null text text', 'text', (of: string | null, otherwise: string | null) => (of?.trim() ? of : otherwise)),
  define('lpad', 'text number text?', 'text', (of: string, width: number, fill?: string) => padded(of, width, fill, true)),
  define('rpad', 'text number text?', 'text', (of: string, width: number, fill?: string) => padded(of, width, fill)),
]
