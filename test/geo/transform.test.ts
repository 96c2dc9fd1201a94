import t from 'tap'
import { transformBetween } from '#geo/transform.js'
import { seeded } from '../support/seeded.js'

/** france.md 1.2: place, lon, lat, Lambert-93, CC zone, conformal conic, Web Mercator; PROJ 9.5.1. */
const golden = [
  ['Metz', 6.17551, 49.12014, 931757.941, 6895808.96, 3949, 1931711.495, 8218206.647, 687454.629, 6295271.279],
  ['Strasbourg', 7.75129, 48.58189, 1050246.291, 6841838.166, 3949, 2050311.723, 8164473.335, 862869.656, 6204212.374],
  ['Reims', 4.03393, 49.25377, 775282.782, 6906504.762, 3949, 1775261.381, 8228732.517, 449055.033, 6318031.066],
  ['Châlons', 4.3652, 48.95698, 799971.866, 6873866.794, 3949, 1799966.239, 8196115.062, 485931.841, 6267564.95],
  ['Saint-Dié', 6.9486, 48.2845, 992781.855, 6805562.864, 3948, 1992892.355, 7239133.901, 773514.614, 6154316.683],
  ['Orléans', 1.90925, 47.90289, 618505.847, 6756395.815, 3948, 1618459.319, 7189780.136, 212536.738, 6090714.37],
  ['Blois', 1.33358, 47.58606, 574757.759, 6721952.994, 3948, 1574668.475, 7155333.623, 148453.447, 6038264.183],
  ['Châteauroux', 1.69118, 46.81029, 600202.679, 6635287.618, 3947, 1600117.219, 6179746.28, 188261.296, 5911163.36],
  ['Chartres', 1.48768, 48.44774, 588171.682, 6817455.986, 3948, 1588135.926, 7250879.741, 165607.78, 6181668.704],
  ['Toulouse', 1.44421, 43.60465, 574358.518, 6279637.401, 3944, 1574405.581, 3157261.283, 160768.722, 5404463.316],
  ['Montpellier', 3.87672, 43.61077, 770797.161, 6279472.819, 3944, 1770770.703, 3157132.758, 431554.496, 5405404.201],
] as const

const near = (a: readonly number[] | undefined, b: readonly number[], tolerance: number) =>
  a !== undefined && Math.hypot(a[0] - b[0], a[1] - b[1]) <= tolerance

t.test('golden points to the millimetre, there and back', async t => {
  for (const [place, lon, lat, x93, y93, zone, xcc, ycc, xm, ym] of golden) {
    for (const [code, x, y] of [
      ['EPSG:2154', x93, y93],
      [`EPSG:${zone}`, xcc, ycc],
      ['EPSG:3857', xm, ym],
    ] as const) {
      t.ok(near(transformBetween('EPSG:4326', code).point(lon, lat), [x, y], 0.001), `${place} in ${code}`)
      t.ok(near(transformBetween(code, 'OGC:CRS84').point(x, y), [lon, lat], 2e-8), `${place} from ${code}`)
      t.ok(near(transformBetween(code, 'EPSG:2154').point(x, y), [x93, y93], 0.002), `${place} from ${code} to Lambert-93`)
    }
  }
})

t.test('the same answer by each way of asking', async t => {
  const random = seeded(1)
  const transform = transformBetween('EPSG:4326', 'EPSG:3035')
  const out = new Float64Array(6)
  for (let i = 0; i < 200; i++) {
    const [lon, lat] = [random() * 40 - 10, 35 + random() * 30]
    const point = transform.point(lon, lat)!
    t.ok(transform.into(lon, lat, out, 2))
    t.same([out[2], out[3]], point)
    t.ok(transform.trace(lon, lat, out))
    t.same([out[0], out[1]], point)
    t.ok(near([out[2], out[3]], [lon, lat], 1e-12))
  }
})

t.test('two names of one system are the same', async t => {
  for (const [from, to] of [
    ['EPSG:4326', 'OGC:CRS84'],
    ['EPSG:2154', 'EPSG:2154'],
    ['EPSG:3857', 'EPSG:900913'],
    ['EPSG:5698', 'EPSG:2154'],
  ]) {
    t.ok(transformBetween(from, to).isIdentity, `${from} ${to}`)
    t.same(transformBetween(from, to).point(1, 2), [1, 2])
    t.equal(transformBetween(from, to).point(NaN, 2), undefined)
  }
  t.notOk(transformBetween('EPSG:2154', 'EPSG:9794').isIdentity, 'RGF93 v1 and v2b are not aliases')
})

