import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { shortNames } from '#formats/features/shapefile/dbf-fields.js'
import { shapefile, shapefileUpTo } from '#formats/features/shapefile/shapefile.js'
import { readEwkb, writeEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'
import { lineariseGeometry } from '#geo/linearise.js'
import { gdal, withoutGdal } from '../../support/gdal.js'
import { readRows, type StatedLosses, wantedRows } from '../../support/hard-rows.js'
import { type HardTable, hardColumns, hardTable, hasNoPlace } from '../../support/hard-table.js'
import { unlessAll } from '../../support/programs.js'
import { type OgrLayer, ogrLayers } from '../../support/read-ogr.js'
import { writeOptions, written, writtenFile } from '../../support/written-files.js'

const folder = t.testdir()
const temporary = join(folder, 'temporary')
mkdirSync(temporary)
const options = () => writeOptions(temporary)
const skip = unlessAll(withoutGdal)
const columns = hardColumns.map(({ name }) => name).filter(name => name !== 'blob')
const shortened = shortNames(columns)
const layersOf = (path: string) => ogrLayers(`/vsizip/${path}`)

/** An empty text is none, spaces around a text are lost, truths are T and F, times and moments are texts. */
const losses: StatedLosses = {
  names: Object.fromEntries(columns.map((name, i) => [name, shortened[i]])),
  value: ({ kind }, value) => {
    if (kind === 'text') return String(value).trim() || null
    if (kind === 'boolean') return value ? 'T' : 'F'
    if (kind === 'timestamp' || kind === 'timestamptz') return String(value).replace(/(\.\d*?)0+(Z?)$/, '$1$2')
    return undefined
  },
  geometry: geometry => (geometry && !hasNoPlace(geometry) ? canonical(geometry) : null),
  readGeometry: hex => canonical(readEwkb(Buffer.from(hex, 'hex'))),
}
const readShapes = (hard: HardTable, layer: OgrLayer) => readRows(hard, layer, losses)

/** One text for what a shapefile cannot tell apart: a line and a multiline of one, rings turned the other way, polygons in another order. */
function canonical(geometry: Geometry): string {
  const parts: string[] = []
  const gather = (part: Geometry): void => {
    if ('parts' in part) part.parts.forEach(gather)
    else if ('rings' in part) parts.push(...part.rings.map(ring => `ring ${[...positions(ring, part.dimensions.length)].sort()}`))
    else if (part.coordinates.length) parts.push(`${part.kind} ${positions(part.coordinates, part.dimensions.length)}`)
  }
  gather(lineariseGeometry(geometry, 0.01))
  return parts.sort().join(' | ')
}

function positions(path: Float64Array, stride: number): string[] {
  return Array.from({ length: path.length / stride }, (_, i) => path.slice(i * stride, (i + 1) * stride).join(' '))
}

for (const [type, dimensions, crs] of [
  ['POINT', 'xyz', 'EPSG:2154'],
  ['MULTIPOINT', 'xy', 'EPSG:2154'],
  ['LINESTRING', 'xym', 'EPSG:3035'],
  ['MULTILINESTRING', 'xyzm', 'EPSG:4326'],
  ['POLYGON', 'xy', 'EPSG:2154'],
  ['MULTIPOLYGON', 'xyz', 'EPSG:27572'],
  ['CURVEPOLYGON', 'xy', 'EPSG:3857'],
  [null, 'xy', null],
] as const)
  t.test(`GDAL reads every value and place: ${type ?? 'no geometry'} ${dimensions} in ${crs}`, { skip }, async t => {
    const hard = hardTable({ type, dimensions, crs, columns })
    const path = await writtenFile(join(folder, `${type}-${dimensions}.zip`), shapefile, hard.table, options())
    const layers = layersOf(path)
    t.same(
      layers.map(({ name }) => name),
      ['hard'],
    )
    t.equal(layers[0].crs, crs)
    t.same(readShapes(hard, layers[0]), wantedRows(hard, losses))
    const types = Object.fromEntries(layers[0].fields.map(field => [field.name, field.type]))
    t.match(types, {
      code: 'String',
      population: 'Integer',
      populati_1: 'Integer64',
      big: 'String',
      length: 'Real',
      price: 'Real',
      day: 'Date',
    })
    t.equal(layers[0].fields[0].width, 5)
    t.equal(hard.closed(), 1)
    t.same(readdirSync(temporary), [])
  })

t.test('mixed kinds make a file each, and a table of what has no place', { skip }, async t => {
  const hard = hardTable({ columns, count: 200 })
  const layers = layersOf(await writtenFile(join(folder, 'mixed.zip'), shapefile, hard.table, options()))
  t.same(layers.map(({ name }) => name).sort(), ['hard_line', 'hard_multipoint', 'hard_point', 'hard_polygon', 'hard_table'])
  const wanted = wantedRows(hard, losses)
  const isCollection = (row: number) => hard.geometries[row]?.kind === 'GeometryCollection' && !hasNoPlace(hard.geometries[row])
  const read = layers.flatMap(layer => readShapes(hard, layer))
  for (const [row, line] of wanted.entries()) if (!isCollection(row) && !read.includes(line)) t.equal(line, 'not there')
  const kinds = (geometry: Geometry): string[] => ('parts' in geometry ? geometry.parts.map(({ kind }) => kind) : [])
  const all = hard.geometries.reduce((sum, geometry, row) => sum + (isCollection(row) ? new Set(kinds(geometry!)).size : 1), 0)
  t.equal(read.length, all, 'a collection is in the file of each of its kinds')
  t.equal(layers.find(({ name }) => name === 'hard_table')?.rows.length, hard.geometries.filter(hasNoPlace).length)
})

t.test('outer rings are clockwise, holes are not', { skip }, async t => {
  const hard = hardTable({ type: 'POLYGON', columns: ['code'], count: 30 })
  const [layer] = layersOf(await writtenFile(join(folder, 'rings.zip'), shapefile, hard.table, options()))
  for (const { geometry } of layer.rows) {
    if (!geometry) continue
    const polygon = readEwkb(Buffer.from(geometry, 'hex'))
    const areas = 'rings' in polygon ? polygon.rings.map(area) : []
    if (!(areas.length === 2 && areas[0] < 0 && areas[1] > 0)) t.same(areas, 'one below and one above 0')
  }
  t.ok(layer.rows.length)
})

function area(ring: Float64Array): number {
  let sum = 0
  for (let i = 2; i + 3 < ring.length; i += 2)
    sum += (ring[i] - ring[0]) * (ring[i + 3] - ring[1]) - (ring[i + 2] - ring[0]) * (ring[i + 1] - ring[1])
  return sum
}

t.test('files are split before they grow too large', { skip }, async t => {
  const hard = hardTable({ type: 'POLYGON', columns: ['code', 'nom de l’été'], count: 400 })
  const layers = layersOf(await writtenFile(join(folder, 'split.zip'), shapefileUpTo(20_000), hard.table, options()))
  t.ok(layers.length > 2)
  t.same(
    layers
      .map(({ name }) => name)
      .sort()
      .slice(0, 3),
    ['hard', 'hard_2', 'hard_3'],
  )
  const ordered = [...layers].sort((a, b) => number(a.name) - number(b.name))
  t.same(
    ordered.flatMap(layer => readShapes(hard, layer)),
    wantedRows(hard, losses),
  )
  const sizes = gdal('/bin/sh', '-c', 'unzip -lqq "$0"', join(folder, 'split.zip'))
    .toString()
    .trim()
    .split('\n')
    .map(line => Number.parseInt(line, 10))
  t.ok(sizes.every(size => size <= 20_000))
})

const number = (name: string) => Number(/_(\d+)$/.exec(name)?.[1] ?? 1)

t.test('whole numbers stay numbers while GDAL reads them exactly; long texts are cut between characters', { skip }, async t => {
  const hard = hardTable({ type: 'POINT', columns: ['nom de l’été', 'big'], count: 2, seed: 3 })
  const values = [
    ['é'.repeat(200), 123456789012345678n],
    [`a${'é'.repeat(200)}`, -7n],
  ]
  const { RowBuilder } = await import('#rows/row-builder.js')
  const builder = new RowBuilder(hard.table.schema)
  for (const [i, row] of values.entries())
    builder.row([String(i), ...row, writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(i, i) })])
  const batch = builder.take()
  const batches = (async function* () {
    yield batch
  })()
  const [layer] = layersOf(await writtenFile(join(folder, 'cut.zip'), shapefile, { ...hard.table, batches }, options()))
  t.same(
    layer.rows.map(row => row.values),
    [
      { nom_de_l_e: 'é'.repeat(127), big: '123456789012345678' },
      { nom_de_l_e: `a${'é'.repeat(126)}`, big: '-7' },
    ],
  )
  t.equal(layer.fields[1].type, 'Integer64')
})

