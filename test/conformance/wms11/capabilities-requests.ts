import assert from 'node:assert/strict'
import { attributeOf } from '#xml/read.js'
import type { Entry } from '../suite.js'
import { parseXml } from '../wms/capabilities.js'
import { expectSchema } from '../wms/schemas.js'
import { capabilitiesAsk, type WmsWorld } from '../wms/world.js'
import { clause, exception, trial, typed } from './entry.js'

const params = clause('7.1.3', 'wmsops-getcapabilities-params-')
const response = clause('7.1.4', 'wmsops-getcapabilities-response-')
const negotiation = clause('6.2.4', 'basic_elements-version-negotiation-')

const versionOf = (document: Buffer) => attributeOf(parseXml(document), 'version')
const ofVersion = (more: Parameters<typeof capabilitiesAsk>[1], first = '') =>
  trial(
    world => capabilitiesAsk(world, more).replace('?', `?${first}`),
    ({ bytes }) => assert.equal(versionOf(bytes), '1.1.1'),
  )
const sequence = ({ capabilities }: WmsWorld, more: number) => Number(attributeOf(capabilities.root, 'updateSequence')) + more
const hasSequence = ({ capabilities }: WmsWorld) => attributeOf(capabilities.root, 'updateSequence') !== undefined
const isCapabilities = ({ bytes }: { bytes: Buffer }) => assert.equal(parseXml(bytes).name, 'WMT_MS_Capabilities')
const ifSequence = (trials: Entry<WmsWorld>['trials']) => (world: WmsWorld) =>
  hasSequence(world) ? trials(world) : 'the capabilities carry no updateSequence'

/** Requests for capabilities. */
export const capabilitiesRequests: readonly Entry<WmsWorld>[] = [
  clause('6.5.1', 'basic_elements-param_rules-order_and_case-')(
    3,
    'A parameter the standard does not know leaves capabilities as they are.',
    trial(world => capabilitiesAsk(world, { BOGUS: 'ignored' }), isCapabilities),
  ),
  negotiation(2, 'Capabilities asked for in 1.1.1 are of 1.1.1.', ofVersion({})),
  negotiation(
    4,
    'Capabilities asked for in version 0.0.0 are not of a later one than 1.1.1.',
    trial(
      world => capabilitiesAsk(world, { VERSION: '0.0.0' }),
      ({ bytes }) => assert.match(versionOf(bytes) ?? '', /^(0|1\.0|1\.1\.[01])/),
    ),
  ),
  params('request-1', 'WMTVER does for VERSION.', ofVersion({ VERSION: undefined, WMTVER: '1.1.1' })),
  params('updatesequence-1', 'A server without update sequence numbers takes no notice of UPDATESEQUENCE.', world =>
    hasSequence(world)
      ? 'the capabilities carry an updateSequence'
      : trial(world => capabilitiesAsk(world, { UPDATESEQUENCE: 'ignored' }), isCapabilities)(world),
  ),
  params(
    'updatesequence-2',
    'UPDATESEQUENCE equal to the current one is the exception CurrentUpdateSequence.',
    ifSequence(exception(world => capabilitiesAsk(world, { UPDATESEQUENCE: sequence(world, 0) }), 'CurrentUpdateSequence')),
  ),
  // 3 and 4 are 5 and 6 with numbers that a person chooses
  ...[
    ['updatesequence-3', -1],
    ['updatesequence-5', -1],
  ].map(([id, more]) =>
    params(
      id,
      'UPDATESEQUENCE below the current one is answered by capabilities.',
      ifSequence(trial(world => capabilitiesAsk(world, { UPDATESEQUENCE: sequence(world, Number(more)) }), isCapabilities)),
    ),
  ),
  ...[
    ['updatesequence-4', 99],
    ['updatesequence-6', 1],
  ].map(([id, more]) =>
    params(
      id,
      'UPDATESEQUENCE above the current one is the exception InvalidUpdateSequence.',
      ifSequence(exception(world => capabilitiesAsk(world, { UPDATESEQUENCE: sequence(world, Number(more)) }), 'InvalidUpdateSequence')),
    ),
  ),
  params('version-1', 'WMTVER=1.1.1 is answered by capabilities of 1.1.1.', ofVersion({ VERSION: undefined, WMTVER: '1.1.1' })),
  params('version-2', 'WMTVER with another version that is served is answered by capabilities of that.', world => ({
    asks: [capabilitiesAsk(world, { VERSION: '100.0.0' }), capabilitiesAsk(world, { VERSION: undefined, WMTVER: '1.3.0' })],
    judge: answers => {
      const [highest, asked] = answers.map(({ bytes }) => versionOf(bytes))
      assert.equal(asked, highest)
    },
  })),
  ...(['VERSION=1.1.1', 'WMTVER'] as const).flatMap((first, i) =>
    ['0.0.0', '100.0.0'].map((other, j) =>
      params(
        `version-${3 + 2 * i + j}`,
        `VERSION wins over WMTVER=${other}, also where it comes ${i === 0 ? 'first' : 'last'}.`,
        i === 0 ? ofVersion({ VERSION: undefined, WMTVER: other }, `${first}&`) : ofVersion({}, `WMTVER=${other}&`),
      ),
    ),
  ),
  response(
    1,
    'Capabilities are of the type application/vnd.ogc.wms_xml.',
    typed(capabilitiesAsk, () => 'application/vnd.ogc.wms_xml'),
  ),
  response(
    2,
    'Capabilities are valid by the DTD they name, which is the one OGC publishes.',
    trial(capabilitiesAsk, ({ bytes }) => {
      assert.match(
        bytes.toString(),
        /<!DOCTYPE WMT_MS_Capabilities SYSTEM "http:\/\/schemas\.opengis\.net\/wms\/1\.1\.1\/capabilities_1_1_1\.dtd">/,
      )
      expectSchema(bytes)
    }),
  ),
]
