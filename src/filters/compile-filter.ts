import { bboxesMeet } from '#geo/bbox.js'
import { ewkbBbox } from '#geo/ewkb.js'
import type { RowSchema } from '#rows/batch.js'
import { columnIndex, type RowView } from '#rows/row-view.js'
import { compileComparison } from './compile-comparison.js'
import { type Environment, type Read, type Scope, scalarOf, textOf } from './compile-expression.js'
import { compileLists } from './compile-lists.js'
import { compileGeometries, compileSpatial } from './compile-spatial.js'
import type { Expression, Scalar } from './expression.js'
import type { Filter } from './filter.js'
import { FilterError } from './filter-error.js'
import { likeMatcher } from './match-like.js'
import { columnOf, typeOf } from './value-type.js'

/** Null: neither true nor false, as a comparison with null is. */
export type Truth = boolean | null

/**
 * A filter as a function of a row of `schema`, made once for many rows. Its names and geometries must be settled (`settleFilter`), and
 * `prepareFilter` must have been waited for when it is spatial. Ids are looked for in the column `@id`. Throws FilterError.
 */
export function compileFilter(filter: Filter, schema: RowSchema, environment: Environment = {}): (row: RowView) => Truth {
  return truthOf(filter, { schema, environment, filter: truthOf })
}

/** An expression as a function of a row of `schema`, made once for many rows. Throws FilterError. */
export function compileExpression(expression: Expression, schema: RowSchema, environment: Environment = {}): (row: RowView) => Scalar {
  return scalarOf(expression, { schema, environment, filter: truthOf })
}

function truthOf(filter: Filter, scope: Scope): Read<Truth> {
  const { columns } = scope.schema
  switch (filter.kind) {
    case 'constant': {
      const { value } = filter
      return () => value
    }
    case 'and':
      return allOf(filter.all.map(each => truthOf(each, scope)))
    case 'or':
      return anyOf(filter.any.map(each => truthOf(each, scope)))
    case 'not':
      return not(truthOf(filter.filter, scope))
    case 'bbox': {
      const { bbox } = filter
      const index = columnIndex(columns, geometryColumn(filter.property, scope).name)
      return row => {
        const bytes = row.bytes(index)
        if (!bytes) return null
        const box = ewkbBbox(bytes)
        return box !== undefined && bboxesMeet(box, bbox)
      }
    }
    case 'ids': {
      const ids = new Set(filter.ids)
      const index = columnIndex(columns, '@id')
      if (index < 0) throw new FilterError('unsupported', 'Features without ids cannot be chosen by id.', { locator: '@id' })
      return row => {
        const id = row.text(index)
        return id === null ? null : ids.has(id)
      }
    }
    case 'compare':
      return compileComparison(filter, scope)
    case 'between':
      return withOperand(filter.operand, scope, inner => {
        const { operand: left, lower, upper } = filter
        const atLeast = compileComparison({ kind: 'compare', operator: '>=', left, right: lower }, inner)
        return allOf([atLeast, compileComparison({ kind: 'compare', operator: '<=', left, right: upper }, inner)])
      })
    case 'in':
      return inOf(filter, scope)
    case 'like': {
      typeOf(filter.operand, columns)
      const text = textOf(filter.operand, scope)
      const isLike = likeMatcher(filter.pattern, filter.ignoresCase)
      return row => {
        const value = text(row)
        return value === null ? null : isLike(value)
      }
    }
    case 'isNull':
      return isNull(filter.operand, scope)
    case 'spatial':
    case 'distance': {
      const column = geometryColumn(filter.property, scope)
      return compileSpatial(filter, columnIndex(columns, column.name))
    }
    case 'geometries':
      return compileGeometries(filter, name => columnIndex(columns, geometryColumn(name, scope).name))
    case 'lists':
      return compileLists(filter, scope)
  }
}

/** More values than this in a text column are looked up in a set. */
const fewValues = 8

function inOf({ operand, values }: Extract<Filter, { kind: 'in' }>, scope: Scope): Read<Truth> {
  const column = operand.kind === 'property' ? columnOf(scope.schema.columns, operand.name) : undefined
  const words = values.flatMap(value => (value.kind === 'literal' && typeof value.value === 'string' ? [value.value] : []))
  if (column?.kind === 'text' && values.length > fewValues && words.length === values.length && !words.some(word => word.includes('\0'))) {
    const among = new Set(words)
    const text = textOf(operand, scope)
    return row => {
      const value = text(row)
      return value === null ? null : among.has(value)
    }
  }
  return withOperand(operand, scope, inner =>
    anyOf(values.map(right => compileComparison({ kind: 'compare', operator: '=', left: operand, right }, inner))),
  )
}

/** What compares `operand` several times, and computes it once: operands in operands would otherwise multiply. */
function withOperand(operand: Expression, scope: Scope, compile: (scope: Scope) => Read<Truth>): Read<Truth> {
  if (operand.kind === 'property' || operand.kind === 'literal') return compile(scope)
  const read = scalarOf(operand, scope)
  const cell: { value: Scalar } = { value: null }
  const truth = compile({ ...scope, known: new Map([...(scope.known ?? []), [operand, () => cell.value]]) })
  return row => {
    cell.value = read(row)
    return truth(row)
  }
}

function geometryColumn(name: string, { schema }: Scope) {
  const geometries = schema.columns.filter(column => column.kind === 'geometry')
  return columnOf(geometries, name)
}

function isNull(operand: Expression, scope: Scope): Read<Truth> {
  if (operand.kind === 'property') {
    const index = columnIndex(scope.schema.columns, columnOf(scope.schema.columns, operand.name).name)
    return row => row.isNull(index)
  }
  const value = scalarOf(operand, scope)
  return row => value(row) === null
}

const not =
  (read: Read<Truth>): Read<Truth> =>
  row => {
    const truth = read(row)
    return truth === null ? null : !truth
  }

function allOf(parts: readonly Read<Truth>[]): Read<Truth> {
  return row => {
    let truth: Truth = true
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i](row)
      if (part === false) return false
      if (part === null) truth = null
    }
    return truth
  }
}

function anyOf(parts: readonly Read<Truth>[]): Read<Truth> {
  return row => {
    let truth: Truth = false
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i](row)
      if (part) return true
      if (part === null) truth = null
    }
    return truth
  }
}
