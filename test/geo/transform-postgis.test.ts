import pg from 'pg'
import t from 'tap'
import { requireCrs } from '#geo/crs.js'
import { transformBetween } from '#geo/transform.js'
import { testDatabaseUrl, withoutDatabase } from '../support/postgres.js'
import { seeded } from '../support/seeded.js'

/** france.md 1.1: systems of frames that are WGS 84 within their accuracy, compared from EPSG:4326. */
const modern = [
  2154, 3942, 3943, 3944, 3945, 3946, 3947, 3948, 3949, 3950, 4171, 4258, 3034, 3035, 25830, 25831, 25832, 3857, 5490, 5489, 4559, 2972,
  4624, 2975, 4627, 4471, 4467, 4463, 3163, 4749, 8903, 8900, 7074, 7075, 7076, 7077, 7078, 7079, 7080, 7081,
]
/** Newer ones, which an older PROJ below PostGIS may not know yet. */
const recent = [9793, 9794, 9777, 9782, 9822, 9826, 9830, 9842, 9846, 9850, 8455, 8456, 10674, 10671]
/** Legacy ones, and RGPF whose shift PROJ picks place by place: from the geographic system below them. */
const legacy = [
  [27561, 4807],
  [27562, 4807],
  [27563, 4807],
  [27564, 4807],
  [27572, 4807],
  [27572, 4275],
  [4807, 4275],
  [2970, 4622],
  [2973, 4625],
  [2969, 4621],
  [3727, 4626],
  [3296, 4687],
  [3297, 4687],
] as const

const pointsPerSystem = 40

t.test('PostGIS agrees to 1 mm on a seeded grid of every French system', { skip: withoutDatabase }, async t => {
  const client = new pg.Client({ connectionString: testDatabaseUrl })
  await client.connect()
  t.teardown(() => client.end())
  const isKnown = (srid: number) =>
    client.query("select st_transform('POINT(0 0)'::geometry, 'EPSG:4326', $1)", [`EPSG:${srid}`]).then(
      () => true,
      error => !/parse|proj/i.test(String(error)),
    )
  const random = seeded(2154)

  const compare = async (srid: number, baseSrid: number) => {
    const [base, crs] = [requireCrs(`EPSG:${baseSrid}`), requireCrs(`EPSG:${srid}`)]
    const { unit, meridian } = base.definition!
    const [west, south, east, north] = crs.area!
    const points = Array.from({ length: pointsPerSystem }, () => {
      const lon = west + random() * (east - west + (east < west ? 360 : 0))
      return [((lon > 180 ? lon - 360 : lon) - meridian) / unit, (south + random() * (north - south)) / unit]
    })
    const { rows } = await client.query<{ x: number; y: number; lon: number; lat: number }>(
      // All points as one geometry: PostGIS looks a transform given by name up once per geometry.
      `with there as (
         select st_transform(st_collect(st_makepoint(p.x, p.y) order by p.i), $3, $4) g
         from unnest($1::float8[], $2::float8[]) with ordinality as p(x, y, i)),
       back as (select st_transform(g, $4, $3) g from there)
       select st_x(a.geom) x, st_y(a.geom) y, st_x(b.geom) lon, st_y(b.geom) lat
       from there, back, st_dump(there.g) a, st_dump(back.g) b where a.path = b.path order by a.path`,
      [points.map(p => p[0]), points.map(p => p[1]), base.code, crs.code],
    )
    const [there, back] = [transformBetween(base.code, crs.code), transformBetween(crs.code, base.code)]
    let [worst, worstBack] = [0, 0]
    rows.forEach((row, i) => {
      const point = there.point(points[i][0], points[i][1]) ?? [Infinity, Infinity]
      const again = back.point(row.x, row.y) ?? [Infinity, Infinity]
      worst = Math.max(worst, Math.hypot(point[0] - row.x, point[1] - row.y) * crs.metresPerUnit)
      worstBack = Math.max(worstBack, Math.hypot(again[0] - row.lon, again[1] - row.lat) * base.metresPerUnit)
    })
    const title = `EPSG:${srid} (${crs.name}) from EPSG:${baseSrid}: ${(worst * 1000).toFixed(4)} mm, back ${(worstBack * 1000).toFixed(4)} mm`
    // PROJ 9.1 to 9.5 turn the equal-area projection back by a series that misses by up to 1.6 mm in the corners of Europe; ours is exact.
    t.ok(worst < 0.001 && worstBack < (srid === 3035 ? 0.002 : 0.001), title)
  }

  for (const srid of modern) await compare(srid, 4326)
  for (const srid of recent) {
    if (await isKnown(srid)) await compare(srid, 4326)
    else t.pass(`EPSG:${srid}`, { skip: 'not known to the PROJ below this PostGIS' })
  }
  for (const [srid, base] of legacy) await compare(srid, base)
})
