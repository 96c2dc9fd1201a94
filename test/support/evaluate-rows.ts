import { compileExpression, compileFilter } from '#filters/compile-filter.js'
import type { Expression, Scalar } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import { settleExpression, settleFilter } from '#filters/settle-filter.js'
import { writeEwkb } from '#geo/ewkb.js'
import type { ColumnKind, RowColumn } from '#rows/batch.js'
import { oidOfKind } from '#rows/pg-types.js'
import { RowBuilder } from '#rows/row-builder.js'
import { rowView } from '#rows/row-view.js'

export type Row = Readonly<Record<string, Scalar>>

/** Values of expressions and truths of filters for rows with a point, whose columns are of the type their values have, or of `kinds`. */
export function rowEvaluator(rows: readonly Row[], kinds: Readonly<Record<string, ColumnKind>> = {}) {
  const names = Object.keys(rows[0])
  const kindOf = (name: string): ColumnKind => {
    if (kinds[name]) return kinds[name]
    const value = rows.map(row => row[name]).find(one => one !== null)
    return typeof value === 'number' ? 'double' : typeof value === 'boolean' ? 'boolean' : 'text'
  }
  const columns: RowColumn[] = names.map(name => ({ name, kind: kindOf(name), oid: oidOfKind[kindOf(name)] }))
  columns.push({ name: '@id', kind: 'text', oid: oidOfKind.text }, { name: 'geom', kind: 'geometry', oid: oidOfKind.geometry })
  const builder = new RowBuilder({ columns })
  const point = writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(1, 2) })
  rows.forEach((row, i) => {
    builder.row([...names.map(name => row[name]), String(i), point])
  })
  const batch = builder.take()
  const table = { columns: names.map(name => ({ name })), geometries: [{ name: 'geom' }] }
  const all = <T>(read: (row: ReturnType<typeof rowView>) => T) => rows.map((_, i) => read(rowView(batch).at(i)))
  return {
    values: (expression: Expression, environment: Readonly<Record<string, number>> = {}) =>
      all(compileExpression(settleExpression(expression, table), { columns }, environment)),
    selected: (filter: Filter, environment: Readonly<Record<string, number>> = {}) =>
      all(compileFilter(settleFilter(filter, table), { columns }, environment)).map(truth => truth === true),
  }
}
