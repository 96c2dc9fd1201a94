import { renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openCogStore } from '#stores/cog/cog-store.js'
import { readPam } from '#stores/cog/pam.js'
import { serveFiles } from '../../support/file-server.js'
import { gdalPython, withoutGdal } from '../../support/gdal.js'
import { type TiffSpec, writeTiff } from '../../support/make-tiff.js'

const folder = t.testdir()
const image: TiffSpec = { width: 16, height: 16, bands: [() => 1], place: [700000, 6600000, 2, 2], epsg: 2154 }
const store = openCogStore({ id: 'rasters', root: folder })
t.teardown(() => store.close())
const accuracyOf = async (name: string) => (await store.describe(name)).accuracy

t.test('size and checksum of a file on disk: of its state, not of its contents', async t => {
  const path = writeTiff(join(folder, 'a.tif'), [image])
  const first = await store.describe('a.tif')
  t.equal(first.size, statSync(path).size)
  t.equal(first.checksum, `state:${first.file.version}`)
  writeTiff(join(folder, 'b.tif'), [image])
  renameSync(join(folder, 'b.tif'), path)
  t.not((await store.describe('a.tif')).checksum, first.checksum, 'the same bytes written anew are another state')
})

t.test('the checksum of a file elsewhere is its strong ETag, where it has one', async t => {
  const path = writeTiff(join(folder, 'far.tif'), [image])
  for (const etags of [true, false]) {
    const server = await serveFiles(folder, { etags })
    t.teardown(() => server.close())
    const etag = (await fetch(`${server.address}/far.tif`)).headers.get('etag')
    server.reset()
    const far = openCogStore({ id: 'far', root: server.address })
    t.teardown(() => far.close())
    const { size, checksum, file } = await far.describe('far.tif')
    t.equal(size, statSync(path).size)
    t.equal(checksum, etags ? `etag:${etag!.slice(1, -1)}` : `state:${file.version}`)
    t.equal(server.asked.length, 1, 'learnt from the one request for its head')
    server.misbehave = (_, response) => {
      response.setHeader('etag', `"${'x'.repeat(500)}"`)
      return false
    }
  }
})

t.test('the accuracy class is an item of the file, or of what lies beside it', async t => {
  const write = (name: string, metadata: string) => writeTiff(join(folder, name), [{ ...image, metadata }])
  const items = (...texts: string[]) => `<GDALMetadata>${texts.join('')}</GDALMetadata>`
  write('none.tif', items('<Item name="ACCURACY">x</Item>'))
  t.equal(await accuracyOf('none.tif'), undefined)
  write('item.tif', items('<Item name="OTHER">x</Item>', '<Item name="ACCURACY_CLASS"> classe A &amp;amp; B\n</Item>'))
  t.equal(await accuracyOf('item.tif'), 'classe A & B')
  write('band.tif', items('<Item name="ACCURACY_CLASS" sample="0">A</Item>', '<Item name="Classe_de_Precision">10 cm</Item>'))
  t.equal(await accuracyOf('band.tif'), '10 cm', 'of the file, not of a band')
  write('empty.tif', items('<Item name="ACCURACY_CLASS">  </Item>'))
  t.equal(await accuracyOf('empty.tif'), undefined)
  write('long.tif', items(`<Item name="ACCURACY_CLASS">${'é'.repeat(5000)}</Item>`))
  t.equal((await accuracyOf('long.tif'))?.length, 100)
  write('half.tif', items(`<Item name="ACCURACY_CLASS">A${'\u{1f30d}'.repeat(60)}</Item>`))
  t.equal(await accuracyOf('half.tif'), `A${'\u{1f30d}'.repeat(49)}`, 'no half character at the end')
  writeFileSync(
    join(folder, 'item.tif.aux.xml'),
    `<PAMDataset><PAMRasterBand band="1"><Metadata><MDI key="ACCURACY_CLASS">band</MDI></Metadata></PAMRasterBand>
      <Metadata domain="X"><MDI key="ACCURACY_CLASS">domain</MDI></Metadata><Metadata><MDI key="ACCURACY_CLASS">B</MDI></Metadata></PAMDataset>`,
  )
  t.equal(await accuracyOf('item.tif'), 'B', 'what lies beside wins')
})

t.test('a .aux.xml that is made to be slow is not', async t => {
  const million = (text: string) => text.repeat(1e6 / text.length)
  for (const text of [
    '<PAMRasterBand band="1">',
    '<PAMRasterBand band="1" ',
    '<Metadata>',
    '<Metadata',
    '<Metadata><MDI key="a"',
    '<MDI key="a" ',
    '<MDI key="a">',
    'key="a" ',
    '</Metadata>',
    '</PAMRasterBand>',
    '<SRS>',
    '<GeoTransform ',
  ])
    for (const before of ['', '<Metadata><MDI ', '<PAMRasterBand ']) {
      const started = performance.now()
      readPam(before + million(text))
      const taken = performance.now() - started
      t.ok(taken < 20_000, `${before}${text} ${taken}`)
    }
})

t.test('as GDAL writes it', { skip: withoutGdal }, async t => {
  const path = writeTiff(join(folder, 'gdal.tif'), [image])
  gdalPython(`ds = gdal.Open(sys.argv[1], gdal.GA_Update); ds.SetMetadataItem('CLASSE_PRECISION', 'A < 5 cm é'); ds = None; print(1)`, path)
  t.equal(await accuracyOf('gdal.tif'), 'A < 5 cm é')
  writeTiff(path, [image])
  // tests forbid it elsewhere
  gdalPython(
    `gdal.SetConfigOption('GDAL_PAM_ENABLED', 'YES'); ds = gdal.Open(sys.argv[1]); ds.SetMetadataItem('CLASSE_PRECISION', 'B < 5 cm é'); ds = None; print(1)`,
    path,
  )
  t.equal(await accuracyOf('gdal.tif'), 'B < 5 cm é', 'beside a file that is only read')
})
