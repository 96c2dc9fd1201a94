import { type FileHandle, open } from 'node:fs/promises'
import type { AsyncBuffer, FileMetaData } from 'hyparquet'
import type { FeatureFile, LayerGeometry, LayerRows, LayerValue } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import { columnNames, freeName } from '../column-names.js'
import { geometryIntake } from '../geometry/geometry-intake.js'
import { declaredDimensions, declaredType, emptyProfile, profileGeometry, profileNotes } from '../geometry/geometry-profile.js'
import { wkbFacts } from '../geometry/wkb.js'
import { leftOutCounter } from '../left-out.js'
import { batchRows, brokenFile, type FeatureReader, type OpenOptions, type PlainFile } from '../reader.js'
import { geoFacts } from './geo-facts.js'
import { parquetColumns, parquetValues } from './parquet-columns.js'

/** GeoParquet 1.0 and 1.1 with geometries as WKB, and Parquet without any. Read row group by row group. */
export const parquet = {
  name: 'GeoParquet',
  extensions: ['.parquet', '.geoparquet'],
  open: openParquet,
} satisfies FeatureReader

/** Rows that are decoded at once. */
const rowsAtOnce = 20_000
/** Unpacked; a row group is usually a tenth of it. */
const mostGroupBytes = 1e9

async function openParquet(file: PlainFile, { signal, onScan }: OpenOptions): Promise<FeatureFile> {
  const { label } = file
  if (file.bytes === 0) throw brokenFile(label, 'is empty.')
  const handle = await open(file.path)
  try {
    const buffer = bufferOf(handle, file)
    const { parquetMetadataAsync } = await import('hyparquet')
    const metadata = await within(label, () => parquetMetadataAsync(buffer, { parsers: parquetValues }))
    const group = metadata.row_groups.find(({ total_byte_size }) => total_byte_size > mostGroupBytes)
    if (group)
      throw new Problem(
        'unsupported',
        `${label}: has row groups of more than ${mostGroupBytes / 1e6} MB. Written with smaller ones, it would work.`,
      )
    const geo = await within(label, async () => geoFacts(metadata))
    const columns = parquetColumns(metadata, geo)
    const named = columnNames(columns.map(({ source }) => source))
    const notes = [...named.notes, ...geo.notes]
    const profile = emptyProfile()
    if (geo.primary)
      for await (const { rows, progress } of read({ label, buffer, metadata, names: [geo.primary], signal })) {
        for (const [wkb] of rows) if (wkb instanceof Uint8Array) profileGeometry(profile, wkbFacts(wkb))
        onScan?.(progress)
      }
    notes.push(...profileNotes(profile))
    const geometry: LayerGeometry | undefined = geo.primary
      ? {
          name: freeName(geo.primary, named.names),
          type: declaredType(profile),
          dimensions: declaredDimensions(profile),
          ...(geo.crs && { crs: geo.crs }),
        }
      : undefined
    const layer = {
      name: file.stem,
      columns: columns.map(({ kind }, i) => ({ name: named.names[i], kind })),
      ...(geometry && { geometry }),
      count: Number(metadata.num_rows),
      notes,
      read: (signal?: AbortSignal) => layerRows(signal),
    }
    async function* layerRows(signal: AbortSignal | undefined): AsyncGenerator<LayerRows> {
      const leaveOut = leftOutCounter(notes)
      const take = geometry && geometryIntake(label, geometry, leaveOut)
      const names = [...columns.map(({ source }) => source), ...(geo.primary ? [geo.primary] : [])]
      let ordinal = 0
      for await (const { rows, progress } of read({ label, buffer, metadata, names, signal })) {
        for (let at = 0; at < rows.length; at += batchRows) {
          const batch = rows.slice(at, at + batchRows).map(row => {
            ordinal++
            const values: LayerValue[] = columns.map(({ valueOf: value }, i) => value(row[i]))
            if (take) {
              const wkb = row[columns.length]
              values.push(wkb instanceof Uint8Array ? take(wkb, () => `row ${ordinal}`) : null)
            }
            return values
          })
          yield { rows: batch, progress }
        }
      }
    }
    return { layers: [layer], close: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
}

interface Reading {
  readonly label: string
  readonly buffer: AsyncBuffer
  readonly metadata: FileMetaData
  readonly names: readonly string[]
  readonly signal: AbortSignal | undefined
}

/** Rows as they are, their values in the order of `names`. */
async function* read({
  label,
  buffer,
  metadata,
  names,
  signal,
}: Reading): AsyncGenerator<{ readonly rows: unknown[][]; readonly progress: number }> {
  const [{ parquetRead }, { compressors }] = await Promise.all([import('hyparquet'), import('hyparquet-compressors')])
  const total = Number(metadata.num_rows)
  let first = 0
  for (const { num_rows } of metadata.row_groups) {
    const end = first + Number(num_rows)
    for (let rowStart = first; rowStart < end; rowStart += rowsAtOnce) {
      signal?.throwIfAborted()
      const rowEnd = Math.min(end, rowStart + rowsAtOnce)
      const rows = await within(label, async () => {
        let found: Record<string, unknown>[] = []
        await parquetRead({
          file: buffer,
          metadata,
          columns: [...names],
          rowStart,
          rowEnd,
          rowFormat: 'object',
          utf8: false,
          compressors,
          parsers: parquetValues,
          useOffsetIndex: true,
          onComplete: rows => {
            found = rows
          },
        })
        return found.map(row => names.map(name => row[name]))
      })
      yield { rows, progress: Math.min(1, rowEnd / total) }
    }
    first = end
  }
}

/** What goes wrong inside is the fault of the file. */
async function within<T>(label: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Problem) throw error
    throw brokenFile(label, `cannot be read as Parquet: ${error instanceof Error ? error.message.slice(0, 120) : 'unknown'}.`, error)
  }
}

function bufferOf(handle: FileHandle, { bytes }: PlainFile): AsyncBuffer {
  return {
    byteLength: bytes,
    async slice(start, end = bytes) {
      const from = start < 0 ? bytes + start : start
      const length = Math.min(end, bytes) - from
      if (from < 0 || length < 0) throw new Error('it breaks off')
      const buffer = new ArrayBuffer(length)
      await handle.read(new Uint8Array(buffer), 0, length, from)
      return buffer
    },
  }
}
