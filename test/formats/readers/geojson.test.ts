import t from 'tap'
import { asObjects, failure, kindsOf, readOne, testFolder } from './read-all.js'

const { file } = testFolder()
let files = 0
const read = (content: string | Uint8Array) => readOne(file(`f${++files}.geojson`, content))
const fail = (content: string | Uint8Array) => failure(file(`f${++files}.geojson`, content))
const point = (properties: unknown, coordinates: unknown = [1, 2]) => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Point', coordinates },
})
const collection = (...features: unknown[]) => JSON.stringify({ type: 'FeatureCollection', features })

t.test('types widen over all features', async t => {
  const { layer, rows } = await read(
    collection(
      point({
        a: 1,
        b: 1,
        c: 1,
        d: '01',
        e: true,
        f: '2024-02-29',
        g: '2024-02-29T10:00:00Z',
        h: { x: 1 },
        i: null,
        j: 1,
        k: '2024-02-30',
      }),
      point({ a: 2, b: 3e9, c: 1.5, d: '75056', e: false, f: '2024-03-01', g: '2024-03-01T10:00:00+02:00', h: [1], i: null, j: 'x', z: 1 }),
    ),
  )
  t.same(kindsOf(layer), {
    a: 'integer',
    b: 'bigint',
    c: 'double',
    d: 'text',
    e: 'boolean',
    f: 'date',
    g: 'timestamptz',
    h: 'json',
    i: 'text',
    j: 'text',
    k: 'text',
    z: 'integer',
  })
  t.same(rows[0].slice(0, 12), [1, 1, 1, '01', true, '2024-02-29', '2024-02-29T10:00:00Z', '{"x":1}', null, '1', '2024-02-30', null])
})

t.test('integers beyond 2^53 keep their digits', async t => {
  const { layer, rows } = await read(
    '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"id":12345678901234567890}}]}',
  )
  t.same(kindsOf(layer), { id: 'text' })
  t.equal(rows[0][0], '12345678901234567890')
})

t.test('a single feature, a bare geometry and an empty collection are files', async t => {
  t.equal((await read(JSON.stringify(point({ a: 1 })))).rows.length, 1)
  const bare = await read('{"type":"LineString","coordinates":[[0,0],[1,1]]}')
  t.match(bare.layer.geometry, { type: 'LINESTRING', crs: 'EPSG:4326' })
  t.equal((await read(collection())).rows.length, 0)
})

t.test('geometries of every type, with heights, in one column', async t => {
  const geometry = (type: string, coordinates: unknown) => ({ type: 'Feature', properties: {}, geometry: { type, coordinates } })
  const square = [
    [0, 0],
    [4, 0],
    [4, 4],
    [0, 4],
    [0, 0],
  ]
  const mixed = await read(collection(geometry('Polygon', [square]), geometry('MultiPolygon', [[square], [square]])))
  t.match(mixed.layer.geometry, { type: 'MULTIPOLYGON', dimensions: 'xy' })
  t.same(
    asObjects(mixed).map(row => (row.geom as { kind: string }).kind),
    ['MultiPolygon', 'MultiPolygon'],
    'single polygons become multiple ones',
  )
  const anything = await read(
    collection(
      geometry('Point', [1, 2, 3]),
      geometry('LineString', [
        [0, 0],
        [1, 1],
      ]),
      { type: 'Feature', properties: null, geometry: { type: 'GeometryCollection', geometries: [{ type: 'Point', coordinates: [5, 6] }] } },
    ),
  )
  t.match(anything.layer.geometry, { type: 'GEOMETRY', dimensions: 'xyz' })
  t.match(anything.layer.notes.join(' '), /Mixed geometry types \(POINT, LINESTRING, GEOMETRYCOLLECTION\).*Some geometries have no height/)
  t.same((asObjects(anything)[0].geom as { coordinates: Float64Array }).coordinates, Float64Array.of(1, 2, 3))
  t.same((asObjects(anything)[1].geom as { coordinates: Float64Array }).coordinates, Float64Array.of(0, 0, 0, 1, 1, 0))
  const open = await read(collection(geometry('Polygon', [square.slice(0, 4)])))
  t.equal((asObjects(open)[0].geom as { rings: Float64Array[] }).rings[0].length, 10, 'an open ring is closed')
})

t.test('ids become a key when they are one', async t => {
  const ids = (...all: unknown[]) => collection(...all.map(id => ({ ...point({}), id })))
  t.equal((await read(ids(3, 1, 2))).layer.key, 'id')
  t.equal((await read(ids(1, 1))).layer.key, undefined)
  t.equal((await read(collection({ ...point({}), id: 1 }, point({})))).layer.key, undefined)
  t.same(kindsOf((await read(ids(1, 'b'))).layer), { id: 'text' })
})

