import pg from 'pg'
import t from 'tap'
import { geos, loadGeos } from '#filters/geos.js'
import { testDatabaseUrl, withoutDatabase } from '../support/postgres.js'

const awkward = [
  'POLYGON((0 0,10 10,10 0,0 10,0 0))',
  'POLYGON((0 0,10 0,10 10,0 10,0 0),(20 20,21 20,21 21,20 20))',
  'POLYGON((0 0,5 5,0 0,0 0))',
  'LINESTRING(1 1,1 1)',
  'GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,5 5))',
  'GEOMETRYCOLLECTION EMPTY',
  'GEOMETRYCOLLECTION(POINT EMPTY,POLYGON((0 0,2 0,2 2,0 0)))',
  'MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)),((2 2,6 2,6 6,2 6,2 2)))',
  'CIRCULARSTRING(0 0,2 2,4 0)',
  'CURVEPOLYGON(CIRCULARSTRING(0 0,4 0,4 4,0 4,0 0))',
  'COMPOUNDCURVE(CIRCULARSTRING(0 0,1 1,1 0),(1 0,0 1))',
  'MULTICURVE((0 0,5 5),CIRCULARSTRING(4 0,4 4,8 4))',
  'POINT ZM(1 1 5 6)',
  'POLYGON Z((2 2 9,3 2 9,3 3 9,2 3 9,2 2 9))',
]
const literals = ['POLYGON((1 1,6 1,6 5,1 5,1 1))', 'POINT(1 1)', 'LINESTRING(0 0,5 5)', 'POLYGON((0 0,10 10,10 0,0 10,0 0))']
const predicates = {
  intersects: 'ST_Intersects',
  equals: 'ST_Equals',
  touches: 'ST_Touches',
  crosses: 'ST_Crosses',
  within: 'ST_Within',
  contains: 'ST_Contains',
  overlaps: 'ST_Overlaps',
} as const

t.test('GEOS in memory says of awkward geometries what PostGIS says once they are valid', { skip: withoutDatabase }, async t => {
  const client = new pg.Client({ connectionString: testDatabaseUrl })
  await client.connect()
  t.teardown(() => client.end())
  await loadGeos()
  for (const [operator, predicate] of Object.entries(predicates)) {
    const { rows } = await client.query<{ literal: Buffer; geometry: Buffer; holds: boolean; what: string }>({
      text: `SELECT ST_AsBinary(l) AS literal, ST_AsEWKB(g) AS geometry, ${predicate}(CASE WHEN ST_IsValid(g) THEN g ELSE ST_MakeValid(g) END, ST_MakeValid(l)) AS holds, ST_AsText(g) || ' ' || ST_AsText(l) AS what
        FROM (SELECT a::geometry AS g, b::geometry AS l FROM unnest($1::text[]) a, unnest($2::text[]) b) pairs`,
      values: [awkward, literals],
    })
    t.equal(rows.length, awkward.length * literals.length)
    for (const { literal, geometry, holds, what } of rows)
      t.equal(geos().relate(literal, operator as keyof typeof predicates)(geometry), holds, `${operator} ${what}`)
  }
})

t.test('what is no geometry is neither here nor there, and GEOS keeps quiet', async t => {
  await loadGeos()
  const said: unknown[] = []
  const [log, error] = [console.log, console.error]
  Object.assign(console, { log: (...words: unknown[]) => said.push(words), error: (...words: unknown[]) => said.push(words) })
  t.teardown(() => Object.assign(console, { log, error }))
  const point = Buffer.from('0101000000000000000000f03f000000000000f03f', 'hex')
  const empty = Buffer.from('0101000000000000000000f87f000000000000f87f', 'hex')
  for (const bytes of [Buffer.alloc(0), Buffer.from([1, 2, 3]), point.subarray(0, 12), Buffer.from('01630000000000', 'hex')]) {
    t.equal(geos().relate(point, 'intersects')(bytes), null)
    t.equal(geos().isWithin(point, 1)(bytes), null)
  }
  t.equal(geos().relate(point, 'intersects')(empty), false)
  t.equal(geos().relate(point, 'intersects')(point), true, 'and goes on')
  t.same(said, [])
})
