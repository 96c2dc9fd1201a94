import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningServer, runServer } from './running-server.js'

/** What the world was made from, for tests to compute what an answer must be. */
export interface Place {
  readonly code: number
  readonly nom: string
  /** ISO 8601 date; null where it is not known. */
  readonly jour: string | null
  /** Longitude and latitude; null where it has none. */
  readonly at: readonly [lon: number, lat: number] | null
}

/** 60 places around the world, some at its edges, some without date or geometry. */
export const places: readonly Place[] = Array.from({ length: 60 }, (_, i) => ({
  code: i + 1,
  nom: i % 7 === 0 ? `Forêt d'Étain ${i}` : `lieu ${i}`,
  jour: i % 9 === 0 ? null : new Date(Date.UTC(2020, 0, 1 + 10 * i)).toISOString().slice(0, 10),
  at: i % 11 === 10 ? null : [-179.5 + 6 * i + (i === 59 ? 5 : 0), -80 + ((37 * i) % 160)],
}))

/** The built program over `lieux` (points of `places`, EPSG:4326, with dates), `carres` (20 squares in EPSG:2154) and `table` (no geometry). */
export async function featuresWorld(): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'arpent-features-'))
  const collection = (features: readonly object[], crs?: string) =>
    JSON.stringify({ type: 'FeatureCollection', ...(crs !== undefined && { crs: { type: 'name', properties: { name: crs } } }), features })
  const lieux = places.map(({ at, ...properties }) => ({
    type: 'Feature',
    geometry: at && { type: 'Point', coordinates: at },
    properties,
  }))
  const carres = Array.from({ length: 20 }, (_, i) => {
    const [x, y] = [930_000 + 100 * (i % 5), 6_895_000 + 100 * Math.floor(i / 5)]
    const ring = [
      [x, y],
      [x + 100, y],
      [x + 100, y + 100.125],
      [x, y + 100.125],
      [x, y],
    ]
    return { type: 'Feature', geometry: { type: 'Polygon', coordinates: [ring] }, properties: { numero: i } }
  })
  writeFileSync(join(folder, 'lieux.geojson'), collection(lieux))
  writeFileSync(join(folder, 'carres.geojson'), collection(carres, 'urn:ogc:def:crs:EPSG::2154'))
  writeFileSync(join(folder, 'table.csv'), 'cle;libelle\nA;un\nB;deux\n')
  const server = await runServer([folder])
  return {
    ...server,
    stop: async () => {
      const code = await server.stop()
      rmSync(folder, { recursive: true, force: true })
      return code
    },
  }
}
