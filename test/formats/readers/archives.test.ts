import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { openFeatureFile, recognise } from '#formats/features/readers/index.js'
import { csvText, geojsonText, madeFeatures, writeShapefile, zipBytes } from '../../support/make-files.js'
import { failure, readAll, testFolder } from './read-all.js'

const { folder, file } = testFolder()
const scratch = join(folder, 'scratch')
const features = madeFeatures(20)
const text = Buffer.from(geojsonText(features))
let files = 0
const zip = (entries: Parameters<typeof zipBytes>[0]) => file(`z${++files}.zip`, zipBytes(entries))

t.afterEach(() => {
  t.same(readdirSync(scratch), [], 'nothing stays in the scratch folder')
})
t.before(() => mkdirSync(scratch))

t.test('every file of an archive is a layer', async t => {
  const path = zip([
    { name: 'lisez-moi.txt', bytes: Buffer.from('bonjour') },
    { name: 'a/roads.geojson', bytes: text },
    { name: 'b/roads.csv', bytes: Buffer.from(csvText(features)) },
    { name: '__MACOSX/a/._roads.geojson', bytes: Buffer.from([0, 5, 22]) },
  ])
  const layers = await readAll(path, { scratch })
  t.same(
    layers.map(({ layer, rows }) => [layer.name, rows.length]),
    [
      ['roads', 20],
      ['roads', 20],
    ],
  )
})

t.test('hostile archives are refused while they unpack', async t => {
  const bomb = Buffer.alloc(150e6, ' ')
  const options = { scratch }
  t.match(await failure(zip([{ name: 'bomb.geojson', bytes: bomb }]), options), {
    kind: 'invalid-data',
    message: /^z\d+\.zip\/bomb\.geojson: unpacks to more than 200 times/,
  })
  t.match(await failure(file('bomb.geojson.gz', gzipSync(bomb)), options), {
    message: /^bomb\.geojson\.gz: unpacks to more than 200 times/,
  })
  t.match(await failure(zip([{ name: 'big.geojson', bytes: text }]), { scratch, maxUnpackedBytes: 100 }), {
    message: /more than the limit/,
  })
  t.match(await failure(file('big.geojson.gz', gzipSync(text)), { scratch, maxUnpackedBytes: 100 }), { message: /the limit/ })
  t.match(await failure(zip([{ name: 'lie.geojson', bytes: text, claimedSize: 4e9 }]), options), {
    message: /lie\.geojson|too few bytes|cannot be unpacked/,
  })
  t.match(await failure(zip([{ name: 'lie.geojson', bytes: text, claimedSize: 10 }]), options), { message: /cannot be unpacked/ })
  t.match(await failure(zip([{ name: '../../etc/x.geojson', bytes: text }]), options), {
    message: /cannot be unpacked: invalid relative path/,
  })
  t.match(await failure(zip([{ name: '/etc/x.geojson', bytes: text }]), options), { message: /cannot be unpacked: absolute path/ })
  t.match(await failure(zip([{ name: 'secret.geojson', bytes: text, isEncrypted: true }]), options), {
    message: /secret\.geojson: is encrypted; pack it without a password/,
  })
  const many = Array.from({ length: 10_001 }, (_, i) => ({ name: `${i}.txt`, bytes: Buffer.alloc(0) }))
  t.match(await failure(zip(many), options), { message: /holds 10001 entries; at most 10000/ })
  const whole = readFileSync(zip([{ name: 'a.geojson', bytes: text }]))
  for (const length of [0, 10, whole.length / 2, whole.length - 1])
    t.match(await failure(file('cut.zip', whole.subarray(0, length)), options), {
      kind: 'invalid-data',
      message: /^cut\.zip: (is not a zip archive|cannot be unpacked)/,
    })
  const gz = gzipSync(text)
  t.match(await failure(file('cut.geojson.gz', gz.subarray(0, gz.length / 2)), options), {
    message: /^cut\.geojson\.gz: cannot be unpacked: unexpected end of file/,
  })
  t.match(await failure(file('plain.geojson.gz', text), options), { message: /is not gzipped/ })
})

t.test('archives of other things say what would have worked', async t => {
  t.match(await failure(zip([{ name: 'a.osm', bytes: text }]), { scratch }), {
    kind: 'unsupported',
    message: /OpenStreetMap XML is not read; GeoPackage or GeoJSON would have worked/,
  })
  t.match(await failure(zip([{ name: 'a.txt', bytes: text }]), { scratch }), {
    kind: 'unsupported',
    message: /holds no file of features \(a\.txt\)\. GeoPackage, GeoJSON/,
  })
  t.match(await failure(zip([]), { scratch }), { message: /is empty/ })
})

t.test('a broken file in an archive is named', async t => {
  t.match(
    await failure(
      zip([
        { name: 'good.geojson', bytes: text },
        { name: 'bad.geojson', bytes: text.subarray(0, 100) },
      ]),
      { scratch },
    ),
    {
      message: /^z\d+\.zip\/bad\.geojson: byte 101: the file ends/,
    },
  )
})

t.test('formats are recognised by name, and refused by name', async t => {
  const shp = writeShapefile(folder, 'whole', features)
  t.match(recognise(shp), { kind: 'features', format: 'Shapefile' })
  t.match(recognise(join(folder, 'whole.dbf')), { kind: 'part', of: shp })
  t.match(recognise(join(folder, 'whole.prj')), { kind: 'part', of: shp })
  t.match(recognise(join(folder, 'alone.dbf')), { kind: 'features' })
  t.match(recognise('a/B.GPKG'), { kind: 'features', format: 'GeoPackage' })
  t.match(recognise('b.csv.gz'), { kind: 'features', format: 'CSV' })
  t.match(recognise('b.zip'), { kind: 'features' })
  t.match(recognise(file('data.json', text)), { kind: 'features', format: 'GeoJSON' })
  t.equal(recognise(file('style.json', '{"version":8,"sources":{},"layers":[]}')), undefined)
  t.equal(recognise('a.tif'), undefined)
  t.equal(recognise('README.md'), undefined)
  for (const name of ['a.osm', 'a.mbtiles', 'a.pmtiles', 'a.xls', 'a.dwg']) {
    t.match(recognise(name), { kind: 'refused', message: /^a\.\w+: .* is not read; .* would have worked\.$/ })
    t.match(await failure(file(name, 'x'), { scratch }), { kind: 'unsupported', message: /would have worked/ })
  }
  t.match(await failure(file('a.docx', 'x'), { scratch }), { kind: 'unsupported', message: /a\.docx: not a format of features known here/ })
})

t.test('files that are not there or may not be read', { skip: process.getuid?.() === 0 && 'root may read everything' }, async t => {
  const path = file('locked.geojson', text)
  chmodSync(path, 0)
  t.match(await failure(path, { scratch }), { message: /may not be read by this account/ })
})

t.test('a missing file and a folder are named', async t => {
  t.match(await failure(join(folder, 'missing.geojson'), { scratch }), {
    kind: 'invalid-data',
    message: 'missing.geojson: does not exist.',
  })
  mkdirSync(join(folder, 'folder.geojson'))
  t.match(await failure(join(folder, 'folder.geojson'), { scratch }), { message: 'folder.geojson: is not a file.' })
})

t.test('unpacked files go when the file is closed', async t => {
  const opened = await openFeatureFile(zip([{ name: 'a.geojson', bytes: text }]), { scratch })
  t.not(readdirSync(scratch).length, 0)
  await opened.close()
})
