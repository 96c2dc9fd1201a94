import type { Expression, Scalar } from '#filters/expression.js'
import type { Comparison, DistanceFilter, Filter, GeometryLiteral, LikePart } from '#filters/filter.js'
import { UnsaidError } from '#filters/ogc/write-expression.js'
import { readEwkb } from '#geo/ewkb.js'
import { writeWkt } from './write-wkt.js'

/** A filter as GeoServer's clients write it in CQL. Throws UnsaidError for what CQL has no words for. */
export function writeEcql(filter: Filter): string {
  switch (filter.kind) {
    case 'constant':
      if (filter.value === null) throw new UnsaidError('there is no third truth')
      return filter.value ? 'INCLUDE' : 'EXCLUDE'
    case 'and':
      return filter.all.length === 0 ? 'INCLUDE' : `(${filter.all.map(writeEcql).join(' AND ')})`
    case 'or':
      return filter.any.length === 0 ? 'EXCLUDE' : `[${filter.any.map(writeEcql).join(' or ')}]`
    case 'not':
      return `NOT ${writeEcql(filter.filter)}`
    case 'ids':
      return `IN (${filter.ids.map(quoted).join(', ')})`
    case 'compare':
      return comparison(filter)
    case 'between':
      return `${value(filter.operand)} BETWEEN ${value(filter.lower)} AND ${value(filter.upper)}`
    case 'like':
      return `${value(filter.operand)} ${filter.ignoresCase ? 'ILIKE' : 'LIKE'} ${quoted(filter.pattern.map(sign).join(''))}`
    case 'isNull':
      return `${value(filter.operand)} IS NULL`
    case 'in':
      if (filter.values.length === 0) throw new UnsaidError('lists have something in them')
      for (const one of filter.values) notANumber(filter.operand, one)
      return `${value(filter.operand)} IN (${filter.values.map(value).join(',')})`
    case 'bbox':
      throw new UnsaidError('BBOX is of what meets a box, not of what has a box that does')
    case 'spatial':
      return `${filter.operator.toUpperCase()}(${name(filter.property)}, ${wkt(filter.geometry)})`
    case 'geometries':
    case 'lists':
      throw new UnsaidError('lists and pairs of columns are of CQL2')
    case 'distance':
      if (filter.stretch) throw new UnsaidError('distances are in one unit')
      return `${filter.operator === 'within' ? 'DWITHIN' : 'BEYOND'}(${name(filter.property)}, ${wkt(filter.geometry)}, ${filter.distance}, ${unitOf(filter)})`
  }
}

function wkt({ wkb, crs }: GeometryLiteral): string {
  const [, srid] = /^EPSG:(\d+)$/.exec(crs ?? '') ?? []
  if (crs && !srid) throw new UnsaidError('SRID is a number of EPSG')
  return `${srid ? `SRID=${srid};` : ''}${writeWkt(readEwkb(wkb))}`
}

function unitOf({ metresPerUnit }: DistanceFilter): string {
  const unit =
    metresPerUnit === undefined ? 'unit' : { 1: 'meters', 1000: 'kilometers', 0.3048: 'feet', 1852: 'nautical miles' }[metresPerUnit]
  if (!unit) throw new UnsaidError('not one of the usual units')
  return unit
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
const name = (text: string) => (/^[a-z]+$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`)
const sign = (part: LikePart) => (typeof part === 'string' ? part.replaceAll(/[\\%_]/g, '\\$&') : part.any === 'many' ? '%' : '_')

function comparison({ operator, left, right, ignoresCase }: Comparison): string {
  if (ignoresCase) throw new UnsaidError('only ILIKE knows no case')
  if (operator === '=' || operator === '<>') {
    notANumber(left, right)
    notANumber(right, left)
  }
  return `${value(left)} ${operator} ${value(right)}`
}

/** Beside a column `=` takes a number for what the column is. */
function notANumber(column: Expression, one: Expression): void {
  if (column.kind === 'property' && one.kind === 'literal' && typeof one.value === 'number')
    throw new UnsaidError('a number beside a column is what the column is')
}

function value(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return literal(expression.value)
    case 'property':
      return name(expression.name)
    case 'call':
      return expression.name === '%'
        ? `(${expression.args.map(value).join(' % ')})`
        : `${expression.name}(${expression.args.map(value).join(', ')})`
    case 'step': {
      const steps = expression.steps.map(([at, then]) => `${at}, ${value(then)}`)
      const belongs = expression.isUpTo ? 'preceding' : 'succeeding'
      return `Categorize(${[value(expression.input), value(expression.first), ...steps, quoted(belongs)].join(', ')})`
    }
    case 'interpolation':
      return `Interpolate(${[value(expression.input), ...expression.stops.map(([at, then]) => `${at}, ${value(then)}`), "'linear'"].join(', ')})`
    default:
      throw new UnsaidError(`CQL has no ${expression.kind}`)
  }
}

const literal = (scalar: Scalar) => (typeof scalar === 'string' ? quoted(scalar) : String(scalar))
