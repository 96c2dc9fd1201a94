import { join } from 'node:path'
import t from 'tap'
import { openCogStore } from '#stores/cog/cog-store.js'
import { gdal, gdalPython, withoutGdal } from '../../support/gdal.js'

const folder = t.testdir()
const store = openCogStore({ id: 'rasters', root: folder })
t.teardown(() => store.close())

/** Writes a file for each system: as GeoKeys, as a `.prj` in Esri's words, and as the SRS of a `.aux.xml`. */
const script = `
import os
from osgeo import osr
folder = sys.argv[1]
pairs = []
for text in sys.argv[2:]:
    s = osr.SpatialReference()
    s.SetFromUserInput(text)
    s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    name = text.replace(':', '-').replace(' ', '').replace('+', '_')[:60]
    wkt = s.ExportToWkt(['FORMAT=WKT1_ESRI'])
    place = (0, 1e-4, 0, 0, 0, -1e-4) if s.IsGeographic() else (600000, 10, 0, 1200000, 0, -10)
    for kind in ('keys', 'prj', 'aux'):
        path = os.path.join(folder, name + '-' + kind + '.tif')
        d = gdal.GetDriverByName('GTiff').Create(path, 20, 10, 1, gdal.GDT_Byte, ['PROFILE=' + ('GDALGeoTIFF' if kind == 'keys' else 'BASELINE')])
        if kind == 'keys':
            d.SetGeoTransform(place)
            d.SetSpatialRef(s)
        d = None
        if kind != 'keys':
            with open(path[:-4] + '.tfw', 'w') as f:
                f.write('\\n'.join(str(v) for v in (place[1], 0, 0, place[5], place[0] + place[1] / 2, place[3] + place[5] / 2)))
        if kind == 'prj':
            with open(path[:-4] + '.prj', 'w') as f:
                f.write(wkt)
        if kind == 'aux':
            with open(path + '.aux.xml', 'w') as f:
                f.write('<PAMDataset><SRS>' + s.ExportToWkt().replace('&', '&amp;').replace('"', '&quot;') + '</SRS></PAMDataset>')
    pairs.append([text, name])
print(json.dumps(pairs))`

t.test('systems are found by keys, by Esri’s words in a .prj and in a .aux.xml, as PROJ writes them', { skip: withoutGdal }, async t => {
  const codes = [
    2154, 3944, 3948, 27572, 2975, 2972, 5490, 4471, 3857, 3395, 4326, 4171, 4258, 32631, 32740, 25832, 3035, 31370, 2056, 28992, 27700,
  ]
  for (const [code, name] of gdalPython<[string, string][]>(script, folder, ...codes.map(code => `EPSG:${code}`)))
    for (const kind of ['keys', 'prj', 'aux'])
      t.equal((await store.describe(join(folder, `${name}-${kind}.tif`))).file.crs, code, `${code} by ${kind}`)
})

t.test('a projection without a code is not taken for the geographic system below it', { skip: withoutGdal }, async t => {
  const systems = [
    'ESRI:54009',
    'ESRI:54030',
    '+proj=igh +datum=WGS84',
    '+proj=geos +h=35785831 +lon_0=0 +datum=WGS84',
    '+proj=sinu +R=6371007.181',
    '+proj=aeqd +lat_0=45 +lon_0=3 +datum=WGS84',
    '+proj=tmerc +lon_0=4 +k=0.9999 +x_0=500000 +datum=WGS84',
  ]
  for (const [system, name] of gdalPython<[string, string][]>(script, folder, ...systems))
    for (const kind of ['keys', 'prj', 'aux']) {
      const path = join(folder, `${name}-${kind}.tif`)
      const { file, notes } = await store.describe(path)
      t.equal(file.crs, '', `${system} by ${kind}`)
      const cure = notes.find(note => note.code === 'unknown-srid')?.cure ?? ''
      t.match(cure, /^gdalwarp -t_srs EPSG:2154 -of COG /, 'computed anew, not moved')
    }
  // the cure, run as it is written, makes a file that is placed
  const [[, name]] = gdalPython<[string, string][]>(script, folder, systems[6])
  gdal('gdalwarp', '-q', '-t_srs', 'EPSG:2154', '-of', 'COG', join(folder, `${name}-keys.tif`), join(folder, 'cured.tif'))
  t.equal((await store.describe(join(folder, 'cured.tif'))).file.crs, 'EPSG:2154')
})
