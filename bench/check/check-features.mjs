// GeoJSON held against PostGIS: every feature that must be there and none that may not, its vertices counted, its coordinates summed.
import pg from 'pg'
import { get } from '../support/measure.mjs'

/** Metres from the edge of a box in which servers may differ: rounding; and, of those that bring the corners of the box into the stored CRS and no more, its turn. */
const [slack, coarseSlack] = [5, 150]
/** How far the mean of a feature's coordinates may be from PostGIS's: half of the last of six decimals, or a millimetre. */
const tolerances = { lonLat: 6e-7, stored: 1e-3 }

/** What a request must answer: by id `{ distance, vertices, x, y, section }`; `distance` is how far it reaches into the box, in steps, negative outside. */
export async function truthOf({ postgres }, { table }, { lonLat, isStored }) {
  const client = new pg.Client(postgres.url)
  await client.connect()
  const geometry = isStored ? 'geom' : 'ST_Transform(geom, 4326)'
  const { rows } = await client.query(
    `WITH asked AS (SELECT ST_Transform(ST_Segmentize(ST_MakeEnvelope($1, $2, $3, $4, 4326), 0.001), 2154) AS box)
    SELECT id, section, CASE WHEN ST_Intersects(geom, ST_Buffer(box, -${coarseSlack})) THEN ${coarseSlack} WHEN ST_Intersects(geom, ST_Buffer(box, -${slack})) THEN ${slack}
      WHEN geom && ST_Expand(box, ${slack}) THEN 0 ELSE -${slack} END AS distance, p.vertices, p.x, p.y
    FROM asked JOIN ${table} ON geom && ST_Expand(box, ${coarseSlack}),
      LATERAL (SELECT count(*)::int AS vertices, sum(ST_X(d.geom)) AS x, sum(ST_Y(d.geom)) AS y FROM ST_DumpPoints(${geometry}) AS d) AS p`,
    lonLat,
  )
  await client.end()
  return new Map(rows.map(({ id, ...row }) => [id, row]))
}

/** `{ ok, why, count, worst }` of a server's answer; `worst` is how far means are off. */
export async function checkFeatures(server, workload, request, truth, isStrict) {
  const { status, headers, body } = await get(`http://127.0.0.1:${server.port}${server.mapPath(workload, request)}`)
  const type = String(headers['content-type'])
  if (status !== 200 || !type.includes(request.mediaType)) return { ok: false, why: `${status} ${type}: ${body.toString('utf8', 0, 300)}` }
  const tolerance = request.isStored ? tolerances.stored : tolerances.lonLat
  const { features } = JSON.parse(body)
  const seen = new Set()
  let worst = 0
  for (const { id: own, properties, geometry } of features) {
    const id = Number(String(properties.id ?? own).match(/\d+$/)?.[0])
    const right = truth.get(id)
    if (!right || seen.has(id) || (isStrict && right.distance < 0))
      return { ok: false, why: `feature ${id} ${right ? 'is there twice' : 'does not belong there'}` }
    seen.add(id)
    const sum = summed(geometry.coordinates, { vertices: 0, x: 0, y: 0 })
    if (sum.vertices !== right.vertices || properties.section !== right.section)
      return { ok: false, why: `feature ${id} has ${sum.vertices} vertices, not ${right.vertices}, or section ${properties.section}` }
    worst = Math.max(worst, Math.abs(sum.x - right.x) / sum.vertices, Math.abs(sum.y - right.y) / sum.vertices)
  }
  for (const [id, { distance }] of truth)
    if (distance >= (isStrict ? slack : coarseSlack) && !seen.has(id))
      return { ok: false, why: `feature ${id} is missing: there are ${seen.size} of ${truth.size}` }
  return { ok: worst <= tolerance, count: seen.size, worst, ...(worst > tolerance && { why: `coordinates are off by ${worst}` }) }
}

function summed(coordinates, sum) {
  if (typeof coordinates[0] === 'number') {
    sum.vertices++
    sum.x += coordinates[0]
    sum.y += coordinates[1]
  } else for (const inner of coordinates) summed(inner, sum)
  return sum
}
