import type { ColumnKind } from '#rows/batch.js'
import type { AttributeColumn, FeatureSource, GeometryColumn } from './atlas.js'

/** What a schema says: the properties of features as they are answered, those that filters may name, or those that features may be sorted by. */
export type SchemaPurpose = 'schema' | 'queryables' | 'sortables'

/** What a schema is for, and what is known beside the table. */
export interface FeatureSchemaOptions {
  readonly purpose: SchemaPurpose
  /** Address of the schema, without query. */
  readonly id: string
  readonly title?: string
  readonly description?: string
  /** All values of columns that have few now, in the type of the column: of queryables only, for features may bring others. */
  readonly values?: ReadonlyMap<string, readonly (string | number)[]>
  /** Columns that hold ids of features of another collection, with its id. */
  readonly references?: ReadonlyMap<string, string>
  /** Column that says when a feature is, or the two that say from when to when. */
  readonly time?: string | readonly [start: string, end: string]
  /** Only these columns, in this order. */
  readonly columns?: readonly string[]
}

/** A schema of JSON (draft 2020-12) with the words of OGC API Features Part 5 (OGC 23-058r2). */
export interface FeatureSchema {
  readonly $schema: string
  readonly $id: string
  readonly type: 'object'
  readonly title?: string
  readonly description?: string
  readonly properties: Readonly<Record<string, PropertySchema>>
  readonly required?: readonly string[]
  readonly additionalProperties: false
}

/** One property, in the words of JSON Schema and of OGC 23-058r2. */
export interface PropertySchema {
  readonly title: string
  readonly description?: string
  readonly type?: 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object'
  readonly $ref?: string
  readonly format?: string
  readonly properties?: Readonly<Record<string, PropertySchema>>
  readonly required?: readonly string[]
  readonly items?: Pick<PropertySchema, 'type' | 'format'>
  readonly maxLength?: number
  readonly contentEncoding?: 'base64'
  readonly enum?: readonly (string | number)[]
  readonly readOnly?: true
  readonly 'x-ogc-role'?: string
  readonly 'x-ogc-propertySeq'?: number
  readonly 'x-ogc-unit'?: string
  readonly 'x-ogc-collectionId'?: string
}

type Described = Pick<FeatureSource, 'columns' | 'geometries' | 'geometry' | 'key'>

/** What features of a table are made of, for one purpose; a pure function of what is known. Nothing but what it lists may be named by a request. */
export function featureSchema(source: Described, options: FeatureSchemaOptions): FeatureSchema {
  const { purpose, id, title, description } = options
  const isWanted = ({ name }: { readonly name: string }) => options.columns?.includes(name) ?? true
  const attributes = source.columns.filter(column => isWanted(column) && suits(column, purpose))
  const geometries = purpose === 'sortables' ? [] : source.geometries.filter(isWanted)
  const described = new Map<string, PropertySchema>([
    ...attributes.map(column => [column.name, attributeSchema(column, source, options)] as const),
    ...geometries.map(column => [column.name, geometrySchema(column, source, purpose)] as const),
  ])
  const names = options.columns?.filter(name => described.has(name)) ?? [...described.keys()]
  const required = [...attributes, ...geometries].filter(column => !column.isNullable).map(({ name }) => name)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: id,
    type: 'object',
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    // a name such as __proto__ is one like others
    properties: Object.fromEntries(names.map((name, i) => [name, { ...described.get(name)!, 'x-ogc-propertySeq': i + 1 }])),
    ...(purpose === 'schema' && required.length > 0 && { required }),
    additionalProperties: false,
  }
}

const isList = ({ nativeType }: Pick<AttributeColumn, 'nativeType'>) => nativeType.endsWith('[]')

function suits(column: AttributeColumn, purpose: SchemaPurpose): boolean {
  return purpose === 'sortables' ? isSortable(column) : purpose === 'schema' || column.kind !== 'bytes'
}

/** Whether features can be sorted by a column: documents, lists and bytes have no order that means something. */
export const isSortable = (column: Pick<AttributeColumn, 'kind' | 'nativeType'>): boolean =>
  column.kind !== 'bytes' && column.kind !== 'json' && column.kind !== 'geometry' && !isList(column)

/** Longer comments are no titles. */
const longestTitle = 80

function naming({
  name,
  comment = '',
}: {
  readonly name: string
  readonly comment?: string
}): Pick<PropertySchema, 'title' | 'description'> {
  const said = comment.trim()
  const isTitle = said !== '' && said.length <= longestTitle && !said.includes('\n')
  return { title: isTitle ? said : name, ...(said !== '' && !isTitle && { description: said }) }
}

