import t from 'tap'
import { asObjects, failure, kindsOf, readOne, testFolder } from './read-all.js'

const { file } = testFolder()
let files = 0
const read = (content: string | Uint8Array) => readOne(file(`f${++files}.csv`, content))
const fail = (content: string | Uint8Array) => failure(file(`f${++files}.csv`, content))
const xyOf = (row: Record<string, unknown>) => [...(row.geom as { coordinates: Float64Array }).coordinates]

t.test('values are what all of their column are', async t => {
  const { layer, rows } = await read(
    [
      'insee;dept;n;big;x1;flag;jour;date_fr;heure;tel;prix;note;ligne',
      '57463;57;1;3000000000;1.5;true;2024-02-29;13/01/2024;10:30;+33387000000;1,5;a;1',
      '01004;;-2;1;;FALSE;2024-12-31;02/12/2024;23:59:59;+33387000001;12;b;x',
      '2A004;2A;NULL;;2e3;;;;;;,25;;',
    ].join('\n'),
  )
  t.same(kindsOf(layer), {
    insee: 'text',
    dept: 'text',
    n: 'integer',
    big: 'bigint',
    x1: 'double',
    flag: 'boolean',
    jour: 'date',
    date_fr: 'date',
    heure: 'time',
    tel: 'text',
    prix: 'double',
    note: 'text',
    ligne: 'text',
  })
  t.same(rows[0], ['57463', '57', 1, 3e9, 1.5, true, '2024-02-29', '2024-01-13', '10:30', '+33387000000', 1.5, 'a', '1'])
  t.same(rows[2], ['2A004', '2A', null, null, 2000, null, null, null, null, null, 0.25, null, null])
  t.equal(layer.geometry, undefined)
})

t.test('codes stay text, and doubtful numbers and dates do', async t => {
  t.same(kindsOf((await read('code,cp\n01,57000\n2,67000')).layer), { code: 'text', cp: 'text' })
  const doubt = await read('a;b\n1,234;02/03/2024\n5,678;04/05/2024')
  t.same(kindsOf(doubt.layer), { a: 'text', b: 'text' })
  t.match(doubt.layer.notes.join(), /“a”: numbers such as 1,234 may mean/)
  t.same(kindsOf((await read('a;b\n1 234;1,234,567\n5;8')).layer), { a: 'text', b: 'text' })
  t.same(kindsOf((await read('lat;a\n43,6;1,234\n43,61;5')).layer), { lat: 'double', a: 'double' }, 'other columns prove the decimal comma')
})

t.test('separator, quotes, line ends and encodings are found out', async t => {
  for (const [name, content] of Object.entries({
    semicolons: 'nom;n\n"a;b";1\n"c ""d""";2\n',
    commas: 'nom,n\r\n"a;b",1\r\n"c ""d""",2\r\n',
    tabs: 'nom\tn\n"a;b"\t1\n"c ""d"""\t2',
    bars: 'nom|n\n"a;b"|1\n"c ""d"""|2',
    'carriage returns alone': 'nom,n\r"a;b",1\r"c ""d""",2\r',
  }))
    t.same(
      (await read(content)).rows,
      [
        ['a;b', 1],
        ['c "d"', 2],
      ],
      name,
    )
  t.same((await read('a,b\n"two\nlines",1')).rows, [['two\nlines', 1]])
  for (const encoding of ['latin1', 'utf16le'] as const)
    t.same((await read(Buffer.from(`${encoding === 'utf16le' ? '\ufeff' : ''}nom;n\nété;1`, encoding))).rows, [['été', 1]], encoding)
  t.equal(
    (await read(Buffer.concat([Buffer.from('nom\n'), Buffer.from('a\n'.repeat(300_000)), Buffer.from('\u00e9\n', 'latin1')]))).rows.at(
      -1,
    )?.[0],
    'é',
  )
})

t.test('a first line of values is no header; years among names are', async t => {
  const bare = await read('1;2;x\n3;4;y')
  t.same(bare.rows, [
    [1, 2, 'x'],
    [3, 4, 'y'],
  ])
  t.match(bare.layer.notes.join(), /the columns are numbered/)
  t.same(kindsOf((await read('commune;2010;2011\nMetz;1;2')).layer), { commune: 'text', 2010: 'integer', 2011: 'integer' })
})

