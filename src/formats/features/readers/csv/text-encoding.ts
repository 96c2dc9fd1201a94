import iconv from 'iconv-lite'
import { fileChunks } from '../file-chunks.js'
import type { PlainFile } from '../reader.js'

export type TextEncodingName = 'utf8' | 'utf16-le' | 'utf16-be' | 'windows-1252'

/**
 * Encoding of a text file: by its byte order mark, else UTF-8 if all of it is that (it is read to the end: accents may be rare), else
 * Windows-1252.
 */
export async function detectEncoding(file: PlainFile, signal?: AbortSignal): Promise<TextEncodingName> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let isFirst = true
  for await (const chunk of fileChunks(file, signal)) {
    if (isFirst && chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf16-le'
    if (isFirst && chunk[0] === 0xfe && chunk[1] === 0xff) return 'utf16-be'
    isFirst = false
    try {
      decoder.decode(chunk, { stream: true })
    } catch {
      return 'windows-1252'
    }
  }
  return 'utf8'
}

/** The text of a file in pieces, its byte order mark removed. */
export async function* textChunks(file: PlainFile, encoding: TextEncodingName, signal?: AbortSignal): AsyncGenerator<string> {
  const decoder = iconv.getDecoder(encoding)
  for await (const chunk of fileChunks(file, signal)) yield decoder.write(chunk)
  const rest = decoder.end()
  if (rest) yield rest
}
