import { CsvError, type Options, type Parser, parse } from 'csv-parse'
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

/**
 * The records of a text table in order, in groups as they come off the disk, the one with the names included, empty lines left out. In
 * groups, because a turn of the event loop for each of a million records costs more than parsing them.
 */
export async function* csvRecords(
  { file, encoding, dialect, signal }: CsvSource,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<string[][]> {
  const options: Options & { readonly readableHighWaterMark: number } = {
    delimiter: dialect.separator,
    bom: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: maxRecordBytes,
    // all records of a chunk are taken at once, below
    readableHighWaterMark: Number.MAX_SAFE_INTEGER,
  }
  const parser = parse(options)
  const take = () => {
    const records: string[][] = []
    for (let record = parser.read() as string[] | null; record !== null; record = parser.read() as string[] | null) records.push(record)
    return records
  }
  try {
    for await (const chunk of encoding === 'utf8' ? fileChunks(file, signal) : textChunks(file, encoding, signal)) {
      await settled(parser, done => parser.write(chunk, done))
      onBytes(typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.length)
      yield take()
    }
    await settled(parser, done => parser.end(done))
    yield take()
  } catch (error) {
    throw csvProblem(file.label, error)
  } finally {
    parser.destroy()
  }
}

/** The end of a write, or the error of the parser. */
function settled(parser: Parser, write: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.once('error', reject)
    write(error => {
      parser.off('error', reject)
      if (error) reject(error)
      else resolve()
    })
  })
}

function csvProblem(label: string, error: unknown): unknown {
  if (!(error instanceof CsvError)) return error
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return brokenFile(label, `a quote that opens in line ${String(error.lines ?? '?')} or before is never closed.`, error)
  return brokenFile(label, `line ${String(error.lines ?? '?')}: ${printable(error.message)}.`, error)
}
