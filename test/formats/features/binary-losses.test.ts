import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import t from 'tap'
import type { FeatureColumn, FeatureTable } from '#core/feature-table.js'
import { type CollectionFormat, collectionFormat } from '#formats/features/index.js'
import { writeEwkb } from '#geo/ewkb.js'
import type { FieldInput } from '#rows/pg-field-writer.js'
import { oids } from '#rows/pg-types.js'
import { RowBuilder } from '#rows/row-builder.js'
import { withoutGdal } from '../../support/gdal.js'
import { unlessAll } from '../../support/programs.js'
import { ogrLayers } from '../../support/read-ogr.js'
import { writeOptions, written, writtenFile } from '../../support/written-files.js'

// What docs/formats.md says of values that no ordinary table has.
const folder = t.testdir()
mkdirSync(join(folder, 'temporary'))
const options = () => writeOptions(join(folder, 'temporary'))
const skip = unlessAll(withoutGdal)
const point = writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(2, 48) })

const columns: readonly (readonly [FeatureColumn, oid: number, ...values: FieldInput[]])[] = [
  [column('loose', 'numeric', 'numeric'), oids.numeric, '0.12345678901234567890', 'NaN'],
  [column('wide', 'numeric', 'numeric(60,2)'), oids.numeric, `${'9'.repeat(58)}.25`, '0.00'],
  [column('d', 'double', 'double precision'), oids.float8, Number.NaN, Number.POSITIVE_INFINITY],
  [column('day', 'date', 'date'), oids.date, 'infinity', '-0043-03-15'],
  [column('at', 'timestamptz', 'timestamp with time zone'), oids.timestamptz, 'infinity', '2024-02-29T08:30:00.123456Z'],
  [column('zoned', 'time', 'time with time zone'), oids.timetz, '08:30:00+02:00', '08:30:00.5+00:00'],
  [column('centre', 'geometry', 'geometry'), 0, point, null],
]

function column(name: string, kind: FeatureColumn['kind'], nativeType: string): FeatureColumn {
  return { name, kind, nativeType, isNullable: true }
}

function table(): FeatureTable {
  const schema = {
    columns: [
      { name: '@id', oid: oids.text, kind: 'text' as const },
      ...columns.map(([{ name, kind }, oid]) => ({ name, oid, kind })),
      { name: 'geom', oid: 0, kind: 'geometry' as const },
    ],
  }
  const builder = new RowBuilder(schema)
  for (const row of [0, 1]) builder.row([String(row), ...columns.map(([, , ...values]) => values[row]), point])
  const batch = builder.take()
  return {
    id: 'odd',
    title: 'Odd',
    columns: columns.map(([each]) => each),
    geometry: { name: 'geom', type: 'POINT', dimensions: 'xy', crs: 'EPSG:4326' },
    hasNumericIds: true,
    schema,
    batches: (async function* () {
      yield batch
    })(),
  }
}

const format = (name: string): CollectionFormat => collectionFormat(name)!
const ewkb = Buffer.from(point).toString('hex')
const nines = `${'9'.repeat(58)}.25`

const wanted = {
  gpkg: [
    { loose: '0.12345678901234568', wide: nines, d: null, day: null, at: null, zoned: '08:30:00+02:00', centre: ewkb },
    { loose: null, wide: '0.00', d: 'inf', day: null, at: '2024-02-29T08:30:00.123Z', zoned: '08:30:00.5+00:00', centre: null },
  ],
  fgb: [
    { loose: '0.12345678901234568', wide: nines, d: 'nan', day: null, at: null, zoned: '08:30:00+02:00', centre: ewkb },
    {
      loose: 'nan',
      wide: '0.00',
      d: 'inf',
      day: '-043-03-15T00:00:00.000',
      at: '2024-02-29T08:30:00.123Z',
      zoned: '08:30:00.5+00:00',
      centre: null,
    },
  ],
  shp: [
    { loose: '0.12345678901234568', wide: nines, d: null, day: null, at: 'infinity', zoned: '08:30:00+02:00' },
    { loose: null, wide: '0.00', d: null, day: null, at: '2024-02-29T08:30:00.123456Z', zoned: '08:30:00.5+00:00' },
  ],
}

for (const [name, rows] of Object.entries(wanted))
  t.test(`odd values in ${name} are lost as stated`, { skip }, async t => {
    const path = await writtenFile(join(folder, `odd.${format(name).extension}`), format(name), table(), options())
    const [layer] = ogrLayers(name === 'shp' ? `/vsizip/${path}` : path)
    t.same(
      layer.rows.map(({ values }) => values),
      rows,
    )
    t.ok(layer.rows.every(({ geometry }) => geometry))
  })

t.test('odd values in parquet are lost as stated', async t => {
  const bytes = await written(format('parquet'), table(), options())
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
  const [first, second] = await parquetReadObjects({ file, geoparquet: false, utf8: false })
  t.match(first, { loose: 0.12345678901234568, wide: nines, d: Number.NaN, zoned: '08:30:00+02:00' })
  t.same([first.day, first.at], [null, null])
  t.equal(Buffer.from(first.centre as Uint8Array).toString('hex'), ewkb)
  t.same([second.d, second.zoned, second.centre], [Number.POSITIVE_INFINITY, '08:30:00.5+00:00', null])
  t.equal(new Date(second.day as string).toISOString(), '-000043-03-15T00:00:00.000Z')
})