t.test('places are found under French and English names', async t => {
  for (const header of [
    'lon,lat',
    'longitude,latitude',
    'Longitude WGS84,Latitude WGS84',
    'lng,lat',
    'x_wgs84,y_wgs84',
    'geo_long,geo_lat',
    'X,Y',
  ]) {
    const found = await read(`nom,${header}\nMetz,6.17551,49.12014\n`)
    t.match(found.layer.geometry, { type: 'POINT', crs: 'EPSG:4326' }, header)
    t.same(xyOf(asObjects(found)[0]), [6.17551, 49.12014], header)
  }
  for (const header of [
    'x;y',
    'X_L93;Y_L93',
    'coord_x;coord_y',
    'COORDX;COORDY',
    'lambert_x;lambert_y',
    'point_x;point_y',
    'x_lambert93;y_lambert93',
    'easting;northing',
  ])
    t.match((await read(`nom;${header}\nMetz;931757,94;6895808,96\n`)).layer.geometry, { type: 'POINT', crs: 'EPSG:2154' }, header)
  t.match((await read('nom;x_cc49;y_cc49\nMetz;1931711,5;8218206,6')).layer.geometry, { crs: 'EPSG:3949' })
  t.match((await read('nom;lat;lon\nMetz;;\nNancy;48,69;6,18')).rows[0], ['Metz', null, null, null])
  const portal = await read('nom;geo_point_2d\nMetz;"49.12, 6.17"')
  t.same(xyOf(asObjects(portal)[0]), [6.17, 49.12])
})

t.test('geometry written out as WKT, EWKT, WKB and GeoJSON', async t => {
  const wkt = await read('id;wkt\n1;"POLYGON((0 0,4 0,4 4,0 0),(1 1,2 1,2 2,1 1))"\n2;"MULTIPOLYGON(((0 0,1 0,1 1,0 0)))"\n3;')
  t.match(wkt.layer.geometry, { type: 'MULTIPOLYGON', dimensions: 'xy', crs: 'EPSG:4326' })
  t.same(Object.keys(kindsOf(wkt.layer)), ['id'])
  t.equal(wkt.rows[2][1], null)
  t.match((await read('id;geom\n1;"SRID=2154;POINT Z (1 2 3)"')).layer.geometry, { type: 'POINT', dimensions: 'xyz', crs: 'EPSG:2154' })
  t.match((await read('id;geom\n1;0101000000000000000000F03F0000000000000040')).layer.geometry, { type: 'POINT' })
  t.match((await read('id;geo_shape\n1;"{""type"":""LineString"",""coordinates"":[[0,0],[1,1]]}"')).layer.geometry, {
    type: 'LINESTRING',
    crs: 'EPSG:4326',
  })
})

t.test('addresses without coordinates are a table, with a note', async t => {
  const { layer } = await read('nom,adresse,code_postal\nMairie,1 place d’Armes,57000')
  t.equal(layer.geometry, undefined)
  t.match(layer.notes.join(), /addresses \(adresse, code_postal\) but no coordinates/)
})

t.test('repeated, empty and hostile names', async t => {
  const { layer, rows } = await read('a,a,,"x\u0007y",geom,a_2\n1,2,3,4,5,6')
  t.same(
    layer.columns.map(({ name }) => name),
    ['a', 'a_2', 'column_3', 'xy', 'geom', 'a_2_2'],
  )
  t.same(rows, [[1, 2, 3, 4, 5, 6]])
})

t.test('broken files are refused with their place', async t => {
  for (const [content, message] of [
    ['', /f\d+\.csv: is empty/],
    ['\n\n', /is empty/],
    ['a;b\n1;"never closed\n2;3', /a quote that opens in line \d+ or before is never closed/],
    ['a;b\n1;2\n1;2;3', /row 2 has 3 fields, the first line has 2/],
    [Buffer.from('a;b\n\0\0;1'), /holds zero bytes/],
    ['id;wkt\n1;POINT(1 2)\n2;POINT(1', /row 2: the geometry is not readable: “\)” is missing at its end|a position/],
    ['id;wkt\n1;POINT(1 2)\n2;CIRCLE(1 2)', /row 2: the geometry is not readable: no type of geometry/],
    [`id;wkt\n1;POINT(1 2)\n2;${'GEOMETRYCOLLECTION('.repeat(1e5)}`, /nested too deep/],
    [Array(2000).fill('x').join(';'), /2000 fields; 1600 would work/],
  ] as const)
    t.match(await fail(content), { kind: 'invalid-data', message }, String(content).slice(0, 40))
  const short = await read('a;b;c\n1;2;3\n4')
  t.same(short.rows[1], [4, null, null])
  t.match(short.layer.notes.join(), /1 rows have fewer fields/)
  const infinite = await read('lon;lat\n1e999;2\n3;4')
  t.equal(infinite.rows[0][2], null)
})
