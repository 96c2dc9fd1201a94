import types from 'pg-types'
import type { RowBatch } from '#rows/batch.js'
import type { Field } from './answer.js'

/** Rows of an answer in text form as objects; values as `pg` reads them (bigint and numeric stay texts). */
export function textRows(batch: RowBatch, fields: readonly Field[]): Record<string, unknown>[] {
  const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength)
  const columns = fields.map(({ name, oid }) => ({ name, parse: types.getTypeParser(oid, 'text') as (text: string) => unknown }))
  return Array.from({ length: batch.count }, (_, row) => {
    let at = batch.offsets[row]!
    const values: Record<string, unknown> = {}
    for (const { name, parse } of columns) {
      const length = bytes.readInt32BE(at)
      at += 4
      values[name] = length < 0 ? null : parse(bytes.toString('utf8', at, at + length))
      at += Math.max(length, 0)
    }
    return values
  })
}
