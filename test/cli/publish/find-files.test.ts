import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import t from 'tap'
import { patternMatcher } from '#cli/publish/file-pattern.js'
import { findFiles } from '#cli/publish/find-files.js'
import { groupRasters } from '#cli/publish/raster-files.js'
import type { RasterFile } from '#core/atlas.js'
import { rasterFile } from '../../support/publications.js'

const root = mkdtempSync(join(tmpdir(), 'arpent-files-'))
t.teardown(() => rmSync(root, { recursive: true, force: true }))
const write = (path: string, text = '') => {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), text)
}
const geojson = '{"type":"FeatureCollection","features":[]}'

t.test('folders are searched recursively, each file is told apart by what it is', async t => {
  const files = [
    'a/roads.gpkg',
    'a/Été & ça.GeoJSON',
    'a/b/p.shp',
    'a/b/p.dbf',
    'a/b/p.shx',
    'a/b/p.prj',
    'z.csv',
    'o.tif',
    'o.TIFF',
    'o.tif.aux.xml',
  ]
  for (const file of files) write(`tree/${file}`)
  write('tree/style.json', '{"version":8}')
  write('tree/points.json', geojson)
  write('tree/lines.osm')
  write('tree/photo.jp2')
  write('tree/photo.tif.gz')
  write('tree/README.txt')
  write('tree/.hidden/secret.gpkg')
  write('tree/.secret.gpkg')
  const found = await findFiles([join(root, 'tree')])
  const names = (paths: readonly string[]) => paths.map(path => relative(join(root, 'tree'), path))
  t.same(names(found.features), ['a/b/p.shp', 'a/roads.gpkg', 'a/Été & ça.GeoJSON', 'points.json', 'z.csv'])
  t.same(names(found.rasters), ['o.TIFF', 'o.tif'])
  t.match(found.refused, [
    { message: /OpenStreetMap XML is not read/, isNamed: false },
    { message: /JPEG 2000 is not read; GeoTIFF would have worked/ },
    { message: /packed rasters are not read/ },
  ])
  t.same([...found.ignored].sort(), [
    ['.json', 1],
    ['.txt', 1],
    ['.xml', 1],
  ])
})

t.test('links are followed, but never in circles, and nothing is there twice', async t => {
  write('links/a/x.gpkg')
  symlinkSync('..', join(root, 'links/a/up'))
  symlinkSync('a', join(root, 'links/again'))
  symlinkSync('loop', join(root, 'links/loop'))
  symlinkSync('nowhere', join(root, 'links/dangling'))
  const found = await findFiles([join(root, 'links'), join(root, 'links/a'), join(root, 'links/a/x.gpkg')])
  t.same(found.features, [join(root, 'links/a/x.gpkg')])
  t.match(found.unreadable, [{ message: 'There is no such file or folder.' }, { message: 'It is a link to itself.' }])
})

t.test('what is named and cannot be read says why', async t => {
  write('named/notes.txt')
  write('named/lines.osm')
  const { refused, unreadable } = await findFiles(['named/notes.txt', 'named/lines.osm', 'named/nope.gpkg'].map(path => join(root, path)))
  t.match(refused, [
    { message: /OpenStreetMap/, isNamed: true },
    { message: /notes\.txt is no data file known here/, isNamed: true },
  ])
  t.match(unreadable, [{ message: 'There is no such file or folder.' }])
  const device = await findFiles(['/dev/null'])
  t.match(device.unreadable, [{ message: /neither a file nor a folder/ }])
})

t.test(
  'a folder without rights does not stop the others',
  { skip: process.getuid?.() === 0 ? 'root may read everything' : false },
  async t => {
    write('rights/closed/x.gpkg')
    write('rights/open/y.gpkg')
    chmodSync(join(root, 'rights/closed'), 0)
    t.teardown(() => chmodSync(join(root, 'rights/closed'), 0o700))
    const found = await findFiles([join(root, 'rights')])
    t.equal(found.features.length, 1)
    t.match(found.unreadable, [{ message: /permissions say no/ }])
  },
)

t.test('patterns', async t => {
  const cases: [pattern: string, path: string, matches: boolean][] = [
    ['*.tif', 'a.tif', true],
    ['*.tif', 'A.TIF', true],
    ['*.tif', 'b/a.tif', false],
    ['**/*.tif', 'a.tif', true],
    ['**/*.tif', 'b/c/a.tif', true],
    ['b/**', 'b/c/a.tif', true],
    ['b', 'b/c/a.tif', true],
    ['./b', 'b/a.tif', true],
    ['5cm/*_??.tif', '5cm/x_12.tif', true],
    ['5cm/*_??.tif', '5cm/x_1.tif', false],
    ['a+(b)[c].tif', 'a+(b)[c].tif', true],
    ['*', 'a.tif', true],
    ['b/*/d.tif', 'b/c/e/d.tif', false],
    ['', 'a.tif', true],
  ]
  for (const [pattern, path, matches] of cases) t.equal(patternMatcher(pattern)(path), matches, `${pattern} ${path}`)
  t.equal(patternMatcher(`${'*a'.repeat(1000)}b`)('a'.repeat(2000)), false, 'and quickly')
  t.equal(patternMatcher(`${'**/a/'.repeat(500)}b`)('a/'.repeat(2000)), false)
})

t.test('rasters side by side are one mosaic, pictures of the same place are not', async t => {
  const at = (path: string, x: number, changes: Partial<RasterFile> = {}) => ({
    file: rasterFile({ path, bbox: [x, 0, x + 200, 200], ...changes }),
    bands: [],
    notes: [],
    size: 1000,
    checksum: 'state:1',
  })
  const names = (...rasters: ReturnType<typeof at>[]) =>
    groupRasters(rasters, ({ path }) => path).map(({ name, members }) => `${name} ${members.length}`)
  t.same(names(at('/o/5cm/1.tif', 0), at('/o/5cm/2.tif', 200), at('/o/5cm/3.tif', 395)), ['5cm 3'])
  t.same(names(at('/o/2015.tif', 0), at('/o/2021.tif', 10)), ['2015 1', '2021 1'], 'years')
  t.same(names(at('/o/a/1.tif', 0), at('/o/b/2.tif', 200)), ['1 1', '2 1'], 'two folders')
  t.same(names(at('/o/mns_01.tif', 0), at('/o/mns_02.tif', 200), at('/o/x.tif', 0, { crs: 'EPSG:3857' })), ['mns 2', 'x 1'])
  t.same(names(at('/o/1.tif', 0), at('/o/2.tif', 200, { transform: [0, 0.5, 0, 0, 0, -0.5] })), ['1 1', '2 1'], 'two pixel sizes')
})
