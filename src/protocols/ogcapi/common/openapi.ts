import type { AtlasView } from '#core/atlas.js'
import { textIn } from '#core/text.js'
import { featureParameters, featurePaths, featureSchemas } from '../features/openapi-features.js'
import { operation } from './openapi-operation.js'

/**
 * The OpenAPI 3.0 document of a view. Paths are templated by `{collectionId}`; where there are few collections, each has paths of its own beside, with its
 * properties as parameters: QGIS and GDAL look for these. Nothing in it refers to another document.
 */
export function openApi(view: AtlasView, baseUrl: string): object {
  const { service } = view.atlas
  return {
    openapi: '3.0.3',
    info: {
      title: textIn(view.title, service.languages),
      ...(service.abstract !== undefined && { description: textIn(service.abstract, service.languages) }),
      version: '1.0.0',
      ...(service.licence !== undefined && { license: { name: service.licence } }),
    },
    servers: [{ url: baseUrl }],
    paths: {
      '/': {
        get: operation(
          'landingPage',
          'The landing page, for people and as JSON',
          ['text/html', 'application/json'],
          [{ $ref: '#/components/parameters/f' }],
        ),
      },
      '/api': { get: operation('api', 'This document', ['application/vnd.oai.openapi+json;version=3.0', 'text/html']) },
      '/wms': { get: wms('wms', 'Web Map Service 1.1.1 and 1.3.0') },
      ...featurePaths(view),
      ...mapTilePaths,
      ...(view.key === '' && {
        '/datasets/{collectionId}': {
          get: operation(
            'dataset',
            'The page of one collection',
            ['text/html', 'application/json'],
            [{ $ref: '#/components/parameters/collectionId' }],
          ),
        },
        '/datasets/{collectionId}/wms': {
          get: wms('datasetWms', 'Web Map Service of one collection', [{ $ref: '#/components/parameters/collectionId' }]),
        },
        '/preview/{collectionId}': {
          get: operation('preview', 'A small picture of one collection', ['image/png'], [{ $ref: '#/components/parameters/collectionId' }]),
        },
        '/health/live': { get: operation('live', 'Does the process answer?', ['application/json']) },
        '/health/ready': { get: operation('ready', 'Is everything published?', ['application/json']) },
      }),
    },
    components: {
      parameters: {
        collectionId: {
          name: 'collectionId',
          in: 'path',
          required: true,
          schema: { type: 'string' },
          description: 'Identifier of a collection, as in the capabilities',
        },
        f: {
          name: 'f',
          in: 'query',
          schema: { type: 'string', enum: ['html', 'json'] },
          description: 'Format of the answer; wins over Accept',
        },
        ...featureParameters(view.atlas.limits),
      },
      schemas: {
        ...featureSchemas,
        problem: {
          type: 'object',
          required: ['title', 'status'],
          properties: {
            type: { type: 'string' },
            title: { type: 'string' },
            status: { type: 'integer' },
            detail: { type: 'string' },
            parameter: { type: 'string' },
          },
        },
      },
    },
  }
}

const inPath = (name: string, description: string, type: 'string' | 'integer') => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type },
})
const collectionId = { $ref: '#/components/parameters/collectionId' }
const gridId = inPath('tileMatrixSetId', 'A tile matrix set; `native` is the grid a raster is stored in', 'string')

/** Map tiles (OGC 20-057). */
const mapTilePaths = {
  '/collections/{collectionId}/map/tiles': {
    get: operation('mapTilesets', 'The grids a collection is served in as map tiles', ['application/json'], [collectionId]),
  },
  '/collections/{collectionId}/map/tiles/{tileMatrixSetId}': {
    get: operation('mapTileset', 'One of these grids', ['application/json'], [collectionId, gridId]),
  },
  '/collections/{collectionId}/map/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}': {
    get: operation(
      'mapTile',
      'A map tile',
      ['image/png', 'image/jpeg', 'image/webp', 'image/avif'],
      [
        collectionId,
        gridId,
        inPath('tileMatrix', 'Zoom level', 'string'),
        inPath('tileRow', 'Row from the top', 'integer'),
        inPath('tileCol', 'Column from the left', 'integer'),
        {
          name: 'f',
          in: 'query',
          schema: { type: 'string', enum: ['png', 'jpeg', 'webp', 'avif'] },
          description: 'Format of the tile; wins over Accept',
        },
        {
          name: 'transparent',
          in: 'query',
          schema: { type: 'boolean', default: true },
          description: 'Whether what is empty is transparent, where the format can',
        },
        {
          name: 'quality',
          in: 'query',
          schema: { type: 'integer', minimum: 1, maximum: 100 },
          description: 'Quality of lossy formats, within the limits of the server; the tile is then encoded anew',
        },
      ],
    ),
  },
}

function wms(operationId: string, summary: string, parameters: readonly object[] = []) {
  const query = (name: string, description: string) => ({ name, in: 'query', description, schema: { type: 'string' } })
  return operation(
    operationId,
    summary,
    ['text/xml', 'image/png', 'image/jpeg', 'text/html', 'text/plain', 'application/json', 'application/vnd.ogc.gml'],
    [
      ...parameters,
      { ...query('request', 'The operation'), schema: { type: 'string', enum: ['GetCapabilities', 'GetMap', 'GetFeatureInfo'] } },
      query('version', 'Version of the standard'),
      query('layers', 'Collections to draw, bottom first'),
      query('crs', 'Coordinate reference system of the map (1.3.0)'),
      query('bbox', 'Extent of the map, in the axis order of the version and CRS'),
      query('width', 'Pixels'),
      query('height', 'Pixels'),
      query('format', 'Media type of the map'),
    ],
  )
}
