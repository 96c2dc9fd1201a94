import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { printable } from '../column-names.js'
import { fileChunks } from '../file-chunks.js'
import { brokenFile, type PlainFile } from '../reader.js'
import type { CsvDialect } from './csv-dialect.js'
import { type TextEncodingName, textChunks } from './text-encoding.js'

/** A field of geometry may be long; a whole file behind an unclosed quote is not one. */
const maxRecordBytes = 64 * 1024 * 1024

export interface CsvSource {
  readonly file: PlainFile
  readonly encoding: TextEncodingName
  readonly dialect: CsvDialect
  readonly signal: AbortSignal | undefined
}

/** The records of a text table in order, the one with the names included, empty lines left out. */
export async function* csvRecords(
  { file, encoding, dialect, signal }: CsvSource,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<string[]> {
  const counted = async function* () {
    for await (const chunk of fileChunks(file, signal)) {
      onBytes(chunk.length)
      yield chunk
    }
  }
  const source = Readable.from(encoding === 'utf8' ? counted() : textChunks(file, encoding, onBytes, signal))
  const parser = parse({
    delimiter: dialect.separator,
    bom: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: maxRecordBytes,
  })
  source.on('error', error => parser.destroy(error))
  try {
    for await (const record of source.pipe(parser)) yield record as string[]
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    if (error.code === 'CSV_QUOTE_NOT_CLOSED')
      throw brokenFile(file.label, `a quote that opens in line ${String(error.lines ?? '?')} or before is never closed.`, error)
    throw brokenFile(file.label, `line ${String(error.lines ?? '?')}: ${printable(error.message)}.`, error)
  } finally {
    source.destroy()
    parser.destroy()
  }
}
