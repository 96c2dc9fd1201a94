import { join } from 'node:path'
import t from 'tap'
import { collectionFormat } from '#formats/features/index.js'
import { gdal, withoutGdal } from '../../support/gdal.js'
import { hardColumns, hardTable } from '../../support/hard-table.js'
import { zipBytes } from '../../support/make-files.js'
import { unlessAll } from '../../support/programs.js'
import { shapeFault } from '../../support/shape-fault.js'
import { written } from '../../support/written.js'
import { asObjects, failure, kindsOf, readOne, testFolder } from './read-all.js'

const { folder, file } = testFolder()
const kept = { by: 1e-9, tolerance: 1e-7, hasZ: true, mixesMultiple: true }

for (const name of ['kml', 'kmz']) {
  t.test(`${name} as it is written here comes back with its types`, async t => {
    const hard = hardTable({ crs: 'EPSG:4326', dimensions: 'xyz' })
    const { layer, rows } = await readOne(file(`hard.${name}`, await written(collectionFormat(name)!, hard.table)))
    t.match(layer, { name: 'hard', count: 120, key: 'id', geometry: { crs: 'EPSG:4326', dimensions: 'xyz' } })
    t.match(kindsOf(layer), { code: 'text', population_2020: 'integer', big: 'text', length: 'double', order: 'boolean', day: 'text' })
    const at = (column: string) => layer.columns.findIndex(one => one.name === column)
    for (const [i, row] of rows.entries()) {
      const fault = shapeFault(row.at(-1) as Uint8Array | null, hard.geometries[i], kept)
      if (fault) t.fail(`row ${i + 1}: ${fault}`)
      for (const [c, { name, kind }] of hardColumns.entries()) {
        const value = hard.values[i][c]
        if (!['text', 'integer', 'bigint', 'double', 'boolean', 'date', 'uuid'].includes(kind)) continue
        if ((row[at(name)] === null ? '' : String(row[at(name)])) !== (value === null ? '' : String(value).trim()))
          t.fail(`${name} of row ${i + 1}: ${row[at(name)]} for ${value}`)
      }
    }
  })
}

t.test('what GDAL writes is read', { skip: unlessAll(withoutGdal) }, async t => {
  const hard = hardTable({ crs: 'EPSG:4326', isSimple: true, count: 10, columns: ['nom de l’été', 'population_2020'] })
  const source = file('source.geojsonl', await written(collectionFormat('geojsonl')!, hard.table))
  for (const driver of ['KML', 'LIBKML']) {
    const path = join(folder, `${driver}.kml`)
    gdal('ogr2ogr', '-f', driver, path, source)
    const read = await readOne(path)
    t.equal(read.rows.length, 10, driver)
    t.match(kindsOf(read.layer), { population_2020: 'integer', 'nom de l’été': 'text' })
    for (const [i, row] of read.rows.entries()) {
      // GDAL makes a collection of one to what is in it
      if (hard.geometries[i]?.kind === 'GeometryCollection') continue
      const fault = shapeFault(row.at(-1) as Uint8Array | null, hard.geometries[i], { ...kept, hasZ: false })
      if (fault) t.fail(`${driver} ${i}: ${fault}`)
    }
  }
})

const document = (inside: string) =>
  `<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>${inside}</Document></kml>`

t.test('folders, times, data of every form, and what is left out', async t => {
  const path = file(
    'forms.kml',
    document(`<name>All</name><Style id="s"><LineStyle><width>2</width></LineStyle></Style>
      <Folder><name>Parcs</name><Folder><name>Nord</name>
        <Placemark id="a"><name>Été</name><description><![CDATA[<b>un</b>]]></description><TimeStamp><when>2024-01-02</when></TimeStamp>
          <ExtendedData><Data name="n"><displayName>N</displayName><value>12</value></Data></ExtendedData>
          <Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 1,0, 1 1,1</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
      </Folder></Folder>
      <Placemark id="b"><TimeSpan><begin>2024-01-02</begin></TimeSpan><gx:Track><when>2024</when><gx:coord>1 2 3</gx:coord><gx:coord>2 3 4</gx:coord></gx:Track></Placemark>
      <GroundOverlay><name>x</name></GroundOverlay><NetworkLink><name>y</name></NetworkLink><Placemark id="c"><Model/></Placemark>`),
  )
  const read = await readOne(path)
  t.same(
    asObjects(read).map(({ geom, ...values }) => values),
    [
      { id: 'a', folder: 'Parcs / Nord', name: 'Été', description: '<b>un</b>', time: '2024-01-02', n: 12, begin: null },
      { id: 'b', folder: null, name: null, description: null, time: null, n: null, begin: '2024-01-02' },
      { id: 'c', folder: null, name: null, description: null, time: null, n: null, begin: null },
    ],
  )
  t.equal(read.layer.geometry?.type, 'GEOMETRY')
  for (const note of [/^Styles/, /^Network links/, /^Pictures on the ground/, /kind Model/])
    t.ok(
      read.layer.notes.some(one => note.test(one)),
      String(note),
    )
  const [polygon, track] = asObjects(read).map(({ geom }) => geom as { kind: string; rings?: Float64Array[]; coordinates?: Float64Array })
  t.equal(polygon.rings?.[0].length, 4 * 3, 'the ring is closed')
  t.same([...(track.coordinates ?? [])], [1, 2, 3, 2, 3, 4])
})

t.test('broken and hostile files are refused', async t => {
  const refused = async (name: string, content: string | Uint8Array, message: RegExp) => {
    const found = await failure(file(name, content), { maxUnpackedBytes: 1e6 })
    t.match(found.message, message, name)
  }
  await refused('entities.kml', `<!DOCTYPE kml [<!ENTITY a "b">]>${document('<Placemark/>')}`, /DOCTYPE/)
  await refused('deep.kml', document('<Placemark>'.concat('<MultiGeometry>'.repeat(500))), /nested deeper/)
  await refused(
    'numbers.kml',
    document('\n<Placemark><Point><coordinates>1,x</coordinates></Point></Placemark>'),
    /numbers.kml: line 2: “1,x” stands where longitude,latitude/,
  )
  await refused(
    'truncated.kml',
    document('<Placemark><name>a</name></Placemark>').slice(0, 150),
    /truncated.kml: The XML document cannot be read/,
  )
  await refused('nothing.kml', document(''), /holds no features/)
  await refused('text.kmz', 'no archive', /is not a zip archive, whatever its name says/)
  await refused('bomb.kmz', zipBytes([{ name: 'doc.kml', bytes: Buffer.alloc(5e6) }]), /limit/)
  await refused('pictures.kmz', zipBytes([{ name: 'a.png', bytes: Buffer.alloc(10) }]), /holds no file of features/)
})
