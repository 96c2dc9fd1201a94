import assert from 'node:assert/strict'
import { count, expectCounts, headOf, ofColor, opaque, type Part, pictureOf, transparent, white } from '../image.js'
import type { Entry } from '../suite.js'
import { formatsOf } from '../wms/capabilities.js'
import { expectType, lake, layer, layersTitled, losslessFormat, mapAsk, vicinityLayers, type WmsWorld } from '../wms/world.js'
import { type Ask, clause, exception, image, trial } from './entry.js'

const bbox = clause('7.2.3.6', 'wmsops-getmap-params-bbox-')
const bgcolor = clause('7.2.3.11', 'wmsops-getmap-params-bgcolor-')
const transparency = clause('7.2.3.10', 'wmsops-getmap-params-transparent-')
const format = clause('7.2.3.8', 'wmsops-getmap-params-format-')
const size = clause('7.2.3.9', 'wmsops-getmap-params-width_height-')

/** A map of the lake without losses. */
const lakeMap =
  (more = {}) =>
  (world: WmsWorld) =>
    mapAsk(world, { BBOX: lake, WIDTH: 200, HEIGHT: 100, FORMAT: losslessFormat(world), ...more })
const pondMap = (more: object) => (world: WmsWorld) =>
  mapAsk(world, { LAYERS: layer(world, 'Ponds'), FORMAT: losslessFormat(world), ...more })

const overturned = (number: number, box: string, what: string) =>
  bbox(
    number,
    `A BBOX whose ${what} is an exception.`,
    exception(world => mapAsk(world, { BBOX: box })),
  )
const allWhite = (ask: Ask) =>
  trial(ask, async answer => {
    const picture = await pictureOf(answer)
    assert.equal(count(picture, white), picture.width * picture.height, 'white pixels')
  })
const background = (number: number, color: number, more: object, asserts: string) =>
  bgcolor(
    number,
    asserts,
    trial(lakeMap(more), async answer =>
      expectCounts(await pictureOf(answer), ofColor(color), [
        [[0, 0, 25, 100], 2500],
        [[150, 0, 50, 50], 2500],
      ]),
    ),
  )
const all: Part = [0, 0, 200, 100]
const sized = (ask: Ask, width: number, height: number) =>
  trial(ask, async answer => {
    const head = await headOf(answer)
    assert.deepEqual([head.width, head.height], [width, height])
  })
const ofKind =
  (kind: 'gif' | 'jpeg' | 'png'): Entry<WmsWorld>['trials'] =>
  world =>
    formatsOf(world.capabilities, 'GetMap').includes(`image/${kind}`)
      ? {
          asks: [lakeMap({ FORMAT: `image/${kind}` })(world)],
          judge: async ([answer]) => assert.equal((await headOf(answer)).format, kind),
        }
      : `image/${kind} is not a format of maps`

