import { columnIndex } from '#rows/row-view.js'
import { compareScalars } from './compare-scalars.js'
import { type Read, type Scope, scalarOf } from './compile-expression.js'
import type { Truth } from './compile-filter.js'
import type { Expression, Scalar } from './expression.js'
import type { ListFilter, ListLiteral, ListOperand } from './filter.js'
import { FilterError, quotedName } from './filter-error.js'
import { instantOfText } from './instants.js'
import { itemsOfArrayText } from './items-of-array-text.js'
import { columnOf } from './value-type.js'

/** `word`: a text of an array of PostgreSQL, which becomes whatever it is compared with; `moment`: a date or time of the request. */
type Item =
  | { readonly kind: 'value'; readonly value: Scalar }
  | { readonly kind: 'word' | 'moment'; readonly value: string }
  | { readonly kind: 'list'; readonly items: readonly Item[] }

/** A relation of two lists as a function of a row; null where one of them is null, or no list. Throws FilterError for a column that cannot hold lists. */
export function compileLists({ operator, left, right }: ListFilter, scope: Scope): Read<Truth> {
  const [a, b] = [listOf(left, scope), listOf(right, scope)]
  const relation = relations[operator]
  return row => {
    const x = a(row)
    if (x === null) return null
    const y = b(row)
    return y === null ? null : relation(x, y)
  }
}

const holdsAll = (whole: readonly Item[], part: readonly Item[]) => part.every(one => whole.some(other => isSame(one, other)))

const relations: Readonly<Record<ListFilter['operator'], (a: readonly Item[], b: readonly Item[]) => boolean>> = {
  equals: (a, b) => holdsAll(a, b) && holdsAll(b, a),
  contains: holdsAll,
  within: (a, b) => holdsAll(b, a),
  overlaps: (a, b) => a.some(one => b.some(other => isSame(one, other))),
}

function isSame(a: Item, b: Item): boolean {
  if (a.kind === 'list' || b.kind === 'list') return a.kind === 'list' && b.kind === 'list' && relations.equals(a.items, b.items)
  if (a.value === null || b.value === null) return false
  if (a.kind === 'moment' || b.kind === 'moment') {
    const [x, y] = [instantOfText(String(a.value)), instantOfText(String(b.value))]
    return x !== null && x === y
  }
  if (a.kind === 'word' || b.kind === 'word') return compareScalars(a.value, b.value) === 0
  return a.value === b.value
}

function listOf(operand: ListOperand, scope: Scope): Read<readonly Item[] | null> {
  if (operand.kind === 'list') return writtenList(operand, scope)
  const { columns } = scope.schema
  const column = columnOf(columns, operand.name)
  const index = columnIndex(columns, column.name)
  if (column.kind !== 'json' && column.kind !== 'text')
    throw new FilterError('malformed', `${quotedName(column.name)} holds no lists.`, { locator: column.name })
  const read = column.kind === 'json' ? itemsOfJson : wordsOfArray
  return row => {
    const text = row.text(index)
    return text === null ? null : read(text)
  }
}

function writtenList({ items }: ListLiteral, scope: Scope): Read<readonly Item[]> {
  const reads = items.map(item => (item.kind === 'list' ? ofList(item, scope) : ofExpression(item, scope)))
  const isConstant = (list: ListLiteral): boolean =>
    list.items.every(item => (item.kind === 'list' ? isConstant(item) : item.kind === 'literal'))
  if (!isConstant({ kind: 'list', items })) return row => reads.map(read => read(row))
  const constant = reads.map(read => read(undefined as never))
  return () => constant
}

function ofList(list: ListLiteral, scope: Scope): Read<Item> {
  const read = writtenList(list, scope)
  return row => ({ kind: 'list', items: read(row) })
}

function ofExpression(expression: Expression, scope: Scope): Read<Item> {
  const read = scalarOf(expression, scope)
  if (expression.kind === 'literal' && (expression.type === 'date' || expression.type === 'timestamp'))
    return row => ({ kind: 'moment', value: String(read(row)) })
  if (expression.kind === 'literal' && expression.type === 'number') return row => ({ kind: 'word', value: String(read(row)) })
  return row => ({ kind: 'value', value: read(row) })
}

const wordsOfArray = (text: string): readonly Item[] | null =>
  itemsOfArrayText(text)?.map(word => (word === null ? { kind: 'value', value: null } : { kind: 'word', value: word })) ?? null

function itemsOfJson(text: string): readonly Item[] | null {
  const value = parsed(text)
  return Array.isArray(value) ? value.map(one => itemOfJson(one, 0)) : null
}

/** Lists within lists in data, beyond what anybody compares. */
const deepest = 60

function itemOfJson(value: unknown, depth: number): Item {
  if (Array.isArray(value) && depth < deepest) return { kind: 'list', items: value.map(one => itemOfJson(one, depth + 1)) }
  // an object is equal to nothing that a request can write
  return { kind: 'value', value: typeof value === 'object' ? null : (value as Scalar) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
