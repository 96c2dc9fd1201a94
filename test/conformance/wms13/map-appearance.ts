import assert from 'node:assert/strict'
import { childrenOf } from '#xml/read.js'
import { count, headOf, ofColor, type Picture, pictureOf, transparent } from '../image.js'
import type { Entry, Trial } from '../suite.js'
import { at, formatsOf, isYes, named, textAt, textsOf } from '../wms/capabilities.js'
import { expectException } from '../wms/exceptions.js'
import { expectSchema } from '../wms/schemas.js'
import { expectType, losslessFormat, mapAsk, mapFormat, type WmsWorld } from '../wms/world.js'
import { ownBoxAsk } from './map-bbox.js'

const missing = (world: WmsWorld, more = {}) => mapAsk(world, { LAYERS: 'NonExistant', BBOX: '0,0,1,1', ...more })
const picture = (ask: string, check: (picture: Picture) => void): Trial => ({
  asks: [ask],
  judge: async ([answer]) => check(await pictureOf(answer)),
})

/** Nothing to try unless the capabilities list that form of exceptions. */
const ifListed = (form: string, trial: (world: WmsWorld) => Trial) => (world: WmsWorld) => {
  const exception = at(world.capabilities.capability, 'Exception')
  return exception && textsOf(exception, 'Format').includes(form) ? trial(world) : `${form} is not listed as a form of exceptions`
}

/** EXCEPTIONS of GetMap. */
export const mapExceptions: readonly Entry<WmsWorld>[] = [
  ...[
    { id: 'default', more: {}, asserts: 'An exception is valid XML of the type text/xml where the request does not say otherwise.' },
    { id: 'xml', more: { EXCEPTIONS: 'XML' }, asserts: 'With EXCEPTIONS=XML, an exception is valid XML of the type text/xml.' },
  ].map(
    ({ id, more, asserts }): Entry<WmsWorld> => ({
      id: `getmap:exceptions-${id}`,
      clause: 'OGC 06-042, 7.3.3.11, E.2',
      asserts,
      trials: world => ({
        asks: [missing(world, more)],
        judge: ([answer]) => {
          expectType(answer, 'text/xml')
          expectException(answer)
          expectSchema(answer.bytes)
        },
      }),
    }),
  ),
  ...['INIMAGE', 'BLANK'].map(
    (form): Entry<WmsWorld> => ({
      id: `getmap:exceptions-${form.toLowerCase()}-mime`,
      clause: 'OGC 06-042, 7.3.3.11',
      asserts: `With EXCEPTIONS=${form}, an exception is of the type FORMAT asks for.`,
      trials: ifListed(form, world => ({
        asks: [missing(world, { EXCEPTIONS: form })],
        judge: ([answer]) => expectType(answer, mapFormat(world)),
      })),
    }),
  ),
  {
    id: 'getmap:exceptions-blank-red',
    clause: 'OGC 06-042, 7.3.3.11',
    asserts: 'With EXCEPTIONS=BLANK, an exception is nothing but pixels of BGCOLOR.',
    trials: ifListed('BLANK', world =>
      picture(missing(world, { EXCEPTIONS: 'BLANK', BGCOLOR: '0xFF0000', FORMAT: losslessFormat(world) }), drawn =>
        assert.equal(count(drawn, ofColor(0xff0000)), 10_000),
      ),
    ),
  },
  {
    id: 'getmap:exceptions-blank-transparent',
    clause: 'OGC 06-042, 7.3.3.11',
    asserts: 'With EXCEPTIONS=BLANK and TRANSPARENT=TRUE, an exception is nothing but transparent pixels.',
    trials: ifListed('BLANK', world =>
      picture(missing(world, { EXCEPTIONS: 'BLANK', TRANSPARENT: 'TRUE', FORMAT: losslessFormat(world) }), drawn =>
        assert.equal(count(drawn, transparent), 10_000),
      ),
    ),
  },
]

/** FORMAT, TRANSPARENT, WIDTH, HEIGHT and VERSION of GetMap. */
export const mapAppearance: readonly Entry<WmsWorld>[] = [
  {
    id: 'getmap:invalid-format',
    clause: 'OGC 06-042, 7.3.3.7',
    asserts: 'A FORMAT that is not listed is the exception InvalidFormat.',
    trials: world => ({
      asks: [mapAsk(world, { FORMAT: 'UnknownFormat' })],
      judge: ([answer]) => expectException(answer, 'InvalidFormat'),
    }),
  },
  {
    id: 'getmap:each-format',
    clause: 'OGC 06-042, 7.3.3.7',
    asserts: 'A map comes in each format that is listed.',
    trials: world =>
      formatsOf(world.capabilities, 'GetMap').map(format => ({
        of: format,
        asks: [mapAsk(world, { FORMAT: format })],
        judge: ([answer]) => expectType(answer, format),
      })),
  },
  ...[
    { id: 'default', more: {}, asserts: 'Where the request does not say TRANSPARENT, no pixel is transparent.' },
    { id: 'false', more: { TRANSPARENT: 'FALSE' }, asserts: 'With TRANSPARENT=FALSE, no pixel is transparent.' },
  ].map(
    ({ id, more, asserts }): Entry<WmsWorld> => ({
      id: `getmap:transparent-${id}`,
      clause: 'OGC 06-042, 7.3.3.9',
      asserts,
      trials: world =>
        picture(mapAsk(world, { FORMAT: losslessFormat(world), ...more }), drawn => assert.equal(count(drawn, transparent), 0)),
    }),
  ),
  {
    id: 'getmap:transparent-opaque-layer',
    clause: 'OGC 06-042, 7.3.3.9',
    asserts: 'TRANSPARENT=TRUE may be asked of an opaque layer.',
    trials: world => {
      const found = named(world.capabilities).find(({ element }) => isYes(element, 'opaque'))
      if (!found) return 'no layer with a name is opaque'
      return {
        asks: [ownBoxAsk(world, found, 100, { TRANSPARENT: 'TRUE' })],
        judge: ([answer]) => expectType(answer, mapFormat(world)),
      }
    },
  },
  {
    id: 'getmap:large-size',
    clause: 'OGC 06-042, 7.3.3.8',
    asserts: 'A map of the largest size stated, or 1024 × 768 where none is, has that very size.',
    trials: world => {
      const [width, height] = ['MaxWidth', 'MaxHeight'].map(name => Number(textAt(world.capabilities.service, name) ?? 0))
      return sized(world, width || 1024, height || 768)
    },
  },
  {
    id: 'getmap:small-size',
    clause: 'OGC 06-042, 7.3.3.8',
    asserts: 'A map of 8 × 5 pixels has that very size.',
    trials: world => sized(world, 8, 5),
  },
  {
    id: 'getmap:no-version',
    clause: 'OGC 06-042, 7.3.2',
    asserts: 'GetMap without VERSION is an exception.',
    trials: world => {
      const found = named(world.capabilities).find(({ element }) => childrenOf(element, 'BoundingBox').length > 0)
      if (!found) return 'no layer with a name states a BoundingBox'
      return { asks: [ownBoxAsk(world, found, 200, { VERSION: undefined })], judge: ([answer]) => expectException(answer) }
    },
  },
]

const sized = (world: WmsWorld, width: number, height: number): Trial => ({
  asks: [mapAsk(world, { WIDTH: width, HEIGHT: height })],
  judge: async ([answer]) => {
    expectType(answer, mapFormat(world))
    const head = await headOf(answer)
    assert.deepEqual([head.width, head.height], [width, height])
  },
})
