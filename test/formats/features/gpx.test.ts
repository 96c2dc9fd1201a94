import t from 'tap'
import { gpx } from '#formats/features/gpx.js'
import { xmlName } from '#formats/features/xml-name.js'
import { writeEwkb } from '#geo/ewkb.js'
import { gdalPython, withoutGdal } from '../../support/gdal.js'
import { hardTable, hasNoPlace } from '../../support/hard-table.js'
import { unlessAll } from '../../support/programs.js'
import { asFile, tableOf, writeOptions, written } from './written.js'

interface ReadGpx {
  readonly order: readonly string[]
  readonly text: Readonly<Record<string, string>>
  readonly paths: readonly (readonly (readonly number[])[])[]
}

/** What Python's own XML reader finds: names of the children in order, their texts, positions. */
const reading = `from xml.etree import ElementTree
gpx = '{http://www.topografix.com/GPX/1/1}'
def at(e):
    ele = e.find(gpx + 'ele')
    return [float(e.get('lon')), float(e.get('lat'))] + ([] if ele is None else [float(ele.text)])
def local(e): return e.tag.replace(gpx, '').replace('{http://osgeo.org/gdal}', 'ogr:')
out = []
for e in ElementTree.parse(sys.argv[1]).getroot():
    if local(e) not in ('wpt', 'trk'): continue
    text = {local(c): c.text or '' for c in list(e) + list(e.find(gpx + 'extensions') or [])}
    paths = [[at(e)]] if local(e) == 'wpt' else [[at(p) for p in s] for s in e.findall(gpx + 'trkseg')]
    out.append({'order': [local(c) for c in e], 'text': text, 'paths': paths})
print(json.dumps(out))`

const skip = unlessAll(withoutGdal)
const crs = 'EPSG:4326'

for (const type of ['POINT', 'MULTILINESTRING', 'LINESTRING'])
  t.test(`every value and position of ${type} is there, in one way`, { skip }, async t => {
    const { table, values, geometries } = hardTable({ type, crs, dimensions: 'xyz' })
    const read = gdalPython<ReadGpx[]>(reading, asFile(t, 'hard.gpx', await written(gpx, table)))
    const kept = type === 'POINT' ? geometries.flatMap((geometry, i) => (hasNoPlace(geometry) ? [] : [i])) : geometries.map((_, i) => i)
    t.equal(read.length, kept.length, 'a point without a place has none in GPX')
    for (const [n, i] of kept.entries()) {
      const pathsOf = (geometry = geometries[i]): number[][][] => {
        if (!geometry) return []
        if ('parts' in geometry) return geometry.parts.flatMap(pathsOf)
        const flat = 'coordinates' in geometry ? [...geometry.coordinates] : []
        return flat.length ? [Array.from({ length: flat.length / 3 }, (_, k) => flat.slice(3 * k, 3 * k + 3))] : []
      }
      const meant = table.columns.flatMap(({ name, kind }, at) => {
        const value = values[i][at]
        if (value === null || value === undefined) return []
        const text = value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value)
        return [[`ogr:${xmlName(name)}`, kind === 'timestamp' ? text.replace('.250', '.25') : text]]
      })
      const { text, paths } = read[n]
      const own = Object.fromEntries(Object.entries(text).filter(([name]) => name.startsWith('ogr:')))
      if (JSON.stringify(paths) !== JSON.stringify(pathsOf())) t.same(paths, pathsOf(), `positions of ${i}`)
      const exact = Object.fromEntries(meant.map(([name, text]) => [name, asText(name, text)]))
      t.same(Object.fromEntries(Object.entries(own).map(([name, text]) => [name, asText(name, text)])), exact, `values of ${i}`)
    }
  })

/** Doubles have more than one spelling, and numbers no zeros in front. */
const asText = (name: string, text: string) =>
  /ratio|length/.test(name) ? String(Number(text)) : name === 'ogr:exact' ? text.replace(/^0+(?=\d)/, '') : text

t.test('GDAL finds columns in the elements they suit, and the others', { skip }, async t => {
  const columns = { nom: 'text', ele: 'numeric', time: 'timestamptz', description: 'text', sym: 'text', 'à part': 'text' } as const
  const point = writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(6.18, 48.69) })
  const geometry = { name: 'geom', type: 'POINT', dimensions: 'xy', crs } as const
  const rows = [['Refuge «é»', '1234.50', '2024-02-29T08:30:00Z', 'a <b>', 'Flag', 'x\u0007', point]]
  const bytes = await written(gpx, tableOf(columns, rows, { geometry }))
  const path = asFile(t, 'made.gpx', bytes)
  const read = gdalPython<Record<string, unknown>>(
    `from osgeo import ogr
source = ogr.Open(sys.argv[1])
f = source.GetLayer('waypoints').GetNextFeature()
print(json.dumps({f.GetFieldDefnRef(i).GetName(): f.GetField(i) for i in range(f.GetFieldCount()) if f.IsFieldSetAndNotNull(i)} | {'at': f.GetGeometryRef().ExportToWkt()}))`,
    path,
  )
  t.same(read, {
    at: 'POINT (6.18 48.69)',
    ele: 1234.5,
    time: '2024/02/29 08:30:00+00',
    name: 'Refuge «é»',
    desc: 'a <b>',
    sym: 'Flag',
    ogr_nom: 'Refuge «é»',
    ogr_description: 'a <b>',
    [`ogr_${xmlName('à part')}`]: 'x\ufffd',
  })
  // the order of wptType in the schema of GPX 1.1
  t.same(gdalPython<ReadGpx[]>(reading, path)[0].order, ['ele', 'time', 'name', 'desc', 'sym', 'extensions'])
})

t.test('what has no place in it is refused with a way that works', async t => {
  t.match(gpx.obstacle?.(hardTable({ type: 'POLYGON' }).table, writeOptions()), /POLYGON; GeoJSON \(f=geojson\) would work/)
  t.match(gpx.obstacle?.(hardTable({ type: null }).table, writeOptions()), /f=csv\) would work/)
  t.equal(gpx.obstacle?.(hardTable({ type: 'MULTIPOINT' }).table, writeOptions()), undefined)
  t.equal(gpx.crs, crs)
})

t.test('rows are freed when the reader leaves, and a failure breaks the file', async t => {
  const left = hardTable({ type: 'POINT', crs, count: 2000 })
  for await (const _ of gpx.write(left.table, writeOptions())) break
  t.equal(left.closed(), 1)
  await t.rejects(written(gpx, hardTable({ type: 'POINT', crs, failsAfter: 70 }).table), /went away/)
})
