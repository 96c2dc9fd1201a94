import { escapeXml } from '#xml/write.js'

/** Characters of a cell (UTF-16 units, as Excel counts). */
export const mostCharacters = 32_767

/** What XML cannot hold, and the beginning of what would be read as such an escape. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const escaped = /[\0-\x08\v\f\r\x0e-\x1f\ufffe\uffff]|_(?=x[0-9a-fA-F]{4}_)/g

/**
 * A text as XML of a cell: characters that XML cannot hold, and returns, become `_xHHHH_` (ISO/IEC 29500-1, 22.9.2.19, ST_Xstring); a longer text than
 * a cell can hold is cut, and says so at its end.
 */
export function xlsxText(text: string): string {
  return escapeXml(fitted(text).replace(escaped, character => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`))
}

function fitted(text: string): string {
  if (text.length <= mostCharacters) return text
  const note = `… [cut: ${text.length} characters]`
  const end = mostCharacters - note.length
  const splitsPair = /[\ud800-\udbff]/.test(text[end - 1])
  return text.slice(0, splitsPair ? end - 1 : end) + note
}

/** Whether UTF-8 may stand in a cell as it is: no markup, no control characters, nothing rare, no escape, no space at its ends. Hot path. */
export function isPlainXml(utf8: Uint8Array): boolean {
  const { length } = utf8
  if (length === 0 || length > mostCharacters || utf8[0] === 0x20 || utf8[length - 1] === 0x20) return false
  for (let i = 0; i < length; i++) {
    const byte = utf8[i]
    if (byte < 0x20 || byte === 0x26 || byte === 0x3c || byte === 0x3e || byte === 0xef) return false
    if (byte === 0x5f && utf8[i + 1] === 0x78) return false
  }
  return true
}
