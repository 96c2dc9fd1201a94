import t from 'tap'
import { type Bbox, unionBbox } from '#geo/bbox.js'
import { requireCrs } from '#geo/crs.js'
import { projectionLimits } from '#geo/projection-limits.js'
import { transformBbox, transformBboxes, transformBetween } from '#geo/transform.js'
import { seeded } from '../support/seeded.js'

const world: Bbox = [-180, -90, 180, 90]

/** Each side within `share` of the size of the expected box. */
function isNear(found: Bbox | undefined, expected: Bbox, share: number): boolean {
  if (!found) return false
  const size = [expected[2] - expected[0], expected[3] - expected[1]]
  return found.every((value, i) => Math.abs(value - expected[i]) <= share * size[i % 2])
}

t.test('boxes agree with PROJ, densified 2001 times', async t => {
  const golden: readonly (readonly [Bbox, string, string, Bbox])[] = [
    [[-5.5, 41, 10, 51.5], 'EPSG:4326', 'EPSG:2154', [-16296.158, 5988565.691, 1290257.913, 7188065.613]],
    [[100000, 6000000, 1300000, 7200000], 'EPSG:2154', 'EPSG:4326', [-5.649413, 40.860434, 11.649413, 51.892079]],
    [[100000, 6000000, 1300000, 7200000], 'EPSG:2154', 'EPSG:3857', [-628889.749, 4991777.437, 1296806.694, 6780635.441]],
    [[-4e6, -4e6, 4e6, 4e6], 'EPSG:3031', 'EPSG:4326', [-180, -90, 180, -41.031632]],
    [[-4e6, -4e6, 4e6, 4e6], 'EPSG:3995', 'EPSG:4326', [-180, 41.031632, 180, 90]],
    [[1e6, -1e6, 2e6, 1e6], 'EPSG:3995', 'EPSG:4326', [45, 69.628669, 135, 80.815265]],
    [[-10, 35, 30, 70], 'EPSG:4326', 'EPSG:3035', [2498538, 1327857.734, 6143462, 5319011.507]],
    [[-9.01, 49.75, 2.01, 61.01], 'EPSG:4277', 'EPSG:27700', [-104728.764, -16627.738, 688806.008, 1256616.321]],
    [[2e6, 1e6, 7e6, 6e6], 'EPSG:3035', 'EPSG:3857', [-5771267.536, 3214969.278, 8501621.456, 13972820.725]],
    [[0, 0, 6, 84], 'EPSG:4326', 'EPSG:32631', [166021.443, 0, 833978.557, 9329005.182]],
    [[-180, -90, 180, -60], 'EPSG:4326', 'EPSG:3031', [-3333134.028, -3333134.028, 3333134.028, 3333134.028]],
  ]
  for (const [bbox, from, to, expected] of golden) t.ok(isNear(transformBbox(bbox, from, to), expected, 2e-5), `${from} to ${to}`)
})

