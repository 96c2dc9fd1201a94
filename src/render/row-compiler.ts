import type { Expression, Scalar } from '#filters/expression.js'
import type { Filter } from '#filters/filter.js'
import type { RowView } from '#rows/row-view.js'

/** Turns trees into functions of a row, once for all rows of one schema. */
export interface RowCompiler {
  filter(filter: Filter): (row: RowView) => boolean | null
  expression(expression: Expression): (row: RowView) => Scalar
}
