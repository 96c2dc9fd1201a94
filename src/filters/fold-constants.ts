import { rowView } from '#rows/row-view.js'
import type { Environment } from './compile-expression.js'
import { compileExpression, compileFilter } from './compile-filter.js'
import type { Expression } from './expression.js'
import type { Filter, ListOperand } from './filter.js'
import { type Mapping, mapExpression, mapFilter } from './walk.js'

/** The filter with everything computed that depends on no row, `environment` included: what is left can be asked of a database. Throws FilterError. */
export function foldFilter(filter: Filter, environment: Environment = {}): Filter {
  return mapFilter(filter, folding(environment))
}

/** As `foldFilter`, of an expression. */
export function foldExpression(expression: Expression, environment: Environment = {}): Expression {
  return mapExpression(expression, folding(environment))
}

const nothing = { columns: [] }
const noRow = rowView({ schema: nothing, count: 0, bytes: new Uint8Array(), offsets: Int32Array.of(0) })

function folding(environment: Environment): Mapping {
  return {
    filter: one => foldedFilter(one),
    expression: one => (isFoldable(one) ? { kind: 'literal', value: compileExpression(one, nothing, environment)(noRow) } : one),
  }
}

/** Its parts are folded already: it is constant when they are literals. */
function isFoldable(one: Expression): boolean {
  switch (one.kind) {
    case 'environment':
      return true
    case 'call':
      return one.args.every(isLiteral)
    case 'recode':
      return [one.input, one.otherwise, ...one.entries.map(([, value]) => value)].every(isLiteral)
    case 'step':
      return [one.input, one.first, ...one.steps.map(([, value]) => value)].every(isLiteral)
    case 'interpolation':
      return [one.input, ...one.stops.map(([, value]) => value)].every(isLiteral)
    case 'choice':
      return one.cases.every(({ when, value }) => when.kind === 'constant' && isLiteral(value)) && isLiteral(one.otherwise)
    default:
      return false
  }
}

const isLiteral = ({ kind }: Expression) => kind === 'literal'

function foldedFilter(one: Filter): Filter {
  switch (one.kind) {
    case 'compare':
    case 'between':
    case 'like':
    case 'isNull':
    case 'in':
      return operandsOf(one).every(isLiteral) ? { kind: 'constant', value: compileFilter(one, nothing)(noRow) } : one
    case 'lists':
      return isWritten(one.left) && isWritten(one.right) ? { kind: 'constant', value: compileFilter(one, nothing)(noRow) } : one
    case 'not':
      return one.filter.kind === 'constant' ? { kind: 'constant', value: one.filter.value === null ? null : !one.filter.value } : one
    case 'and':
      return joined(one.all, false, all => ({ kind: 'and', all }))
    case 'or':
      return joined(one.any, true, any => ({ kind: 'or', any }))
    default:
      return one
  }
}

/** Whether a list holds nothing but literals. */
const isWritten = (side: ListOperand): boolean =>
  side.kind === 'list' && side.items.every(item => (item.kind === 'list' ? isWritten(item) : isLiteral(item)))

function operandsOf(one: Filter): readonly Expression[] {
  if (one.kind === 'compare') return [one.left, one.right]
  if (one.kind === 'between') return [one.operand, one.lower, one.upper]
  if (one.kind === 'in') return [one.operand, ...one.values]
  return one.kind === 'like' || one.kind === 'isNull' ? [one.operand] : []
}

/** `decisive` settles the whole, its opposite says nothing. */
function joined(parts: readonly Filter[], decisive: boolean, join: (parts: readonly Filter[]) => Filter): Filter {
  if (parts.some(part => part.kind === 'constant' && part.value === decisive)) return { kind: 'constant', value: decisive }
  const left = parts.filter(part => !(part.kind === 'constant' && part.value === !decisive))
  if (left.length === 0) return { kind: 'constant', value: !decisive }
  return left.length === 1 ? left[0] : join(left)
}
