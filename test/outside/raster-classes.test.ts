import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { gdalPython, withoutGdal } from '../support/gdal.js'
import { type Picture, readPicture } from '../support/picture.js'
import { unlessAll } from '../support/programs.js'
import { type RunningServer, runServer } from '../support/running-server.js'

/** Land cover as people have it: palettes with and without names, attribute tables, names without colours, heights, measured values. */
const make = `
import numpy as np, os
from osgeo import osr
gdal.SetConfigOption('GDAL_PAM_ENABLED', 'YES')
folder = sys.argv[1]
srs = osr.SpatialReference(); srs.ImportFromEPSG(2154)
rng = np.random.default_rng(5)
y, x = np.mgrid[0:120, 0:160]
classes = (x // 20 + y // 24) % 5
def make(name, kind, values, finish=None, nodata=None, east=700000):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    data = gdal.GetDriverByName('GTiff').Create(path, values.shape[1], values.shape[0], 1, kind, ['COMPRESS=DEFLATE'])
    data.SetProjection(srs.ExportToWkt())
    data.SetGeoTransform((east, 10, 0, 6600000, 0, -10))
    band = data.GetRasterBand(1)
    if nodata is not None: band.SetNoDataValue(nodata)
    if finish: finish(band)
    band.WriteArray(values)
    data = None
    return path
def table(colors, names=None):
    def finish(band):
        colours = gdal.ColorTable()
        for i, color in enumerate(colors): colours.SetColorEntry(i, color)
        band.SetColorTable(colours)
        if names: band.SetCategoryNames(names)
    return finish
few = [(0, 0, 0, 0), (214, 40, 40, 255), (46, 125, 50, 255), (21, 101, 192, 255), (249, 168, 37, 255)]
wild = [(i, 255 - i, i * 7 % 256, 255) for i in range(256)]
make('cover.tif', gdal.GDT_Byte, classes, table(few, ['', 'Bâti & routes', 'Forêt', 'Eau', 'Cultures <céréales>']), nodata=0)
make('nameless.tif', gdal.GDT_Byte, (x // 40 + 4 * (y // 40)) * 20 + 3, table(wild))
make('scan.tif', gdal.GDT_Byte, rng.integers(0, 256, (120, 160)), table(wild))
make('zones.tif', gdal.GDT_Int16, classes, lambda band: band.SetCategoryNames(['aucune', 'faible', 'moyenne', 'forte', 'très forte']))
def heights(band): band.SetUnitType('m')
make('dem.tif', gdal.GDT_Float32, (300 + 200 * np.sin(x / 30) + y).astype('f4'), heights, nodata=-9999)
def measured(band): band.SetUnitType('K'); band.SetScale(0.1); band.SetOffset(200)
make('heat.tif', gdal.GDT_UInt16, (700 + x + y).astype('u2'), measured)
path = make('attributes.tif', gdal.GDT_Byte, np.array([11, 12, 31, 51, 52])[classes])
data = gdal.Open(path, gdal.GA_Update)
rat = gdal.RasterAttributeTable()
for name, kind, usage in (('Value', gdal.GFT_Integer, gdal.GFU_MinMax), ('Label', gdal.GFT_String, gdal.GFU_Name), ('R', gdal.GFT_Integer, gdal.GFU_Red), ('G', gdal.GFT_Integer, gdal.GFU_Green), ('B', gdal.GFT_Integer, gdal.GFU_Blue)): rat.CreateColumn(name, kind, usage)
for row, (value, name, color) in enumerate([(11, 'Tissu urbain', (230, 0, 77)), (12, 'Industrie', (204, 77, 242)), (31, 'Forêts', (128, 255, 0)), (51, 'Eaux', (0, 204, 242)), (52, 'Mer', (230, 242, 255))]):
    rat.SetValueAsInt(row, 0, value); rat.SetValueAsString(row, 1, name)
    for c in range(3): rat.SetValueAsInt(row, 2 + c, color[c])
data.GetRasterBand(1).SetDefaultRAT(rat)
data = None
# two files of one palette, of which only the second has names
make('parts/a.tif', gdal.GDT_Byte, classes, table(few))
make('parts/b.tif', gdal.GDT_Byte, classes, table(few, ['', 'Bâti', 'Bois', 'Eau', 'Champs']), east=701600)
out = {}
for name in ('cover', 'nameless', 'attributes', 'parts/b'):
    data = gdal.Open(os.path.join(folder, name + '.tif'))
    band = data.GetRasterBand(1)
    values = band.ReadAsArray()
    colours, names, rat = band.GetColorTable(), band.GetCategoryNames() or [], band.GetDefaultRAT()
    rows = []
    for value in np.unique(values).tolist():
        if rat:
            row = rat.GetRowOfValue(value)
            rows.append([rat.GetValueAsString(row, 1), str(value), '#%02x%02x%02x' % tuple(rat.GetValueAsInt(row, 2 + c) for c in range(3))])
        elif value != 0 or not names:
            rows.append([names[value] if names else str(value), str(value), '#%02x%02x%02x' % colours.GetColorEntry(value)[:3]])
    out[name] = rows
print(json.dumps(out))`

