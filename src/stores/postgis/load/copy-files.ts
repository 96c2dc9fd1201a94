import type { FeatureLayer, LayerValue, LoadOptions } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { RowColumn } from '#rows/batch.js'
import { PgBinaryWriter } from '#rows/pg-binary.js'
import { oidOfKind } from '#rows/pg-types.js'
import { ValueError } from '#rows/value-error.js'
import { geometryFitter } from './geometry-bytes.js'

/** Bytes of one COPY: large enough that commands do not matter, small enough that the embedded database serves others in between. */
const fileBytes = 512 * 1024

export interface CopyFile {
  readonly bytes: Uint8Array
  /** Rows so far, those of this file included. */
  readonly rows: number
  readonly share: number | undefined
}

export interface CopyLayout {
  /** The first row gets the number after this one as its generated key; absent: no generated key. */
  readonly keyAfter?: number
  /** Declared type of the geometry column. */
  readonly geometryType?: string
}

/**
 * A layer as binary COPY files, each whole in itself: the generated key, where there is one, then the columns, then the geometry. Memory is
 * one file and what the reader hands over at a time. Throws `invalid-data` naming the row.
 */
export async function* copyFiles(
  layer: FeatureLayer,
  { keyAfter, geometryType }: CopyLayout,
  signal: LoadOptions['signal'],
): AsyncGenerator<CopyFile, void> {
  const columns: RowColumn[] = layer.columns.map(({ name, kind }) => ({ name, kind, oid: oidOfKind[kind] }))
  if (keyAfter !== undefined) columns.unshift({ name: 'fid', kind: 'bigint', oid: oidOfKind.bigint })
  if (layer.geometry) columns.push({ name: layer.geometry.name, kind: 'geometry', oid: oidOfKind.geometry })
  const fit = geometryFitter(geometryType ?? '')
  const last = layer.columns.length
  let writer = new PgBinaryWriter(columns)
  let rows = 0
  let share: number | undefined
  for await (const chunk of layer.read(signal)) {
    share = chunk.progress
    for (const row of chunk.rows) {
      const geometry = layer.geometry ? row[last] : null
      try {
        writer.row(
          ordered(
            row,
            geometry instanceof Uint8Array ? fit(geometry) : geometry,
            last,
            keyAfter === undefined ? undefined : keyAfter + rows + 1,
          ),
        )
      } catch (cause) {
        if (!(cause instanceof ValueError)) throw cause
        throw new Problem('invalid-data', `Row ${rows + 1} of “${layer.name}”: ${cause.message}`, { cause })
      }
      rows++
      if (writer.length < fileBytes) continue
      yield { bytes: writer.end(), rows, share }
      writer = new PgBinaryWriter(columns)
    }
  }
  yield { bytes: writer.end(), rows, share: 1 }
}

function ordered(row: readonly LayerValue[], geometry: LayerValue | undefined, last: number, key: number | undefined): LayerValue[] {
  const values: LayerValue[] = key === undefined ? [] : [key]
  for (let i = 0; i < last; i++) values.push(row[i] ?? null)
  if (geometry !== undefined) values.push(geometry)
  return values
}
