import assert from 'node:assert/strict'
import { attributeOf, textOf } from '#xml/read.js'
import { count, type Part, pictureOf, white } from '../image.js'
import type { Entry, Trial } from '../suite.js'
import { expectException } from '../wms/exceptions.js'
import { expectType, frame, layer, layersTitled, losslessFormat, mapAsk, mapFormat, type WmsWorld } from '../wms/world.js'
import { dimension, expectDeclared, expectWarning } from './dimension.js'

/** Upper left corners of the boxes of 10 × 10 pixels around every place where a car is at some time. */
const corners = [
  [135, 105],
  [95, 115],
  [60, 125],
  [45, 135],
  [45, 155],
  [45, 185],
  [45, 225],
  [45, 5],
  [45, 55],
  [45, 105],
  [45, 205],
  [75, 215],
  [75, 175],
  [75, 135],
  [75, 95],
  [75, 55],
  [350, 20],
  [345, 45],
] as const

/** Boxes (counted from 1) with a car in them, every five seconds from the first. */
const carsAt = [[1], [2], [3], [4], [5, 8], [6, 9], [7, 10], [5], [11, 12], [13], [14], [15, 17], [16, 18]] as const
const instant = (step: number) => `2000-01-01T00:${step === 12 ? '01:00' : `00:${String(5 * step).padStart(2, '0')}`}Z`
const lastTen = `${instant(10)}/${instant(12)}`
const clause = 'OGC 06-042, C.3, D.3'

/** A map of the cars at some time: those boxes are not all white, and the others are. */
function cars(world: WmsWorld, time: string, present: readonly number[], of?: string): Trial {
  dimension(world, 'Autos', 'time')
  const ask = mapAsk(world, {
    LAYERS: layer(world, 'Autos'),
    BBOX: frame,
    WIDTH: 420,
    HEIGHT: 240,
    FORMAT: losslessFormat(world),
    TIME: time,
  })
  return {
    ...(of !== undefined && { of }),
    asks: [ask],
    judge: async ([answer]) => {
      const picture = await pictureOf(answer)
      const seen = corners.flatMap(([x, y], i) => (count(picture, white, [x, y, 10, 10] satisfies Part) === 100 ? [] : [i + 1]))
      assert.deepEqual(
        seen,
        [...present].sort((a, b) => a - b),
        'boxes with a car',
      )
    },
  }
}

const several = (id: string, asserts: string, time: string, present: readonly number[]): Entry<WmsWorld> => ({
  id: `time:${id}`,
  clause,
  asserts,
  trials: world => cars(world, time, present),
})

/** A map in its own box of a layer whose time has `current`. */
const current = (id: string, asserts: string, value: (extent: string) => string): Entry<WmsWorld> => ({
  id: `time:${id}`,
  clause,
  asserts,
  trials: world => {
    const found = dimension(world, 'Autos', 'time')
    if (!/^(1|true)$/.test(attributeOf(found, 'current') ?? '')) return 'the dimension does not state current'
    const ask = mapAsk(world, { LAYERS: layer(world, 'Autos'), BBOX: frame, TIME: value(textOf(found)) })
    return { asks: [ask], judge: ([answer]) => expectType(answer, mapFormat(world)) }
  },
})

/** TIME: the cars that are there at that time are drawn. */
export const time: readonly Entry<WmsWorld>[] = [
  {
    id: 'time:time-options-requirements',
    clause,
    asserts: 'cite:Autos has a time of one minute in steps of five seconds, several values at once, the nearest put in for others.',
    trials: world => {
      const declared = { units: 'ISO8601', multipleValues: '1', nearestValue: '1' }
      expectDeclared(dimension(world, 'Autos', 'time'), declared, ['2000-01-01T00:00:00Z/2000-01-01T00:01:00Z/PT5S'])
      return []
    },
  },
  {
    id: 'time:time-each-instant',
    clause,
    asserts: 'At each instant the cars of that instant are drawn.',
    trials: world => carsAt.map((present, step) => cars(world, instant(step), present, instant(step))),
  },
  several('time-interval', 'In an interval, all cars in it are drawn.', lastTen, [14, 15, 16, 17, 18]),
  several('time-interval-and-instant', 'An interval and an instant add up.', `${instant(0)},${lastTen}`, [1, 14, 15, 16, 17, 18]),
  several('time-interval-list', 'Intervals add up.', `${instant(0)}/${instant(2)},${lastTen}`, [1, 2, 3, 14, 15, 16, 17, 18]),
  several('time-instant-list', 'Instants add up.', `${instant(0)},${instant(12)}`, [1, 16, 18]),
  current('time-current-instant', 'TIME=current is answered by a map.', () => 'current'),
  current(
    'time-current-interval',
    'An interval that ends with current is answered by a map.',
    extent => `${extent.split(/[/,]/)[0]}/current`,
  ),
  {
    id: 'time:time-default',
    clause,
    asserts: 'Without TIME the default is taken, and a header says so.',
    trials: world => {
      const byDefault = attributeOf(dimension(world, 'Autos', 'time'), 'default')
      if (!byDefault) return 'the dimension has no default'
      return {
        asks: [mapAsk(world, { LAYERS: layer(world, 'Autos'), BBOX: frame })],
        judge: ([answer]) => {
          expectType(answer, mapFormat(world))
          expectWarning(answer, 'Default', `time=${byDefault}`)
        },
      }
    },
  },
  {
    id: 'time:time-and-other-layer',
    clause,
    asserts: 'A layer with the dimension and others without are drawn together.',
    trials: world => {
      dimension(world, 'Autos', 'time')
      const LAYERS = layersTitled(world, 'DividedRoutes', 'RoadSegments', 'Autos')
      const ask = mapAsk(world, { LAYERS, BBOX: frame, WIDTH: 420, HEIGHT: 240, TIME: instant(6), FORMAT: losslessFormat(world) })
      return { asks: [ask], judge: ([answer]) => expectType(answer, losslessFormat(world)) }
    },
  },
  {
    id: 'dims:missing-no-default',
    clause: 'OGC 06-042, C.3.3',
    asserts: 'A layer with a dimension without default, asked for without a value, is the exception MissingDimensionValue.',
    trials: world => {
      const found = world.capabilities.layers.find(
        ({ name, element }) =>
          name !== undefined &&
          element.content.some(child => typeof child !== 'string' && child.name === 'Dimension' && !attributeOf(child, 'default')),
      )
      if (!found?.name) return 'no dimension is without a default'
      return { asks: [mapAsk(world, { LAYERS: found.name })], judge: ([answer]) => expectException(answer, 'MissingDimensionValue') }
    },
  },
]
