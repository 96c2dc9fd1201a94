import t from 'tap'
import { readEwkb, writeEwkb } from '#geo/ewkb.js'
import type { Geometry, PathGeometry } from '#geo/geometry.js'
import { linearise, lineariseGeometry } from '#geo/linearise.js'
import { randomGeometry } from '../support/random-geometry.js'
import { seeded } from '../support/seeded.js'

const arcs = (...coordinates: number[]): PathGeometry => ({
  kind: 'CircularString',
  dimensions: 'xy',
  coordinates: Float64Array.from(coordinates),
})
const path = (geometry: Geometry) => ('coordinates' in geometry ? [...geometry.coordinates] : [])

t.test('chords stay within the tolerance of the arc, and end where it ends', async t => {
  const random = seeded(3)
  for (let i = 0; i < 500; i++) {
    const [x, y, radius, start] = [random() * 1e6, random() * 7e6, 0.1 + random() * 1000, random() * 7]
    const sweep = (random() - 0.5) * 4 * Math.PI * 0.98
    const at = (share: number) => [x + radius * Math.cos(start + sweep * share), y + radius * Math.sin(start + sweep * share)]
    const tolerance = 10 ** (-3 + random() * 3)
    const given = arcs(...at(0), ...at(0.1 + random() * 0.8), ...at(1))
    const line = path(lineariseGeometry(given, tolerance))
    if (line[0] !== given.coordinates[0] || line.at(-1) !== given.coordinates[5]) t.fail('ends moved')
    for (let k = 0; k + 3 < line.length; k += 2) {
      const onArc = Math.hypot(line[k] - x, line[k + 1] - y)
      const middle = Math.hypot((line[k] + line[k + 2]) / 2 - x, (line[k + 1] + line[k + 3]) / 2 - y)
      if (Math.abs(onArc - radius) > 1e-6 * radius + 1e-6) t.fail(`a corner is ${onArc - radius} off the arc`)
      if (radius - middle > tolerance * 1.001 + 1e-6) t.fail(`a chord is ${radius - middle} off at tolerance ${tolerance}`)
    }
  }
  t.pass('all of them')
})

t.test('neighbours that share an arc get the same corners, whichever way they run', async t => {
  const random = seeded(4)
  for (let i = 0; i < 200; i++) {
    const p = Array.from({ length: 6 }, () => random() * 1e6)
    const there = path(lineariseGeometry(arcs(...p), 0.01))
    const back = path(lineariseGeometry(arcs(p[4], p[5], p[2], p[3], p[0], p[1]), 0.01))
    const pairs = (line: number[]) => Array.from({ length: line.length / 2 }, (_, k) => `${line[2 * k]} ${line[2 * k + 1]}`)
    if (pairs(there).join() !== pairs(back).reverse().join()) t.fail(`arc ${i} differs`)
  }
  t.pass('all of them')
})

t.test('full circles, straight arcs and odd ends', async t => {
  const circle = path(lineariseGeometry(arcs(0, 0, 2, 0, 0, 0), 0.001))
  t.ok(circle.length > 60, 'a circle has many corners')
  t.same([circle[0], circle[1], circle.at(-2), circle.at(-1)], [0, 0, 0, 0], 'and is closed')
  t.same(path(lineariseGeometry(arcs(0, 0, 1, 1, 2, 2), 0.1)), [0, 0, 1, 1, 2, 2], 'collinear points stay')
  t.same(path(lineariseGeometry(arcs(5, 5, 5, 5, 5, 5), 0.1)), [5, 5, 5, 5, 5, 5], 'a single place stays')
  t.same(path(lineariseGeometry(arcs(0, 0, Number.NaN, 1, 2, 2), 0.1)), [0, 0, Number.NaN, 1, 2, 2], 'NaN stays')
  t.same(path(lineariseGeometry(arcs(), 0.1)), [], 'empty stays')
  t.same(path(lineariseGeometry(arcs(1, 2, 3, 4), 0.1)), [1, 2, 3, 4], 'half an arc is a line')
  t.throws(() => lineariseGeometry(arcs(), 0), RangeError)
})

t.test('Z and M run evenly between the control points', async t => {
  const half: Geometry = { kind: 'CircularString', dimensions: 'xyz', coordinates: Float64Array.of(-1, 0, 10, 0, 1, 20, 1, 0, 40) }
  const line = path(lineariseGeometry(half, 0.0001))
  for (let k = 0; k < line.length; k += 3) {
    const angle = Math.PI - Math.atan2(line[k + 1], line[k])
    const expected = angle <= Math.PI / 2 ? 10 + (10 * angle) / (Math.PI / 2) : 20 + (20 * (angle - Math.PI / 2)) / (Math.PI / 2)
    if (Math.abs(line[k + 2] - expected) > 1e-9) t.equal(line[k + 2], expected)
  }
  t.pass('all of them')
})

t.test('a tiny tolerance on a huge radius does not eat the memory', async t => {
  t.ok(path(lineariseGeometry(arcs(0, 0, 1e12, 0, 0, 0), 1e-9)).length <= 2 * 4098)
})

t.test('everything becomes one of the seven simple types', async t => {
  const random = seeded(5)
  const simple = new Set(['Point', 'LineString', 'Polygon', 'MultiPoint', 'MultiLineString', 'MultiPolygon', 'GeometryCollection'])
  const check = (geometry: Geometry): boolean => simple.has(geometry.kind) && (!('parts' in geometry) || geometry.parts.every(check))
  for (let i = 0; i < 1000; i++) {
    const geometry = randomGeometry(random)
    const line = readEwkb(linearise(writeEwkb(geometry, { srid: 2154, isBigEndian: random() < 0.5 }), 100))
    if (!check(line) || line.srid !== 2154) t.fail(`${geometry.kind} became ${line.kind}, SRID ${line.srid}`)
  }
  t.pass('all of them')
})

t.test('simple EWKB comes back untouched; other byte orders are normalised', async t => {
  const bytes = writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(1, 2) })
  t.equal(linearise(bytes, 1), bytes)
  t.same(linearise(writeEwkb(readEwkb(bytes), { isBigEndian: true }), 1), bytes)
})
