import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { rasterPainter } from '#render/raster-style.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import { readPam } from '#stores/cog/pam.js'
import { gdalPython, withoutGdal } from '../../support/gdal.js'

const folder = t.testdir()
const store = openCogStore({ id: 'rasters', root: folder })
t.teardown(() => store.close())

/** Classes as gray bytes, whose colours lie beside; and what GDAL says of the colour of every pixel. */
const script = `
import numpy as np, os
gdal.SetConfigOption('GDAL_PAM_ENABLED', 'YES')
folder = sys.argv[1]
y, x = np.mgrid[0:9, 0:12]
out = {}
for name, kind, classes in (('table', gdal.GDT_Byte, (x + y) % 4), ('deep', gdal.GDT_UInt16, (x + y) % 4 * 90), ('attributes', gdal.GDT_Byte, (x * y) % 5 * 10)):
    path = os.path.join(folder, name + '.tif')
    ds = gdal.GetDriverByName('GTiff').Create(path, 12, 9, 1, kind, ['COMPRESS=LZW'])
    ds.SetGeoTransform((0, 1, 0, 0, 0, -1))
    ds.GetRasterBand(1).WriteArray(classes)
    ds = None
    colors = np.random.default_rng(3).integers(0, 256, (300, 4))
    colors[:, 3] = np.where(np.arange(300) % 3 == 0, 255, colors[:, 3])
    if name == 'attributes':
        rat = gdal.RasterAttributeTable()
        for title, what, usage in (('Class', gdal.GFT_String, gdal.GFU_Name), ('Value', gdal.GFT_Integer, gdal.GFU_MinMax), ('R', gdal.GFT_Integer, gdal.GFU_Red), ('G', gdal.GFT_Integer, gdal.GFU_Green), ('B', gdal.GFT_Integer, gdal.GFU_Blue)):
            rat.CreateColumn(title, what, usage)
        for row, value in enumerate((0, 10, 20, 40)):  # 30 has no row
            rat.SetValueAsString(row, 0, 'class <%d>' % value)
            rat.SetValueAsInt(row, 1, value)
            for c in range(3):
                rat.SetValueAsInt(row, 2 + c, int(colors[value][c]))
        d = gdal.Open(path, gdal.GA_Update)
        d.GetRasterBand(1).SetDefaultRAT(rat)
        d = None
        d = gdal.Open(path)
        rat = d.GetRasterBand(1).GetDefaultRAT()
        look = lambda v: [rat.GetValueAsInt(rat.GetRowOfValue(v), 2 + c) for c in range(3)] + [255] if rat.GetRowOfValue(v) >= 0 else [0, 0, 0, 0]
    else:
        with open(path + '.aux.xml', 'w') as f:
            f.write('<PAMDataset><PAMRasterBand band="1"><ColorInterp>Palette</ColorInterp><ColorTable>' + ''.join('<Entry c1="%d" c2="%d" c3="%d" c4="%d"/>' % tuple(c) for c in colors[:256 if name == 'table' else 300]) + '</ColorTable></PAMRasterBand></PAMDataset>')
        d = gdal.Open(path)
        table = d.GetRasterBand(1).GetColorTable()
        look = lambda v: list(table.GetColorEntry(v))
    out[name] = [look(int(v)) for v in d.GetRasterBand(1).ReadAsArray().ravel()]
print(json.dumps(out))`

t.test('colours that lie beside in a .aux.xml are those that GDAL reads', { skip: withoutGdal }, async t => {
  const known = gdalPython<Record<string, number[][]>>(script, folder)
  for (const [name, expected] of Object.entries(known)) {
    const { file, bands } = await store.describe(join(folder, `${name}.tif`))
    t.equal(bands[0].meaning, 'palette', name)
    const pixels = await store.read(file, 0, { left: 0, top: 0, width: 12, height: 9 })
    const out = new Uint32Array(12 * 9)
    rasterPainter(bands).paint(pixels, { x: 1, y: 1 }, out)
    const premultiplied = expected.map(([r, g, b, a]) => [r, g, b].map(c => Math.round((c * a) / 255)).concat(a))
    const found = [...out].map(color => [color & 255, (color >> 8) & 255, (color >> 16) & 255, color >>> 24])
    t.same(found, premultiplied, `${name}: ${readFileSync(join(folder, `${name}.tif.aux.xml`), 'utf8').length} characters of .aux.xml`)
  }
})

t.test('damaged and hostile tables take little time and are no colours', t => {
  const pam = (body: string) => readPam(`<PAMDataset><PAMRasterBand band="1">${body}</PAMRasterBand></PAMDataset>`).bands.get(0)?.palette
  t.equal(pam('<ColorTable></ColorTable>'), undefined)
  t.equal(pam('<ColorTable>'.repeat(80_000)), undefined)
  t.equal(pam(`<GDALRasterAttributeTable>${'<Row><F>'.repeat(100_000)}`), undefined)
  t.same(pam('<ColorTable><Entry c1="300" c2="x" c3="-4"/></ColorTable>'), [0xff0000])
  const table = (row: string) =>
    pam(
      `<GDALRasterAttributeTable>${[5, 6, 7, 8].map(u => `<FieldDefn><Usage>${u}</Usage></FieldDefn>`).join('')}<Row>${row}</Row></GDALRasterAttributeTable>`,
    )
  t.same(table('<F>1</F><F>1</F><F>2</F><F>3</F>'), [0xff000000, 0x010203])
  for (const value of ['1e9', '-1', '0.5', 'x']) t.equal(table(`<F>${value}</F><F>1</F><F>2</F><F>3</F>`), undefined, value)
  t.end()
})
