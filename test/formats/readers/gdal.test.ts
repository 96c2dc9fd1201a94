import { readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openFeatureFile, recognise } from '#formats/features/readers/index.js'
import type { PathGeometry } from '#geo/geometry.js'
import { gdal, withoutGdal } from '../../support/gdal.js'
import { zipBytes } from '../../support/make-files.js'
import { unlessAll } from '../../support/programs.js'
import { asObjects, failure, readAll, readOne, testFolder } from './read-all.js'

const { folder, file } = testFolder()
const places = [
  { nom: 'Été à Nancy', code: '00123', n: 42, x: 6.133676872, y: 48.798977346 },
  { nom: '"deux" & <trois>', code: '2A004', n: null, x: -1.5, y: 46.25 },
]
const source = file(
  'places.geojson',
  JSON.stringify({
    type: 'FeatureCollection',
    features: places.map(({ x, y, ...properties }) => ({ type: 'Feature', properties, geometry: { type: 'Point', coordinates: [x, y] } })),
  }),
)
const made = (driver: string, name: string, ...options: readonly string[]) => {
  gdal('ogr2ogr', '-f', driver, join(folder, name), source, '-nln', 'places', ...options)
  return join(folder, name)
}

/** One of each sort of them: each takes GDAL half a second to start. What of the values each keeps; MapInfo has no numbers that are null. */
const formats: readonly {
  readonly driver: string
  readonly name: string
  readonly options?: readonly string[]
  readonly by?: number
  readonly keeps: 'all' | 'places' | 'values'
}[] = [
  { driver: 'MapInfo File', name: 'a.tab', by: 1e-4, keeps: 'all' },
  { driver: 'XLSX', name: 'e.xlsx', keeps: 'values' },
  { driver: 'DXF', name: 'g.dxf', options: ['-select', ''], keeps: 'places' },
  { driver: 'GPX', name: 'h.gpx', options: ['-select', ''], keeps: 'places' },
]

for (const { driver, name, options = [], by = 1e-8, keeps } of formats) {
  t.test(`${name} as GDAL writes it is read`, { skip: unlessAll(withoutGdal) }, async t => {
    const path = made(driver, name, ...options)
    t.equal(recognise(path)?.kind, 'features')
    const read = await readOne(path)
    t.match(read.layer.notes[0], /^Read by GDAL as/)
    const rows = asObjects(read)
    t.equal(rows.length, 2)
    for (const [i, { nom, code, n, x, y }] of places.entries()) {
      if (keeps !== 'places') t.match(rows[i], { nom, code, n: driver === 'MapInfo File' ? (n ?? 0) : n })
      if (keeps === 'values') continue
      const { coordinates } = rows[i].geom as PathGeometry
      t.ok(Math.hypot(coordinates[0] - x, coordinates[1] - y) <= by, `${coordinates} for ${x}, ${y}`)
    }
  })
}

t.test('parts of a file come with it out of an archive, and its stem is its name', { skip: unlessAll(withoutGdal) }, async t => {
  made('MapInfo File', 'arbres.mif')
  const parts = ['arbres.mif', 'arbres.mid'].map(name => ({ name: `données/${name}`, bytes: readFileSync(join(folder, name)) }))
  const [{ layer, rows }] = await readAll(file('packed.zip', zipBytes(parts)))
  t.same([layer.name, rows.length], ['arbres', 2])
  t.match(recognise(join(folder, 'arbres.mid')), { kind: 'part', of: join(folder, 'arbres.mif') })
  t.equal(recognise(join(folder, 'other.mid')), undefined)
})

t.test('what is no such file, too large, or a bomb is refused', async t => {
  for (const name of ['x.dxf', 'x.xlsx']) {
    const { kind, message } = await failure(file(name, 'this is none'))
    t.equal(kind, 'invalid-data', name)
    t.match(message, new RegExp(`^${name.replace('.', '\\.')}: `))
    t.notMatch(message, /\/(tmp|input|output)\//)
  }
  t.match((await failure(file('empty.gpx', ''))).message, /is empty/)
  const large = file('large.dxf', 'x')
  truncateSync(large, 101e6)
  t.match(await failure(large), { kind: 'unsupported', message: /DXF is read up to 100 MB, and this has 101/ })
  const bomb = zipBytes([{ name: 'xl/worksheets/sheet1.xml', bytes: Buffer.alloc(60e6) }])
  t.match((await failure(file('bomb.xlsx', bomb))).message, /bomb/)
})

t.test('a file cannot make another one be read', async t => {
  const vrt = `<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>${source}</SrcDataSource><SrcLayer>places</SrcLayer></OGRVRTLayer></OGRVRTDataSource>`
  t.match(await failure(file('vrt.gpx', vrt)), { kind: 'invalid-data', message: /^vrt.gpx: cannot be read as GPX/ })
})

t.test('opening stops when it is cancelled', async t => {
  const cancel = new AbortController()
  const opening = openFeatureFile(file('slow.gpx', '<gpx version="1.1"/>'), { signal: cancel.signal })
  setTimeout(() => cancel.abort(), 20)
  await t.rejects(opening, { name: 'AbortError' })
})
