/**
 * The batch of bytes that everything downstream eats. One row is what PostgreSQL sends for it in binary format: per column, a big-endian
 * int32 length (-1: null) and that many bytes. Geometry columns hold EWKB. Nothing is decoded until somebody asks.
 */
export interface RowBatch {
  readonly schema: RowSchema
  readonly count: number
  readonly bytes: Uint8Array
  /** `count + 1` byte positions: row i lies in `bytes[offsets[i] … offsets[i + 1]]`, its first column's length first. Rows may have gaps between them. */
  readonly offsets: Int32Array
}

/** The rows of several batches as one. */
export function joinBatches(schema: RowSchema, batches: readonly RowBatch[]): RowBatch {
  if (batches.length === 1) return { ...batches[0], schema }
  const offsets: number[] = []
  let before = 0
  for (const batch of batches) {
    for (let row = 0; row < batch.count; row++) offsets.push(before + batch.offsets[row])
    before += batch.bytes.length
  }
  return {
    schema,
    count: offsets.length,
    bytes: Buffer.concat(batches.map(({ bytes }) => bytes)),
    offsets: Int32Array.from([...offsets, before]),
  }
}

export interface RowSchema {
  readonly columns: readonly RowColumn[]
}

export interface RowColumn {
  readonly name: string
  /** PostgreSQL type OID, which fixes the binary form. Geometry has an OID of its own in every database: see `kind`. */
  readonly oid: number
  readonly kind: ColumnKind
}

/** What a column holds, as far as encoders and clients care. `text` is also the refuge of types nobody knows (they are selected as `::text`). */
export type ColumnKind =
  | 'text'
  | 'integer' // int2, int4
  | 'bigint'
  | 'double' // float4, float8
  | 'numeric'
  | 'boolean'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamptz'
  | 'uuid'
  | 'json' // json, jsonb
  | 'bytes'
  | 'geometry'
