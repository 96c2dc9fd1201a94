import assert from 'node:assert/strict'
import { count, expectCounts, type Part, pictureOf, transparent, white } from '../image.js'
import type { Answer, Entry, Trial } from '../suite.js'
import { expectException } from '../wms/exceptions.js'
import { expectType, lake, layer, layersTitled, losslessFormat, mapAsk, type WmsWorld } from '../wms/world.js'
import { dimension, expectDeclared, expectWarning } from './dimension.js'

type Judge = (answer: Answer) => void | Promise<void>
const clause = 'OGC 06-042, C.3, D.2'

/** An entry on a layer that has to have the dimension. */
const on =
  (title: string, prefix: string, box: object) =>
  (id: string, asserts: string, value: string | undefined, judge: Judge, others: readonly string[] = []): Entry<WmsWorld> => ({
    id: `${prefix}:${id}`,
    clause,
    asserts,
    trials: (world): Trial => {
      dimension(world, title, 'elevation')
      const LAYERS = layersTitled(world, title, ...others)
      const ask = mapAsk(world, { ...box, FORMAT: losslessFormat(world), LAYERS, ELEVATION: value })
      return { asks: [ask], judge: ([answer]) => judge(answer) }
    },
  })

const terrain = on('Terrain', 'raster_elevation', { BBOX: '-0.5,-0.5,0.5,0.5', WIDTH: 600, HEIGHT: 600, TRANSPARENT: 'TRUE' })
const all: Part = [0, 0, 600, 600]
const northWest: Part = [0, 0, 150, 150]
const southEast: Part = [450, 450, 150, 150]
const holes =
  (...expected: readonly (readonly [Part, number])[]): Judge =>
  async answer =>
    expectCounts(await pictureOf(answer), transparent, expected)

/** ELEVATION of a raster layer: what lies outside of it is transparent. */
export const rasterElevation: readonly Entry<WmsWorld>[] = [
  {
    id: 'raster_elevation:raster_elevation',
    clause,
    asserts: 'cite:Terrain has an elevation from 0 to 425 m by 1, several values at once, none put in for another.',
    trials: world => {
      const declared = { units: 'CRS:88', unitSymbol: 'm', multipleValues: '1', nearestValue: '0' }
      expectDeclared(dimension(world, 'Terrain', 'elevation'), declared, ['0/425/1'])
      return []
    },
  },
  terrain('terrain-low-range', 'A low range shows the low ground alone.', '0/200', holes([southEast, 0], [all, 337_500])),
  terrain(
    'terrain-mid-range',
    'A middle range leaves out the low and the high ground.',
    '200/335',
    holes([northWest, 22_500], [southEast, 22_500], [all, 45_000]),
  ),
  terrain('terrain-high-range', 'A high range shows the high ground alone.', '335/425', holes([northWest, 0], [all, 337_500])),
  terrain(
    'terrain-low-and-high-ranges',
    'Two ranges show what lies in either.',
    '0/200,335/425',
    holes([northWest, 0], [southEast, 0], [all, 315_000]),
  ),
  terrain('terrain-range-and-value', 'A range and a value show what lies in the one or is the other.', '0/200,250', async answer => {
    const picture = await pictureOf(answer)
    expectCounts(picture, transparent, [
      [northWest, 22_500],
      [southEast, 0],
    ])
    assert.ok(count(picture, transparent) > 22_500)
  }),
  terrain('terrain-value', 'A value shows the cells that have it.', '250', async answer => {
    const number = count(await pictureOf(answer), transparent)
    assert.ok(number > 45_000 && number < 360_000, `${number} pixels are transparent`)
  }),
  terrain('terrain-invalid', 'A value outside of the extent is the exception InvalidDimensionValue.', '1000', answer =>
    expectException(answer, 'InvalidDimensionValue'),
  ),
  terrain('terrain-default', 'Without a value the default is taken, and a header says so.', undefined, async answer => {
    await pictureOf(answer)
    expectWarning(answer, 'Default', 'elevation=0/425')
  }),
  {
    id: 'raster_elevation:terrain-and-other-layer',
    clause,
    asserts: 'A layer with the dimension and one without are drawn together.',
    trials: world => {
      dimension(world, 'Terrain', 'elevation')
      const LAYERS = `${layer(world, 'BasicPolygons')},${layer(world, 'Terrain')}`
      const ask = mapAsk(world, { LAYERS, BBOX: '-1,-1,1,1', WIDTH: 600, HEIGHT: 600, ELEVATION: '0/425', FORMAT: losslessFormat(world) })
      return { asks: [ask], judge: ([answer]) => expectType(answer, losslessFormat(world)) }
    },
  },
]

const lakes = on('Lakes', 'vector_elevation', { BBOX: lake, WIDTH: 200, HEIGHT: 100 })
const blanks =
  (...expected: readonly (readonly [Part, number])[]): Judge =>
  async answer =>
    expectCounts(await pictureOf(answer), white, expected)
const low = blanks([[0, 0, 50, 100], 5000], [[65, 35, 10, 30], 0], [[100, 0, 100, 100], 10_000])
const middle = blanks(
  [[0, 0, 40, 100], 4000],
  [[60, 30, 15, 45], 0],
  [[60, 60, 60, 10], 0],
  [[100, 0, 100, 50], 5000],
  [[130, 50, 70, 50], 3500],
)
const high = blanks([[0, 0, 20, 100], 2000], [[50, 30, 35, 50], 0], [[85, 55, 55, 20], 0], [[170, 0, 30, 100], 3000])

/** ELEVATION of a layer of features: those of that value are drawn. */
export const vectorElevation: readonly Entry<WmsWorld>[] = [
  {
    id: 'vector_elevation:vector_elevation',
    clause,
    asserts: 'cite:Lakes has the elevations 500, 490 and 480 m, one at a time, 500 by default, the nearest put in for others.',
    trials: world => {
      const declared = { units: 'CRS:88', unitSymbol: 'm', multipleValues: '0', nearestValue: '1', default: '500' }
      expectDeclared(dimension(world, 'Lakes', 'elevation'), declared, ['500', '490', '480'])
      return []
    },
  },
  lakes('geometry-low', 'At 480 m the lake is small.', '480', low),
  lakes('geometry-med', 'At 490 m it is larger.', '490', middle),
  lakes('geometry-high', 'At 500 m it is full.', '500', high),
  lakes('geometry-multiple-values', 'Two values at once are the exception InvalidDimensionValue.', '500,480', answer =>
    expectException(answer, 'InvalidDimensionValue'),
  ),
  lakes('geometry-nearest-value', 'For 492 m the lake at 490 m is drawn, and a header says so.', '492', async answer => {
    await middle(answer)
    expectWarning(answer, 'Nearest', 'elevation=490')
  }),
  lakes('geometry-default-value', 'Without a value the lake at 500 m is drawn, and a header says so.', undefined, async answer => {
    await high(answer)
    expectWarning(answer, 'Default', 'elevation=500')
  }),
  lakes(
    'geometry-and-other-layer',
    'A layer with the dimension and one without are drawn together.',
    '480',
    answer => expectType(answer, 'image/png'),
    ['Streams'],
  ),
]
