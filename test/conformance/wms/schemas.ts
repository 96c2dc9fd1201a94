import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ogcSchemaFile, schemaFaults, withoutOgcSchemas } from '../../support/ogc-schemas.js'
import { ask } from '../ask.js'
import type { Answer, BoundEntry } from '../suite.js'
import { type Capabilities, formatsOf, named, readCapabilities } from './capabilities.js'
import { geometriesOf } from './gml-geometries.js'
import { capabilitiesAsk, expectType, frame, infoAsk, mapAsk, type WmsWorld, worldOf } from './world.js'

const isError = (status: number) => status >= 400

/** Why documents cannot be validated here; '' where they can. */
export const withoutSchemas = withoutOgcSchemas || ''

/** Fails where the official schema or DTD that a document names has something against it. Not looked at where the schemas are absent. */
export function expectSchema(document: Buffer | string): void {
  if (!withoutSchemas) assert.equal(schemaFaults(document), '')
}

/** Fails unless the document names schemas, and these have nothing against it. */
export function expectWholeSchema(document: Buffer): void {
  const text = document.toString()
  assert.match(text, /xsi:schemaLocation=/, 'the document names no schemas')
  if (withoutSchemas) return
  const folder = mkdtempSync(join(tmpdir(), 'arpent-schemas-'))
  try {
    // the validator reads files only: schemas that the server answers are fetched
    let count = 0
    expectSchema(
      text.replace(/http:\/\/127\.0\.0\.1[^\s"]*\.xsd[^\s"]*/g, address => {
        const file = join(folder, `${count++}.xsd`)
        writeFileSync(file, fetched(address.replaceAll('&amp;', '&')))
        return file
      }),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What is at an address of the server: by another process, for judges do not wait. References to official schemas become files, as the validator has them. */
function fetched(address: string): string {
  const script = 'fetch(process.argv[1]).then(async a => process.stdout.write((a.status === 200 ? "" : a.status + " ") + (await a.text())))'
  const { stdout } = spawnSync(process.execPath, ['-e', script, address], { encoding: 'utf8', timeout: 10_000 })
  return stdout.replaceAll('http://schemas.opengis.net/', `file://${ogcSchemaFile('')}/`)
}

export async function fetchCapabilities(url: string): Promise<Buffer> {
  const answer = await ask(url)
  assert.equal(answer.status, 200, `the status of ${url}`)
  return answer.bytes
}

/** Every kind of answer a version gives, each named by what it is. */
export async function schemaEntries(address: string, version: WmsWorld['version']): Promise<readonly BoundEntry[]> {
  const query = `service=WMS&version=${version}&request=GetCapabilities`
  const capabilities = readCapabilities(await fetchCapabilities(`${address}/wms?${query}`))
  const world = worldOf(version, capabilities)
  const someLayer = named(capabilities)[0].name
  const document = (id: string, url: string): BoundEntry =>
    entry(id, url, answer => {
      assert.equal(isError(answer.status), id.startsWith('exception'), `the status is ${answer.status}`)
      expectSchema(answer.bytes)
    })
  return [
    document('capabilities of the service', capabilitiesAsk(world)),
    document('capabilities in the other language', capabilitiesAsk(world, { LANGUAGE: 'fr' })),
    document('capabilities of one data set', `${address}/datasets/${encodeURIComponent(someLayer)}/wms?${query}`),
    document('capabilities at /ows', `${address}/ows?${query}`),
    document('exception of GetCapabilities', capabilitiesAsk(world, { UPDATESEQUENCE: '999999' })),
    document('exception without code', mapAsk(world, { BBOX: '1,1,0,0' })),
    document('exception of GetMap', mapAsk(world, { LAYERS: 'NonExistant' })),
    document('exception that quotes the request', mapAsk(world, { LAYERS: '<&"\u0001é>' })),
    document('exception of GetFeatureInfo', infoAsk(world, { [world.pixel[0]]: 9999 })),
    document('exception without VERSION', mapAsk(world, { VERSION: undefined, SRS: 'EPSG:4326' })),
    document('exception of an unknown operation', capabilitiesAsk(world, { REQUEST: 'GetNothing' })),
    ...infoEntries(world, capabilities),
  ]
}

/** Information has no schema of its own to name before there is DescribeFeatureType; its geometries have. */
function infoEntries(world: WmsWorld, capabilities: Capabilities): readonly BoundEntry[] {
  const gml = formatsOf(capabilities, 'GetFeatureInfo').filter(format => format.includes('gml'))
  const layers = named(capabilities).filter(({ title }) => title !== 'cite:Terrain')
  return gml.flatMap(format =>
    layers.map(({ name }) => {
      // a radius that reaches every feature of the frame
      const more = {
        LAYERS: name,
        INFO_FORMAT: format,
        BBOX: frame,
        FEATURE_COUNT: 10,
        BUFFER: 50,
        WIDTH: 60,
        HEIGHT: 34,
        [world.pixel[0]]: 30,
        [world.pixel[1]]: 17,
      }
      return entry(`geometries of ${name} as ${format}`, infoAsk(world, more), answer => {
        expectType(answer, format)
        for (const geometry of geometriesOf(answer.bytes)) expectSchema(geometry)
      })
    }),
  )
}

const entry = (id: string, url: string, judge: (answer: Answer) => void): BoundEntry => ({
  id,
  clause: 'official schema',
  asserts: 'It is valid.',
  trials: () => ({ asks: [url], judge: ([answer]: readonly Answer[]) => judge(answer) }),
})
