import pg from 'pg'
import t from 'tap'
import { ewkbBbox, readEwkb, writeEwkb } from '#geo/ewkb.js'
import { type Geometry, type GeometryKind, geometryCodes, isEmptyGeometry } from '#geo/geometry.js'
import { linearise } from '#geo/linearise.js'
import { testDatabaseUrl, withoutDatabase } from '../support/postgres.js'
import { randomGeometry } from '../support/random-geometry.js'
import { seeded } from '../support/seeded.js'

t.test('PostGIS', { skip: withoutDatabase }, async t => {
  const client = new pg.Client(testDatabaseUrl)
  await client.connect()
  t.teardown(() => client.end())

  const random = seeded(11)
  const kinds = Object.keys(geometryCodes) as GeometryKind[]
  const all: Geometry[] = Array.from({ length: 1500 }, (_, i) => ({ ...randomGeometry(random, kinds[i % kinds.length]), srid: 2154 }))
  const written = all.map(geometry => Buffer.from(writeEwkb(geometry)))

  await t.test('reads what is written and writes the same bytes', async t => {
    const { rows } = await client.query<{ back: Buffer; iso: Buffer; xdr: Buffer; kind: string }>({
      text: `select ST_AsEWKB(g) back, ST_AsBinary(g) iso, ST_AsEWKB(g, 'XDR') xdr, GeometryType(g) kind
        from (select ST_GeomFromEWKB(b) g, n from unnest($1::bytea[]) with ordinality u(b, n) offset 0) q order by n`,
      values: [written],
    })
    for (const [i, row] of rows.entries()) {
      const geometry = all[i]
      if (!row.back.equals(written[i])) t.equal(row.back.toString('hex'), written[i].toString('hex'), geometry.kind)
      if (row.kind.replace(/M$/, '') !== geometry.kind.toUpperCase()) t.equal(row.kind, geometry.kind)
      if (!Buffer.from(writeEwkb(readEwkb(row.xdr))).equals(written[i])) t.fail(`big endian ${geometry.kind}`)
      const [iso, given] = [readEwkb(row.iso), geometry].map(each => Buffer.from(writeEwkb(withoutEmptyParts(each), { srid: 2154 })))
      if (!iso.equals(given)) t.fail(`ISO ${geometry.kind} ${row.iso.toString('hex')}`)
    }
    t.equal(rows.length, all.length)
  })

  await t.test('finds the same boxes, arcs included', async t => {
    const { rows } = await client.query<{ box: number[] | null; kind: string }>({
      text: `select GeometryType(g) kind, case when not ST_IsEmpty(g) then array[ST_XMin(g), ST_YMin(g), ST_XMax(g), ST_YMax(g)] end box
        from (select ST_GeomFromEWKB(b) g, n from unnest($1::bytea[]) with ordinality u(b, n) offset 0) q order by n`,
      values: [written],
    })
    let worst = 0
    for (const [i, { box, kind }] of rows.entries()) {
      const ours = ewkbBbox(written[i])
      if (!ours || !box) t.equal(ours ?? null, box, kind)
      else if (ours.some((value, k) => Math.abs(value - box[k]) > 1e-6 * Math.max(1, Math.abs(box[k]))))
        t.same(ours, box, kind + JSON.stringify(all[i]))
      else for (const [k, value] of ours.entries()) worst = Math.max(worst, Math.abs(value - box[k]) / Math.max(1, Math.abs(box[k])))
    }
    t.ok(worst < 1e-6, `greatest relative difference ${worst}`)
  })

  await t.test('linearises to within the same tolerance', async t => {
    const curves = Array.from({ length: 300 }, () =>
      Buffer.from(writeEwkb({ kind: 'MultiCurve', dimensions: 'xy', parts: [arcOf(random), arcOf(random)] })),
    )
    const tolerance = 0.05
    const lines = curves.map(curve => Buffer.from(linearise(curve, tolerance)))
    const { rows } = await client.query<{ apart: number; ours: string; theirs: string }>({
      text: `select ST_HausdorffDistance(l, c) apart, GeometryType(l) ours, GeometryType(c) theirs
        from (select ST_GeomFromEWKB(l) l, ST_CurveToLine(ST_GeomFromEWKB(b), $3, 1, 1) c from unnest($1::bytea[], $2::bytea[]) u(b, l)) q`,
      values: [curves, lines, tolerance],
    })
    t.ok(rows.every(({ ours, theirs }) => ours === theirs))
    // Either line may be off the arc by the tolerance, and corners fall at different places.
    const apart = Math.max(...rows.map(row => row.apart))
    t.ok(apart < 2 * tolerance, `at most ${apart} apart`)
  })
})

/** An arc as surveys have them: radius of 1 to 1,000 m, anywhere in France, between a sliver and nearly a full circle. */
function arcOf(random: () => number): Geometry {
  const [x, y, radius, start, sweep] = [random() * 1e6, 6e6 + random() * 1e6, 1 + random() * 999, random() * 7, 0.1 + random() * 6]
  const at = (share: number) => [x + radius * Math.cos(start + sweep * share), y + radius * Math.sin(start + sweep * share)]
  return { kind: 'CircularString', dimensions: 'xy', coordinates: Float64Array.from([...at(0), ...at(0.5), ...at(1)]) }
}

/** In ISO form PostGIS writes a whole of empty parts as if it had none. */
function withoutEmptyParts(geometry: Geometry): Geometry {
  if (!('parts' in geometry)) return isEmptyGeometry(geometry) && 'rings' in geometry ? { ...geometry, rings: [] } : geometry
  return { ...geometry, parts: isEmptyGeometry(geometry) ? [] : geometry.parts.map(withoutEmptyParts) }
}
