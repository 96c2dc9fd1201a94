import type { FeatureColumn, FeatureTable } from '#core/feature-table.js'
import type { RowColumn } from '#rows/batch.js'
import type { FieldValue } from '#rows/pg-field.js'
import { oids } from '#rows/pg-types.js'
import type { RowView } from '#rows/row-view.js'
import { numericForm } from '../numeric-form.js'

/** A column of the table of features in the file. */
export interface GeopackageColumn {
  /** Unlike those of all other columns, whatever the case. */
  readonly name: string
  readonly column: FeatureColumn
  /** As OGC 12-128r19, table 1, has it. */
  readonly type: string
  /** The value as SQLite keeps it. */
  readonly read: (row: RowView) => FieldValue | null
}

/** Names that SQLite takes for different. */
export interface GeopackageNames {
  readonly table: string
  readonly fid: string
  readonly geometry: string | undefined
  readonly columns: readonly GeopackageColumn[]
}

/** Names and types of a table in a GeoPackage. SQLite takes names that differ in case alone for the same: later ones get a number. */
export function geopackageNames({ id, columns, schema, geometry }: FeatureTable): GeopackageNames {
  const taken = new Set<string>()
  const own = (name: string) => {
    let free = name
    for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${name}_${n}`
    taken.add(free.toLowerCase())
    return free
  }
  const shape = geometry && own(geometry.name)
  const named = columns.map((column, i) => ({
    name: own(column.name),
    column,
    type: sqlType(column, schema.columns[i + 1]),
    read: reader(schema.columns[i + 1], column, i + 1),
  }))
  const table = id.replace(/[^\p{L}\p{N}_-]+/gu, '_')
  return { table: /^(gpkg|rtree|sqlite)_/i.test(table) ? `layer_${table}` : table, fid: own('fid'), geometry: shape, columns: named }
}

function sqlType({ kind, nativeType }: FeatureColumn, { oid }: RowColumn): string {
  switch (kind) {
    case 'text': {
      const [, width] = /^(?:character varying|character|varchar|char)\((\d+)\)$/.exec(nativeType) ?? []
      return width ? `TEXT(${width})` : 'TEXT'
    }
    case 'integer':
      return oid === oids.int2 ? 'SMALLINT' : oid === oids.oid ? 'INTEGER' : 'MEDIUMINT'
    case 'bigint':
      return 'INTEGER'
    case 'double':
      return oid === oids.float4 ? 'FLOAT' : 'DOUBLE'
    case 'numeric':
      return numericForm(nativeType).isDouble ? 'DOUBLE' : 'TEXT'
    case 'boolean':
      return 'BOOLEAN'
    case 'date':
      return 'DATE'
    case 'timestamp':
    case 'timestamptz':
      return 'DATETIME'
    case 'bytes':
    case 'geometry':
      return 'BLOB'
    case 'json':
    case 'time':
    case 'uuid':
      return 'TEXT'
  }
}

function reader({ kind }: RowColumn, { nativeType }: FeatureColumn, field: number): GeopackageColumn['read'] {
  if (kind === 'date') return row => dayOf(row.text(field))
  if (kind === 'timestamp' || kind === 'timestamptz') return row => momentOf(row.text(field))
  if (kind === 'numeric' && numericForm(nativeType).isDouble) return row => (row.isNull(field) ? null : row.number(field))
  return row => row.value(field)
}

/** Years of four digits are all that table 1 has words for; infinity is null, too. */
function dayOf(text: string | null): string | null {
  return text !== null && /^\d{4}-\d\d-\d\d$/.test(text) ? text : null
}

/** In milliseconds and with a Z, as table 1 wants it, of moments without a zone, too. */
function momentOf(text: string | null): string | null {
  const [, moment, fraction = ''] = text === null ? [] : (/^(\d{4}-\d\d-\d\dT[\d:]{8})(?:\.(\d+))?Z?$/.exec(text) ?? [])
  return moment ? `${moment}.${fraction.slice(0, 3).padEnd(3, '0')}Z` : null
}
