import { open } from 'node:fs/promises'
import iconv from 'iconv-lite'
import type { FeatureFile, FeatureLayer, LayerGeometry, LayerRows, LayerValue } from '#core/ports.js'
import { columnNames, freeName } from '../column-names.js'
import { geometryIntake } from '../geometry/geometry-intake.js'
import { leftOutCounter } from '../left-out.js'
import { batchBytes, batchRows, brokenFile, type FeatureReader, type OpenOptions, type PlainFile } from '../reader.js'
import { detectDialect } from './csv-dialect.js'
import { type CsvSource, csvRecords } from './csv-records.js'
import { type CsvScan, fieldText, scanCsv } from './csv-scan.js'
import { type CsvShapes, findShapes, isShapeFault } from './csv-shapes.js'
import { type CsvKind, csvValueReader, isCodeName, kindOfColumn } from './csv-values.js'
import { detectEncoding, type TextEncodingName } from './text-encoding.js'

/** Text tables: separator, encoding, header, types and geometry are found out by reading the file once before its rows. */
export const csv = {
  name: 'CSV',
  extensions: ['.csv', '.tsv'],
  open: openCsv,
} satisfies FeatureReader

const sampleBytes = 128 * 1024

async function openCsv(file: PlainFile, { signal, onScan }: OpenOptions): Promise<FeatureFile> {
  if (file.bytes === 0) throw brokenFile(file.label, 'is empty.')
  const encoding = await detectEncoding(file, signal)
  const sample = await readSample(file, encoding)
  if (sample.includes('\0')) throw brokenFile(file.label, 'is no text: it holds zero bytes.')
  const source: CsvSource = { file, encoding, dialect: detectDialect(sample), signal }
  const scan = await scanCsv(source, share => onScan?.(share))
  const notes: string[] = []
  if (encoding === 'windows-1252') notes.push('Not UTF-8: read as Windows-1252.')
  if (!scan.hasHeader) notes.push('The first line holds values, no names: the columns are numbered.')
  if (scan.shortCount > 0) notes.push(`${scan.shortCount} rows have fewer fields than the first line: what is missing is empty.`)
  const kinds = columnKinds(scan, source, notes)
  const shapes = await findShapes(source, scan, kinds, notes)
  return { layers: [describeLayer(source, scan, kinds, shapes, notes)], close: async () => {} }
}

async function readSample(file: PlainFile, encoding: TextEncodingName): Promise<string> {
  await using handle = await open(file.path)
  const bytes = Buffer.alloc(Math.min(sampleBytes, file.bytes))
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0)
  return iconv.decode(bytes.subarray(0, bytesRead), encoding)
}

function columnKinds(scan: CsvScan, { dialect }: CsvSource, notes: string[]): CsvKind[] {
  const isCommaUsual = dialect.separator !== ',' && scan.columns.some(column => column.hasSureComma)
  return scan.columns.map((column, i) => {
    const found = kindOfColumn(column, scan.names[i], isCommaUsual)
    if (found.note) notes.push(found.note)
    return ['integer', 'bigint'].includes(found.kind) && isCodeName(scan.names[i]) ? { kind: 'text', hasDecimalComma: false } : found
  })
}

function describeLayer(
  source: CsvSource,
  scan: CsvScan,
  kinds: readonly CsvKind[],
  shapes: CsvShapes | undefined,
  notes: string[],
): FeatureLayer {
  const kept = scan.names.map((_, i) => i).filter(i => i !== shapes?.column)
  const named = columnNames(kept.map(i => scan.names[i] || `column_${i + 1}`))
  notes.unshift(...named.notes)
  const geometry = shapes && { name: freeName('geom', named.names), ...shapes.geometry }
  return {
    name: source.file.stem,
    columns: kept.map((i, at) => ({ name: named.names[at], kind: kinds[i].kind })),
    ...(geometry ? { geometry } : {}),
    count: scan.count,
    notes,
    read: signal => readRows({ ...source, signal }, { scan, kept, kinds, shapes, geometry, notes }),
  }
}

interface Reading {
  readonly scan: CsvScan
  /** Columns that are attributes. */
  readonly kept: readonly number[]
  readonly kinds: readonly CsvKind[]
  readonly shapes: CsvShapes | undefined
  readonly geometry: LayerGeometry | undefined
  readonly notes: string[]
}

async function* readRows(source: CsvSource, { scan, kept, kinds, shapes, geometry, notes }: Reading): AsyncGenerator<LayerRows> {
  const { file } = source
  const leaveOut = leftOutCounter(notes)
  const take = geometry && geometryIntake(file.label, geometry, leaveOut)
  const readers = kept.map(i => csvValueReader(kinds[i]))
  let done = 0
  let ordinal = scan.hasHeader ? -1 : 0
  let bytes = 0
  let rows: LayerValue[][] = []
  const records = csvRecords(source, chunk => {
    done += chunk
  })
  for await (const group of records)
    for (const record of group) {
      ordinal++
      if (ordinal === 0) continue
      const place = () => `row ${ordinal}`
      const row: LayerValue[] = []
      for (let i = 0; i < readers.length; i++) row.push(readers[i](fieldText(record[kept[i]])))
      if (shapes && take) {
        const wkb = atRow(file.label, place, () => shapes.wkb(record))
        row.push(wkb && take(wkb, place))
        bytes += wkb?.length ?? 0
      }
      rows.push(row)
      if (rows.length < batchRows && bytes < batchBytes) continue
      yield { rows, progress: Math.min(1, done / file.bytes) }
      rows = []
      bytes = 0
    }
  if (rows.length > 0) yield { rows, progress: 1 }
}

function atRow<T>(label: string, place: () => string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (isShapeFault(error)) throw brokenFile(label, `${place()}: the geometry is not readable: ${error.message}.`, error)
    throw error
  }
}
