import { execFileSync } from 'node:child_process'
import pg from 'pg'
import t from 'tap'
import { putGeoJsonGeometry } from '#formats/features/geojson-geometry.js'
import { gml2, gml31, gml32, putGmlGeometry } from '#formats/features/gml-geometry.js'
import { xmlName } from '#formats/features/xml-name.js'
import { TextSink } from '#formats/text-sink.js'
import { readEwkb, writeEwkb } from '#geo/ewkb.js'
import { type Geometry, isEmptyGeometry } from '#geo/geometry.js'
import { linearise } from '#geo/linearise.js'
import { readXml } from '#xml/read.js'
import { testDatabaseUrl, withoutDatabase } from '../../support/postgres.js'
import { randomGeometry } from '../../support/random-geometry.js'
import { seeded } from '../../support/seeded.js'

const numbers = { decimals: 3, tolerance: 100, isFlipped: false }
const geojson = (ewkb: Uint8Array) => {
  const sink = new TextSink(16)
  putGeoJsonGeometry(sink, ewkb, numbers)
  return sink.toString()
}
const gml = (ewkb: Uint8Array, dialect = gml2, isFlipped = false) => {
  const sink = new TextSink(16)
  putGmlGeometry(sink, ewkb, dialect, { ...numbers, isFlipped })
  return sink.toString()
}

t.test('numbers in fixed-point notation', async t => {
  const fixed = (value: number, decimals: number) => new TextSink(4).fixed(value, decimals, 'NaN').toString()
  const cases: [number, number, string][] = [
    [0, 3, '0'],
    [-0, 3, '0'],
    [-0.0004, 3, '0'],
    [0.0005, 3, '0.001'],
    [1, 3, '1'],
    [-12.5, 3, '-12.5'],
    [652000.123456, 3, '652000.123'],
    [6862000.9999, 3, '6862001'],
    [100, 0, '100'],
    [0.05, 3, '0.05'],
    [1e-7, 9, '0.0000001'],
    [-179.999999999, 9, '-179.999999999'],
    [1e15, 3, '1000000000000000'],
    [1e21, 3, '1000000000000000000000'],
    [-1.7976931348623157e308, 3, (-BigInt(1.7976931348623157e308)).toString()],
    [Number.NaN, 3, 'NaN'],
    [Number.POSITIVE_INFINITY, 3, 'NaN'],
  ]
  for (const [value, decimals, text] of cases) t.equal(fixed(value, decimals), text)
  const random = seeded(21)
  for (let i = 0; i < 20_000; i++) {
    const decimals = Math.floor(random() * 10)
    const value = (random() - 0.5) * 10 ** (Math.floor(random() * 14) - 3)
    const text = fixed(value, decimals)
    if (Math.abs(Number(text) - value) > 0.5000001 / 10 ** decimals + Math.abs(value) * 1e-15) t.equal(text, value.toFixed(decimals))
    if (/e|^-0$|\.\d*0$|\.$/.test(text)) t.fail(`${value} at ${decimals} decimals is written ${text}`)
  }
})

t.test('GeoJSON geometries of every kind hold the same coordinates', async t => {
  const random = seeded(22)
  for (let i = 0; i < 1500; i++) {
    const ewkb = writeEwkb(randomGeometry(random), { isBigEndian: random() < 0.5 })
    const simple = readEwkb(linearise(ewkb, numbers.tolerance))
    const given = JSON.stringify(JSON.parse(geojson(ewkb)))
    const wanted = JSON.stringify(expectedGeoJson(simple))
    if (given !== wanted) t.equal(given, wanted, simple.kind)
  }
  t.pass('1500 geometries')
})

t.test('empty geometries', async t => {
  t.equal(geojson(writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: new Float64Array(0) })), 'null')
  t.equal(geojson(writeEwkb({ kind: 'Polygon', dimensions: 'xyz', rings: [] })), '{"type":"Polygon","coordinates":[]}')
  t.equal(
    gml(writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: new Float64Array(0) })),
    '<gml:Point><gml:coordinates></gml:coordinates></gml:Point>',
  )
})

t.test('GML by example', async t => {
  const ring = Float64Array.of(0, 0, 5, 4, 0, 5, 4, 4, 5, 0, 0, 5)
  const polygon = writeEwkb({ kind: 'Polygon', dimensions: 'xyz', rings: [ring, ring] })
  const boundary = '<gml:LinearRing><gml:coordinates>0,0,5 4,0,5 4,4,5 0,0,5</gml:coordinates></gml:LinearRing>'
  t.equal(
    gml(polygon),
    `<gml:Polygon><gml:outerBoundaryIs>${boundary}</gml:outerBoundaryIs><gml:innerBoundaryIs>${boundary}</gml:innerBoundaryIs></gml:Polygon>`,
  )
  const list = '<gml:LinearRing><gml:posList srsDimension="3">0 0 5 0 4 5 4 4 5 0 0 5</gml:posList></gml:LinearRing>'
  t.equal(gml(polygon, gml31, true), `<gml:Polygon><gml:exterior>${list}</gml:exterior><gml:interior>${list}</gml:interior></gml:Polygon>`)
  const turned = '<gml:LinearRing><gml:posList srsDimension="3">0 0 5 4 4 5 4 0 5 0 0 5</gml:posList></gml:LinearRing>'
  t.equal(
    gml(polygon, gml32),
    `<gml:Polygon gml:id="geometry"><gml:exterior>${list.replace('0 4 5 4', '4 0 5 4')}</gml:exterior><gml:interior>${turned}</gml:interior></gml:Polygon>`,
    'surfaces of GML 3.2 are seen from above',
  )
  const lines = writeEwkb({
    kind: 'MultiLineString',
    dimensions: 'xy',
    parts: [{ kind: 'LineString', dimensions: 'xy', coordinates: Float64Array.of(1, 2, 3, 4) }],
  })
  t.equal(
    gml(lines),
    '<gml:MultiLineString><gml:lineStringMember><gml:LineString><gml:coordinates>1,2 3,4</gml:coordinates></gml:LineString></gml:lineStringMember></gml:MultiLineString>',
  )
  t.equal(
    gml(lines, gml31),
    '<gml:MultiCurve><gml:curveMember><gml:LineString><gml:posList>1 2 3 4</gml:posList></gml:LineString></gml:curveMember></gml:MultiCurve>',
  )
})