t.test('the world, in systems that cannot show all of it', async t => {
  const edge = 20037508.342789244
  t.ok(isNear(transformBbox(world, 'EPSG:4326', 'EPSG:3857'), [-edge, -20048966.1, edge, 20048966.1], 1e-8), 'Web Mercator ends at 85.06°')
  t.ok(
    isNear(transformBbox(world, 'EPSG:4326', 'EPSG:3832'), [-edge, -20006332.44, edge, 20006332.44], 1e-4),
    'a Mercator of the Pacific is as wide',
  )
  const areaOfUse: readonly (readonly [string, Bbox])[] = [
    ['EPSG:2154', [-378305.81, 6005281.0, 1320649.57, 7235612.72]],
    ['EPSG:27700', [-104728.76, -16627.74, 688806.01, 1256616.32]],
    ['EPSG:3031', [-3333134.03, -3333134.03, 3333134.03, 3333134.03]],
    ['EPSG:3995', [-3333134.03, -3333134.03, 3333134.03, 3333134.03]],
    ['EPSG:32631', [166021.44, 0, 833978.56, 9329005.18]],
    ['EPSG:4807', [-8.0080324, 45.9, 8.103017, 56.822222]],
    ['EPSG:3832', [-5711803.07, -8362698.55, 15807367, 10023392.49]],
  ]
  for (const [to, expected] of areaOfUse) {
    t.ok(isNear(transformBbox(world, 'EPSG:4326', to, { within: 'area-of-use' }), expected, 1e-4), `${to} within its area of use`)
    const whole = transformBbox(world, 'EPSG:4326', to)!
    t.ok(
      whole.every(v => Number.isFinite(v) && Math.abs(v) <= 1e8),
      `${to} as far as it can show: ${whole.map(Math.round)}`,
    )
    t.ok(whole[0] <= expected[0] + 300 && whole[2] >= expected[2] - 300, 'the area of use is part of it')
  }
  const disc = 2 * 6371007
  t.ok(
    isNear(transformBbox(world, 'EPSG:4326', 'EPSG:3035'), [4321000 - disc, 3210000 - disc, 4321000 + disc, 3210000 + disc], 1e-3),
    'the whole disc',
  )
})

t.test('poles', async t => {
  t.same(
    transformBbox([0, 0, 4e6, 4e6], 'EPSG:3031', 'EPSG:4326')!.map(v => Math.round(v * 1e6) / 1e6),
    [0, -90, 90, -41.031632],
    'a pole in the corner has no longitude',
  )
  t.same(transformBbox([-1e5, -2e5, 3e5, 1e5], 'EPSG:3995', 'EPSG:4326')![3], 90)
  t.same(
    transformBboxes([-1e5, -2e5, 3e5, 1e5], 'EPSG:3995', 'OGC:CRS84').map(b => [b[0], b[2]]),
    [[-180, 180]],
    'around a pole every longitude, in one piece',
  )
  const around = transformBbox([-4e6, -4e6, 4e6, 4e6], 'EPSG:3995', 'EPSG:3857')!
  t.ok(isNear(around, [-20037508.34, 5017008.45, 20037508.34, 20048966.1], 1e-5), 'in Mercator, too')
})

t.test('the antimeridian: the whole turn, or two pieces', async t => {
  t.ok(isNear(transformBbox([-6e6, -5e6, 7e6, 5e6], 'EPSG:3832', 'EPSG:4326'), [-180, -41.106745, 180, 41.106745], 1e-6))
  const pieces = transformBboxes([-6e6, -5e6, 7e6, 5e6], 'EPSG:3832', 'EPSG:4326')
  t.equal(pieces.length, 2)
  t.ok(isNear(pieces[0], [96.101083, -41.106745, 180, 41.106745], 1e-6))
  t.ok(isNear(pieces[1], [-180, -41.106745, -147.11793, 41.106745], 1e-6))
  const beyond = transformBboxes([15e6, 0, 25e6, 1e6], 'EPSG:3857', 'EPSG:4326')
  t.ok(isNear(beyond[0], [134.747293, 0, 180, 8.946574], 1e-6), 'a map that goes on beyond the edge of the world')
  t.ok(isNear(beyond[1], [-180, 0, -135.421179, 8.946574], 1e-6))
  const mercator = transformBboxes([170, -50, 190, -30], 'EPSG:4326', 'EPSG:3857')
  t.ok(isNear(mercator[0], [18924313.43, -6446275.84, 20037508.34, -3503549.84], 1e-6))
  t.ok(isNear(mercator[1], [-20037508.34, -6446275.84, -18924313.43, -3503549.84], 1e-6))
  t.equal(transformBboxes([170, -50, 180, -30], 'EPSG:4326', 'EPSG:3857').length, 1, 'touching is not crossing')
  t.equal(transformBboxes([-180, -50, -170, -30], 'EPSG:4326', 'EPSG:3857').length, 1)
  t.equal(transformBboxes([170, -50, 190, -30], 'EPSG:4326', 'EPSG:3832').length, 1, 'the Pacific is in one piece on its own map')
})

