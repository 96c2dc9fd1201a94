import type { AtlasView, Collection, Limits } from '#core/atlas.js'
import { collectionFormats } from '#formats/features/index.js'
import type { ColumnKind } from '#rows/batch.js'
import { operation } from '../common/openapi-operation.js'
import { describedPaths } from './openapi-described.js'
import { editOperations } from './openapi-edits.js'
import { queryableNames, reservedParameters } from './selection.js'

/** Collections up to which each has paths of its own in the document: it stays below a megabyte. */
const mostDescribed = 100

const schemaRef = (name: string) => ({ schema: { $ref: `#/components/schemas/${name}` } })
const ref = (name: string) => ({ $ref: `#/components/parameters/${name}` })
const itemParameters = ['crs', 'properties', 'exclude-properties', 'zoom-level', 'max-allowable-offset'] as const
const itemsParameters = [
  'limit',
  'offset',
  'cursor',
  'q',
  'bbox',
  'bbox-crs',
  'datetime',
  'filter',
  'filter-lang',
  'filter-crs',
  'sortby',
  'skip-geometry',
  'skipGeometry',
  'resultType',
  ...itemParameters,
] as const

/** Paths of the features of a view. */
export function featurePaths(view: AtlasView): Readonly<Record<string, object>> {
  const { collections } = view
  const edits = editOperations(view)
  const withFeatures = [...collections.values()].filter(({ source }) => source.kind === 'features')
  const described = withFeatures.length <= mostDescribed ? withFeatures : []
  return {
    '/conformance': { get: operation('conformance', 'What this server conforms to', ['application/json', 'text/html'], [ref('f')]) },
    '/collections': { get: operation('collections', 'What is published', ['application/json', 'text/html'], [ref('f')]) },
    '/collections/{collectionId}': {
      get: operation('collection', 'One of these collections', ['application/json', 'text/html'], [ref('collectionId'), ref('f')]),
    },
    '/collections/{collectionId}/items': {
      get: operation('items', 'Features of a collection', collectionTypes, [
        ref('collectionId'),
        ref('itemsFormat'),
        ...itemsParameters.map(ref),
      ]),
      ...edits.items,
    },
    '/collections/{collectionId}/items/{featureId}': {
      get: operation('item', 'One feature', featureTypes, [
        ref('collectionId'),
        ref('featureId'),
        ref('itemsFormat'),
        ...itemParameters.map(ref),
      ]),
      ...edits.item,
    },
    ...describedPaths,
    ...Object.fromEntries(described.map(collection => [`/collections/${collection.id}/items`, { get: itemsOf(collection) }])),
  }
}

const types = (schema: string) =>
  Object.fromEntries(
    collectionFormats.flatMap(({ mediaTypes, names }) => [[mediaTypes[0], names[0] === 'geojson' ? schemaRef(schema) : {}]]),
  )
const collectionTypes = { ...types('featureCollection'), 'text/html': {} }
const featureTypes = { ...types('feature'), 'text/html': {} }

function itemsOf(collection: Collection): object {
  const { id, source } = collection
  const names = new Set(queryableNames(collection))
  const columns = source.kind === 'features' ? source.columns : []
  const own = columns
    .filter(({ name, kind }) => names.has(name) && !reservedParameters.includes(name) && kind !== 'bytes' && kind !== 'json')
    .map(({ name, kind, comment }) => ({
      name,
      in: 'query',
      ...(comment !== undefined && { description: comment }),
      style: 'form',
      explode: false,
      schema: typeOfColumn(kind),
    }))
  return operation(`items.${id}`, `Features of ${id}`, collectionTypes, [ref('itemsFormat'), ...itemsParameters.map(ref), ...own])
}

function typeOfColumn(kind: ColumnKind): object {
  switch (kind) {
    case 'integer':
    case 'bigint':
      return { type: 'integer' }
    case 'double':
    case 'numeric':
      return { type: 'number' }
    case 'boolean':
      return { type: 'boolean' }
    default:
      return { type: 'string' }
  }
}

