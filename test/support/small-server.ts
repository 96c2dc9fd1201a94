import { Writable } from 'node:stream'
import pino from 'pino'
import type { Atlas } from '#core/atlas.js'
import { defaultLimits } from '#core/atlas.js'
import { buildAtlas } from '#core/build-atlas.js'
import type { Renderer, Stores } from '#core/ports.js'
import { writeEwkb } from '#geo/ewkb.js'
import type { Service } from '#protocols/http/service.js'
import { type Server, startServer } from '#server.js'
import { type MemoryTable, memoryStore } from './memory-store.js'
import { geometryColumn } from './publications.js'

export interface SmallServer extends Server {
  readonly atlas: Atlas
  /** Lines logged so far. */
  readonly log: { level: number; msg: string; [key: string]: unknown }[]
  /** As a reload of the config would. */
  setAccess(access: Atlas['access']): void
}

export interface SmallServerOptions {
  readonly renderer?: Renderer
  readonly limits?: Partial<Atlas['limits']>
  readonly publicUrl?: string
  readonly access?: Atlas['access']
  readonly legacy?: Atlas['legacy']
  readonly services?: Readonly<Record<string, Service>>
  /** Instead of the trees, in the collection `arbres` all the same. */
  readonly table?: MemoryTable
}

/** The geometry of trees, some 200 m around Montpellier in Lambert-93. */
export const placesOfTrees = geometryColumn({ isNullable: false, extent: [770_000, 6_279_000, 770_200, 6_279_200] })

/** The smallest picture there is: one transparent GIF-sized PNG is not needed, its bytes only have to be recognised. */
export const fakeImage = Buffer.from('not really a picture')

/** A server on a free port over one table of three trees in memory, in a space `parcs`, with a broken source beside it; maps are fake. */
export async function smallServer({
  renderer,
  limits,
  publicUrl,
  access,
  legacy,
  services,
  table,
}: SmallServerOptions = {}): Promise<SmallServer> {
  const store = memoryStore('memory', [
    table ?? {
      schema: 'public',
      table: 'arbres',
      columns: [{ name: 'essence', kind: 'text', nativeType: 'text', isNullable: false }],
      geometries: [placesOfTrees],
      rows: ['Érable', 'Chêne <vert>', 'Tilleul'].map((name, i) => [
        name,
        writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(770_050 + 50 * i, 6_279_100) }, { srid: 2154 }),
      ]),
    },
  ])
  const [description] = await store.discover({})
  let atlas = buildAtlas({
    service: { title: { fr: 'Essai', en: 'Trial' }, abstract: 'Trees & <more>', languages: ['fr', 'en'], lenient: false },
    publications: [
      {
        source: 'public.arbres',
        name: 'arbres',
        settings: { title: { fr: 'Arbres', en: 'Trees' } },
        found: { kind: 'table', store: 'memory', description },
        findings: [],
      },
      {
        source: 'broken.tif',
        name: 'broken',
        settings: {},
        found: { kind: 'nothing' },
        findings: [{ severity: 'error', code: 'unreadable', message: 'It is not a TIFF.' }],
      },
    ],
    spaces: new Map([['parcs', { id: 'parcs', title: 'Parcs', collections: ['arbres'] }]]),
    limits: { ...defaultLimits, ...limits },
    access: access ?? { accounts: new Map(), write: new Map() },
    ...(legacy && { legacy }),
    namespaces: new Map(),
    cures: () => undefined,
  })
  const stores: Stores = {
    features: () => store,
    raster: () => {
      throw new Error('there are no rasters here')
    },
  }
  const log: SmallServer['log'] = []
  const lines = new Writable({
    write: (chunk, _encoding, done) => {
      log.push(JSON.parse(String(chunk)))
      done()
    },
  })
  const server = await startServer({
    atlas: () => atlas,
    stores,
    renderer: renderer ?? { draw: async () => ({ mediaType: 'image/png', bytes: fakeImage, timings: { draw: 1.5 } }) },
    log: pino({ level: 'info' }, lines),
    host: '127.0.0.1',
    port: 0,
    publicUrl,
    ...(services && { services }),
  })
  const setAccess = (access: Atlas['access']) => {
    atlas = { ...atlas, access }
  }
  return { ...server, atlas, log, setAccess }
}
