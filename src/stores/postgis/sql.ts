import type { AttributeColumn, FeatureSource, GeometryColumn } from '#core/atlas.js'
import { Problem } from '#core/problem.js'
import type { Filter } from '#filters/filter.js'
import type { Bbox } from '#geo/bbox.js'
import { splitFeatureId } from './feature-id.js'
import { quoted } from './identifiers.js'
import type { Parameter } from './wire/message-writer.js'

/** Collects the values of a statement; `bind` returns the placeholder that stands for one. */
export class Values {
  readonly list: Parameter[] = []

  bind(value: Parameter): string {
    return `$${this.list.push(value)}`
  }
}

/** `"schema"."table"` */
export function tableSql({ schema, table }: { readonly schema: string; readonly table: string }): string {
  return `${quoted(schema)}.${quoted(table)}`
}

/** The condition that a filter means. */
export function filterSql(filter: Filter, source: FeatureSource, values: Values): string {
  switch (filter.kind) {
    case 'and':
      return filter.all.length ? `(${filter.all.map(part => filterSql(part, source, values)).join(' AND ')})` : 'true'
    case 'or':
      return filter.any.length ? `(${filter.any.map(part => filterSql(part, source, values)).join(' OR ')})` : 'false'
    case 'not':
      return `NOT coalesce(${filterSql(filter.filter, source, values)}, false)`
    case 'bbox':
      return bboxSql(geometryOf(source, filter.property), filter.bbox, values)
    case 'ids':
      return idsSql(source, filter.ids, values)
    case 'equals':
      return equalsSql(attributeOf(source, filter.property), filter.value, values)
    default:
      throw new Problem('unsupported', 'A filter of this kind cannot be asked of a database yet.')
  }
}

/** A geometry column by name; throws `unknown-property`. */
export function geometryOf(source: FeatureSource, name: string): GeometryColumn {
  const column = source.geometries.find(geometry => geometry.name === name)
  if (column) return column
  throw unknownProperty(name, source.geometries)
}

/** An attribute column by name; throws `unknown-property`. */
export function attributeOf(source: FeatureSource, name: string): AttributeColumn {
  const column = source.columns.find(attribute => attribute.name === name)
  if (column) return column
  throw unknownProperty(name, source.columns)
}

function unknownProperty(name: string, columns: readonly { readonly name: string }[]): Problem {
  const names = columns.map(column => column.name).join(', ')
  return new Problem('unknown-property', `There is no property “${name}” here; there ${names ? `are ${names}` : 'is none'}.`, {
    locator: name,
  })
}

function bboxSql(geometry: GeometryColumn, bbox: Bbox, values: Values): string {
  if (!bbox.every(Number.isFinite))
    throw new Problem('invalid-parameter', 'The bounding box must be four finite numbers.', { locator: 'bbox' })
  const box = (of: Bbox) => `ST_MakeEnvelope(${of.map(n => `${values.bind(n)}::float8`).join(', ')}, ${geometry.srid})`
  const column = quoted(geometry.name)
  if (!geometry.isGeography) return `${column} && ${box(bbox)}`
  const exact = `${column}::geometry && ${box(bbox)}`
  const [minX, minY, maxX, maxY] = bbox
  if (maxX - minX > 90 || maxY - minY > 90) return exact
  // The index of a geography knows boxes in space: a slightly larger box with dense edges covers ours, whose edges are no great circles.
  const margin = 0.01
  const wider: Bbox = [
    Math.max(-180, minX - margin),
    Math.max(-90, minY - margin),
    Math.min(180, maxX + margin),
    Math.min(90, maxY + margin),
  ]
  return `(${column} && ST_Segmentize(${box(wider)}, 0.25)::geography AND ${exact})`
}

function equalsSql(column: AttributeColumn, value: string | number | boolean | null, values: Values): string {
  const name = quoted(column.name)
  if (value === null) return `${name} IS NULL`
  const text = String(value)
  switch (column.kind) {
    case 'integer':
    case 'bigint':
      // Compared in a type that the column's index serves, which numeric is not.
      if (isInteger(text)) return `${name} = ${values.bind(text)}::int8`
      return isNumber(text) ? `${name} = ${values.bind(text)}::numeric` : 'false'
    case 'double':
      return isNumber(text) ? `${name} = ${values.bind(text)}::float8` : 'false'
    case 'numeric':
      return isNumber(text) ? `${name} = ${values.bind(text)}::numeric` : 'false'
    case 'boolean':
      return /^(true|false)$/i.test(text) ? `${name} = ${values.bind(text)}::boolean` : 'false'
    default:
      return text.includes('\0') ? 'false' : `${textSql(column)} = ${values.bind(text)}`
  }
}

function idsSql(source: FeatureSource, ids: readonly string[], values: Values): string {
  const { key } = source
  const split = ids.flatMap(id => {
    const parts = splitFeatureId(source, id)
    return parts ? [parts] : []
  })
  if (key.kind === 'none' || split.length === 0) return 'false'
  if (key.kind === 'ctid') return `ctid = ANY(${values.bind(split.map(parts => parts[0]!))}::tid[])`
  const columns = key.columns.map(name => attributeOf(source, name))
  const known = split.filter(parts => parts.every((part, at) => fits(columns[at]!, part)))
  if (known.length === 0) return 'false'
  if (columns.length === 1)
    return `${keyColumnSql(columns[0]!)} = ANY(${values.bind(known.map(parts => parts[0]!))}::${keyType(columns[0]!)}[])`
  const rows = columns.map((column, at) => `${values.bind(known.map(parts => parts[at]!))}::${keyType(column)}[]`)
  return `(${columns.map(keyColumnSql).join(', ')}) IN (SELECT * FROM unnest(${rows.join(', ')}))`
}

/** The type a key is compared in: one that the column's index serves, where it is an ordinary one. */
function keyType(column: AttributeColumn): string {
  if (column.kind === 'integer' || column.kind === 'bigint') return 'int8'
  if (column.kind === 'uuid') return 'uuid'
  return column.nativeType.startsWith('character(') ? 'bpchar' : 'text'
}

const keyColumnSql = (column: AttributeColumn) => (keyType(column) === 'text' ? textSql(column) : quoted(column.name))

/** A column as text; cast only where it is not text already, which would put its index out of use. */
const textSql = ({ name, nativeType }: AttributeColumn) =>
  /^(text|character varying\b.*|character\b.*)$/.test(nativeType) ? quoted(name) : `${quoted(name)}::text`

function fits(column: AttributeColumn, part: string): boolean {
  if (part.includes('\0')) return false
  if (column.kind === 'uuid') return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(part)
  if (column.kind !== 'integer' && column.kind !== 'bigint') return true
  return isInteger(part)
}

/** Of 64 bits. */
const isInteger = (text: string) => /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)

const isNumber = (text: string) =>
  /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) && text.length < 100 && Math.abs(Number(text)) < 1e300
