import type { AttributeColumn, FeatureSource } from '#core/atlas.js'
import { uuidOfText } from '#filters/uuids.js'
import { splitFeatureId } from './feature-id.js'
import { quoted } from './identifiers.js'
import { attributeOf, isInt8, plainTextSql, type Values } from './sql.js'

/** The condition that a row has one of these ids. */
export function idsSql(source: FeatureSource, ids: readonly string[], values: Values): string {
  const { key } = source
  const split = ids.flatMap(id => {
    const parts = splitFeatureId(source, id)
    return parts ? [parts] : []
  })
  if (key.kind === 'none' || split.length === 0) return 'false'
  if (key.kind === 'ctid') return `ctid = ANY(${values.bind(split.map(parts => parts[0]!))}::tid[])`
  const columns = key.columns.map(name => attributeOf(source, name))
  const known = split.filter(parts => parts.every((part, at) => fits(columns[at]!, part)))
  if (known.length === 0) return 'false'
  if (columns.length === 1)
    return `${keyColumnSql(columns[0]!)} = ANY(${values.bind(known.map(parts => parts[0]!))}::${keyType(columns[0]!)}[])`
  const rows = columns.map((column, at) => `${values.bind(known.map(parts => parts[at]!))}::${keyType(column)}[]`)
  return `(${columns.map(keyColumnSql).join(', ')}) IN (SELECT * FROM unnest(${rows.join(', ')}))`
}

/** The type a key is compared in: one that the column's index serves, where it is an ordinary one. */
function keyType(column: AttributeColumn): string {
  if (column.kind === 'integer' || column.kind === 'bigint') return 'int8'
  if (column.kind === 'uuid') return 'uuid'
  return column.nativeType.startsWith('character(') ? 'bpchar' : 'text'
}

const keyColumnSql = (column: AttributeColumn) => (keyType(column) === 'text' ? plainTextSql(column) : quoted(column.name))

function fits(column: AttributeColumn, part: string): boolean {
  if (part.includes('\0')) return false
  if (column.kind === 'uuid') return uuidOfText(part) !== undefined
  if (column.kind !== 'integer' && column.kind !== 'bigint') return true
  return isInt8(part)
}