t.test('what cannot be projected is undefined, never infinite or NaN', async t => {
  const beyond: readonly (readonly [string, string, number, number])[] = [
    ['EPSG:4326', 'EPSG:3857', 0, 90],
    ['EPSG:4326', 'EPSG:3857', 0, -90],
    ['EPSG:4326', 'EPSG:3857', 0, 91],
    ['EPSG:4326', 'EPSG:2154', 3, -90],
    ['EPSG:4326', 'EPSG:3031', 0, 90],
    ['EPSG:4326', 'EPSG:3035', -170, -52],
    ['EPSG:4326', 'EPSG:32631', 93, 0],
    ['EPSG:3035', 'EPSG:4326', -2e7, 3e6],
    ['EPSG:32631', 'EPSG:4326', 1e9, 0],
    ['EPSG:3857', 'EPSG:4326', 0, Infinity],
    ['EPSG:4326', 'EPSG:3857', NaN, 0],
  ]
  const out = new Float64Array(2)
  for (const [from, to, x, y] of beyond) {
    const point = transformBetween(from, to).point(x, y)
    if (to === 'EPSG:3035' && point) t.ok(point.every(Number.isFinite), 'near the far side of the disc')
    else t.equal(point, undefined, `${from} ${to} ${x} ${y}`)
    if (!point) t.notOk(transformBetween(from, to).into(x, y, out, 0))
  }
  const random = seeded(2)
  for (const to of [
    'EPSG:3857',
    'EPSG:2154',
    'EPSG:3031',
    'EPSG:3035',
    'EPSG:32631',
    'EPSG:27700',
    'EPSG:2193',
    'EPSG:5514',
    'EPSG:2056',
    'EPSG:8857',
    'EPSG:3410',
  ]) {
    const [there, back] = [transformBetween('EPSG:4326', to), transformBetween(to, 'EPSG:4326')]
    let wrong = 0
    for (let i = 0; i < 2000; i++) {
      const [lon, lat] = [random() * 360 - 180, random() * 180 - 90]
      const point = there.point(lon, lat)
      if (!point) continue
      const again = back.point(...point)
      const turn = again && again[0] - lon - 360 * Math.round((again[0] - lon) / 360)
      if (!again || Math.hypot(turn! * Math.cos((lat * Math.PI) / 180), again[1] - lat) > 2e-5) wrong++
    }
    t.equal(wrong, 0, `every point that ${to} has comes back`)
  }
})

t.test('maps that repeat the world are read beyond its edge', async t => {
  t.ok(near(transformBetween('EPSG:3857', 'EPSG:4326').point(25e6, 0), [-135.42117897, 0], 1e-8))
  t.ok(near(transformBetween('EPSG:4326', 'EPSG:3857').point(190, 0), [-18924313.4349, 0], 1e-3))
})

t.test('a datum shift is never silent', async t => {
  const lambert2 = transformBetween('EPSG:27572', 'EPSG:2154')
  t.match(lambert2.warning, /fr_ign_ntf_r93\.tif.*is not installed/)
  t.equal(lambert2.accuracy, 3)
  t.equal(transformBetween('EPSG:27572', 'EPSG:4275').warning, undefined, 'none within a datum')
  t.equal(transformBetween('EPSG:27572', 'EPSG:4275').accuracy, 0)
  t.equal(transformBetween('EPSG:2154', 'EPSG:3857').accuracy, 1)
  t.equal(transformBetween('EPSG:2154', 'EPSG:3857').warning, undefined)
  t.match(transformBetween('EPSG:4326', 'EPSG:2163').warning, /no datum known/, 'a sphere that belongs to no datum')
  t.match(transformBetween('EPSG:5698', 'EPSG:4326').warning, /heights are left/, 'compound systems are horizontal only')
})

t.test('Helmert shifts agree with PROJ', async t => {
  // PROJ 9.5.1 without network: NTF to WGS 84 (1), OSGB36 to WGS 84 (6), both in lon, lat.
  t.ok(near(transformBetween('EPSG:4275', 'EPSG:4326').point(2.5, 48.5), [2.499288045898802, 48.49993392430725], 1e-10))
  t.ok(near(transformBetween('EPSG:4277', 'EPSG:4326').point(-2, 52), [-2.001410429750304, 52.000424861294185], 1e-10))
})

t.test('nothing but a guess or a missing grid is refused with the reason', async t => {
  const refuse = (from: string, to: string, kind: string, message: RegExp) =>
    t.throws(() => transformBetween(from, to), { name: 'CrsError', kind, message }, `${from} ${to}`)
  refuse('EPSG:9999999', 'EPSG:4326', 'unknown-crs', /not known/)
  refuse('EPSG:2327', 'EPSG:4326', 'no-transformation', /No transformation is known.*Xian 1980/)
  refuse('EPSG:4326', 'EPSG:2029', 'no-transformation', /datum grid .*not installed/)
  refuse('EPSG:5720', 'EPSG:4326', 'no-transformation', /vertical system/)
  refuse('EPSG:4978', 'EPSG:4326', 'no-transformation', /geocentric system/)
  refuse('EPSG:6244', 'EPSG:4326', 'no-transformation', /Colombia Urban/)
  t.ok(transformBetween('EPSG:2327', 'EPSG:4610').point(13.5e6, 4e6), 'within its datum it is served')
})

t.test('a method PROJ lacks: polar stereographic variant C (EPSG guidance note 7-2)', async t => {
  const [lon, lat] = [140 + 4 / 60 + 17.04 / 3600, -(66 + 36 / 60 + 18.82 / 3600)]
  t.ok(near(transformBetween('EPSG:4636', 'EPSG:2985').point(lon, lat), [303169.52, 244055.72], 0.01))
})
