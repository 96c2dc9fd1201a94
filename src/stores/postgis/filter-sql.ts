import type { FeatureSource, GeometryColumn } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import { problemOfFilter } from '#core/problem-of-filter.js'
import type { Environment } from '#filters/compile-expression.js'
import type { Expression } from '#filters/expression.js'
import type { DistanceFilter, Filter, GeometriesFilter, GeometryOperand, LikePart, SpatialFilter } from '#filters/filter.js'
import { FilterError } from '#filters/filter-error.js'
import { foldFilter } from '#filters/fold-constants.js'
import { settleFilter } from '#filters/settle-filter.js'
import { type SplitFilter, splitFilter } from '#filters/split-filter.js'
import { lowerCase } from '#filters/texts.js'
import type { Bbox } from '#geo/bbox.js'
import { bufferBbox } from '#geo/bbox.js'
import { ewkbBbox, readEwkb } from '#geo/ewkb.js'
import { innerBox } from '#geo/inner-box.js'
import { comparisonSql, inSql, unknown } from './comparison-sql.js'
import { checkShort, columnAt, expressionSql, type SqlScope, sqlTypeOf } from './expression-sql.js'
import { quoted } from './identifiers.js'
import { idsSql } from './ids-sql.js'
import { listSql } from './list-sql.js'
import { NotInSql } from './not-in-sql.js'
import { geometryOf, Values } from './sql.js'

/**
 * The condition that a filter means, in three values as `filters/filter.ts` says; every value is bound, every name quoted. Throws `unknown-property`,
 * and NotInSql for what a database does not compute exactly as `compileFilter` does: see `splitForSql`. Variables of the map are null: `foldFilter`
 * puts in what they are. `inHalves`: see `bboxSql`.
 */
export function filterSql(filter: Filter, source: FeatureSource, values: Values, inHalves = false): string {
  return asProblem(() => conditionSql(foldFilter(settleFilter(filter, source)), { source, values, inHalves, filter: conditionSql }))
}

/**
 * What of a filter this database does, and what is left for `compileFilter`; both are settled, and hold what `environment` says. Throws as
 * `filterSql`, but never NotInSql.
 */
export function splitForSql(filter: Filter, source: FeatureSource, environment: Environment = {}): SplitFilter {
  const settled = asProblem(() => foldFilter(settleFilter(filter, source), environment))
  return splitFilter(settled, part => {
    try {
      filterSql(part, source, new Values())
      return true
    } catch (error) {
      if (error instanceof NotInSql) return false
      throw error
    }
  })
}

function asProblem<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw error instanceof FilterError ? problemOfFilter(error) : error
  }
}

function conditionSql(filter: Filter, scope: SqlScope): string {
  const { source, values } = scope
  const each = (parts: readonly Filter[], word: string) => `(${parts.map(part => conditionSql(part, scope)).join(` ${word} `)})`
  switch (filter.kind) {
    case 'constant':
      return filter.value === null ? unknown : String(filter.value)
    case 'and':
      return filter.all.length ? each(filter.all, 'AND') : 'true'
    case 'or':
      return filter.any.length ? each(filter.any, 'OR') : 'false'
    case 'not':
      return `NOT (${conditionSql(filter.filter, scope)})`
    case 'bbox':
      return bboxSql(geometryOf(source, filter.property), filter.bbox, scope)
    case 'ids':
      return idsSql(source, filter.ids, values)
    case 'compare':
      return comparisonSql(filter, scope)
    case 'between': {
      const { operand: left, lower, upper } = filter
      checkShort(left)
      const least = comparisonSql({ kind: 'compare', operator: '>=', left, right: lower }, scope)
      return `(${least} AND ${comparisonSql({ kind: 'compare', operator: '<=', left, right: upper }, scope)})`
    }
    case 'in':
      return inSql(filter, scope)
    case 'like': {
      if (filter.pattern.some(part => typeof part === 'string' && part.includes('\0'))) return unknown
      const text = expressionSql(filter.operand, 'text', scope)
      const pattern = values.bind(likePattern(filter.pattern, filter.ignoresCase))
      return `${filter.ignoresCase ? `lower(${text})` : text} LIKE ${pattern}`
    }
    case 'isNull':
      return isNullSql(filter.operand, scope)
    case 'spatial':
      return spatialSql(filter, scope)
    case 'geometries':
      return geometriesSql(filter, scope)
    case 'distance':
      return distanceSql(filter, scope)
    case 'lists':
      return listSql(filter, scope)
  }
}

