import assert from 'node:assert/strict'
import { attributeOf } from '#xml/read.js'
import type { Entry } from '../suite.js'
import { formatsOf, named, parseXml } from '../wms/capabilities.js'
import {
  capabilitiesAsk,
  expectCapabilities,
  expectType,
  infoAsk,
  infoFormat,
  mapAsk,
  mapFormat,
  vicinity,
  type WmsWorld,
} from '../wms/world.js'

/** -1, 0 or 1, as the version of an answer is below, equal to or above 1.3.0. */
function againstThis(document: Buffer): number {
  const version = attributeOf(parseXml(document), 'version') ?? ''
  assert.match(version, /^\d+\.\d+\.\d+$/, 'the version of the capabilities')
  const [major, minor, patch] = version.split('.').map(Number)
  return Math.sign(major * 10_000 + minor * 100 + patch - 10_300)
}

export const basicElements: readonly Entry<WmsWorld>[] = [
  {
    id: 'basic_elements:negotiate-no-version',
    clause: 'OGC 06-042, 6.2.4',
    asserts: 'Capabilities asked for without a version are of 1.3.0 or a later one.',
    trials: world => ({
      asks: [capabilitiesAsk(world, { VERSION: undefined })],
      judge: ([answer]) => assert.ok(againstThis(answer.bytes) >= 0),
    }),
  },
  {
    id: 'basic_elements:negotiate-basic_elements-version',
    clause: 'OGC 06-042, 6.2.4',
    asserts: 'Capabilities asked for in 1.3.0 are of 1.3.0.',
    trials: world => ({ asks: [capabilitiesAsk(world)], judge: ([answer]) => expectCapabilities(answer, '1.3.0') }),
  },
  {
    id: 'basic_elements:negotiate-higher-version',
    clause: 'OGC 06-042, 6.2.4',
    asserts: 'Capabilities asked for in a version of the far future are of 1.3.0 or a later one.',
    trials: world => ({
      asks: [capabilitiesAsk(world, { VERSION: '100.0.0' })],
      judge: ([answer]) => assert.ok(againstThis(answer.bytes) >= 0),
    }),
  },
  {
    // The official script asks for 100.0.0 here as well; the standard's case of a version below all is tried beside it.
    id: 'basic_elements:negotiate-lower-version',
    clause: 'OGC 06-042, 6.2.4',
    asserts: 'Capabilities asked for in version 0.0.0 are not of a later one than 1.3.0.',
    trials: world => ({
      asks: [capabilitiesAsk(world, { VERSION: '0.0.0' }), capabilitiesAsk(world, { VERSION: '100.0.0' })],
      judge: answers => {
        for (const { bytes } of answers) assert.ok(againstThis(bytes) <= 0)
      },
    }),
  },
  {
    id: 'basic_elements:escaped-chars',
    clause: 'OGC 06-042, 6.3.2',
    asserts: 'A value whose every letter is percent-encoded is read.',
    trials: world => {
      const escapes = [...Buffer.from('GetCapabilities')].map(byte => `%${byte.toString(16).toUpperCase()}`).join('')
      return {
        asks: [`${capabilitiesAsk(world, { REQUEST: undefined })}&ReQuEsT=${escapes}`],
        judge: ([answer]) => expectCapabilities(answer),
      }
    },
  },
  {
    id: 'basic_elements:escaped-space',
    clause: 'OGC 06-042, 6.3.2',
    asserts: 'A plus sign in a value is a space.',
    trials: world => {
      const spaced = named(world.capabilities).find(({ name }) => name.includes(' '))
      if (!spaced) return 'no name of a layer has a space in it'
      const layers = encodeURIComponent(spaced.name).replaceAll('%20', '+')
      return {
        asks: [`${mapAsk(world, { LAYERS: undefined, WIDTH: 200, HEIGHT: 200, BBOX: vicinity })}&LaYeRs=${layers}`],
        judge: ([answer]) => expectType(answer, mapFormat(world)),
      }
    },
  },
  {
    id: 'basic_elements:extra-GetCapabilities-param',
    clause: 'OGC 06-042, 6.8.1',
    asserts: 'A parameter the standard does not know leaves capabilities as they are.',
    trials: world => ({ asks: [capabilitiesAsk(world, { BOGUS: 'ignored' })], judge: ([answer]) => expectCapabilities(answer) }),
  },
  {
    id: 'basic_elements:extra-GetMap-param',
    clause: 'OGC 06-042, 6.8.1',
    asserts: 'A parameter the standard does not know leaves a map as it is.',
    trials: world => ({
      asks: [mapAsk(world, { WIDTH: 200, HEIGHT: 200, BOGUS: 'ignored' })],
      judge: ([answer]) => expectType(answer, mapFormat(world)),
    }),
  },
  {
    id: 'basic_elements:extra-GetFeatureInfo-param',
    clause: 'OGC 06-042, 6.8.1',
    asserts: 'A parameter the standard does not know leaves feature information as it is.',
    trials: world => {
      if (formatsOf(world.capabilities, 'GetFeatureInfo').length === 0) return 'GetFeatureInfo is not served'
      return {
        asks: [infoAsk(world, { BBOX: vicinity, HEIGHT: 200, I: 188, J: 64, BOGUS: 'ignored' })],
        judge: ([answer]) => expectType(answer, infoFormat(world)),
      }
    },
  },
]
