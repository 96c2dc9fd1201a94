import { isUtf8 } from 'node:buffer'

/**
 * Parses one piece of a JSON file. UTF-8 is expected; bytes that are not are read as Windows-1252. What JSON has no word for but programs
 * write all the same (NaN, Infinity) becomes null. Throws SyntaxError.
 */
export function parsePiece(bytes: Buffer): { value: unknown; isLatin: boolean } {
  const isLatin = !isUtf8(bytes)
  const text = isLatin ? new TextDecoder('windows-1252').decode(bytes) : bytes.toString('utf8')
  try {
    return { value: JSON.parse(text), isLatin }
  } catch (error) {
    const lenient = rewriteTokens(text, token => (/^-?(NaN|Infinity|inf|nan)$/.test(token) ? 'null' : token))
    if (lenient === text) throw error
    return { value: JSON.parse(lenient), isLatin }
  }
}

/** The same piece with integers too long for a double as texts, so that none of their digits is lost. */
export function parseKeepingDigits(bytes: Buffer): unknown {
  const text = isUtf8(bytes) ? bytes.toString('utf8') : new TextDecoder('windows-1252').decode(bytes)
  return JSON.parse(
    rewriteTokens(text, token => (/^-?\d{16,}$/.test(token) ? `"${token}"` : /^-?(NaN|Infinity|inf|nan)$/.test(token) ? 'null' : token)),
  )
}

/** Rewrites what is neither string nor punctuation: numbers and words. */
function rewriteTokens(text: string, rewrite: (token: string) => string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|[^\s"[\]{},:]+/gs, token => (token[0] === '"' ? token : rewrite(token)))
}
