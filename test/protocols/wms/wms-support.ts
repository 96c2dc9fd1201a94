import type { Atlas, AtlasView, Collection, FeatureSource } from '#core/atlas.js'
import { defaultLimits } from '#core/atlas.js'
import { createViewFinder } from '#core/atlas-view.js'
import { steadyNow } from '#core/clock.js'
import { buildMosaic } from '#core/mosaic.js'
import type { FeatureStore, Renderer, Stores } from '#core/ports.js'
import type { MapJob } from '#core/queries.js'
import { builtInTileMatrixSets } from '#geo/tile-matrix-sets.js'
import type { ServiceAnswer, ServiceContext, ServiceRequest } from '#protocols/http/service.js'
import { wms } from '#protocols/wms/index.js'
import { RowBuilder } from '#rows/row-builder.js'
import type { Style } from '#styles/style.js'
import { rasterFile } from '../../support/publications.js'

const style: Style = { passes: [{ rules: [{ name: '', symbolizers: [{ kind: 'fill', color: '#336699', opacity: 1 }] }] }] }
const named = (name: string, title: Collection['title'] = name) => ({ name, title, version: '1', style })

const table = (name: string, type: string, crs: string | undefined): FeatureSource => ({
  kind: 'features',
  store: 'memory',
  schema: 'public',
  table: name,
  columns: [{ name: 'nom', kind: 'text', nativeType: 'text', isNullable: true }],
  geometries: crs ? [{ name: 'geom', type, dimensions: 'xy', crs, srid: Number(crs.slice(5)), isIndexed: true, isNullable: true }] : [],
  geometry: crs && 'geom',
  key: { kind: 'primary', columns: ['id'] },
})

const lambertAndUsual = ['EPSG:2154', 'EPSG:4326', 'EPSG:3857', 'EPSG:3948']
const administrative = { fr: 'Administratif & limites', en: 'Administrative' }

const collections: readonly Collection[] = [
  {
    id: 'communes',
    title: { fr: 'Communes <de France>', en: 'Municipalities' },
    abstract: 'Limites des communes.',
    keywords: { fr: ['commune', { word: 'Unités administratives', vocabulary: 'GEMET - INSPIRE themes' }], en: ['municipality'] },
    attribution: '© IGN',
    attributionUrl: 'https://example.org/ign?a=1&b=2',
    logo: { url: 'https://example.org/ign.png', format: 'image/png', width: 80, height: 40 },
    identifiers: [
      { authority: 'IGN', url: 'https://example.org/registre', code: 'communes <1>' },
      { authority: 'IGN', url: 'https://example.org/registre', code: 'communes-2' },
      { authority: 'INSEE', url: 'https://example.org/cog', code: '2024' },
    ],
    dataUrls: [{ url: 'https://example.org/communes.zip', format: 'application/zip' }],
    featureListUrls: [{ url: 'https://example.org/communes.json', format: 'application/json' }],
    theme: [administrative],
    storageCrs: 'EPSG:2154',
    crs: lambertAndUsual,
    extent: { crs84: [1.33, 47.5, 6.18, 49.2], storage: [574757.759, 6721952.994, 931757.941, 6895808.96] },
    styles: [named('plein', { fr: 'Plein', en: 'Filled' }), named('contour')],
    minScaleDenominator: 1000,
    maxScaleDenominator: 5_000_000,
    metadataUrls: [
      { url: 'https://example.org/records/1?a=1&b=2', type: 'ISO19115:2003', format: 'application/xml' },
      { url: '/csw?id=1', type: 'TC211', format: 'text/xml' },
      { url: '', type: 'TC211', format: 'text/xml' },
      { url: 'https://example.org/other', type: 'TC 211', format: 'text/xml' },
    ],
    source: table('communes', 'MULTIPOLYGON', 'EPSG:2154'),
  },
  {
    id: 'arbres',
    title: 'Arbres',
    theme: [
      { fr: 'Nature', en: 'Nature' },
      { fr: 'Végétation', en: 'Vegetation' },
    ],
    storageCrs: 'EPSG:4326',
    crs: ['EPSG:4326', 'EPSG:3857'],
    extent: { crs84: [2, 48, 3, 49], storage: [2, 48, 3, 49] },
    styles: [named('default')],
    source: table('arbres', 'POINT', 'EPSG:4326'),
  },
  {
    id: 'ortho',
    title: 'Orthophoto',
    storageCrs: 'EPSG:2154',
    crs: ['EPSG:2154', 'EPSG:4326', 'EPSG:3857'],
    extent: { crs84: [6.1, 49.1, 6.2, 49.2], storage: [930000, 6890000, 940000, 6900000] },
    styles: [named('naturel')],
    source: { kind: 'raster', store: 'cog', mosaic: buildMosaic([rasterFile({ bbox: [930000, 6890000, 940000, 6900000] })]), bands: [] },
  },
  {
    id: 'ws:vide',
    title: 'Empty, of unknown extent',
    theme: [administrative],
    storageCrs: 'EPSG:2154',
    crs: lambertAndUsual,
    styles: [named('default')],
    source: table('vide', 'LINESTRING', 'EPSG:2154'),
  },
  { id: 'liste', title: 'Table without geometry', crs: [], styles: [named('default')], source: table('liste', '', undefined) },
]