t.test('GML of every kind is well formed', async t => {
  const random = seeded(23)
  for (let i = 0; i < 400; i++)
    for (const dialect of [gml2, gml31]) readXml(gml(writeEwkb(randomGeometry(random)), dialect).replaceAll('gml:', ''))
  t.pass('800 elements')
})

t.test('PostGIS reads the GML and GeoJSON back as the same places', { skip: withoutDatabase }, async t => {
  const client = new pg.Client(testDatabaseUrl)
  await client.connect()
  t.teardown(() => client.end())
  const random = seeded(24)
  const simple = ['Point', 'LineString', 'Polygon', 'MultiPoint', 'MultiLineString', 'MultiPolygon'] as const
  const all = Array.from({ length: 300 }, (_, i) => randomGeometry(random, simple[i % simple.length], i % 2 ? 'xy' : 'xyz')).filter(
    hasNoEmptyPart,
  )
  const bytes = all.map(geometry => Buffer.from(writeEwkb(geometry)))
  for (const [name, sql, texts] of [
    ['GML 2', 'ST_GeomFromGML', bytes.map(each => gml(each))],
    ['GML 3.1', 'ST_GeomFromGML', bytes.map(each => gml(each, gml31))],
    ['GeoJSON', 'ST_GeomFromGeoJSON', bytes.map(geojson)],
  ] as const) {
    const { rows } = await client.query<{ kind: string; apart: number }>({
      text: `select GeometryType(theirs) kind, ST_HausdorffDistance(ST_SetSRID(theirs, 0), ours) apart
        from (select ${sql}(t) theirs, ST_GeomFromEWKB(b) ours from unnest($1::text[], $2::bytea[]) u(t, b)) q`,
      values: [texts, bytes],
    })
    const kinds = rows.filter(({ kind }, i) => kind !== all[i].kind.toUpperCase())
    t.same(kinds, [], `${name}: the same types`)
    t.ok(Math.max(...rows.map(({ apart }) => apart)) < 0.001, `${name}: to the millimetre`)
  }
})

const withoutOgr = (() => {
  try {
    return execFileSync('ogrinfo', ['--version'], { stdio: 'pipe' }) && false
  } catch {
    return 'ogrinfo (GDAL) is not installed'
  }
})()

t.test('names of XML', async t => {
  const cases: [string, string][] = [
    ['nom', 'nom'],
    ['Numéro_Département', 'Numéro_Département'],
    ['2e étage', '_x0032_e_x0020_étage'],
    ['a:b', 'a_x003A_b'],
    ['ORTHOIMAGERY.ORTHOPHOTOS', 'ORTHOIMAGERY.ORTHOPHOTOS'],
    ['-a', '_x002D_a'],
    ['_x0020_', '_x005F_x0020_'],
    ['<&>', '_x003C__x0026__x003E_'],
    ['', '_'],
    ['漢字', '漢字'],
    ['😀', '😀'],
    ['\ud800', '_xD800_'],
  ]
  for (const [text, name] of cases) {
    t.equal(xmlName(text), name)
    t.equal(readXml(`<${name}/>`).name, name, 'and a parser takes it')
  }
})

t.test('GDAL reads a GML 2 and a GeoJSON geometry', { skip: withoutOgr }, async t => {
  const text = geojson(writeEwkb({ kind: 'LineString', dimensions: 'xy', coordinates: Float64Array.of(1, 2, 3.5, 4) }))
  const out = execFileSync('ogrinfo', ['-al', '-ro', `{"type":"Feature","properties":{},"geometry":${text}}`]).toString()
  t.match(out, /LINESTRING \(1 2,3\.5 4/)
})

function hasNoEmptyPart(geometry: Geometry): boolean {
  return !isEmptyGeometry(geometry) && (!('parts' in geometry) || geometry.parts.every(hasNoEmptyPart))
}

/** GeoJSON as plainly as it can be made from a decoded geometry. */
function expectedGeoJson(geometry: Geometry): unknown {
  const stride = geometry.dimensions.length
  const used = geometry.dimensions.includes('z') ? 3 : 2
  const positions = (path: Float64Array) =>
    Array.from({ length: path.length / stride }, (_, i) =>
      [...path.subarray(i * stride, i * stride + used)].map(value => (Math.sign(value) * Math.round(Math.abs(value) * 1000)) / 1000 + 0),
    )
  const coordinates = (part: Geometry): unknown => {
    if (part.kind === 'Point') return positions(part.coordinates)[0]
    if ('coordinates' in part) return positions(part.coordinates)
    if ('rings' in part) return part.rings.map(positions)
    return part.parts.filter(each => each.kind !== 'Point' || each.coordinates.length).map(coordinates)
  }
  if (geometry.kind === 'Point' && geometry.coordinates.length === 0) return null
  if (geometry.kind === 'GeometryCollection') return { type: geometry.kind, geometries: geometry.parts.map(expectedGeoJson) }
  return { type: geometry.kind, coordinates: coordinates(geometry) }
}
