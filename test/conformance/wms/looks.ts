import assert from 'node:assert/strict'
import { count, type Part, type Picture, pictureOf, white } from '../image.js'
import type { Entry } from '../suite.js'
import { frame, layer, layersTitled, losslessFormat, mapAsk, vicinityLayers, type WmsWorld } from './world.js'

type Trials = Entry<WmsWorld>['trials']

/** Colour of a pixel, 0xRRGGBB. */
const colorAt = ({ width, rgba }: Picture, x: number, y: number) => rgba.readUIntBE(4 * (y * width + x), 3)
const isWhite = (picture: Picture, part: Part) => count(picture, white, part) === part[2] * part[3]
const wide = { BBOX: '-0.005,-0.0025,0.005,0.0025', WIDTH: 400, HEIGHT: 200 }

/** The polygon in the middle of cite:BasicPolygons is a diamond that fills its box. */
export const diamond: Trials = world => ({
  asks: [
    mapAsk(world, { LAYERS: layer(world, 'BasicPolygons'), BBOX: '-1,-1,1,1', WIDTH: 300, HEIGHT: 300, FORMAT: losslessFormat(world) }),
  ],
  judge: async ([answer]) => {
    const picture = await pictureOf(answer)
    for (const [x, y] of [
      [150, 150],
      [150, 6],
      [150, 293],
      [6, 150],
      [293, 150],
      [80, 80],
      [219, 219],
    ])
      assert.notEqual(colorAt(picture, x, y), 0xffffff, `inside, at ${x},${y}`)
    const corners: readonly Part[] = [
      [0, 0, 140, 5],
      [160, 0, 140, 5],
      [0, 295, 140, 5],
      [160, 295, 140, 5],
      [0, 0, 70, 70],
      [230, 230, 70, 70],
    ]
    for (const corner of corners) assert.ok(isWhite(picture, corner), `outside, in ${corner}`)
  },
})

/** The layers of the vicinity are drawn inside of their frame, and nothing outside. */
export const blueLake: Trials = world => ({
  asks: [mapAsk(world, { ...wide, LAYERS: layersTitled(world, ...vicinityLayers), FORMAT: losslessFormat(world) })],
  judge: async ([answer]) => {
    const picture = await pictureOf(answer)
    assert.ok(isWhite(picture, [0, 0, 28, 200]) && isWhite(picture, [372, 0, 28, 200]), 'something is drawn outside of the frame')
    // the frame runs at 32 and 368, 4 and 196; the lake lies around 284,132
    for (const part of [
      [30, 50, 5, 1],
      [366, 50, 5, 1],
      [250, 2, 1, 5],
      [250, 194, 1, 5],
      [260, 120, 10, 10],
    ] as const)
      assert.ok(!isWhite(picture, part), `nothing is drawn in ${part}`)
  },
})

/** The first layer of LAYERS lies at the bottom, the last on top. */
export const layerOrder: Trials = world => {
  const box = { BBOX: frame, WIDTH: 168, HEIGHT: 96, FORMAT: losslessFormat(world) }
  const layers = ['Forests', 'Lakes', 'NamedPlaces']
  return {
    asks: [layers, layers.toReversed(), ['Forests'], ['Lakes']].map(titles =>
      mapAsk(world, { ...box, LAYERS: layersTitled(world, ...titles) }),
    ),
    judge: async answers => {
      const [upwards, downwards, forests, lakes] = await Promise.all(answers.map(pictureOf))
      // default styles of other layers may have the same colour; the lake and the forest have not
      const [x, y] = placeInBoth(forests, lakes)
      assert.notEqual(colorAt(upwards, x, y), colorAt(downwards, x, y), `the order makes no difference at ${x},${y}`)
    },
  }
}

/** Where BBOX and size differ in shape, the map is stretched. */
export const aspectRatio: Trials = world => {
  const more = { ...wide, LAYERS: layersTitled(world, 'Lakes', 'Forests'), FORMAT: losslessFormat(world) }
  return {
    asks: [mapAsk(world, { ...more, WIDTH: 200, HEIGHT: 100 }), mapAsk(world, { ...more, WIDTH: 200, HEIGHT: 200 })],
    judge: async answers => {
      const [flat, tall] = await Promise.all(answers.map(pictureOf))
      let different = 0
      for (let y = 0; y < 100; y++)
        for (let x = 0; x < 200; x++) if ((colorAt(flat, x, y) === 0xffffff) !== (colorAt(tall, x, 2 * y) === 0xffffff)) different++
      assert.ok(different < 0.03 * 200 * 100, `${different} of 20000 pixels do not correspond`)
    },
  }
}

/** A pixel drawn in both pictures, and all around it. */
function placeInBoth(a: Picture, b: Picture): readonly [number, number] {
  const isDrawn = (picture: Picture, x: number, y: number) => count(picture, white, [x - 2, y - 2, 5, 5]) === 0
  for (let y = 2; y < a.height - 2; y++) for (let x = 2; x < a.width - 2; x++) if (isDrawn(a, x, y) && isDrawn(b, x, y)) return [x, y]
  assert.fail('the layers meet nowhere')
}
