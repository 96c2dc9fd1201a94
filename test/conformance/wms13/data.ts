import assert from 'node:assert/strict'
import { attributeOf, textOf } from '#xml/read.js'
import { count, expectCounts, ofColor, type Part, pictureOf, transparent, white } from '../image.js'
import type { Answer, Entry, Trial } from '../suite.js'
import { formatsOf, inherited, isYes, named } from '../wms/capabilities.js'
import {
  expectType,
  infoAsk,
  infoFormat,
  lake,
  layer,
  layersTitled,
  losslessFormat,
  mapAsk,
  vicinityLayers,
  type WmsWorld,
} from '../wms/world.js'

const titles = [...vicinityLayers, 'BasicPolygons', 'Forests', 'NamedPlaces', 'Terrain', 'Autos']

/** A map of the lake without losses. */
const lakeAsk = (world: WmsWorld, more = {}) =>
  mapAsk(world, { BBOX: lake, WIDTH: 200, HEIGHT: 100, FORMAT: losslessFormat(world), ...more })
const wide = { BBOX: '-0.005,-0.0025,0.005,0.0025', WIDTH: 400, HEIGHT: 200 }

const background = (id: string, color: number, more: object, asserts: string): Entry<WmsWorld> => ({
  id: `basic:${id}`,
  clause: 'OGC 06-042, 7.3.3.10',
  asserts,
  trials: world => ({
    asks: [lakeAsk(world, more)],
    judge: async ([answer]) =>
      expectCounts(await pictureOf(answer), ofColor(color), [
        [[0, 0, 25, 100], 2500],
        [[150, 0, 50, 50], 2500],
      ]),
  }),
})

/** The data set is there, and maps of it look as they have to. */
export const basic: readonly Entry<WmsWorld>[] = [
  {
    id: 'main:data-preconditions',
    clause: 'test data',
    asserts: 'Every layer of the data set is there, in CRS:84, for any part and any size.',
    trials: ({ capabilities }) => {
      for (const title of titles) {
        const found = capabilities.layers.find(each => each.title === `cite:${title}`)
        assert.ok(found, `no layer is titled cite:${title}`)
        assert.ok(inherited(found, 'CRS').map(textOf).includes('CRS:84'), `cite:${title} is not in CRS:84`)
        assert.ok(!isYes(found.element, 'noSubsets'), `cite:${title} cannot be had in parts`)
        assert.ok(!Number(attributeOf(found.element, 'fixedWidth') ?? 0), `cite:${title} has a fixed size`)
      }
      return []
    },
  },
  {
    id: 'basic:gif-or-png',
    clause: 'test options',
    asserts: 'PNG or GIF is a format of maps.',
    trials: ({ capabilities }) => {
      assert.ok(formatsOf(capabilities, 'GetMap').some(format => format === 'image/gif' || format.includes('image/png')))
      return []
    },
  },
  {
    id: 'basic:bbox-exponential',
    clause: 'OGC 06-042, 6.5, 7.3.3.6',
    asserts: 'Numbers of a BBOX in exponent notation give the same picture as the same numbers in decimals.',
    trials: world => {
      const more = { ...wide, LAYERS: layersTitled(world, ...vicinityLayers), FORMAT: losslessFormat(world) }
      return {
        asks: [mapAsk(world, more), mapAsk(world, { ...more, BBOX: '-.0005E1,-25E-4,+05E-3,.00025E+1' })],
        judge: async answers => {
          const [plain, exponential] = await Promise.all(answers.map(pictureOf))
          assert.ok(plain.rgba.equals(exponential.rgba), 'the pictures differ')
        },
      }
    },
  },
  {
    id: 'basic:bbox-pixel-interpretation',
    clause: 'OGC 06-042, 6.7.4, 7.3.3.6',
    asserts: 'The BBOX goes around the outside of the pixels: a map just inside the lake has no white pixel at its edges.',
    trials: world => ({
      asks: [lakeAsk(world, { BBOX: '0.0016,-0.0012,0.0026,-0.0005', WIDTH: 10, HEIGHT: 7 })],
      judge: async ([answer]) => {
        const edges: readonly Part[] = [
          [0, 0, 10, 1],
          [0, 6, 10, 1],
          [0, 1, 1, 5],
          [9, 1, 1, 5],
        ]
        expectCounts(
          await pictureOf(answer),
          white,
          edges.map(edge => [edge, 0]),
        )
      },
    }),
  },
  background('no-bgcolor', 0xffffff, {}, 'Where the request does not say BGCOLOR, what is not covered is white.'),
  background('blue-bgcolor', 0x0000ff, { BGCOLOR: '0x0000FF' }, 'What is not covered has the colour of BGCOLOR.'),
  {
    id: 'basic:transparent-true',
    clause: 'OGC 06-042, 7.3.3.9',
    asserts: 'With TRANSPARENT=TRUE, what is not covered is transparent.',
    trials: world => ({
      asks: [lakeAsk(world, { TRANSPARENT: 'TRUE' })],
      judge: async ([answer]) => assert.ok(count(await pictureOf(answer), transparent) > 0, 'no pixel is transparent'),
    }),
  },
]

const feature = (world: WmsWorld, more = {}) =>
  infoAsk(world, { LAYERS: layer(world, 'BasicPolygons'), BBOX: '-2,2,2,6', WIDTH: 100, HEIGHT: 100, I: 50, J: 50, ...more })
const longer = (id: string, more: object, asserts: string): Entry<WmsWorld> => ({
  id: `queryable:${id}`,
  clause: 'OGC 06-042, 7.4.3.6',
  asserts,
  trials: (world): Trial => ({
    asks: [feature(world, more), feature(world, { FEATURE_COUNT: 2 })],
    judge: (answers: readonly Answer[]) => {
      for (const answer of answers) expectType(answer, infoFormat(world))
      const [few, many] = answers.map(({ bytes }) => bytes.length)
      assert.ok(few < many, `the answer with one feature has ${few} bytes, the one with two ${many}`)
    },
  }),
})

/** Polygons can be asked about. */
export const queryable: readonly Entry<WmsWorld>[] = [
  {
    id: 'queryable:getfeatureinfo-supported',
    clause: 'test options',
    asserts: 'GetFeatureInfo is served.',
    trials: ({ capabilities }) => {
      assert.ok(formatsOf(capabilities, 'GetFeatureInfo').length > 0)
      return []
    },
  },
  {
    id: 'queryable:std-data-queryable',
    clause: 'test options',
    asserts: 'The layers with polygons are queryable.',
    trials: ({ capabilities }) => {
      for (const name of ['BasicPolygons', 'Forests', 'Lakes', 'NamedPlaces']) {
        const found = named(capabilities).find(layer => layer.name === name || layer.name === `cite:${name}`)
        assert.ok(found && isYes(found.element, 'queryable'), name)
      }
      return []
    },
  },
  longer('feature_count-default', {}, 'Where the request does not say FEATURE_COUNT, it is told about less than with FEATURE_COUNT=2.'),
  longer('feature_count-1', { FEATURE_COUNT: 1 }, 'With FEATURE_COUNT=1, it is told about less than with FEATURE_COUNT=2.'),
]