function likePattern(parts: readonly LikePart[], ignoresCase = false): string {
  const word = (part: string) => (ignoresCase ? lowerCase(part) : part).replaceAll(/[\\%_]/g, '\\$&')
  return parts.map(part => (typeof part === 'string' ? word(part) : part.any === 'one' ? '_' : '%')).join('')
}

function isNullSql(operand: Expression, scope: SqlScope): string {
  if (operand.kind === 'property') {
    const column = columnAt(operand, scope) ?? geometryOf(scope.source, operand.name)
    return `${quoted(column.name)} IS NULL`
  }
  const type = sqlTypeOf(operand, scope)
  const form = type === 'number' || type === 'exact' ? 'number' : type === 'text' || type === 'boolean' ? type : undefined
  if (!form) throw new NotInSql('whether a value of several types is null')
  return `(${expressionSql(operand, form, scope)}) IS NULL`
}

/**
 * That a row's box meets `bbox`, for the index to answer. In halves, the two of them joined by OR, an index can only say where the rows are, and each page of the table is read once,
 * in turn, however many of them lie on it; the planner would not do so by itself, as it makes a prepared statement's plan for a box of a few rows.
 */
function bboxSql(geometry: GeometryColumn, bbox: Bbox, { values, inHalves }: Pick<SqlScope, 'values' | 'inHalves'>): string {
  if (!bbox.every(Number.isFinite))
    throw new Problem('invalid-parameter', 'The bounding box must be four finite numbers.', { locator: 'bbox' })
  const box = (of: Bbox) => `ST_MakeEnvelope(${of.map(n => `${values.bind(n)}::float8`).join(', ')}, ${geometry.srid})`
  const column = quoted(geometry.name)
  const [minX, minY, maxX, maxY] = bbox
  if (!geometry.isGeography) {
    if (!inHalves) return `${column} && ${box(bbox)}`
    const middle = minX / 2 + maxX / 2
    return `(${column} && ${box([minX, minY, middle, maxY])} OR ${column} && ${box([middle, minY, maxX, maxY])})`
  }
  const exact = `${column}::geometry && ${box(bbox)}`
  if (maxX - minX > 90 || maxY - minY > 90) return exact
  // The index of a geography knows boxes in space: a slightly larger box with dense edges covers ours, whose edges are no great circles. A row
  // of which only the flat box reaches ours, and not its geometry, may be left out.
  const margin = 0.01
  const wider: Bbox = [
    Math.max(-180, minX - margin),
    Math.max(-90, minY - margin),
    Math.min(180, maxX + margin),
    Math.min(90, maxY + margin),
  ]
  return `(${column} && ST_Segmentize(${box(wider)}, 0.25)::geography AND ${exact})`
}

const predicates: Readonly<Record<Exclude<SpatialFilter['operator'], 'disjoint' | 'intersects'>, string>> = {
  equals: 'ST_Equals',
  touches: 'ST_Touches',
  crosses: 'ST_Crosses',
  within: 'ST_Within',
  contains: 'ST_Contains',
  overlaps: 'ST_Overlaps',
}

/** In the plane of the column's CRS; the box first, which the index answers. */
function spatialSql({ operator, property, geometry }: SpatialFilter, scope: SqlScope): string {
  const { source, values } = scope
  const column = geometryOf(source, property)
  const operands = `(${validSql(column)}, ${literalSql(geometry.wkb, column, values)})`
  const exact = operator === 'intersects' || operator === 'disjoint' ? meetsSql(column, operands) : `${predicates[operator]}${operands}`
  const certain = operator === 'intersects' || operator === 'disjoint' ? insideSql(column, geometry.wkb, values) : ''
  const condition = `(${bboxSql(column, ewkbBbox(geometry.wkb)!, scope)} AND ${certain ? `CASE WHEN ${certain} THEN true ELSE ${exact} END` : exact})`
  return operator === 'disjoint' ? `NOT ${condition}` : condition
}

