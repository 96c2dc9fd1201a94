import t from 'tap'
import { requireCrs } from '#geo/crs.js'
import { readEwkb, writeEwkb } from '#geo/ewkb.js'
import { patchedTransform } from '#geo/patched-transform.js'
import { reprojectEwkb } from '#geo/reproject-ewkb.js'
import { type Transform, transformBetween } from '#geo/transform.js'
import { seeded } from '../support/seeded.js'

/** Pairs as data and clients have them, and a box in which there is something, in degrees. */
const pairs: readonly (readonly [from: string, to: string, box: readonly [number, number, number, number]])[] = [
  ['EPSG:2154', 'OGC:CRS84', [-5, 41, 10, 51.5]],
  ['EPSG:4326', 'EPSG:2154', [-5, 41, 10, 51.5]],
  ['EPSG:2154', 'EPSG:3857', [-5, 41, 10, 51.5]],
  ['EPSG:3857', 'EPSG:4326', [-180, -85, 180, 85]],
  ['EPSG:4326', 'EPSG:3857', [-180, -85, 180, 85]],
  ['EPSG:3035', 'EPSG:4326', [-20, 30, 40, 70]],
  ['EPSG:32631', 'EPSG:4326', [0, 0, 6, 83]],
  ['EPSG:27572', 'EPSG:4326', [-5, 41, 10, 51.5]],
  ['EPSG:3948', 'EPSG:2154', [0, 47.2, 5, 48.8]],
  ['EPSG:2056', 'EPSG:4326', [6, 45.8, 10.5, 47.8]],
  ['EPSG:27700', 'EPSG:4258', [-6, 50, 2, 58]],
  ['EPSG:5490', 'EPSG:4326', [-63, 14, -60, 18.5]],
]

/** Metres between where two points of `to` are. */
const metresOff = ({ to }: Transform, a: Float64Array, b: Float64Array) => Math.hypot(a[0] - b[0], a[1] - b[1]) * to.metresPerUnit

t.test('patches differ from the projection by less than a hundredth of a millimetre', async t => {
  for (const [from, to, [west, south, east, north]] of pairs) {
    const transform = transformBetween(from, to)
    const near = patchedTransform(transform)
    const [there, exact, patched] = [new Float64Array(2), new Float64Array(2), new Float64Array(2)]
    const random = seeded(from.length + north)
    const [moved, degrees] = [transformBetween('EPSG:4326', from), { x: 0, y: 0 }]
    let worst = 0
    let same = 0
    for (let i = 0; i < 400; i++) {
      if (i % 10 === 0) Object.assign(degrees, { x: west + random() * (east - west), y: south + random() * (north - south) })
      if (!moved.into(degrees.x + random() * 0.01, degrees.y + random() * 0.01, there, 0)) continue
      const isPlace = transform.into(there[0], there[1], exact, 0)
      t.equal(near(there[0], there[1], patched, 0), isPlace)
      if (!isPlace) continue
      worst = Math.max(worst, metresOff(transform, exact, patched))
      if (exact[0] === patched[0] && exact[1] === patched[1]) same++
    }
    t.ok(worst < 1e-5, `${from} to ${to}: ${worst} m at most`)
    t.ok(same < 300, `${from} to ${to}: patches are in use (${same} of 400 are the projection's own)`)
  }
})

t.test('where the projection breaks off or jumps, it is asked itself', async t => {
  const cases = [
    ['EPSG:4326', 'EPSG:3832', 330, 10], // PDC Mercator around 150° E: the world ends at 30° W
    ['EPSG:4326', 'EPSG:3857', 180, 89.99],
    ['EPSG:3857', 'EPSG:4326', 20037508.34, 20037508.34],
    ['EPSG:3413', 'EPSG:4326', 0, 0], // the pole itself
    ['EPSG:4326', 'EPSG:2154', 3, -89.9],
  ] as const
  const [exact, patched] = [new Float64Array(2), new Float64Array(2)]
  for (const [from, to, x0, y0] of cases) {
    const transform = transformBetween(from, to)
    const near = patchedTransform(transform)
    const metre = 1 / requireCrs(from).metresPerUnit
    const random = seeded(11)
    for (let i = 0; i < 300; i++) {
      const [x, y] = [x0 + (random() - 0.5) * 40_000 * metre, y0 + (random() - 0.5) * 40_000 * metre]
      const isPlace = transform.into(x, y, exact, 0)
      t.equal(near(x, y, patched, 0), isPlace)
      if (isPlace) t.ok(metresOff(transform, exact, patched) < 1e-5, `${from} ${x},${y} to ${to}`)
    }
  }
})

t.test('an answer does not depend on what was asked before', async t => {
  const transform = transformBetween('EPSG:2154', 'EPSG:4326')
  const [one, other] = [patchedTransform(transform), patchedTransform(transform)]
  const random = seeded(5)
  const places = Array.from({ length: 6000 }, () => [200_000 + random() * 1e6, 6_100_000 + random() * 1e6] as const)
  const answers = places.map(([x, y]) => {
    const out = new Float64Array(2)
    one(x, y, out, 0)
    return out
  })
  for (const [i, [x, y]] of [...places.entries()].reverse()) {
    const out = new Float64Array(2)
    other(x, y, out, 0)
    if (out[0] !== answers[i][0] || out[1] !== answers[i][1]) t.fail(`${x},${y}`)
  }
  t.pass()
})

t.test('points are where the projection has them, vertices of paths where the patches do', async t => {
  const transform = transformBetween('EPSG:2154', 'EPSG:4326')
  const paths: Transform['into'] = (x, y, out, at) => {
    out[at] = x + 1
    out[at + 1] = y + 2
    return true
  }
  const line = writeEwkb({ kind: 'LineString', dimensions: 'xyz', coordinates: Float64Array.of(1, 2, 3, 4, 5, 6) })
  t.ok(reprojectEwkb(line, transform.into, paths))
  t.match(readEwkb(line), { coordinates: [2, 4, 3, 5, 7, 6] })
  const points = writeEwkb({
    kind: 'MultiPoint',
    dimensions: 'xy',
    parts: [{ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(652000, 6862000) }],
  })
  t.ok(reprojectEwkb(points, transform.into, paths))
  t.match(readEwkb(points), { parts: [{ coordinates: transform.point(652000, 6862000) }] })
})