export const atlas: Atlas = {
  generation: 7,
  builtAt: new Date(0),
  service: {
    title: { fr: 'Données du Grand Est', en: 'Data of Grand Est' },
    abstract: 'Cartes & données',
    keywords: ['cartes'],
    contact: { organisation: 'Région', name: 'A. Martin', email: 'sig@example.org', city: 'Metz' },
    constraints: 'Licence ouverte 2.0',
    languages: ['fr', 'en'],
    lenient: false,
  },
  collections: new Map(collections.map(collection => [collection.id, collection])),
  grids: builtInTileMatrixSets(),
  spaces: new Map([['eau', { id: 'eau', title: 'Eau', collections: ['arbres'] }]]),
  limits: defaultLimits,
  access: { accounts: new Map(), write: new Map() },
  namespaces: new Map(),
  styleAddresses: [],
  legacy: new Set(),
  verdicts: [],
}

export const viewOf = (key = '', of: Atlas = atlas): AtlasView => createViewFinder()(of, key)!

export const onePixelPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Remembers what it was asked to draw. */
export function recordingRenderer(): Renderer & { readonly jobs: MapJob[] } {
  const jobs: MapJob[] = []
  return {
    jobs,
    draw: async job => {
      jobs.push(job)
      return { mediaType: job.mediaType, bytes: onePixelPng, timings: { draw: 1 } }
    },
  }
}

/** Point as EWKB, little endian. */
export function pointEwkb(x: number, y: number, srid: number): Uint8Array {
  const bytes = Buffer.alloc(25)
  bytes.writeUInt8(1, 0)
  bytes.writeUInt32LE(0x20000001, 1)
  bytes.writeUInt32LE(srid, 5)
  bytes.writeDoubleLE(x, 9)
  bytes.writeDoubleLE(y, 17)
  return bytes
}

/** A store of three trees at 2.5° E, 48.5° N, whatever is asked of it. */
function memoryStore(): FeatureStore {
  const refuse = () => Promise.reject(new Error('the tests do not ask for this'))
  return {
    id: 'memory',
    discover: refuse,
    count: refuse,
    extent: refuse,
    columnStatistics: refuse,
    columnValues: refuse,
    invalidGeometries: refuse,
    ping: async () => {},
    close: async () => {},
    find: async ({ source, key, columns }) => {
      const schema = {
        columns: [...(key ? ['@id'] : []), ...columns].map(name => ({
          name,
          oid: name === 'geom' ? 0 : 25,
          kind: name === 'geom' ? ('geometry' as const) : ('text' as const),
        })),
      }
      const rows = new RowBuilder(schema)
      for (const id of source.table === 'arbres' ? ['1', '2', '3'] : [])
        rows.row(schema.columns.map(({ name }) => (name === '@id' ? id : name === 'geom' ? pointEwkb(2.5, 48.5, 4326) : `Chêne <${id}>`)))
      const batch = rows.take()
      return {
        schema,
        batches: (async function* () {
          yield batch
        })(),
      }
    },
  }
}

const threeTrees: Stores = {
  features: memoryStore,
  raster: () => {
    throw new Error('the tests have no rasters')
  },
}

export interface Asked {
  readonly method?: ServiceRequest['method']
  readonly body?: string | Buffer
  readonly contentType?: string
  readonly view?: AtlasView
  readonly baseUrl?: string
  readonly languages?: readonly string[]
  readonly signal?: AbortSignal
}

/** The service over the atlas above, with what it drew and what it logged. */
export function testWms(
  of: Atlas = atlas,
  renderer: Renderer & { readonly jobs?: MapJob[] } = recordingRenderer(),
  stores: Stores = threeTrees,
) {
  const logged: string[] = []
  const log = (_details: object, message: string) => void logged.push(message)
  const context: ServiceContext = { atlas: () => of, renderer, stores, log: { info: log, warn: log, error: log } }
  const service = wms(context)
  const root = viewOf('', of)
  const ask = async (query: string, asked: Asked = {}): Promise<ServiceAnswer & { readonly text: string }> => {
    const { body, ...rest } = asked
    const answer = await service({
      method: 'GET',
      view: root,
      baseUrl: 'https://maps.example.org',
      languages: [],
      signal: AbortSignal.timeout(60_000),
      prolong: () => {},
      deadline: steadyNow() + 900_000,
      headers: {},
      timings: {},
      caller: undefined,
      path: {},
      ...rest,
      ...(body !== undefined && { body: Buffer.from(body) }),
      query,
    })
    return { ...answer, text: typeof answer.body === 'string' ? answer.body : Buffer.from(answer.body).toString('utf8') }
  }
  return { ask, jobs: renderer.jobs ?? [], logged }
}

export const getMap130 =
  'SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=communes&STYLES=&CRS=EPSG:3857&BBOX=0,6000000,100000,6100000&WIDTH=256&HEIGHT=256&FORMAT=image/png'
export const getMap111 = getMap130.replace('1.3.0', '1.1.1').replace('CRS=', 'SRS=')

/** `query` with parameters set, or taken away where the value is undefined. */
export function withParameters(query: string, changes: Readonly<Record<string, string | undefined>>): string {
  const kept = query.split('&').filter(pair => !Object.keys(changes).includes(pair.split('=')[0]))
  const added = Object.entries(changes).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]))
  return [...kept, ...added].join('&')
}
