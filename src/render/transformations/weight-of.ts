import type { Expression } from '#filters/expression.js'
import type { RowView } from '#rows/row-view.js'
import type { RowCompiler } from '../row-compiler.js'

/** The weight of a row; NaN where it has none. */
export function weightOf(weight: Expression | undefined, compiler: RowCompiler): (row: RowView) => number {
  if (!weight) return () => 1
  const of = compiler.expression(weight)
  return row => {
    const value = of(row)
    return value === null || value === '' ? Number.NaN : Number(value)
  }
}
