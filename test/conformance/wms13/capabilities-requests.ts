import assert from 'node:assert/strict'
import { attributeOf } from '#xml/read.js'
import type { Entry } from '../suite.js'
import { at, formatsOf, operation, textsOf, xlink } from '../wms/capabilities.js'
import { expectException } from '../wms/exceptions.js'
import { capabilitiesAsk, expectCapabilities, expectType, type WmsWorld } from '../wms/world.js'

/** The update sequence of the capabilities and a number above or below it; a text where there is none. */
const sequence = ({ capabilities }: WmsWorld, more: number): number | string => {
  const current = attributeOf(capabilities.root, 'updateSequence')
  return current === undefined ? 'the capabilities carry no updateSequence' : Number(current) + more
}

const asking = (world: WmsWorld, more: number, judge: (answer: Parameters<typeof expectException>[0]) => void) => {
  const number = sequence(world, more)
  if (typeof number === 'string') return number
  return {
    asks: [capabilitiesAsk(world, { UPDATESEQUENCE: number })],
    judge: ([answer]: readonly Parameters<typeof judge>[0][]) => judge(answer),
  }
}

/** GetCapabilities as a request, and what its answer says about operations. */
export const capabilitiesRequests: readonly Entry<WmsWorld>[] = [
  {
    id: 'getcapabilities:each-format',
    clause: 'OGC 06-042, 7.2.3.1',
    asserts: 'Capabilities asked for in a format they list come in it.',
    trials: world =>
      formatsOf(world.capabilities, 'GetCapabilities').map(format => ({
        of: format,
        asks: [capabilitiesAsk(world, { FORMAT: format })],
        judge: ([answer]) => expectType(answer, format),
      })),
  },
  ...[
    { id: 'no-format', more: {}, asserts: 'Capabilities asked for without a format come as text/xml.' },
    { id: 'invalid-format', more: { FORMAT: 'invalid' }, asserts: 'Capabilities asked for in a format there is not come as text/xml.' },
  ].map(
    ({ id, more, asserts }): Entry<WmsWorld> => ({
      id: `getcapabilities:${id}`,
      clause: 'OGC 06-042, 7.2.3.1',
      asserts,
      trials: world => ({
        asks: [capabilitiesAsk(world, more)],
        judge: ([answer]) => {
          expectType(answer, 'text/xml')
          expectCapabilities(answer)
        },
      }),
    }),
  ),
  {
    id: 'getcapabilities:updatesequence-ignored',
    clause: 'OGC 06-042, 7.2.3.5',
    asserts: 'A server without update sequence numbers takes no notice of UPDATESEQUENCE.',
    trials: world => {
      if (typeof sequence(world, 0) === 'number') return 'the capabilities carry an updateSequence'
      return { asks: [capabilitiesAsk(world, { UPDATESEQUENCE: 'ignored' })], judge: ([answer]) => expectCapabilities(answer) }
    },
  },
  {
    id: 'getcapabilities:updatesequence-current',
    clause: 'OGC 06-042, 7.2.3.5',
    asserts: 'UPDATESEQUENCE equal to the current one is answered by the exception CurrentUpdateSequence.',
    trials: world => asking(world, 0, answer => expectException(answer, 'CurrentUpdateSequence')),
  },
  {
    id: 'getcapabilities:updatesequence-lower',
    clause: 'OGC 06-042, 7.2.3.5',
    asserts: 'UPDATESEQUENCE below the current one is answered by capabilities.',
    trials: world => asking(world, -1, answer => expectCapabilities(answer)),
  },
  {
    id: 'getcapabilities:updatesequence-higher',
    clause: 'OGC 06-042, 7.2.3.5',
    asserts: 'UPDATESEQUENCE above the current one is answered by the exception InvalidUpdateSequence.',
    trials: world => asking(world, 1, answer => expectException(answer, 'InvalidUpdateSequence')),
  },
  {
    id: 'getcapabilities:capability-onlineresource',
    clause: 'OGC 06-042, 6.3.3',
    asserts: 'Addresses for GET can be appended to: they end in ? or, where they have a query, in &.',
    trials: ({ capabilities }) => {
      for (const name of ['GetCapabilities', 'GetMap', 'GetFeatureInfo']) {
        const entry = operation(capabilities, name)
        const resource = entry && at(entry, 'DCPType', 'HTTP', 'Get', 'OnlineResource')
        if (entry) assert.match((resource && attributeOf(resource, 'href', xlink)) ?? '', /\?$|\?.*&$/, `the address of ${name}`)
      }
      return []
    },
  },
  {
    id: 'getcapabilities:capability-xml-getcapabilities-format',
    clause: 'OGC 06-042, 6.6',
    asserts: 'text/xml is listed as a format of GetCapabilities.',
    trials: ({ capabilities }) => {
      assert.ok(formatsOf(capabilities, 'GetCapabilities').includes('text/xml'))
      return []
    },
  },
  {
    id: 'getcapabilities:capability-xml-exception-format',
    clause: 'OGC 06-042, 7.3.3.11',
    asserts: 'XML is listed as a format of exceptions.',
    trials: ({ capabilities }) => {
      const exception = at(capabilities.capability, 'Exception')
      assert.ok(exception && textsOf(exception, 'Format').includes('XML'))
      return []
    },
  },
]