/**
 * True of what lies so far within a polygon that its box alone says that they meet: most rows of a box on a map, and comparing boxes takes no time. Empty
 * where nothing is certain. PostGIS keeps boxes as floats, rounded outwards: ours is smaller by more than that. In a CASE, so that the planner goes by what it
 * knows of boxes, and not by guesses that shrink thousands of rows to a few.
 */
function insideSql(column: GeometryColumn, wkb: Uint8Array, values: Values): string {
  const box = column.isGeography ? undefined : innerBox(readEwkb(wkb))
  const inner = box && bufferBbox(box, -Math.max(...box.map(Math.abs)) * 1e-6)
  if (!inner || !(inner[0] < inner[2] && inner[1] < inner[3])) return ''
  return `${quoted(column.name)} @ ST_MakeEnvelope(${inner.map(n => `${values.bind(n)}::float8`).join(', ')}, ${column.srid})`
}

/** Of two columns in one system, or of two geometries of the request, which the planner works out once. */
function geometriesSql({ operator, left, right }: GeometriesFilter, { source, values }: SqlScope): string {
  const sidesOf = (side: GeometryOperand) => {
    const column = side.kind === 'property' ? geometryOf(source, side.name) : undefined
    if (side.kind === 'property') return { box: planar(column!), valid: validSql(column!) }
    const literal = `ST_MakeValid(ST_GeomFromWKB(${values.bind(side.geometry.wkb)}::bytea, 0))`
    return { box: literal, valid: literal }
  }
  const [a, b] = [sidesOf(left), sidesOf(right)]
  const operands = `(${a.valid}, ${b.valid})`
  // see meetsSql: there are collections here and there
  const isMeeting = operator === 'intersects' || operator === 'disjoint'
  const exact = isMeeting ? `NOT ST_Disjoint${operands}` : `${predicates[operator]}${operands}`
  return `${operator === 'disjoint' ? 'NOT ' : ''}(${a.box} && ${b.box} AND ${exact})`
}

function distanceSql({ operator, property, geometry, distance, stretch }: DistanceFilter, scope: SqlScope): string {
  const { source, values } = scope
  const column = geometryOf(source, property)
  const [dx, dy] = stretch ? [distance / stretch[0], distance / stretch[1]] : [distance, distance]
  const near = bboxSql(column, bufferBbox(ewkbBbox(geometry.wkb)!, dx, dy), scope)
  const scaled = (sql: string) => (stretch ? `ST_Scale(${sql}, ${stretch.map(n => `${values.bind(n)}::float8`).join(', ')})` : sql)
  const exact = `ST_DWithin(${scaled(planar(column))}, ${scaled(literalSql(geometry.wkb, column, values))}, ${values.bind(distance)}::float8)`
  return `${operator === 'beyond' ? 'NOT ' : ''}(${near} AND ${exact})`
}

const planar = ({ name, isGeography }: GeometryColumn) => `${quoted(name)}${isGeography ? '::geometry' : ''}`

/** ST_Intersects of PostGIS 3.3 forgets collections when it has looked at other geometries before them; ST_Disjoint does not. */
function meetsSql(column: GeometryColumn, operands: string): string {
  if (!/^GEOMETRY/.test(column.type)) return `ST_Intersects${operands}`
  return `CASE GeometryType(${planar(column)}) WHEN 'GEOMETRYCOLLECTION' THEN NOT ST_Disjoint${operands} ELSE ST_Intersects${operands} END`
}

/** One geometry that is not valid must not fail the whole statement. Only those whose box fits are looked at. */
function validSql(geometry: GeometryColumn): string {
  const column = planar(geometry)
  if (/^(MULTI)?POINT$/.test(geometry.type)) return column
  return `CASE WHEN ST_IsValid(${column}) THEN ${column} ELSE ST_MakeValid(ST_CurveToLine(${column})) END`
}

/** Made valid: what people draw may cross itself. */
const literalSql = (wkb: Uint8Array, { srid }: GeometryColumn, values: Values) =>
  `ST_MakeValid(ST_GeomFromWKB(${values.bind(wkb)}::bytea, ${srid}))`