t.test('the crs member is honoured wherever it stands, and values tell without it', async t => {
  const crs = (name: string) => `"crs":{"type":"name","properties":{"name":"${name}"}}`
  for (const [name, code] of [
    ['urn:ogc:def:crs:OGC:1.3:CRS84', 'EPSG:4326'],
    ['urn:ogc:def:crs:EPSG::2154', 'EPSG:2154'],
    ['EPSG:3948', 'EPSG:3948'],
    ['http://www.opengis.net/def/crs/EPSG/0/2154', 'EPSG:2154'],
    ['IGNF:LAMB93', 'IGNF:LAMB93'],
  ])
    t.match(
      (await read(`{"type":"FeatureCollection","features":[${JSON.stringify(point({}))}],${crs(name)}}`)).layer.geometry,
      { crs: code },
      name,
    )
  const guessed = await read(collection(point({}, [652000.5, 6862000.25])))
  t.match(guessed.layer.geometry, { crs: 'EPSG:2154' })
  t.match(guessed.layer.notes.join(), /Lambert-93/)
  t.match((await read(collection(point({}, [1931711, 8218206])))).layer.geometry, { crs: 'EPSG:3949' })
  t.equal((await read(collection(point({}, [5e7, 5e7])))).layer.geometry?.crs, undefined)
})

t.test('what other programs get wrong is read all the same, with a note', async t => {
  const nan = await read(
    '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[NaN,1]},"properties":{"v":NaN,"s":"NaN"}}]}',
  )
  t.same(
    nan.rows,
    [['NaN', null, null]].map(([s, v, g]) => [v, s, g]),
  )
  t.match(nan.layer.notes.join(), /not finite numbers: left empty, in feature 1/)
  const latin = await read(Buffer.from('{"type":"Feature","geometry":null,"properties":{"nom":"été"}}', 'latin1'))
  t.equal(latin.rows[0][0], 'été')
  t.match(latin.layer.notes.join(), /Windows-1252/)
  const bom = await read(`\ufeff${collection(point({ a: 1 }))}`)
  t.equal(bom.rows.length, 1)
})

t.test('hostile names and values stay data', async t => {
  const { layer, rows } = await read(
    collection(
      point(
        JSON.parse(
          '{"__proto__":1,"constructor":2,"a\\u0000b":"x\\u0000y","":5,"geom":6,"\\"; drop table x; --":7,"d":{"k":"\\u0000","l":"\\ud800"}}',
        ),
      ),
      point({}),
    ),
  )
  t.equal(layer.geometry?.name, 'geom_2')
  t.same(rows[0].slice(0, 7), [1, 2, 'xy', 5, 6, 7, '{"k":"\ufffd","l":"\ufffd"}'])
  t.same(rows[1].slice(0, 7), [null, null, null, null, null, null, null], 'inherited properties are none of the file’s')
  t.ok(new Set(layer.columns.map(({ name }) => name)).size === 7 && layer.columns.every(({ name }) => name.length > 0))
  const long = await read(collection(point({ ['é'.repeat(50)]: 1, ['é'.repeat(51)]: 2 })))
  t.ok(long.layer.columns.every(({ name }) => Buffer.byteLength(name) <= 63))
  t.not(long.layer.columns[0].name, long.layer.columns[1].name)
})

t.test('broken files are refused with their place', async t => {
  const good = collection(point({ a: 1 }), point({ a: 2 }))
  for (const [content, message] of [
    ['', /f\d+\.geojson: is empty/],
    ['  \n ', /holds no JSON object/],
    ['[1,2]', /byte 1: an array stands/],
    ['"text"', /byte 1: a text stands/],
    ['hello', /byte 1: what stands there is no JSON object/],
    ['{"type":"Topology","objects":{}}', /TopoJSON is not read; GeoJSON would have worked/],
    ['{"version":8,"layers":[]}', /is not GeoJSON: it has no type/],
    [good.slice(0, -20), /byte \d+: the file ends in the middle of a feature: it is truncated/],
    [good.slice(0, 30), /truncated/],
    [good.slice(0, -1), /truncated/],
    [`${good}}`, /closing bracket that nothing opened/],
    [good.replace('"a":2', '"a":2,,'), /feature 2 at byte \d+ is not JSON/],
    [good.replace('"a":2', "'a':2"), /feature 2 at byte \d+ is not JSON/],
    [collection(point({}), 7), /byte \d+: what stands there is no feature/],
    [collection(point({}), ['x']), /feature 2 at byte \d+ is not an object/],
    [collection(point({}), { type: 'Style' }), /its type is “Style”/],
    [collection(point({}, 'north')), /feature 1 at byte \d+: a position is not an array/],
    [collection(point({}, ['1', '2'])), /a coordinate is not a number/],
    [collection({ type: 'Feature', geometry: { type: 'Circle' } }), /the geometry has no type of GeoJSON/],
    [collection({ type: 'Feature', geometry: { type: 'Polygon', coordinates: [1] } }), /not nested as deep/],
    [`{"type":"Feature","properties":{"a":${'['.repeat(1e6)}`, /nested deeper than 128 levels/],
    [`{"type":"FeatureCollection","features":${'['.repeat(1e6)}`, /nested deeper than 128 levels/],
    [Buffer.from(good, 'utf16le'), /byte 1: this is no UTF-8/],
  ] as const)
    t.match(await fail(content), { kind: /invalid-data|unsupported/, message }, String(content).slice(0, 40))
  let deep: unknown = { type: 'Point', coordinates: [1, 2] }
  for (let i = 0; i < 40; i++) deep = { type: 'GeometryCollection', geometries: [deep] }
  t.match(await fail(collection({ type: 'Feature', geometry: deep })), { message: /nested too deep/ })
  t.match(
    await fail(
      collection(
        Object.fromEntries([['type', 'Feature']]),
        ...[0, 1].map(k => ({
          type: 'Feature',
          properties: Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`p${k}_${i}`, 1])),
        })),
      ),
    ),
    {
      message: /more than 1500 different properties/,
    },
  )
})
