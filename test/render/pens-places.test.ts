import t from 'tap'
import { writeEwkb } from '#geo/ewkb.js'
import type { Pen } from '#render/pens.js'
import { prepareMark } from '#render/prepare-mark.js'
import { line, multi, point, polygon } from '../support/drawing.js'
import { gdalPython, withoutGdal } from '../support/gdal.js'
import { drawPens, ink, type PenPicture } from '../support/pens.js'
import { unlessAll } from '../support/programs.js'
import { seeded } from '../support/seeded.js'

const [width, height] = [120, 100]
const dot = prepareMark('square', { size: 3, fill: ink.rgba })!

const drawDots = (geometry: Uint8Array, part?: GraphicPart): PenPicture =>
  drawPens({ width, height, pens: [{ kind: 'graphic', classes: 7, graphic: dot, part }], geometries: [geometry] })
type GraphicPart = Extract<Pen, { kind: 'graphic' }>['part']

/** Middles of the dots, each of nine pixels, found by their alpha. */
function dotsOf({ rgba }: PenPicture): [number, number][] {
  const left = new Set<number>()
  for (let i = 0; i < width * height; i++) if (rgba[i * 4 + 3] > 0) left.add(i)
  const dots: [number, number][] = []
  for (const start of left) {
    let [sum, x, y] = [0, 0, 0]
    const queue = [start]
    left.delete(start)
    for (const i of queue) {
      const alpha = rgba[i * 4 + 3]
      sum += alpha
      x += alpha * ((i % width) + 0.5)
      y += alpha * (Math.floor(i / width) + 0.5)
      for (const next of [i - width - 1, i - width, i - width + 1, i - 1, i + 1, i + width - 1, i + width, i + width + 1])
        if (left.delete(next)) queue.push(next)
    }
    dots.push([x / sum, y / sum])
  }
  return dots
}

function sameDots(t: Tap.Test, found: readonly (readonly number[])[], expected: readonly (readonly number[])[], what: string): void {
  const text = (dots: readonly (readonly number[])[]) => dots.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).sort()
  t.equal(found.length, expected.length, `${what}: ${text(found)} for ${text(expected)}`)
  for (const [x, y] of expected)
    t.ok(
      found.some(([fx, fy]) => Math.hypot(fx - x, fy - y) < 0.1),
      `${what}: one at ${x} ${y}, of ${text(found)}`,
    )
}
declare namespace Tap {
  type Test = Pick<typeof t, 'equal' | 'ok'>
}

t.test('centroids and inner points are those of GEOS', { skip: unlessAll(withoutGdal) }, async t => {
  const random = seeded(91)
  const blob = (x: number, y: number, radius: number, wild: number) => {
    const count = 5 + Math.floor(random() * 12)
    const ring = Array.from({ length: count }, (_, i) => {
      const r = radius * (1 - wild * random())
      return [x + r * Math.cos((i / count) * 2 * Math.PI), y + r * Math.sin((i / count) * 2 * Math.PI)]
    })
    return [...ring, ring[0]]
  }
  const geometries = Array.from({ length: 40 }, (_, i) => {
    const shell = blob(60 + random() * 8, 50, 40, 0.8)
    if (i % 4 === 0) return polygon(shell)
    if (i % 4 === 1) return polygon(blob(60, 50, 40, 0.2).toReversed(), blob(60, 50, 18, 0.5))
    if (i % 4 === 2) return multi('MultiPolygon', polygon(blob(30, 50, 25, 0.6)), polygon(blob(85, 50, 25, 0.2), blob(85, 50, 10, 0.4)))
    return multi('MultiLineString', line(...shell.slice(2)), line([3, 3], [20 * random(), 70]))
  })
  const script = `
from osgeo import ogr
out = []
for wkb in sys.argv[1].split(','):
    g = ogr.CreateGeometryFromWkb(bytes.fromhex(wkb))
    c, p = g.Centroid(), g.PointOnSurface()
    out.append([[c.GetX(), c.GetY()], [p.GetX(), p.GetY()]])
print(json.dumps(out))`
  const hex = geometries.map(geometry => Buffer.from(geometry).toString('hex')).join(',')
  const answers = gdalPython<[number, number][][]>(script, hex)
  for (const [i, geometry] of geometries.entries()) {
    sameDots(t, dotsOf(drawDots(geometry, 'centroid')), [answers[i][0]], `centroid ${i}`)
    if (i % 4 < 3) sameDots(t, dotsOf(drawDots(geometry)), [answers[i][1]], `inner point ${i}`)
  }
})

t.test('vertices, start, end, middle and boundary of lines and rings', async t => {
  const path = [
    [10, 20],
    [50, 20],
    [50, 60],
    [90, 60],
  ]
  const ring = [
    [20, 10],
    [100, 10],
    [100, 50],
    [20, 50],
    [20, 10],
  ]
  const other = line([10, 90], [30, 90])
  const both = multi('MultiLineString', line(...path), other)
  const cases: [GraphicPart, Uint8Array, number[][]][] = [
    ['vertices', line(...path), path],
    ['start', both, [path[0], [10, 90]]],
    ['end', both, [path[3], [30, 90]]],
    [
      'middle',
      both,
      [
        [50, 40],
        [20, 90],
      ],
    ],
    ['boundary', both, [path[0], path[3], [10, 90], [30, 90]]],
    [undefined, both, [[50, 40]]],
    ['vertices', polygon(ring), ring.slice(1)],
    ['start', polygon(ring), [ring[0]]],
    ['end', polygon(ring), [ring[0]]],
    ['middle', polygon(ring), [[100, 50]]],
    ['interior', polygon(ring), [[60, 30]]],
    ['vertices', point(30, 40), [[30, 40]]],
    [
      undefined,
      multi('GeometryCollection', point(10, 95), polygon(ring)),
      [
        [10, 95],
        [60, 30],
      ],
    ],
    ['centroid', line([40, 40], [40, 40]), [[40, 40]]],
    [
      'interior',
      polygon([
        [40, 40],
        [60, 40],
        [40, 40],
      ]),
      [[40, 40]],
    ],
  ]
  for (const [part, geometry, expected] of cases) sameDots(t, dotsOf(drawDots(geometry, part)), expected, part ?? 'default')
})

t.test('graphics at places of a line are turned with it', async t => {
  // a bar above its place
  const bar = prepareMark('quarter_square', { size: 20, fill: ink.rgba })!
  const turned = (part: GraphicPart, ...path: number[][]) =>
    drawPens({ width, height, pens: [{ kind: 'graphic', classes: 6, graphic: bar, part, isTurned: true }], geometries: [line(...path)] })
  const down = turned('end', [60, 10], [60, 50])
  t.same([down.alpha(65, 45), down.alpha(55, 45), down.alpha(55, 55)], [255, 0, 0], 'upper left becomes upper right on the way down')
  const back = turned('start', [60, 50], [10, 50])
  t.same([back.alpha(65, 55), back.alpha(55, 45)], [255, 0], 'and lower right on the way back')
})

t.test('places do not depend on what shows', async t => {
  const big = polygon([
    [-5000, -300],
    [200, -280],
    [230, 400],
    [-5000, 380],
    [-5000, -300],
  ])
  t.same(dotsOf(drawDots(big)), [], 'the inner point is far away')
  const near = writeEwkb({ kind: 'LineString', dimensions: 'xy', coordinates: Float64Array.of(-1000, 50, 1120, 50) })
  sameDots(t, dotsOf(drawDots(near, 'middle')), [[60, 50]], 'the middle of what reaches out on both sides')
})
