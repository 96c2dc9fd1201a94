import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { refusedRaster } from '#cli/publish/raster-files.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { gdalPython, withoutGdal } from '../../support/gdal.js'

const folder = t.testdir()
const store = openCogStore({ id: 'rasters', root: folder })
t.teardown(() => store.close())

const write = `
import numpy as np, os
from osgeo import osr
driver, path, kind, *options = sys.argv[1:]
s = osr.SpatialReference(); s.ImportFromEPSG(2154)
bands = 3 if kind == 'Byte' else 1
ds = gdal.GetDriverByName('MEM').Create('', 64, 48, bands, gdal.GetDataTypeByName(kind))
ds.SetProjection(s.ExportToWkt()); ds.SetGeoTransform((930000, 1, 0, 6890000, 0, -1))
for b in range(bands):
    ds.GetRasterBand(b + 1).WriteArray(np.add.outer(np.arange(48) - 20, np.arange(64)) if bands == 1 else np.full((48, 64), 80 + b))
gdal.GetDriverByName(driver).CreateCopy(path, ds, options=options)
print('0')`

/** Runs a cure as it is printed, where its files are. */
const run = (command: string) => execFileSync('sh', ['-c', command], { cwd: folder, stdio: 'pipe' })

t.test('formats that are not read become one that is, by the command that is told', { skip: withoutGdal }, async t => {
  for (const [driver, file] of [
    ['JP2OpenJPEG', "dalle d'été.jp2"],
    ['HFA', 'carte.img'],
    ['VRT', 'assemblage.vrt'],
  ] as const) {
    gdalPython(write, driver === 'VRT' ? 'GTiff' : driver, join(folder, driver === 'VRT' ? 'one.tif' : file), 'Byte')
    if (driver === 'VRT') run('gdalbuildvrt -q assemblage.vrt one.tif')
    const command = refusedRaster(join(folder, file))?.split('would have worked: ')[1] ?? ''
    t.match(command, /^gdal_translate -of COG /, file)
    run(command)
    const made = await store.describe(join(folder, file.replace(/\.(jp2|img|vrt)$/, '.tif')))
    t.match(made, { file: { crs: 'EPSG:2154', width: 64, height: 48 }, bands: [{}, {}, {}] }, file)
  }
  t.equal(refusedRaster('a/points.laz'), 'points.laz: LAZ is not read; GeoTIFF would have worked.', 'nothing that one command could do')
})

t.test('the nodata value that is proposed for heights is not the level of the sea', { skip: withoutGdal }, async t => {
  for (const [kind, value] of [
    ['Int16', -32768],
    ['Float32', -9999],
    ['UInt16', 0],
  ] as const) {
    const path = join(folder, `${kind}.tif`)
    gdalPython(write, 'GTiff', path, kind)
    const { notes } = await store.describe(path)
    const cure = notes.find(({ code }) => code === 'no-nodata')?.cure ?? ''
    t.equal(cure, `gdal_edit.py -a_nodata ${value} ${kind}.tif`)
    run(cure)
    const after = await store.describe(path)
    t.equal(after.bands[0].nodata, value)
  }
})