const layers = ['attributes', 'cover', 'nameless', 'scan', 'zones', 'dem', 'heat', 'parts']
const config = `
service: { title: Essai }
stores: { r: { kind: cog, root: data } }
collections:
${layers.map(name => `  ${name}: { store: r, files: "${name === 'parts' ? 'parts/*' : name}.tif"${name < 'd' ? ', theme: Sols' : ''} }`).join('\n')}
`

const ask = async (server: RunningServer, parameters: Record<string, string>) => {
  const form = new URLSearchParams({ SERVICE: 'WMS', VERSION: '1.3.0', ...parameters })
  return parameters.SLD_BODY ? fetch(`${server.address}/wms`, { method: 'POST', body: form }) : fetch(`${server.address}/wms?${form}`)
}
const legend = (server: RunningServer, layer: string, more: Record<string, string> = {}) =>
  ask(server, { REQUEST: 'GetLegendGraphic', LAYER: layer, FORMAT: 'image/png', ...more })
const picture = async (answer: Response) => readPicture(new Uint8Array(await answer.arrayBuffer()))

interface Entry {
  readonly label: string
  readonly quantity: string
  readonly color: string
}
const entriesOf = async (server: RunningServer, layer: string, more: Record<string, string> = {}) => {
  const { Legend } = (await (await legend(server, layer, { FORMAT: 'application/json', ...more })).json()) as {
    Legend: { rules: { symbolizers: { Raster: { colormap?: { entries: Entry[] } } }[] }[] }[]
  }
  return Legend.flatMap(({ rules }) => rules[0].symbolizers[0].Raster.colormap?.entries ?? [])
}
const colorAt = ({ pixels, size }: Picture, x: number, y: number) =>
  `#${pixels.subarray(4 * (y * Number(size.split('x')[0]) + x)).toString('hex', 0, 3)}`
const names = (entries: readonly Entry[]) => entries.map(({ label }) => label)

