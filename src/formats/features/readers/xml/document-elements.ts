import { elementStream, type OpenElement } from '#xml/element-stream.js'
import { type XmlElement, XmlError, xmlDecoder } from '#xml/read.js'
import { fileChunks } from '../file-chunks.js'
import { brokenFile, type PlainFile } from '../reader.js'

/** What one feature may have at most: memory is for one of them. */
const limits = { bytes: 64 * 1024 * 1024, depth: 100, nodes: 500_000 }

/** Elements of a document that are wanted, as they end; `share` of the file is read. Throws `invalid-data` naming the line. */
export async function* documentElements(
  file: PlainFile,
  wants: (element: OpenElement, above: readonly OpenElement[]) => boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly elements: readonly XmlElement[]; readonly share: number }> {
  if (file.bytes === 0) throw brokenFile(file.label, 'is empty.')
  const stream = elementStream(wants, limits)
  let decode: ReturnType<typeof xmlDecoder> | undefined
  let done = 0
  try {
    for await (const chunk of fileChunks(file, signal)) {
      decode ??= xmlDecoder(chunk)
      done += chunk.length
      yield { elements: stream.push(decode(chunk, true)), share: Math.min(1, done / file.bytes) }
    }
    const rest = decode?.(new Uint8Array(0), false)
    if (rest) yield { elements: stream.push(rest), share: 1 }
    stream.end()
  } catch (error) {
    throw error instanceof XmlError ? brokenFile(file.label, error.message) : error
  }
}