function attributeSchema(column: AttributeColumn, { key }: Described, options: FeatureSchemaOptions): PropertySchema {
  const { name, labels, filling } = column
  const type = isList(column) ? { type: 'array' as const, items: itemsOf(column) } : typeOf(column)
  const values = labels ?? (options.purpose === 'queryables' ? options.values?.get(name) : undefined)
  const unit = isNumber(type.type) ? column.unit : undefined
  const isId =
    'columns' in key && key.columns.length === 1 && key.columns[0] === name && (type.type === 'string' || type.type === 'integer')
  const collection = options.references?.get(name)
  const role = isId ? 'id' : (timeRole(name, options.time) ?? (collection === undefined ? undefined : 'reference'))
  return {
    ...naming(column),
    ...type,
    ...(values && values.length > 0 && (type.type === 'string' || isNumber(type.type)) && { enum: values }),
    ...(filling === 'always' && options.purpose === 'schema' && { readOnly: true as const }),
    ...(role !== undefined && { 'x-ogc-role': role }),
    ...(collection !== undefined && { 'x-ogc-collectionId': collection }),
    ...(unit !== undefined && { 'x-ogc-unit': unit }),
  }
}

const isNumber = (type: PropertySchema['type']) => type === 'number' || type === 'integer'

function timeRole(name: string, time: FeatureSchemaOptions['time']): string | undefined {
  if (time === undefined) return undefined
  if (typeof time === 'string') return time === name ? 'primary-instant' : undefined
  return time[0] === name ? 'primary-interval-start' : time[1] === name ? 'primary-interval-end' : undefined
}

type TypeOnly = Pick<PropertySchema, 'type' | 'format' | 'maxLength' | 'contentEncoding'>

/** JSON of any shape has no type of its own in the words of Part 5; most is objects. */
const types: Readonly<Record<Exclude<ColumnKind, 'geometry'>, TypeOnly>> = {
  text: { type: 'string' },
  integer: { type: 'integer', format: 'int32' },
  bigint: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  numeric: { type: 'number' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
  time: { type: 'string', format: 'time' },
  timestamp: { type: 'string', format: 'date-time' },
  timestamptz: { type: 'string', format: 'date-time' },
  uuid: { type: 'string', format: 'uuid' },
  json: { type: 'object' },
  bytes: { type: 'string', contentEncoding: 'base64' },
}

function typeOf({ kind, nativeType }: AttributeColumn): TypeOnly {
  if (kind === 'geometry') return {}
  if (kind === 'double' && nativeType === 'real') return { type: 'number', format: 'float' }
  const [, length] = /^character(?: varying)?\((\d+)\)$/.exec(nativeType) ?? []
  return { ...types[kind], ...(length !== undefined && { maxLength: Number(length) }) }
}

const items: readonly (readonly [RegExp, TypeOnly])[] = [
  [/^(smallint|integer)\[\]$/, types.integer],
  [/^bigint\[\]$/, types.bigint],
  [/^(real|double precision|numeric.*)\[\]$/, { type: 'number' }],
  [/^boolean\[\]$/, types.boolean],
  [/^date\[\]$/, types.date],
  [/^timestamp.*\[\]$/, types.timestamp],
  [/^uuid\[\]$/, types.uuid],
]

const itemsOf = ({ nativeType }: AttributeColumn): TypeOnly => items.find(([pattern]) => pattern.test(nativeType))?.[1] ?? types.text

/** Names of the schemas of GeoJSON, by types of PostGIS. */
const geoJsonSchemas: Readonly<Record<string, string>> = {
  POINT: 'Point',
  MULTIPOINT: 'MultiPoint',
  LINESTRING: 'LineString',
  MULTILINESTRING: 'MultiLineString',
  POLYGON: 'Polygon',
  MULTIPOLYGON: 'MultiPolygon',
}

/** Types of PostGIS that the formats of OGC have a name for. */
const geometryFormats: ReadonlySet<string> = new Set([
  'POINT',
  'MULTIPOINT',
  'LINESTRING',
  'MULTILINESTRING',
  'POLYGON',
  'MULTIPOLYGON',
  'GEOMETRYCOLLECTION',
])

function geometrySchema({ name, type }: GeometryColumn, { geometry, geometries }: Described, purpose: SchemaPurpose): PropertySchema {
  const isPrimary = name === (geometry ?? geometries[0]?.name)
  return {
    title: name,
    // QGIS knows a geometry among queryables by this only
    ...(purpose === 'queryables' && { $ref: `https://geojson.org/schema/${geoJsonSchemas[type] ?? 'Geometry'}.json` }),
    format: `geometry-${geometryFormats.has(type) ? type.toLowerCase() : 'any'}`,
    ...(isPrimary && { 'x-ogc-role': 'primary-geometry' }),
  }
}
