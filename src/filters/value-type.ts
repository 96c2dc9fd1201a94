import type { RowColumn } from '#rows/batch.js'
import type { Expression, Literal } from './expression.js'
import { FilterError, quotedName } from './filter-error.js'
import { functionOf } from './functions/index.js'
import { nearestNames } from './nearest-names.js'

/**
 * What an expression is worth before any row is seen. `exact`: an integer or decimal column; `number`: a double; `word`: a text in a request,
 * which becomes whatever it is compared with; `any`: known only row by row.
 */
export type ValueType =
  | 'exact'
  | 'number'
  | 'text'
  | 'uuid'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'time'
  | 'bytes'
  | 'geometry'
  | 'word'
  | 'number-literal'
  | 'null'
  | 'any'

/** What two things are compared as; `nothing`: they cannot be, and the comparison is null. */
export type Domain = 'exact' | 'number' | 'text' | 'boolean' | 'instant' | 'time' | 'dynamic' | 'nothing'

type Column = Pick<RowColumn, 'name' | 'kind'>

/** The column of that name; throws FilterError. */
export function columnOf<C extends Column>(columns: readonly C[], name: string): C {
  const column = columns.find(each => each.name === name)
  if (column) return column
  const names = columns.map(each => each.name)
  const [near] = nearestNames(name, names)
  const there = names.length
    ? `${near ? `; ${quotedName(near)} is near it` : ''}. There are ${names.slice(0, 50).join(', ')}.`
    : '; there is none.'
  throw new FilterError('unknown-property', `There is no property ${quotedName(name)}${there}`, { locator: name })
}

/** What an expression is worth over such columns. Throws FilterError for a column or function that is not there. */
export function typeOf(expression: Expression, columns: readonly Column[]): ValueType {
  switch (expression.kind) {
    case 'literal':
      return typeOfLiteral(expression)
    case 'property':
      return typeOfColumn(columnOf(columns, expression.name))
    case 'call': {
      return functionOf(expression.name).result
    }
    case 'choice':
      return common([...expression.cases.map(each => each.value), expression.otherwise], columns)
    case 'recode':
      return common([...expression.entries.map(([, value]) => value), expression.otherwise], columns)
    case 'step':
      return common([expression.first, ...expression.steps.map(([, value]) => value)], columns)
    case 'interpolation':
      return expression.of === 'number' ? 'number' : 'text'
    case 'environment':
      return 'any'
  }
}

function typeOfLiteral({ value, type }: Literal): ValueType {
  if (value === null) return 'null'
  if (type !== undefined) return type === 'number' ? 'number-literal' : type === 'date' ? 'date' : 'timestamptz'
  return typeof value === 'number' ? 'number-literal' : typeof value === 'boolean' ? 'boolean' : 'word'
}

function typeOfColumn({ kind }: Column): ValueType {
  switch (kind) {
    case 'integer':
    case 'bigint':
    case 'numeric':
      return 'exact'
    case 'double':
      return 'number'
    case 'json':
      return 'text'
    default:
      return kind
  }
}

/** The type of values that come from several places; `any` where they differ. */
function common(expressions: readonly Expression[], columns: readonly Column[]): ValueType {
  const types = new Set(expressions.map(each => typeOf(each, columns)))
  types.delete('null')
  if ([...types].every(type => isNumber(type))) return types.size ? 'number' : 'null'
  if ([...types].every(type => type === 'text' || type === 'word')) return 'text'
  return types.size === 1 && types.has('boolean') ? 'boolean' : 'any'
}

const isNumber = (type: ValueType) => type === 'exact' || type === 'number' || type === 'number-literal'
const isInstant = (type: ValueType) => type === 'date' || type === 'timestamp' || type === 'timestamptz'

/** The one table of what is compared as what. Throws FilterError for what has no order at all. */
export function domainOf(left: ValueType, right: ValueType): Domain {
  const both = [left, right]
  for (const type of both) {
    if (type === 'geometry')
      throw new FilterError('unsupported', 'A geometry cannot be compared with a value; use a spatial operator, such as Intersects.')
    if (type === 'bytes')
      throw new FilterError('unsupported', 'A column of bytes cannot be compared; only PropertyIsNull can be asked of it.')
  }
  if (both.includes('null')) return 'nothing'
  if (both.includes('any')) return 'dynamic'
  const isText = (type: ValueType) => type === 'text' || type === 'word'
  if (both.some(isInstant)) return both.every(type => isInstant(type) || isText(type)) ? 'instant' : 'nothing'
  if (both.includes('time')) return both.every(type => type === 'time' || isText(type)) ? 'time' : 'nothing'
  if (both.includes('boolean'))
    return both.every(type => type === 'boolean' || type === 'number-literal' || isText(type)) ? 'boolean' : 'nothing'
  if (both.some(isNumber)) {
    if (both.includes('uuid')) return 'nothing'
    return both.includes('number') || both.includes('text') || !both.includes('exact') ? 'number' : 'exact'
  }
  return 'text'
}
