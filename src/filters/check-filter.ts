import type { ColumnKind, RowColumn } from '#rows/batch.js'
import { oidOfKind } from '#rows/pg-types.js'
import { compileFilter } from './compile-filter.js'
import type { Filter } from './filter.js'
import { isSpatial, mapFilter } from './walk.js'

/** What a filter is asked of, the kinds of its columns told. */
export interface TypedTable {
  readonly columns: readonly { readonly name: string; readonly kind: ColumnKind }[]
  readonly geometries: readonly { readonly name: string }[]
}

/** Throws the FilterError that asking a settled filter of a table would end with: a geometry compared with a number, say. No row is looked at. */
export function checkFilter(filter: Filter, { columns, geometries }: TypedTable): void {
  const column = (name: string, kind: ColumnKind): RowColumn => ({ name, kind, oid: oidOfKind[kind] })
  const schema = {
    columns: [
      column('@id', 'text'),
      ...columns.map(({ name, kind }) => column(name, kind)),
      ...geometries.map(({ name }) => column(name, 'geometry')),
    ],
  }
  // what is settled is sound, and needs a library to be compiled
  compileFilter(mapFilter(filter, { filter: one => (isSpatial(one) ? { kind: 'constant', value: true } : one) }), schema)
}
