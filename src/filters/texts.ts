/** The order of two texts by code point, whatever the language: what a database calls the collation "C". */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x === y) continue
    // Surrogates stand for code points above all others.
    const [isHighX, isHighY] = [(x & 0xf800) === 0xd800, (y & 0xf800) === 0xd800]
    return isHighX === isHighY ? x - y : isHighX ? 1 : -1
  }
  return a.length - b.length
}

/** Lower case, one character for one, as databases do it: not the special cases that depend on neighbours or language. */
export function lowerCase(text: string): string {
  return isPlain(text) ? text.toLowerCase() : Array.from(text, c => single(c, c === 'İ' ? 'i' : c.toLowerCase())).join('')
}

/** Upper case, one character for one: `ß` stays. */
export function upperCase(text: string): string {
  return isPlain(text) && !/[ßµÿ]/.test(text) ? text.toUpperCase() : Array.from(text, c => single(c, c.toUpperCase())).join('')
}

const isPlain = (text: string) => !/[^\0-\xff]/.test(text)
const single = (before: string, after: string) => ([...after].length === 1 ? after : before)

const hasSurrogates = /[\ud800-\udfff]/

/** Characters, not the units of UTF-16. */
export function characters(text: string): string | string[] {
  return hasSurrogates.test(text) ? Array.from(text) : text
}

/** Characters from `start` (0-based) up to `end` (not included). */
export function sliceCharacters(text: string, start: number, end?: number): string {
  const list = characters(text)
  return typeof list === 'string' ? list.slice(start, end) : list.slice(start, end).join('')
}
