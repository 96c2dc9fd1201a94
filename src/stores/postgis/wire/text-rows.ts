import pg from 'pg'
import type { RowBatch } from '#rows/batch.js'
import type { Field } from './answer.js'

/** Rows of an answer in text form as objects; values as `pg` reads them (bigint and numeric stay texts). */
export function textRows(batch: RowBatch, fields: readonly Field[]): Record<string, unknown>[] {
  const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength)
  const parsers = fields.map(field => pg.types.getTypeParser(field.oid, 'text') as (text: string) => unknown)
  return Array.from({ length: batch.count }, (_, row) => {
    let at = batch.offsets[row]!
    const values = fields.map((field, column) => {
      const length = bytes.readInt32BE(at)
      const value = length < 0 ? null : parsers[column]!(bytes.toString('utf8', at + 4, at + 4 + length))
      at += 4 + Math.max(length, 0)
      return [field.name, value] as const
    })
    return Object.fromEntries(values)
  })
}
