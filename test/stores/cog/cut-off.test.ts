import { copyFileSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openCogStore } from '#stores/cog/cog-store.js'
import { gdalPython, withoutGdal } from '../../support/gdal.js'

const folder = t.testdir()
const store = openCogStore({ id: 'rasters', root: folder })
t.teardown(() => store.close())

/** Writes a file of noise, and tells where GDAL says that its blocks of full size end. */
const write = `
import numpy as np
driver, path, *options = sys.argv[1:]
ds = gdal.GetDriverByName('MEM').Create('', 700, 600, 3)
ds.SetGeoTransform((0, 1, 0, 0, 0, -1))
for b in range(3):
    ds.GetRasterBand(b + 1).WriteArray(np.random.default_rng(b).integers(0, 256, (600, 700), dtype=np.uint8))
out = gdal.GetDriverByName(driver).CreateCopy(path, ds, options=options)
out = None
d = gdal.Open(path)
ends = []
for b in range(3):
    band = d.GetRasterBand(b + 1)
    w, h = band.GetBlockSize()
    for y in range((600 + h - 1) // h):
        for x in range((700 + w - 1) // w):
            at = band.GetMetadataItem('BLOCK_OFFSET_%d_%d' % (x, y), 'TIFF')
            if at:
                ends.append(int(at) + int(band.GetMetadataItem('BLOCK_SIZE_%d_%d' % (x, y), 'TIFF')))
print(json.dumps(max(ends)))`

const codes = async (path: string) => (await store.describe(path)).notes.map(({ code }) => code)

t.test('a file that ends before its last block is told, one that is whole is not', { skip: withoutGdal }, async t => {
  for (const [name, driver, ...options] of [
    ['strips', 'GTiff'],
    ['planes', 'GTiff', 'INTERLEAVE=BAND', 'TILED=YES'],
    ['tiles', 'GTiff', 'TILED=YES', 'COMPRESS=DEFLATE', 'BIGTIFF=YES'],
    ['cog', 'COG', 'COMPRESS=JPEG', 'BLOCKSIZE=128'],
  ]) {
    const whole = join(folder, `${name}.tif`)
    const end = gdalPython<number>(write, driver, whole, ...options)
    t.notOk((await codes(whole)).includes('cut-off'), `${name}: whole, ${statSync(whole).size} bytes, blocks end at ${end}`)
    const cut = join(folder, `${name}-cut.tif`)
    copyFileSync(whole, cut)
    truncateSync(cut, end - 1)
    const { notes } = await store.describe(cut)
    const note = notes.find(({ code }) => code === 'cut-off')
    t.equal(note?.severity, 'error', `${name}: one byte is missing`)
    t.match(note?.message, `it has ${end - 1} bytes, and its last block would end at ${end}.`)
  }
})

t.test('blocks that were never written are not missing', { skip: withoutGdal }, async t => {
  const path = join(folder, 'sparse.tif')
  gdalPython(
    `d = gdal.GetDriverByName('GTiff').Create(sys.argv[1], 5000, 5000, 1, gdal.GDT_Byte, ['SPARSE_OK=YES', 'TILED=YES'])
d.SetGeoTransform((0, 1, 0, 0, 0, -1))
d = None
print('0')`,
    path,
  )
  t.notOk((await codes(path)).includes('cut-off'))
})
