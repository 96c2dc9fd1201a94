import type { AtlasView } from '#core/atlas.js'
import { textIn } from '#core/text.js'

/** The OpenAPI 3.0 document of a view: paths are templated by `{collectionId}`, so that its size does not depend on how much is published. */
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
      '/api': { get: operation('api', 'This document', ['application/vnd.oai.openapi+json;version=3.0']) },
      '/wms': { get: wms('wms', 'Web Map Service 1.1.1 and 1.3.0') },
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
      },
      schemas: {
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

function operation(operationId: string, summary: string, mediaTypes: readonly string[], parameters: readonly object[] = []) {
  const content = Object.fromEntries(mediaTypes.map(type => [type, {}]))
  return {
    operationId,
    summary,
    ...(parameters.length > 0 && { parameters }),
    responses: {
      200: { description: summary, content },
      default: {
        description: 'What went wrong',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/problem' } } },
      },
    },
  }
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
