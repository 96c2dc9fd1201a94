import type { Expression, Scalar } from '#filters/expression.js'
import type { Filter, GeometryLiteral, GeometryOperand, ListOperand } from '#filters/filter.js'
import { UnsaidError } from '#filters/ogc/write-expression.js'
import { readEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'

/** CQL2 in its JSON encoding. */
export type Cql2Json = Scalar | readonly Cql2Json[] | { readonly [name: string]: Cql2Json }

const op = (name: string, ...args: readonly Cql2Json[]): Cql2Json => ({ op: name, args })

/** A filter in the JSON encoding of CQL2. Throws UnsaidError for what it has no words for. */
export function writeCql2Json(filter: Filter): Cql2Json {
  switch (filter.kind) {
    case 'constant':
      if (filter.value === null) throw new UnsaidError('there is no third truth')
      return filter.value
    case 'and':
    case 'or': {
      const parts = filter.kind === 'and' ? filter.all : filter.any
      if (parts.length < 2) throw new UnsaidError('AND and OR are of two or more')
      return op(filter.kind, ...parts.map(writeCql2Json))
    }
    case 'not':
      return op('not', writeCql2Json(filter.filter))
    case 'compare':
      if (filter.ignoresCase) throw new UnsaidError('CASEI is more than lower case')
      return op(filter.operator, value(filter.left), value(filter.right))
    case 'between':
      return op('between', value(filter.operand), value(filter.lower), value(filter.upper))
    case 'in':
      if (filter.values.length === 0) throw new UnsaidError('lists of IN have something in them')
      return op('in', value(filter.operand), filter.values.map(value))
    case 'like': {
      if (filter.ignoresCase) throw new UnsaidError('CASEI is more than lower case')
      const pattern = filter.pattern.map(part =>
        typeof part === 'string' ? part.replaceAll(/[\\%_]/g, '\\$&') : part.any === 'many' ? '%' : '_',
      )
      return op('like', value(filter.operand), pattern.join(''))
    }
    case 'isNull':
      return op('isNull', value(filter.operand))
    case 'spatial':
      return op(`s_${filter.operator}`, { property: filter.property }, geoJson(filter.geometry))
    case 'geometries':
      return op(`s_${filter.operator}`, geometryOperand(filter.left), geometryOperand(filter.right))
    case 'lists':
      return op(
        { equals: 'a_equals', contains: 'a_contains', within: 'a_containedBy', overlaps: 'a_overlaps' }[filter.operator],
        list(filter.left),
        list(filter.right),
      )
    default:
      throw new UnsaidError(`CQL2 has no ${filter.kind}`)
  }
}

const geometryOperand = (operand: GeometryOperand) => (operand.kind === 'property' ? { property: operand.name } : geoJson(operand.geometry))

const list = (operand: ListOperand): Cql2Json =>
  operand.kind === 'property' ? { property: operand.name } : operand.items.map(item => (item.kind === 'list' ? list(item) : value(item)))

function value(expression: Expression): Cql2Json {
  switch (expression.kind) {
    case 'literal':
      if (expression.value === null) throw new UnsaidError('null is no value')
      if (expression.type === 'number') throw new UnsaidError('JSON has doubles')
      return expression.type ? { [expression.type]: expression.value } : expression.value
    case 'property':
      return { property: expression.name }
    case 'call':
      if (/^div$/i.test(expression.name)) throw new UnsaidError('that is a word between values')
      return op(expression.name, ...expression.args.map(value))
    default:
      throw new UnsaidError(`CQL2 has no ${expression.kind}`)
  }
}

function geoJson({ wkb }: GeometryLiteral): Cql2Json {
  const geometry = readEwkb(wkb)
  return geometry.kind === 'GeometryCollection'
    ? { type: geometry.kind, geometries: geometry.parts.map(part => ({ type: part.kind, coordinates: coordinates(part) })) }
    : { type: geometry.kind, coordinates: coordinates(geometry) }
}

function coordinates(geometry: Geometry): Cql2Json {
  const path = (numbers: Float64Array) => Array.from({ length: numbers.length / 2 }, (_, i) => [...numbers.subarray(2 * i, 2 * i + 2)])
  if ('coordinates' in geometry) return geometry.kind === 'Point' ? path(geometry.coordinates)[0]! : path(geometry.coordinates)
  return 'rings' in geometry ? geometry.rings.map(path) : geometry.parts.map(coordinates)
}

/** Brackets around an item of a list would make a list of it. */
const itemText = (json: Cql2Json): string => {
  const text = cql2TextOf(json)
  const isBracketed = typeof json === 'object' && json !== null && 'op' in json && text.startsWith('(')
  return isBracketed ? text.slice(1, -1) : text
}

const infix = new Set(['=', '<>', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', '^', 'div'])
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

/** A filter of the JSON encoding in the text encoding. */
export function cql2TextOf(json: Cql2Json): string {
  if (typeof json === 'string') return quoted(json.replaceAll('\\', '\\\\'))
  if (typeof json !== 'object' || json === null) return String(json).toUpperCase()
  if (Array.isArray(json)) return `(${json.map(itemText).join(', ')})`
  const members = json as { readonly [name: string]: Cql2Json }
  if ('property' in members) return `"${String(members.property).replaceAll('"', '""')}"`
  if ('date' in members) return `DATE('${members.date}')`
  if ('timestamp' in members) return `TIMESTAMP('${members.timestamp}')`
  if ('interval' in members)
    return `INTERVAL(${(members.interval as Cql2Json[]).map(end => (typeof end === 'string' ? quoted(end) : cql2TextOf(end))).join(', ')})`
  if ('bbox' in members) return `BBOX(${(members.bbox as number[]).join(', ')})`
  if ('type' in members) return wktOf(members)
  return operation(String(members.op), members.args as readonly Cql2Json[])
}

function operation(name: string, args: readonly Cql2Json[]): string {
  const [a, b, c] = args.map(arg => cql2TextOf(arg))
  switch (name) {
    case 'and':
    case 'or':
      return `(${args.map(cql2TextOf).join(` ${name.toUpperCase()} `)})`
    case 'not':
      return `NOT (${a})`
    case 'between':
      return `${a} BETWEEN ${b} AND ${c}`
    case 'in':
      return `${a} IN ${b}`
    case 'isNull':
      return `${a} IS NULL`
    case 'like':
      return `${a} LIKE ${patternOf(args[1]!)}`
    default:
      if (infix.has(name)) return `(${a} ${name} ${b})`
      return `${name}(${args.map(cql2TextOf).join(', ')})`
  }
}

/** Backslashes of a pattern are LIKE's own. */
function patternOf(pattern: Cql2Json): string {
  if (typeof pattern === 'string') return quoted(pattern)
  const { op: name, args } = pattern as { readonly op: string; readonly args: readonly Cql2Json[] }
  return `${name.toUpperCase()}(${patternOf(args[0]!)})`
}

function wktOf({ type, coordinates: positions, geometries }: { readonly [name: string]: Cql2Json }): string {
  if (type === 'GeometryCollection')
    return `GEOMETRYCOLLECTION(${(geometries as { readonly [name: string]: Cql2Json }[]).map(wktOf).join(', ')})`
  const body = (of: Cql2Json): string => {
    const items = of as readonly Cql2Json[]
    return typeof items[0] === 'number' ? items.map(one => (Object.is(one, -0) ? '-0' : one)).join(' ') : `(${items.map(body).join(', ')})`
  }
  return `${String(type).toUpperCase()}${type === 'Point' ? `(${body(positions!)})` : body(positions!)}`
}
