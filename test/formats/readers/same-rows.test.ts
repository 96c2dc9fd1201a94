import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import {
  csvText,
  flatgeobufBytes,
  geojsonFeature,
  geojsonText,
  madeFeatures,
  pointsTable,
  writeGeopackage,
  writeShapefile,
  zipBytes,
} from '../../support/make-files.js'
import { asObjects, readOne, testFolder } from './read-all.js'

// More than one batch, and the same features in every format: what comes out must be the same, too.
const features = madeFeatures(1200)
const { folder, file } = testFolder()
const feature = features[1]
const lines = features.map(each => JSON.stringify({ ...geojsonFeature(each), crs: undefined }))

const files = {
  GeoPackage: writeGeopackage(join(folder, 'points.gpkg'), [pointsTable(features)]),
  GeoJSON: file('points.geojson', geojsonText(features)),
  'GeoJSON, one feature a line': file('lines.geojsonl', lines.join('\n')),
  'GeoJSON text sequence': file('sequence.geojsons', lines.map(line => `\u001e${line}\n`).join('')),
  FlatGeobuf: file('points.fgb', flatgeobufBytes(features)),
  Shapefile: writeShapefile(folder, 'shapes', features),
  'CSV, French': file('french.csv', csvText(features, ';', ',')),
  'CSV, English': file('english.csv', csvText(features, ',', '.')),
  'TSV with a byte order mark': file('tabs.tsv', `\ufeff${csvText(features, '\t', '.')}`),
}

for (const [name, path] of Object.entries(files)) {
  t.test(`${name} gives every feature with its values and its place`, async t => {
    const read = await readOne(path)
    t.equal(read.rows.length, features.length)
    t.equal(read.layer.count, features.length)
    t.match(read.layer.geometry, { type: 'POINT', dimensions: 'xy', crs: 'EPSG:2154' })
    for (const [i, row] of asObjects(read).entries()) {
      const { code, name, height, big, x, y } = features[i]
      const point = row.geom as { kind: string; coordinates: Float64Array }
      if (row.code !== code || row.name !== name || row.height !== height || Number(row.big) !== big)
        t.match(row, { code, name, height, big }, `row ${i + 1}`)
      if (point.coordinates[0] !== x || point.coordinates[1] !== y) t.same([...point.coordinates], [x, y], `place of row ${i + 1}`)
    }
  })

  t.test(`${name}, gzipped and zipped, gives the same`, async t => {
    const parts = name === 'Shapefile' ? ['.shp', '.shx', '.dbf', '.prj', '.cpg'].map(end => path.replace(/\.shp$/, end)) : [path]
    const zipped = file(
      `${basename(path)}.zip`,
      zipBytes(
        parts.map(part => ({ name: `data/${basename(part).replace(/shp$|dbf$/, end => end.toUpperCase())}`, bytes: readFileSync(part) })),
      ),
    )
    const read = await readOne(zipped)
    t.equal(read.layer.name, name === 'GeoPackage' ? 'points' : basename(path).replace(/\.\w+$/, ''))
    t.match(asObjects(read)[1], { code: feature.code, name: feature.name })
    t.equal(read.rows.length, features.length)
    if (name === 'Shapefile') return
    const gzipped = await readOne(file(`${basename(path)}.gz`, gzipSync(readFileSync(path))))
    t.equal(gzipped.layer.name, read.layer.name)
    t.equal(gzipped.rows.length, features.length)
  })
}

t.test('batches are bounded, and progress grows to the end', async t => {
  const { openFeatureFile } = await import('#formats/features/readers/index.js')
  for (const path of Object.values(files)) {
    const opened = await openFeatureFile(path)
    let before = 0
    for await (const { rows, progress = 0 } of opened.layers[0].read()) {
      if (rows.length > 1000 || progress < before || progress > 1) t.fail(`${path}: ${rows.length} rows at ${progress}`)
      before = progress
    }
    await opened.close()
    t.ok(before > 0.9, basename(path))
  }
})

t.test('reading stops when it is cancelled', async t => {
  const { openFeatureFile } = await import('#formats/features/readers/index.js')
  for (const path of Object.values(files)) {
    const opened = await openFeatureFile(path)
    const cancel = new AbortController()
    await t.rejects(
      async () => {
        for await (const _ of opened.layers[0].read(cancel.signal)) cancel.abort()
      },
      { name: 'AbortError' },
      basename(path),
    )
    await opened.close()
  }
})