/** BBOX, BGCOLOR, TRANSPARENT, FORMAT, WIDTH, HEIGHT, REQUEST and VERSION of GetMap. */
export const maps: readonly Entry<WmsWorld>[] = [
  clause('6.5.1', 'basic_elements-param_rules-order_and_case-')(
    4,
    'A parameter the standard does not know leaves a map as it is.',
    image(lakeMap({ BOGUS: 'ignored', FORMAT: 'image/png' })),
  ),
  bbox(3, 'Numbers in exponent notation give the same picture as the same numbers in decimals.', world => {
    const more = { LAYERS: layersTitled(world, ...vicinityLayers), WIDTH: 400, HEIGHT: 200, FORMAT: losslessFormat(world) }
    return {
      asks: ['-0.005,-0.0025,0.005,0.0025', '-.0005E1,-25E-4,+05E-3,.00025E+1'].map(box => mapAsk(world, { ...more, BBOX: box })),
      judge: async answers => {
        const [plain, exponential] = await Promise.all(answers.map(pictureOf))
        assert.ok(plain.rgba.equals(exponential.rgba), 'the pictures differ')
      },
    }
  }),
  bbox(
    4,
    'The BBOX goes around the outside of the pixels: a map just inside the lake has no white pixel at its edges.',
    trial(lakeMap({ BBOX: '0.0016,-0.0012,0.0026,-0.0005', WIDTH: 10, HEIGHT: 7 }), async answer => {
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
    }),
  ),
  overturned(5, '1,-1,-1,1', 'first number is above its third'),
  overturned(6, '1,-1,1,1', 'first number equals its third'),
  overturned(7, '-1,1,1,-1', 'second number is above its fourth'),
  overturned(8, '-1,1,1,1', 'second number equals its fourth'),
  bbox(9, 'A map that does not meet its layer is all background.', allWhite(pondMap({ BBOX: '-180,-90,-179,-89' }))),
  bbox(10, 'A map beyond 90 degrees is all background.', allWhite(pondMap({ BBOX: '-5,90,5,100' }))),
  // 11 and 12 contradict each other: a server is to fulfil either
  bbox('11 or 12', 'A map beyond 180 degrees is all background, or what lies on the other side of the antimeridian.', world => ({
    asks: ['-0.0022,0.0014,-0.0012,0.0022', '359.9978,0.0014,359.9988,0.0022'].map(box => pondMap({ BBOX: box })(world)),
    judge: async answers => {
      const [here, around] = await Promise.all(answers.map(pictureOf))
      assert.ok(around.rgba.equals(here.rgba) || count(around, white) === around.width * around.height)
    },
  })),
  background(1, 0xffffff, {}, 'Where the request does not say BGCOLOR, what is not covered is white.'),
  background(2, 0x0000ff, { BGCOLOR: '0x0000FF' }, 'What is not covered has the colour of BGCOLOR.'),
  transparency(
    1,
    'Where the request does not say TRANSPARENT, every pixel is opaque.',
    trial(lakeMap(), async answer => expectCounts(await pictureOf(answer), opaque, [[all, 20_000]])),
  ),
  transparency(
    2,
    'With TRANSPARENT=FALSE, every pixel is opaque.',
    trial(lakeMap({ TRANSPARENT: 'FALSE' }), async answer => expectCounts(await pictureOf(answer), opaque, [[all, 20_000]])),
  ),
  transparency(
    3,
    'With TRANSPARENT=TRUE, what is not covered is transparent.',
    trial(lakeMap({ TRANSPARENT: 'TRUE' }), async answer => assert.ok(count(await pictureOf(answer), transparent) > 0)),
  ),
  format(
    1,
    'A FORMAT that is not listed is the exception InvalidFormat.',
    exception(world => mapAsk(world, { FORMAT: 'UnknownFormat', BBOX: '-1,-1,1,1' }), 'InvalidFormat'),
  ),
  format(2, 'A map asked for as GIF is one.', ofKind('gif')),
  format(3, 'A map asked for as JPEG is one.', ofKind('jpeg')),
  format(4, 'A map asked for as PNG is one.', ofKind('png')),
  ...(['', '-transparent'] as const).map(kind =>
    clause('7.2.3.8', 'wmsops-getmap-')(
      `each-format${kind}`,
      `A map${kind && ' with TRANSPARENT=TRUE'} comes in each format that is listed.`,
      world =>
        formatsOf(world.capabilities, 'GetMap').map(name => ({
          of: name,
          asks: [mapAsk(world, { FORMAT: name, ...(kind && { TRANSPARENT: 'TRUE' }) })],
          judge: ([answer]) => expectType(answer, name),
        })),
    ),
  ),
  size(
    1,
    'A map of 1024 × 768 pixels has that very size.',
    sized(
      world =>
        mapAsk(world, {
          LAYERS: layersTitled(world, 'Lakes', 'Streams', 'Ponds'),
          BBOX: '-0.0022,-0.0024,0.0042,0.0024',
          WIDTH: 1024,
          HEIGHT: 768,
        }),
      1024,
      768,
    ),
  ),
  size(
    2,
    'A map of 16 × 16 pixels has that very size.',
    sized(world => mapAsk(world, { LAYERS: layer(world, 'BasicPolygons'), BBOX: '-1,-1,1,1', WIDTH: 16, HEIGHT: 16 }), 16, 16),
  ),
  clause('6.2.5', 'wmsops-getmap-params-')('request-1', 'REQUEST=map does for GetMap.', image(lakeMap({ REQUEST: 'map' }))),
  clause('6.2.5', 'wmsops-getmap-params-')(
    'version-1',
    'WMTVER does for VERSION.',
    image(lakeMap({ VERSION: undefined, WMTVER: '1.1.1' })),
  ),
]
