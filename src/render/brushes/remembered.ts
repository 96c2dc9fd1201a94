import type { Expression } from '#filters/expression.js'
import { asksForIds, propertiesOfExpression } from '#filters/walk.js'
import { columnIndex, type RowView } from '#rows/row-view.js'
import type { Getter } from '../getter.js'

/** Values whose answers are remembered; more are begun anew. */
const mostValues = 4096

/**
 * The same answers, made once for each value of the one column that the expressions read: what many features have in common is one object for all of
 * them. As it was where they read several columns, or none.
 */
export function remembered<T>(getter: Getter<T>, expressions: readonly Expression[]): Getter<T> {
  const names = new Set(expressions.flatMap(propertiesOfExpression))
  if ('fixed' in getter || names.size !== 1 || expressions.some(asksForIds)) return getter
  const [name] = names
  const { of } = getter
  const answers = new Map<string | number | null, T>()
  let columns: RowView['columns'] | undefined
  let index = -1
  return {
    of(row) {
      if (row.columns !== columns) {
        columns = row.columns
        index = columnIndex(columns, name)
        answers.clear()
      }
      if (index < 0 || columns[index].kind === 'geometry') return of(row)
      const value = row.key(index)
      const known = answers.get(value)
      if (known !== undefined) return known
      const answer = of(row)
      if (answers.size === mostValues) answers.clear()
      answers.set(value, answer)
      return answer
    },
  }
}
