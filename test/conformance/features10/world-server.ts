import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runServer } from '../../support/running-server.js'
import type { ConformanceServer } from '../suite.js'
import { entries, towns, zones } from './world-data.js'

/** Half the side of the square around each wood, metres. */
export const halfWood = 5000

/** The built program with collections stored in EPSG:4326, 2154, 3035, and one without geometry, as world.yaml publishes them. */
export async function worldServer(): Promise<ConformanceServer> {
  const folder = await mkdtemp(join(tmpdir(), 'arpent-features-'))
  try {
    await writeFile(join(folder, 'zones.geojson'), collection(undefined, zones.map(zoneFeature)))
    await writeFile(join(folder, 'towns.geojson'), collection('EPSG::2154', towns.map(townFeature)))
    await writeFile(join(folder, 'woods.geojson'), collection('EPSG::3035', towns.map(woodFeature)))
    const rows = entries.map(({ number, label, entered, share }) => `${number},${label},${entered},${share}`)
    await writeFile(join(folder, 'register.csv'), `number,label,entered,share\n${rows.join('\n')}\n`)
    const env = { FEATURES_DATA: folder, ARPENT_PUBLIC_URL: '', ARPENT_LOG: 'warn' }
    const server = await runServer(['--config', 'test/conformance/features10/world.yaml'], { env })
    return {
      address: server.address,
      stop: async () => {
        await server.stop()
        await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** GeoJSON, with the `crs` member of 2008 where it is not in degrees. */
const collection = (crs: string | undefined, features: readonly object[]) =>
  JSON.stringify({
    type: 'FeatureCollection',
    ...(crs !== undefined && { crs: { type: 'name', properties: { name: `urn:ogc:def:crs:${crs}` } } }),
    features,
  })

const feature = (id: number, geometry: object | null, properties: object) => ({ type: 'Feature', id, geometry, properties })

const rectangle = (west: number, south: number, east: number, north: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ],
})

const zoneFeature = ({ id, name, box, begun }: (typeof zones)[number]) => feature(id, box && rectangle(...box), { name, begun })

const townFeature = ({ id, name, x2154, seen }: (typeof towns)[number]) =>
  feature(id, { type: 'Point', coordinates: x2154 }, { name, seen, rank: 17 - id, first: id <= 3 })

const woodFeature = ({ id, name, x3035: [x, y] }: (typeof towns)[number]) =>
  feature(id, rectangle(x - halfWood, y - halfWood, x + halfWood, y + halfWood), { name })