t.test('what legends, values and style documents tell of classes', { skip: unlessAll(withoutGdal) }, async t => {
  const folder = t.testdir({})
  mkdirSync(join(folder, 'data'))
  const known = gdalPython<Record<string, [name: string, value: string, color: string][]>>(make, join(folder, 'data'))
  writeFileSync(join(folder, 'arpent.yaml'), config)
  const server = await runServer(['--config', join(folder, 'arpent.yaml')])
  t.teardown(() => server.stop())

  await t.test('classes are those that GDAL knows, in every format and version', async t => {
    const { 'parts/b': parts, ...others } = known
    for (const [layer, expected] of Object.entries({ ...others, parts })) {
      const entries = await entriesOf(server, layer)
      t.same(
        entries.map(({ label, quantity, color }) => [label, quantity, color]),
        expected,
        layer,
      )
      const drawn = await picture(await legend(server, layer))
      const rows = expected.map((_, i) => colorAt(drawn, 12, 9 + 20 * i))
      t.same(
        rows,
        expected.map(([, , color]) => color),
        `symbols of ${layer}`,
      )
      t.same((await picture(await legend(server, layer, { VERSION: '1.1.1' }))).pixels, drawn.pixels, 'the same in 1.1.1')
      const { width, height } = await sizeInCapabilities(server, layer)
      t.equal(drawn.size, `${width}x${height}`, 'of the size that capabilities state')
      const svg = await (await legend(server, layer, { FORMAT: 'image/svg+xml' })).text()
      for (const [name] of expected)
        t.ok(svg.includes(`>${name.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}<`), `${name} in SVG`)
    }
  })

  await t.test('a picture by a palette has no classes; measured values and heights have a scale with their unit', async t => {
    t.same(await entriesOf(server, 'scan'), [])
    t.same(names(await entriesOf(server, 'zones')), ['aucune', 'faible', 'moyenne', 'forte', 'très forte'])
    const heat = await entriesOf(server, 'heat')
    t.ok(heat.length === 2 && heat.every(({ label, quantity }) => Math.abs(Number.parseFloat(label) - 200 - Number(quantity) / 10) < 0.06))
    t.ok(heat.every(({ label }) => label.endsWith(' K')))
    const dem = await entriesOf(server, 'dem')
    t.ok(dem.length > 2 && dem.every(({ label, quantity }) => label === `${Math.round(Number(quantity))} m`), names(dem).join())
  })

  await t.test('the legend of a group has those of its layers', async t => {
    t.same(
      names(await entriesOf(server, 'sols')),
      [...known.attributes, ...known.cover].map(([name]) => name),
    )
  })

  await t.test('on demand only the classes within a box', async t => {
    const within = async (layer: string, CRS: string, BBOX: string) =>
      names(await entriesOf(server, layer, { LEGEND_OPTIONS: 'hideEmptyRules:true', CRS, BBOX }))
    // columns 0 to 39 and rows 0 to 23: classes 0 and 1
    const corner = '700000,6599760,700400,6600000'
    t.same(await within('cover', 'EPSG:2154', corner), ['Bâti & routes'], 'nodata is none')
    t.same(await within('attributes', 'EPSG:2154', corner), ['Tissu urbain', 'Industrie'])
    t.same(await within('attributes', 'CRS:84', '3.0002,46.4985,3.0024,46.4999'), ['Tissu urbain'], 'in another system')
    t.same(await within('nameless', 'EPSG:2154', corner), ['3'])
    t.same(await within('parts', 'EPSG:2154', '701600,6599760,702000,6600000'), ['Bâti'], 'of the second file')
    t.same(await within('cover', 'EPSG:2154', '600000,6599760,600400,6600000'), [], 'nothing is there')
    t.same((await within('dem', 'EPSG:2154', corner)).length, 8, 'a scale is whole')
    const { Legend } = (await (
      await legend(server, 'sols', { FORMAT: 'application/json', LEGEND_OPTIONS: 'hideEmptyRules:true', CRS: 'EPSG:2154', BBOX: corner })
    ).json()) as { Legend: unknown[] }
    t.equal(Legend.length, 2, 'of a group, too')
  })

  const map = { REQUEST: 'GetMap', STYLES: '', CRS: 'EPSG:3857', BBOX: '334000,5858200,336500,5860600', WIDTH: '250', HEIGHT: '240' }
  await t.test('a style that is written out and read back draws the same', async t => {
    for (const layer of layers) {
      const drawn = { ...map, LAYERS: layer, FORMAT: 'image/png', TRANSPARENT: 'TRUE' }
      const { pixels } = await picture(await ask(server, drawn))
      t.ok(new Set(pixels).size > 2, `${layer} is drawn`)
      for (const version of ['1.0.0', '1.1.0']) {
        const style = await (await ask(server, { REQUEST: 'GetStyles', VERSION: '1.1.1', LAYERS: layer, SLD_VERSION: version })).text()
        const again = await picture(await ask(server, { ...drawn, SLD_BODY: style }))
        // scales are tabled where they are not written out
        const most = layer === 'dem' ? 2 : layer === 'heat' ? 1 : 0
        t.ok(
          pixels.every((value, i) => Math.abs(value - again.pixels[i]) <= most),
          `${layer} by SLD ${version}`,
        )
      }
    }
  })

  await t.test('the class of a place has its name beside the value', async t => {
    const at = async (layer: string, format: string) =>
      (
        await ask(server, {
          ...map,
          REQUEST: 'GetFeatureInfo',
          CRS: 'EPSG:2154',
          BBOX: '700000,6598800,701600,6600000',
          WIDTH: '160',
          HEIGHT: '120',
          I: '25',
          J: '30',
          LAYERS: layer,
          QUERY_LAYERS: layer,
          INFO_FORMAT: format,
        })
      ).text()
    // column 25, row 30: class 1 + 1
    t.same(JSON.parse(await at('cover', 'application/json')).features[0].properties, { palette: 2, class: 'Forêt' })
    t.same(JSON.parse(await at('attributes', 'application/json')).features[0].properties, { palette: 31, class: 'Forêts' })
    t.same(JSON.parse(await at('zones', 'application/json')).features[0].properties, { gray: 2, class: 'moyenne' })
    t.same(JSON.parse(await at('nameless', 'application/json')).features[0].properties, { palette: 3 })
    t.match(await at('cover', 'text/plain'), /class: Forêt/)
    t.match(await at('cover', 'text/html'), />Forêt</)
    t.match(await at('cover', 'application/vnd.ogc.gml'), /<app:class>Forêt<\/app:class>/)
  })
  t.notMatch(server.output.stderr, /"level":"(warn|error|fatal)"/, 'nothing is wrong')
})

async function sizeInCapabilities(server: RunningServer, layer: string) {
  const text = await (await ask(server, { REQUEST: 'GetCapabilities' })).text()
  const part = text.slice(text.indexOf(`<Name>${layer}</Name>`))
  const [, width, height] = /<LegendURL width="(\d+)" height="(\d+)"/.exec(part) ?? []
  return { width, height }
}