t.test('nothing to show', async t => {
  t.equal(transformBbox([-10, 89, 10, 90], 'EPSG:4326', 'EPSG:3857'), undefined)
  t.equal(transformBbox([100, -40, 110, -30], 'EPSG:4326', 'EPSG:2154', { within: 'area-of-use' }), undefined)
  for (const wrong of [
    [NaN, 0, 1, 1],
    [1, 0, 0, 1],
    [0, 0, Infinity, 1],
  ] as unknown as Bbox[])
    t.equal(transformBbox(wrong, 'EPSG:4326', 'EPSG:3857'), undefined)
  t.throws(() => transformBbox(world, 'EPSG:4326', 'EPSG:99999'), { message: /EPSG:99999 is not known/ })
  t.same(transformBbox([3, 4, 5, 6], 'EPSG:4326', 'OGC:CRS84'), [3, 4, 5, 6], 'the same system: the same box')
  t.same(
    transformBbox([2, 48, 2, 48], 'EPSG:4326', 'EPSG:2154')!.map(Math.round),
    [625422, 6767096, 625422, 6767096],
    'a point stays a point',
  )
})

t.test('seeded boxes hold everything that is in them, and 0.1 % more at most', async t => {
  const random = seeded(31)
  const systems = [
    'EPSG:4326',
    'EPSG:3857',
    'EPSG:2154',
    'EPSG:3035',
    'EPSG:3031',
    'EPSG:3995',
    'EPSG:32631',
    'EPSG:27700',
    'EPSG:3832',
    'EPSG:2193',
    'EPSG:4807',
    'EPSG:3163',
  ]
  const side = 60
  for (let i = 0; i < 150; i++) {
    const from = systems[Math.floor(random() * systems.length)]
    const to = systems[Math.floor(random() * systems.length)]
    if (from === to) continue
    const [centreX, centreY] = [random() * 340 - 170, random() * 150 - 75]
    const centre = transformBetween('EPSG:4326', from).point(centreX, centreY)
    if (!centre || !projectionLimits(requireCrs(from), 'domain').isWithin(centreX, centreY)) continue
    const unit = requireCrs(from).definition!.isGeographic ? 1 : 111_000
    const [width, height] = [10 ** (random() * 3 - 1) * 0.3 * unit, 10 ** (random() * 3 - 1) * 0.15 * unit]
    const bbox: Bbox = [centre[0] - width / 2, centre[1] - height / 2, centre[0] + width / 2, centre[1] + height / 2]
    const transform = transformBetween(from, to)
    const limits = projectionLimits(requireCrs(to), 'domain')
    const out = new Float64Array(4)
    let brute: Bbox | undefined
    for (let a = 0; a <= side; a++) {
      for (let b = 0; b <= side; b++) {
        if (!transform.trace(bbox[0] + (width * a) / side, bbox[1] + (height * b) / side, out) || !limits.isWithin(out[2], out[3])) continue
        brute = unionBbox(brute, [out[0], out[1], out[0], out[1]])
      }
    }
    const found = transformBbox(bbox, from, to)
    const title = `${from} ${bbox.map(v => v.toPrecision(8))} to ${to}`
    if (!brute) t.ok(!found || found.every(Number.isFinite), title)
    else {
      const slack = [brute[2] - brute[0], brute[3] - brute[1]].map(size => size * 1e-3 + 1e-9)
      const holds =
        found &&
        found[0] <= brute[0] + slack[0] &&
        found[1] <= brute[1] + slack[1] &&
        found[2] >= brute[2] - slack[0] &&
        found[3] >= brute[3] - slack[1]
      t.ok(holds, `${title}: ${found} holds ${brute}`)
    }
  }
})