/** Parameters of features. QGIS and GDAL read `limit` here, and take parameters with a written style for properties (T-15). */
export function featureParameters({ items, itemsMax }: Limits): Readonly<Record<string, object>> {
  const query = (name: string, description: string, schema: object, style?: object) => ({
    name,
    in: 'query',
    description,
    ...style,
    schema,
  })
  const form = { style: 'form', explode: false }
  const text = { type: 'string' }
  return {
    featureId: { name: 'featureId', in: 'path', required: true, description: 'Identifier of a feature', schema: text },
    itemsFormat: query('f', 'Format of the answer; wins over Accept', {
      type: 'string',
      enum: ['html', ...collectionFormats.map(({ names }) => names[0])],
    }),
    limit: query('limit', 'Features in a page, at most', { type: 'integer', minimum: 1, maximum: itemsMax, default: items }, form),
    offset: query('offset', 'Features left out before the page', { type: 'integer', minimum: 0, default: 0 }),
    cursor: query('cursor', 'Where a page begins, as the link to it says', text),
    q: query('q', 'Only features with these words in their texts; a comma means or', text),
    bbox: query(
      'bbox',
      'Only features that meet this box: its lower left and upper right corner, in the axis order of bbox-crs',
      { type: 'array', minItems: 4, maxItems: 6, items: { type: 'number' } },
      form,
    ),
    'bbox-crs': query('bbox-crs', 'URI of the reference system of bbox; CRS84 where absent', { type: 'string', format: 'uri' }, form),
    datetime: query('datetime', 'Only features of this time: a moment or an interval, whose ends may be `..`', text, form),
    crs: query('crs', 'URI of the reference system of the coordinates; CRS84 where absent', { type: 'string', format: 'uri' }, form),
    filter: query('filter', 'Only features for which this is true', text, form),
    'filter-lang': query(
      'filter-lang',
      'Language of filter',
      { type: 'string', enum: ['cql2-text', 'cql2-json'], default: 'cql2-text' },
      form,
    ),
    'filter-crs': query('filter-crs', 'URI of the reference system of coordinates in filter', { type: 'string', format: 'uri' }, form),
    sortby: query('sortby', 'Names of properties to sort by, each after + or -', { type: 'array', items: text, minItems: 1 }),
    properties: query('properties', 'Only these properties', { type: 'array', items: text }),
    'exclude-properties': query('exclude-properties', 'Not these properties', { type: 'array', items: text }),
    'skip-geometry': query('skip-geometry', 'Without geometries', { type: 'boolean', default: false }),
    skipGeometry: query('skipGeometry', 'The same, as pygeoapi calls it', { type: 'boolean', default: false }),
    resultType: query('resultType', 'Features, or only how many there are', {
      type: 'string',
      enum: ['results', 'hits'],
      default: 'results',
    }),
    'zoom-level': query('zoom-level', 'Geometries as exact as this level of WebMercatorQuad shows them', {
      type: 'number',
      minimum: 0,
      maximum: 30,
    }),
    'max-allowable-offset': query('max-allowable-offset', 'How far geometries may be simplified, in units of crs', {
      type: 'number',
      minimum: 0,
    }),
  }
}

const numbers = { type: 'array', minItems: 2, items: { type: 'number' } }
const listOf = (items: object, minItems?: number) => ({ type: 'array', items, ...(minItems !== undefined && { minItems }) })
const shape = (type: string, coordinates: object) => ({
  type: 'object',
  required: ['type', 'coordinates'],
  properties: { type: { type: 'string', enum: [type] }, coordinates },
})
const link = { $ref: '#/components/schemas/link' }

/** GeoJSON (RFC 7946) as far as OpenAPI 3.0 can say it. */
export const featureSchemas = {
  link: {
    type: 'object',
    required: ['href', 'rel'],
    properties: { href: { type: 'string' }, rel: { type: 'string' }, type: { type: 'string' }, title: { type: 'string' } },
  },
  point: shape('Point', numbers),
  multipoint: shape('MultiPoint', listOf(numbers)),
  linestring: shape('LineString', listOf(numbers, 2)),
  multilinestring: shape('MultiLineString', listOf(listOf(numbers, 2))),
  polygon: shape('Polygon', listOf(listOf(numbers, 4))),
  multipolygon: shape('MultiPolygon', listOf(listOf(listOf(numbers, 4)))),
  geometrycollection: {
    type: 'object',
    required: ['type', 'geometries'],
    properties: { type: { type: 'string', enum: ['GeometryCollection'] }, geometries: listOf({ $ref: '#/components/schemas/geometry' }) },
  },
  geometry: {
    oneOf: ['point', 'multipoint', 'linestring', 'multilinestring', 'polygon', 'multipolygon', 'geometrycollection'].map(name => ({
      $ref: `#/components/schemas/${name}`,
    })),
  },
  feature: {
    type: 'object',
    required: ['type', 'geometry', 'properties'],
    properties: {
      type: { type: 'string', enum: ['Feature'] },
      id: { oneOf: [{ type: 'string' }, { type: 'integer' }] },
      geometry: { nullable: true, allOf: [{ $ref: '#/components/schemas/geometry' }] },
      properties: { type: 'object', nullable: true },
      links: listOf(link),
    },
  },
  featureCollection: {
    type: 'object',
    required: ['type', 'features'],
    properties: {
      type: { type: 'string', enum: ['FeatureCollection'] },
      features: listOf({ $ref: '#/components/schemas/feature' }),
      links: listOf(link),
      timeStamp: { type: 'string', format: 'date-time' },
      numberMatched: { type: 'integer', minimum: 0 },
      numberReturned: { type: 'integer', minimum: 0 },
    },
  },
} as const
