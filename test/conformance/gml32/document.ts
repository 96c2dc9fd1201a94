import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ask } from '../ask.js'
import { address } from '../wms/world.js'
import { applicationSchema } from './application-schema.js'

/** Layers with every kind of geometry there is in the Blue Lake. */
const titles = [
  'BasicPolygons',
  'Bridges',
  'Buildings',
  'DividedRoutes',
  'Forests',
  'Lakes',
  'NamedPlaces',
  'Ponds',
  'RoadSegments',
  'Streams',
]

/** The frame of the whole map in a CRS with longitude first, and in one with latitude first. */
export const frames = { 'CRS:84': '-0.0042,-0.0024,0.0042,0.0024', 'EPSG:4326': '-0.0024,-0.0042,0.0024,0.0042' } as const

export type Frame = keyof typeof frames

/** The address of all features of those layers, in GML 3.2. */
export function featuresAsk(server: string, crs: Frame): string {
  const layers = titles.map(title => `cite:${title}`).join(',')
  const parameters = {
    SERVICE: 'WMS', VERSION: '1.3.0', REQUEST: 'GetFeatureInfo', LAYERS: layers, QUERY_LAYERS: layers, STYLES: '', CRS: crs, BBOX: frames[crs],
    WIDTH: 60, HEIGHT: 34, I: 30, J: 17, BUFFER: 50, FEATURE_COUNT: 100, FORMAT: 'image/png', INFO_FORMAT: 'application/gml+xml; version=3.2',
  } // biome-ignore format: as in an address
  return address(`${server}/wms?`, parameters)
}

/** The features with an application schema beside them, written into `folder`; the document's path. */
export async function writeFeatures(features: Buffer, folder: string): Promise<string> {
  const text = features.toString()
  const namespace = /xmlns:app="([^"]+)"/.exec(text)?.[1]
  assert.ok(namespace, 'the document declares no namespace of its own')
  await writeFile(join(folder, 'features.xsd'), applicationSchema(features))
  const location = `${namespace} ${pathToFileURL(join(folder, 'features.xsd'))}`
  const named = `<app:FeatureInfo xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${location}"`
  await writeFile(join(folder, 'features.xml'), text.replace('<app:FeatureInfo', named))
  return join(folder, 'features.xml')
}

export async function fetchFeatures(server: string, crs: Frame): Promise<Buffer> {
  const answer = await ask(featuresAsk(server, crs))
  assert.equal(answer.status, 200, answer.bytes.toString().slice(0, 300))
  return answer.bytes
}
