import type { AttributeColumn } from '#core/atlas.js'
import type { ListFilter, ListOperand } from '#filters/filter.js'
import type { SqlScope } from './expression-sql.js'
import { quoted } from './identifiers.js'
import { NotInSql } from './not-in-sql.js'
import { attributeOf } from './sql.js'

/**
 * A relation of lists by PostgreSQL's operators of arrays, where a column holds texts or integers: these it compares as `compileLists` does, and by
 * an index of arrays. Throws NotInSql for JSON, for other arrays, and for what is written out and none of these.
 */
export function listSql({ operator, left, right }: ListFilter, scope: SqlScope): string {
  const columns = [left, right].flatMap(side => (side.kind === 'property' ? [attributeOf(scope.source, side.name)] : []))
  const [type, ...others] = columns.map(arrayType)
  if (type === undefined || others.some(other => other !== type)) throw new NotInSql('such lists')
  const side = (operand: ListOperand) =>
    operand.kind === 'property' ? columnSql(attributeOf(scope.source, operand.name)) : writtenSql(operand, type, scope)
  const [a, b] = [side(left), side(right)]
  switch (operator) {
    case 'contains':
      return `${a} @> ${b}`
    case 'within':
      return `${a} <@ ${b}`
    case 'overlaps':
      return `${a} && ${b}`
    case 'equals':
      return `(${a} @> ${b} AND ${a} <@ ${b})`
  }
}

/** Arrays of each type that are compared here, and the integers that fit into it. */
const bounds: Readonly<Record<string, number | undefined>> = {
  'text[]': undefined,
  'smallint[]': 2 ** 15 - 1,
  'integer[]': 2 ** 31 - 1,
  'bigint[]': Number.MAX_SAFE_INTEGER,
}

const isVarying = /^character varying(\(\d+\))?\[\]$/

function arrayType({ nativeType }: AttributeColumn): string {
  const type = isVarying.test(nativeType) ? 'text[]' : nativeType
  if (!Object.hasOwn(bounds, type)) throw new NotInSql(`a list of the type ${nativeType}`)
  return type
}

const columnSql = ({ name, nativeType }: AttributeColumn) => `${quoted(name)}${isVarying.test(nativeType) ? '::text[]' : ''}`

function writtenSql({ items }: Extract<ListOperand, { kind: 'list' }>, type: string, { values }: SqlScope): string {
  const most = bounds[type]
  const texts = items.map(item => {
    const value = item.kind === 'literal' && item.type === undefined ? item.value : null
    const fits =
      most === undefined ? typeof value === 'string' && !value.includes('\0') : Number.isInteger(value) && Math.abs(Number(value)) <= most
    if (!fits) throw new NotInSql('a list of several types')
    return String(value)
  })
  return `${values.bind(texts)}::${type}`
}