t.test('the map of names says what every field stands for, and which columns have none', { skip }, async t => {
  const path = await writtenFile(join(folder, 'names.zip'), shapefile, hardTable({ type: 'POINT' }).table, options())
  const lines = gdal('/bin/sh', '-c', 'unzip -p "$0" fields.csv', path).toString().split('\r\n')
  t.equal(lines[0], 'field,name,type,comment')
  t.equal(lines[1], 'code,code,character varying(5),Code de l’INSEE')
  t.equal(lines[4], 'populati_1,population_2020,integer,')
  t.equal(lines[8], 'exact,exact,"numeric(30,10)",')
  t.equal(lines[17], ',blob,bytea,')
  t.same(shortNames(['Größe', 'grosse', 'GROSSE', '1', 'population_1', 'population_2']), [
    'Grosse',
    'grosse_1',
    'GROSSE_2',
    '1',
    'population',
    'populati_1',
  ])
})

t.test('what cannot be written is refused before anything is, in words that name a way', async t => {
  const { table } = hardTable({ type: 'POINT', columns: ['code'] })
  t.equal(shapefile.obstacle?.(table, options()), undefined)
  t.match(
    shapefile.obstacle?.({ ...table, columns: Array.from({ length: 256 }, () => table.columns[0]) }, options()),
    /at most 255 .* GeoPackage/,
  )
  t.match(
    shapefile.obstacle?.({ ...table, geometry: { ...table.geometry!, crs: 'EPSG:5514' } }, options()),
    /EPSG:5514; another CRS or GeoPackage/,
  )
})

t.test('the same rows give the same bytes; what fails or is left leaves nothing behind', async t => {
  const [a, b] = [await written(shapefile, hardTable().table, options()), await written(shapefile, hardTable().table, options())]
  t.ok(a.equals(b))
  const failing = hardTable({ failsAfter: 70 })
  await t.rejects(written(shapefile, failing.table, options()), { message: 'The database went away.' })
  t.equal(failing.closed(), 1)
  t.same(readdirSync(temporary), [])
  const open = () => (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0)
  const before = open()
  const left = hardTable({ count: 4000 })
  for await (const _ of shapefile.write(left.table, options())) break
  t.equal(open(), before, 'no file is left open')
  t.equal(left.closed(), 1)
  t.same(readdirSync(temporary), [])
})

t.test('a table without rows is a file, too', { skip }, async t => {
  const [layer] = layersOf(
    await writtenFile(join(folder, 'none.zip'), shapefile, hardTable({ type: 'POINT', count: 0, columns }).table, options()),
  )
  t.equal(layer.rows.length, 0)
  t.equal(layer.geometryType, 'Point')
})
