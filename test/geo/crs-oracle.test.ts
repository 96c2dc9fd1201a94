import { readFileSync } from 'node:fs'
import t from 'tap'
import { type Crs, crsRegistry, requireCrs } from '#geo/crs.js'
import { CrsError } from '#geo/crs-error.js'
import { transformBetween } from '#geo/transform.js'

interface Oracle {
  readonly proj: string
  readonly projections: readonly (readonly [base: string, code: string, points: readonly (readonly [number, number, number, number])[]])[]
  readonly shifts: readonly (readonly [code: string, x: number, y: number, results: readonly (readonly [number, number, number])[]])[]
}
const oracle = JSON.parse(readFileSync('fixtures/geo/crs-oracle.json', 'utf8')) as Oracle

/** Metres that a result may be off PROJ's. Cassini's series in proj4 stops earlier: two degrees off the meridian it is centimetres out. */
const tolerance = (crs: Crs) => (crs.definition!.projection.startsWith('+proj=cass') ? 0.05 : 0.001)

t.test('the registry and the oracle are of one PROJ', async t => t.equal(crsRegistry().projVersion, oracle.proj))

t.test('a seeded sample of every method and axis orientation agrees with PROJ to 1 mm, there and back', async t => {
  for (const [base, code, points] of oracle.projections) {
    const crs = requireCrs(code)
    const [there, back] = [transformBetween(base, code), transformBetween(code, base)]
    const degreeMetres = requireCrs(base).metresPerUnit
    let [worst, worstBack] = [0, 0]
    for (const [x, y, X, Y] of points) {
      const point = there.point(x, y) ?? [NaN, NaN]
      worst = Math.max(worst, Math.hypot(point[0] - X, point[1] - Y) * crs.metresPerUnit)
      const again = back.point(point[0], point[1]) ?? [NaN, NaN]
      const dx = again[0] - x
      const turn = 360 / requireCrs(base).definition!.unit
      worstBack = Math.max(worstBack, Math.hypot((dx - turn * Math.round(dx / turn)) * Math.cos(y / 57.3), again[1] - y) * degreeMetres)
    }
    t.ok(worst <= tolerance(crs), `${code} ${crs.name}: ${worst} m`)
    t.ok(worstBack <= 0.002, `${code} comes back within 2 mm: ${worstBack} m`)
  }
})

t.test('shifts to WGS 84 are operations that PROJ has, with its accuracy', async t => {
  for (const [code, x, y, results] of oracle.shifts) {
    const transform = transformBetween(code, 'EPSG:4326')
    const [lon, lat] = transform.point(x, y)!
    const same = results.filter(([X, Y]) => Math.hypot(X - lon, Y - lat) * 111_320 < 0.002)
    t.ok(same.length > 0, `${code} is shifted as PROJ would`)
    // -1 is PROJ's word for unknown.
    t.ok(same.some(([, , accuracy]) => accuracy === (transform.accuracy ?? -1)) || transform.warning, `${code}: ${transform.accuracy} m`)
  }
})

t.test('every system in force transforms the middle of its area of use, or is refused with a reason', async t => {
  const counts = { transformed: 0, viaBase: 0, refused: 0 }
  const failed: string[] = []
  for (const code of crsRegistry().codes()) {
    const crs = requireCrs(code)
    if (crs.isDeprecated || !['geographic', 'projected'].includes(crs.kind) || !crs.area) continue
    const [west, south, east, north] = crs.area
    const middle = [(west + (east < west ? east + 360 : east)) / 2, (south + north) / 2] as const
    try {
      const isOfWgs84 = crs.definition?.shift?.[0]
      const base = isOfWgs84 ? 'OGC:CRS84' : (crs.base ?? crs.code)
      const { unit, meridian } = requireCrs(base).definition!
      const [x, y] = [(middle[0] - meridian) / unit, middle[1] / unit]
      const point = transformBetween(base, code).point(x, y)
      const again = point && transformBetween(code, base).point(...point)
      const turn = 360 / unit
      const dx = again ? again[0] - x : NaN
      const off = again
        ? Math.hypot((dx - turn * Math.round(dx / turn)) * Math.cos(middle[1] / 57.3), again[1] - y) * 111_320 * unit
        : Infinity
      // Steps with large rotations are published for small angles: the way back misses by decimetres, in PROJ as well.
      if (off <= (isOfWgs84?.length ? 0.25 : 0.005)) counts[isOfWgs84 ? 'transformed' : 'viaBase']++
      else failed.push(`${code} ${crs.name} ${off}`)
    } catch (error) {
      if (!(error instanceof CrsError)) throw error
      t.ok(error.message.includes(code), error.message)
      counts.refused++
    }
  }
  t.comment(`to WGS 84: ${counts.transformed}, within their datum only: ${counts.viaBase}, refused: ${counts.refused}`)
  t.same(failed, [])
  t.ok(counts.transformed > 5000)
  t.ok(counts.refused < 80, 'only unsupported projections are refused altogether')
})
