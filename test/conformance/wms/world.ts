import assert from 'node:assert/strict'
import type { Answer } from '../suite.js'
import { type Capabilities, formatsOf, hrefOf, named, parseXml } from './capabilities.js'

/** What entries of the WMS suites look at. */
export interface WmsWorld {
  readonly version: '1.3.0' | '1.1.1'
  readonly capabilities: Capabilities
  /** Parameter that names the CRS, and the one with longitude first that all tests use. */
  readonly crs: { readonly parameter: 'CRS' | 'SRS'; readonly lonLat: string }
  /** Column and row in GetFeatureInfo. */
  readonly pixel: readonly [string, string]
}

export const worldOf = (version: WmsWorld['version'], capabilities: Capabilities): WmsWorld =>
  version === '1.3.0'
    ? { version, capabilities, crs: { parameter: 'CRS', lonLat: 'CRS:84' }, pixel: ['I', 'J'] }
    : { version, capabilities, crs: { parameter: 'SRS', lonLat: 'EPSG:4326' }, pixel: ['X', 'Y'] }

/** Boxes that tests use: around the Blue Lake vicinity, the lake itself, and the frame of the whole map. */
export const vicinity = '-0.0025,-0.0025,0.0025,0.0025'
export const lake = '0,-0.0020,0.0040,0'
export const frame = '-0.0042,-0.0024,0.0042,0.0024'
/** The layers of the vicinity, as tests draw them together. */
export const vicinityLayers = ['Streams', 'Lakes', 'Ponds', 'Bridges', 'RoadSegments', 'DividedRoutes', 'Buildings', 'MapNeatline']

/** Name of the layer titled `cite:…`. Throws where there is none. */
export function layer({ capabilities }: WmsWorld, title: string): string {
  const found = named(capabilities).find(layer => layer.title === `cite:${title}`)
  assert.ok(found, `no layer is titled cite:${title}`)
  return found.name
}

export const layersTitled = (world: WmsWorld, ...titles: readonly string[]): string => titles.map(title => layer(world, title)).join(',')

/** The format listed first, and the first without losses. */
export const mapFormat = ({ capabilities }: WmsWorld): string => formatsOf(capabilities, 'GetMap')[0]
export function losslessFormat({ capabilities }: WmsWorld): string {
  const format = formatsOf(capabilities, 'GetMap').find(format => /^image\/(png|gif)/.test(format))
  assert.ok(format, 'neither image/png nor image/gif is a format of maps')
  return format
}
export const infoFormat = ({ capabilities }: WmsWorld): string => formatsOf(capabilities, 'GetFeatureInfo')[0]

type Parameters = Readonly<Record<string, string | number | undefined>>

/** `InFo_fOrMaT`: names may come in any case (OGC 06-042, 6.8.1). */
const mixedCase = (name: string) => [...name].map((letter, i) => (i % 2 ? letter.toLowerCase() : letter.toUpperCase())).join('')
const encoded = (value: string | number) => encodeURIComponent(value).replaceAll('%2C', ',')

/** An address with parameters appended; those that are undefined are left out. */
export function address(prefix: string, parameters: Parameters): string {
  const pairs = Object.entries(parameters).filter((pair): pair is [string, string | number] => pair[1] !== undefined)
  return prefix + pairs.map(([name, value]) => `${mixedCase(name)}=${encoded(value)}`).join('&')
}

/** A GetCapabilities request; `more` overrides. */
export const capabilitiesAsk = ({ capabilities, version }: WmsWorld, more: Parameters = {}): string =>
  address(hrefOf(capabilities, 'GetCapabilities'), { REQUEST: 'GetCapabilities', VERSION: version, SERVICE: 'WMS', ...more })

/** A GetMap request for the layer of the lake in its vicinity; `more` overrides. */
export const mapAsk = (world: WmsWorld, more: Parameters = {}): string =>
  address(hrefOf(world.capabilities, 'GetMap'), {
    FORMAT: mapFormat(world),
    STYLES: '',
    HEIGHT: 100,
    LAYERS: 'LAYERS' in more ? undefined : layer(world, 'Lakes'),
    VERSION: world.version,
    BBOX: vicinity,
    REQUEST: 'GetMap',
    WIDTH: 100,
    [world.crs.parameter]: world.crs.lonLat,
    ...more,
  })

/** A GetFeatureInfo request on the lake; `more` overrides. */
export function infoAsk(world: WmsWorld, more: Parameters = {}): string {
  const [column, row] = world.pixel
  const shown = 'LAYERS' in more ? undefined : layer(world, 'Lakes')
  return address(hrefOf(world.capabilities, 'GetFeatureInfo'), {
    [row]: 60,
    INFO_FORMAT: infoFormat(world),
    WIDTH: 200,
    QUERY_LAYERS: more.LAYERS ?? shown,
    BBOX: lake,
    REQUEST: 'GetFeatureInfo',
    [world.crs.parameter]: world.crs.lonLat,
    LAYERS: shown,
    STYLES: '',
    [column]: 60,
    VERSION: world.version,
    FORMAT: mapFormat(world),
    HEIGHT: 100,
    ...more,
  })
}

/** Fails unless the answer is of that type; parameters of types are left aside. */
export function expectType(answer: Answer, type: string): void {
  const wanted = type.split(';')[0].trim().toLowerCase()
  assert.equal(answer.mediaType, wanted, `the type of the answer to ${answer.url} (status ${answer.status})`)
}

/** Fails unless the answer is capabilities, of that version if given. */
export function expectCapabilities(answer: Answer, version?: string): void {
  const root = parseXml(answer.bytes)
  assert.match(root.name, /^(WMS_|WMT_MS_)Capabilities$/, 'the root element')
  if (version) assert.equal(root.attributes.find(({ name }) => name === 'version')?.value, version, 'the version of the capabilities')
}
