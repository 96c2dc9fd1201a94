import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'

/** Encodings by language driver byte of dBase and FoxPro, where they are in use; the ANSI ones mean “of that computer”, in France 1252. */
const languageDrivers: Readonly<Record<number, string>> = {
  1: 'cp437',
  2: 'cp850',
  3: 'cp1252',
  8: 'cp865',
  9: 'cp437',
  10: 'cp850',
  11: 'cp437',
  13: 'cp437',
  14: 'cp850',
  15: 'cp437',
  16: 'cp850',
  17: 'cp437',
  18: 'cp850',
  19: 'cp932',
  20: 'cp850',
  21: 'cp437',
  22: 'cp850',
  23: 'cp865',
  24: 'cp437',
  25: 'cp437',
  26: 'cp850',
  27: 'cp437',
  28: 'cp863',
  29: 'cp850',
  31: 'cp852',
  34: 'cp852',
  35: 'cp852',
  36: 'cp860',
  37: 'cp850',
  38: 'cp866',
  55: 'cp850',
  64: 'cp852',
  77: 'cp936',
  78: 'cp949',
  79: 'cp950',
  80: 'cp874',
  87: 'cp1252',
  88: 'cp1252',
  89: 'cp1252',
  100: 'cp852',
  101: 'cp866',
  102: 'cp865',
  103: 'cp861',
  106: 'cp737',
  107: 'cp857',
  108: 'cp863',
  120: 'cp950',
  121: 'cp949',
  122: 'cp936',
  123: 'cp932',
  124: 'cp874',
  134: 'cp737',
  135: 'cp852',
  136: 'cp857',
  200: 'cp1250',
  201: 'cp1251',
  202: 'cp1254',
  203: 'cp1253',
  204: 'cp1257',
}

/** What a `.cpg` names, as iconv spells it; undefined when it is nothing known. Seen: `UTF-8`, `1252`, `ANSI 1252`, `ISO 88591`, `OEM 850`, `65001`. */
export function codePage(cpg: string): string | undefined {
  const name = cpg
    .replace(/[^\x20-\x7e]/g, '')
    .trim()
    .toLowerCase()
  if (/^(utf-?8|65001|cp65001)$/.test(name)) return 'utf8'
  const iso = /^(?:iso[\s_-]*)?8859[\s_-]*(\d{1,2})$/.exec(name)
  if (iso) return iso[1] === '1' ? 'cp1252' : `iso-8859-${iso[1]}`
  const page = /^(?:ansi|oem|cp|windows|win|ibm|ms)?[\s_-]*(\d{3,5})$/.exec(name)
  const candidate = page ? `cp${page[1]}` : name
  return iconv.encodingExists(candidate) ? candidate : undefined
}

export interface TextDecoding {
  /** The text of a field, spaces and NUL at its end removed; null when nothing is left. */
  decode(bytes: Buffer): string | null
  readonly note?: string
}

/**
 * The encoding of a dBase table: what the `.cpg` says, else the language driver, else by looking. UTF-8 by another name is still seen:
 * its multi-byte sequences are next to impossible in other encodings, and `.cpg` files are easily lost. Values that are not what the
 * encoding says are read as Windows-1252.
 */
export function dbfDecoding(cpg: string | undefined, languageDriver: number): TextDecoding {
  const named = cpg === undefined ? undefined : codePage(cpg)
  const encoding = named ?? languageDrivers[languageDriver] ?? 'cp1252'
  const mayBeUtf8 = named === undefined || named === 'utf8'
  const decodeOther = (bytes: Buffer) => {
    if (mayBeUtf8) {
      const whole = withoutCutCharacter(bytes)
      if (isUtf8(whole)) return whole.toString('utf8')
    }
    return iconv.decode(bytes, encoding === 'utf8' ? 'cp1252' : encoding)
  }
  return {
    decode: bytes => {
      let end = bytes.length
      while (end > 0 && (bytes[end - 1] === 0x20 || bytes[end - 1] === 0)) end--
      if (end === 0) return null
      const text = bytes.subarray(0, end)
      let i = 0
      while (i < end && text[i] < 0x80 && text[i] !== 0) i++
      return i === end ? text.toString('latin1') : decodeOther(text).replaceAll('\0', '') || null
    },
    ...(cpg !== undefined && !named
      ? { note: `The .cpg names an unknown encoding: ${encoding} or UTF-8 was taken, as the bytes look.` }
      : {}),
  }
}

/** A field too short for its text may end in the middle of a UTF-8 character. */
function withoutCutCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]
    if (byte < 0x80) break
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? bytes.subarray(0, bytes.length - back) : bytes
  }
  return bytes
}
