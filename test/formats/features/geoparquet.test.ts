import { spawnSync } from 'node:child_process'

import { join } from 'node:path'
import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet'
import t from 'tap'
import { geoparquet } from '#formats/features/geoparquet/geoparquet.js'
import { ewkbBbox, readEwkb, writeEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'
import { lineariseGeometry } from '#geo/linearise.js'
import { type HardTable, hardTable, hasNoPlace } from '../../support/hard-table.js'
import { unlessAll } from '../../support/programs.js'
import { writeOptions, written, writtenFile } from '../../support/written-files.js'

const folder = t.testdir()
const options = () => writeOptions(folder)
const arrayBuffer = (bytes: Buffer) => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer

/** ISO WKB of simple kinds without measures: what GeoParquet has. */
function wantedShape(geometry: Geometry | null, tolerance: number): string | null {
  if (!geometry) return null
  const simple = lineariseGeometry(geometry, tolerance)
  return Buffer.from(writeEwkb(withoutMeasures(simple), { isIso: true })).toString('hex')
}

function withoutMeasures(geometry: Geometry): Geometry {
  const { dimensions } = geometry
  if (!dimensions.includes('m')) return geometry
  const [kept, stride] = [dimensions.length - 1, dimensions.length]
  const cut = (path: Float64Array) => path.filter((_, i) => i % stride < kept)
  const flat = dimensions === 'xym' ? 'xy' : 'xyz'
  if ('parts' in geometry) return { ...geometry, dimensions: flat, parts: geometry.parts.map(withoutMeasures) }
  if ('rings' in geometry) return { ...geometry, dimensions: flat, rings: geometry.rings.map(cut) }
  return { ...geometry, dimensions: flat, coordinates: cut(geometry.coordinates) }
}

for (const [type, dimensions, crs] of [
  ['GEOMETRY', 'xy', 'EPSG:2154'],
  ['GEOMETRY', 'xyzm', 'EPSG:4326'],
  ['POINT', 'xym', 'OGC:CRS84'],
  ['MULTIPOLYGON', 'xyz', null],
] as const)
  t.test(`hyparquet reads every value and place: ${type} ${dimensions} in ${crs}`, async t => {
    const hard = hardTable({ type, dimensions, crs })
    const tolerance = crs === 'EPSG:4326' ? 1e-7 : 0.01
    const file = arrayBuffer(await written(geoparquet, hard.table, options()))
    const rows = await parquetReadObjects({ file, geoparquet: false, utf8: false })
    t.equal(rows.length, hard.values.length)
    for (const [i, row] of rows.entries()) {
      const hex = row.geom instanceof Uint8Array ? Buffer.from(row.geom).toString('hex') : null
      const shape = hard.geometries[i]
      if (hex !== wantedShape(shape, tolerance)) t.equal(hex, wantedShape(shape, tolerance), `row ${i}`)
      const box = shape && ewkbBbox(writeEwkb(lineariseGeometry(shape, tolerance)))
      const wanted = box ? { xmin: box[0], ymin: box[1], xmax: box[2], ymax: box[3] } : null
      if (JSON.stringify(row.bbox ?? null) !== JSON.stringify(wanted)) t.same(row.bbox, wanted)
      for (const [k, { name, kind }] of hard.table.columns.entries()) {
        const [read, value] = [comparable(kind, row[name]), comparable(kind, hard.values[i][k])]
        if (read !== value) t.equal(read, value, `${name} of row ${i}`)
      }
    }
    const { key_value_metadata } = await parquetMetadataAsync(file)
    const geo = JSON.parse(key_value_metadata?.find(({ key }) => key === 'geo')?.value ?? '{}')
    t.match(geo, {
      version: '1.1.0',
      primary_column: 'geom',
      columns: { geom: { encoding: 'WKB', covering: { bbox: { xmin: ['bbox', 'xmin'] } } } },
    })
    const kinds = new Set(hard.geometries.flatMap(geometry => (geometry ? [lineariseGeometry(geometry, 1).kind] : [])))
    t.same(geo.columns.geom.geometry_types, [...kinds].map(kind => (dimensions.includes('z') ? `${kind} Z` : kind)).sort())
    if (crs === 'OGC:CRS84') t.notOk('crs' in geo.columns.geom)
    else if (crs === null) t.equal(geo.columns.geom.crs, null)
    else t.same(geo.columns.geom.crs.id, { authority: 'EPSG', code: Number(crs.slice(5)) })
    t.equal(hard.closed(), 1)
  })

/** What hyparquet makes of a value beside what it was: numbers and moments as far as JavaScript has them. The digits beyond are pyarrow's to check. */
function comparable(kind: string, value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00.000Z$/, kind === 'date' ? '' : '$&')
  switch (kind) {
    case 'double':
      return String(Math.fround(Number(value)))
    case 'numeric':
      return Number(value).toPrecision(12)
    case 'timestamp':
    case 'timestamptz':
      return new Date(`${String(value).replace('Z', '')}Z`).toISOString()
    case 'time':
      return typeof value === 'bigint' ? String(value) : String(micros(String(value)))
    case 'json':
      return JSON.stringify(
        value instanceof Uint8Array
          ? JSON.parse(Buffer.from(value).toString())
          : typeof value === 'string' && isJson(value)
            ? JSON.parse(value)
            : value,
      )
    case 'bytes':
      return Buffer.from(value as Uint8Array).toString('hex')
    default:
      return value instanceof Uint8Array ? Buffer.from(value).toString() : String(value)
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function micros(text: string): number {
  const [hours, minutes, seconds] = text.split(':').map(Number)
  return Math.round((hours * 3600 + minutes * 60 + seconds) * 1e6)
}

const python = ['.build/python-clients/bin/python', 'python3', '/usr/bin/python3'].find(
  program => spawnSync(program, ['-c', 'import pyarrow.parquet'], { stdio: 'ignore' }).status === 0,
)

/** Every attribute as text, exactly; moments to the microsecond. */
const pyarrowScript = `
import sys, json, pyarrow, pyarrow.parquet as pq
table = pq.read_table(sys.argv[1])
def text(kind, value):
    if value is None: return None
    if pyarrow.types.is_binary(kind): return value.hex()
    if pyarrow.types.is_decimal(kind): return format(value, 'f')
    if pyarrow.types.is_boolean(kind): return 'true' if value else 'false'
    if pyarrow.types.is_timestamp(kind): return value.strftime('%Y-%m-%dT%H:%M:%S.%f') + ('Z' if kind.tz else '')
    if pyarrow.types.is_time(kind): return value.strftime('%H:%M:%S.%f')
    if pyarrow.types.is_floating(kind): return repr(value)
    return str(value)
columns = [name for name in table.column_names if name not in ('geom', 'bbox')]
print(json.dumps({'types': {name: str(table.schema.field(name).type) for name in columns},
    'rows': [list(row) for row in zip(*[[text(table.schema.field(name).type, value) for value in table[name].to_pylist()] for name in columns])]}))
`

t.test('pyarrow reads every digit and every type', { skip: unlessAll(python ? false : 'pyarrow is not installed') }, async t => {
  const hard = hardTable({ type: 'POINT' })
  const path = await writtenFile(join(folder, 'exact.parquet'), geoparquet, hard.table, options())
  const { status, stdout, stderr } = spawnSync(python!, ['-c', pyarrowScript, path], { encoding: 'utf8', maxBuffer: 1 << 28 })
  t.equal(status, 0, stderr)
  const { types, rows } = JSON.parse(stdout) as { types: Record<string, string>; rows: (string | null)[][] }
  t.match(types, {
    population_1999: 'int16',
    big: 'int64',
    exact: /^decimal128\(30, 10\)/,
    price: /^decimal128\(10, 2\)/,
    day: 'date32[day]',
    hour: 'time64[us]',
    moment: 'timestamp[us]',
    instant: /^timestamp\[us, tz=UTC/,
  })
  t.same(rows, exactRows(hard))
})

function exactRows({ table, values }: HardTable): (string | null)[][] {
  const six = (text: string) =>
    text.replace(/^(.*?)(?:\.(\d+))?(Z?)$/, (_, moment, fraction = '', zone) => `${moment}.${fraction.padEnd(6, '0')}${zone}`)
  return values.map(row =>
    row.map((value, k) => {
      if (value === null || value === undefined) return null
      const { kind, nativeType } = table.columns[k]
      if (kind === 'double') return pythonFloat(nativeType === 'real' ? Math.fround(Number(value)) : Number(value))
      if (kind === 'time' || kind.startsWith('timestamp')) return six(String(value))
      return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value)
    }),
  )
}

/** Python's way: `1.0`, `1e-300`, `3.4e+38`; large whole numbers from 1e16 on with an exponent. */
function pythonFloat(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return `${Object.is(value, -0) ? '-0' : value}.0`
  if (Math.abs(value) >= 1e16 && !String(value).includes('e')) return value.toExponential()
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2')
}

t.test('row groups are bounded, pieces come before the last row, and statistics of boxes are there', async t => {
  const hard = hardTable({ type: 'POINT', count: 41_000, columns: ['code', 'big'] })
  const pieces: Uint8Array[] = []
  let closedAtFirst = -1
  for await (const piece of geoparquet.write(hard.table, options())) {
    if (closedAtFirst < 0) closedAtFirst = hard.closed()
    t.ok(piece.length <= 256 * 1024)
    pieces.push(piece)
  }
  t.equal(closedAtFirst, 0)
  const file = arrayBuffer(Buffer.concat(pieces))
  const metadata = await parquetMetadataAsync(file)
  t.same(
    metadata.row_groups.map(({ num_rows }) => Number(num_rows)),
    [20_000, 20_000, 1000],
  )
  for (const { columns } of metadata.row_groups) {
    const box = columns.find(({ meta_data }) => meta_data?.path_in_schema.join('.') === 'bbox.xmin')
    t.type(box?.meta_data?.statistics?.min_value, 'number')
  }
  t.equal(parquetSchema(metadata).children.length, 4)
})

t.test('names that are taken, no geometry, no rows, nothing at all', async t => {
  const hard = hardTable({ type: 'POINT', columns: ['code', 'big'], count: 3 })
  const columns = [
    { ...hard.table.columns[0], name: 'bbox' },
    { ...hard.table.columns[1], name: 'geom' },
  ]
  const [row] = await parquetReadObjects({
    file: arrayBuffer(await written(geoparquet, { ...hard.table, columns }, options())),
    geoparquet: false,
  })
  t.same(Object.keys(row), ['bbox', 'geom_2', 'geom', 'bbox_2'])
  const flat = hardTable({ type: null, count: 5 })
  const file = arrayBuffer(await written(geoparquet, flat.table, options()))
  t.equal((await parquetReadObjects({ file })).length, 5)
  t.same((await parquetMetadataAsync(file)).key_value_metadata ?? [], [])
  const none = hardTable({ count: 0 })
  t.equal(Number((await parquetMetadataAsync(arrayBuffer(await written(geoparquet, none.table, options())))).num_rows), 0)
  t.match(geoparquet.obstacle?.({ ...flat.table, columns: [] }, options()), /CSV would work/)
  t.match(
    geoparquet.obstacle?.({ ...hard.table, geometry: { ...hard.table.geometry!, crs: 'EPSG:5514' } }, options()),
    /another CRS, GeoPackage/,
  )
})

t.test('the same rows give the same bytes; a failure ends before the footer; who leaves frees the rows', async t => {
  const [a, b] = [await written(geoparquet, hardTable().table, options()), await written(geoparquet, hardTable().table, options())]
  t.ok(a.equals(b))
  const failing = hardTable({ type: 'POINT', columns: ['code'], count: 30_000, failsAfter: 25_000 })
  const pieces: Uint8Array[] = []
  await t.rejects(
    async () => {
      for await (const piece of geoparquet.write(failing.table, options())) pieces.push(piece)
    },
    { message: 'The database went away.' },
  )
  t.ok(pieces.length)
  t.not(Buffer.concat(pieces).subarray(-4).toString(), 'PAR1')
  t.equal(failing.closed(), 1)
  const left = hardTable({ type: 'POINT', columns: ['code'], count: 30_000 })
  for await (const _ of geoparquet.write(left.table, options())) break
  t.equal(left.closed(), 1)
})

t.test('what is empty stays what it is', async t => {
  const hard = hardTable({ isSimple: true })
  const rows = await parquetReadObjects({ file: arrayBuffer(await written(geoparquet, hard.table, options())), geoparquet: false })
  const empties = hard.geometries.flatMap((geometry, i) =>
    geometry && hasNoPlace(geometry) ? [[geometry.kind, readEwkb(Buffer.from(rows[i].geom as Uint8Array)).kind]] : [],
  )
  t.ok(empties.length > 5)
  t.ok(empties.every(([wanted, read]) => wanted === read))
})
