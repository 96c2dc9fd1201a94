import type { FeatureTable } from '#core/feature-table.js'
import { type DbfField, isWritten } from './dbf-fields.js'

/** What the fields stand for: `field,name,type,comment` and a line for each column, those without a field, which a DBF cannot hold, included. */
export function fieldsCsv({ columns }: FeatureTable, fields: readonly DbfField[]): Buffer {
  const lines = columns.map(({ name, nativeType, comment = '' }, i) => {
    const field = isWritten(columns[i]) ? (fields.find(({ column }) => column === columns[i])?.name ?? '') : ''
    return [field, name, nativeType, comment].map(cell).join(',')
  })
  return Buffer.from(['field,name,type,comment', ...lines, ''].join('\r\n'))
}

const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
