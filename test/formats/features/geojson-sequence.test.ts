import t from 'tap'
import { collectionFormat } from '#formats/features/index.js'
import { withoutGdal } from '../../support/gdal.js'
import { hardColumns, hardTable } from '../../support/hard-table.js'
import { ogrLayers, ogrShape } from '../../support/ogr-read.js'
import { unlessAll } from '../../support/programs.js'
import { shapeFault } from '../../support/shape-fault.js'
import { plainOptions, written } from '../../support/written.js'
import { readOne, testFolder } from '../readers/read-all.js'

const { file } = testFolder()
const kept = { by: 1e-9, tolerance: 1e-7, hasZ: true }
const format = (name: string) => collectionFormat(name)!

t.test('short names and media types find the two forms', async t => {
  for (const name of ['geojsonseq', 'application/geo+json-seq']) t.equal(format(name).extension, 'geojsons', name)
  for (const name of ['geojsonl', 'ndjson', 'jsonl', 'application/x-ndjson', 'application/x-ndjson; charset=utf-8'])
    t.equal(format(name).extension, 'geojsonl', name)
})

t.test('a text sequence begins each feature with a record separator, lines do without', async t => {
  const sequence = (await written(format('geojsonseq'), hardTable({ crs: 'EPSG:4326' }).table)).toString()
  const lines = (await written(format('geojsonl'), hardTable({ crs: 'EPSG:4326' }).table)).toString()
  t.equal(sequence.split('\x1e').length - 1, 120)
  t.equal(sequence.replaceAll('\x1e', ''), lines)
  t.ok(lines.endsWith('\n'))
  const features = lines
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))
  t.equal(features.length, 120)
  t.match(features[0], {
    type: 'Feature',
    id: 1,
    geometry: { type: 'Point' },
    properties: { 'nom de l’été': 'Été à Nancy, « chez l’Abbé »' },
  })
  t.same(
    Object.keys(features[3].properties),
    hardColumns.map(({ name }) => name),
  )
})

t.test('JSON with line breaks stays on its line', async t => {
  const { table } = hardTable({ crs: 'EPSG:4326', count: 0 })
  const { RowBuilder } = await import('#rows/row-builder.js')
  const schema = {
    columns: [
      { name: '@id', oid: 25, kind: 'text' },
      { name: 'facts', oid: 114, kind: 'json' },
    ],
  } as const
  const batch = new RowBuilder(schema).row(['a', '{\n  "a": "b\\nc"\r\n}']).take()
  const bare = { ...table, geometry: undefined, columns: [{ name: 'facts', kind: 'json', nativeType: 'json', isNullable: true }] as const }
  async function* batches() {
    yield batch
  }
  const text = (await written(format('ndjson'), { ...bare, hasNumericIds: false, schema, batches: batches() })).toString()
  t.equal(text.split('\n').length, 2)
  t.same(JSON.parse(text), { type: 'Feature', id: 'a', geometry: null, properties: { facts: { a: 'b\nc' } } })
})

for (const name of ['geojsonseq', 'geojsonl']) {
  t.test(`GDAL finds in ${name} what was written`, { skip: unlessAll(withoutGdal) }, async t => {
    const hard = hardTable({ crs: 'EPSG:4326', dimensions: 'xyz', isSimple: true })
    const path = file(`hard.${format(name).extension}`, await written(format(name), hard.table))
    const [layer] = ogrLayers(path, 'GeoJSONSeq')
    t.equal(layer.crs, 'EPSG:4326')
    t.equal(layer.features.length, 120)
    t.match(layer.types, {
      population_2020: 'Integer',
      big: 'Integer64',
      length: 'Real',
      order: 'Integer(Boolean)',
      day: 'Date',
      moment: 'DateTime',
    })
    for (const [i, feature] of layer.features.entries()) {
      const { fid, fields } = feature
      t.equal(fid, i + 1)
      for (const column of ['code', 'nom de l’été', 'population_1999', 'population_2020', 'big', 'uid']) {
        const value = hard.values[i][hardColumns.findIndex(one => one.name === column)]
        if (fields[column] !== (value === null ? null : String(value))) t.equal(fields[column], value, `${column} of ${fid}`)
      }
      const fault = shapeFault(ogrShape(feature), hard.geometries[i], kept)
      if (fault) t.fail(`feature ${fid}: ${fault}`)
    }
  })

  t.test(`our own reader finds in ${name} what was written`, async t => {
    const hard = hardTable({ crs: 'EPSG:4326', dimensions: 'xyz' })
    const { layer, rows } = await readOne(file(`own.${format(name).extension}`, await written(format(name), hard.table)))
    t.equal(layer.count, 120)
    const at = (column: string) => layer.columns.findIndex(one => one.name === column)
    for (const [i, row] of rows.entries()) {
      const fault = shapeFault(row.at(-1) as Uint8Array | null, hard.geometries[i], kept)
      if (fault) t.fail(`row ${i}: ${fault}`)
      for (const column of ['code', 'length', 'order', 'day'])
        if (row[at(column)] !== hard.values[i][hardColumns.findIndex(one => one.name === column)]) t.fail(`${column} of row ${i}`)
    }
  })
}

t.test('a failure in mid-stream is thrown, and stopping frees the rows', async t => {
  await t.rejects(written(format('geojsonl'), hardTable({ crs: 'EPSG:4326', failsAfter: 60 }).table), {
    message: 'The database went away.',
  })
  const hard = hardTable({ crs: 'EPSG:4326', count: 2000 })
  for await (const piece of format('geojsonseq').write(hard.table, plainOptions)) {
    t.ok(piece.length < 256 * 1024)
    break
  }
  t.equal(hard.closed(), 1)
})
