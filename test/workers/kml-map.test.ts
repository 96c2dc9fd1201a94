import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import type { MapJob } from '#core/queries.js'
import type { Bbox } from '#geo/bbox.js'
import { transformBbox } from '#geo/transform.js'
import type { Style } from '#styles/style.js'
import { line, multi, point, polygon } from '../support/drawing.js'
import { gdalPython, withoutGdal } from '../support/gdal.js'
import type { MemoryTable } from '../support/memory-store.js'
import { kmlFaults, withoutOgcSchemas } from '../support/ogc-schemas.js'
import { readPicture } from '../support/picture.js'
import { unlessAll } from '../support/programs.js'
import { smallTown, townStyle } from '../support/small-town.js'
import { drawTables, type StyledTable } from '../support/vector-maps.js'
import { label, named, styleOf } from '../support/vector-scenes.js'

const skip = unlessAll(withoutGdal)
const folder = mkdtempSync(join(tmpdir(), 'arpent-kml-'))
t.teardown(() => rmSync(folder, { recursive: true }))

const [kml, kmz] = ['application/vnd.google-earth.kml+xml', 'application/vnd.google-earth.kmz']
const [west, south] = [770_000, 6_279_000]
const town = smallTown('EPSG:2154', (x, y) => [west + x, south + y])
const { parcels, houses, streets, trees } = town
const all: readonly StyledTable[] = Object.values(town).map(table => [table, townStyle(table)])
const bbox = transformBbox([west, south, west + 400, south + 400], 'EPSG:2154', 'EPSG:4326') as Bbox
const data = { pictureAddress: 'https://maps.example.org/wms?A=1&B=<2>', kmzAddress: 'https://maps.example.org/wms?FORMAT=kmz' }
const frame: Partial<MapJob> = { crs: 'EPSG:4326', bbox, scaleDenominator: 1000, data }

const asked = (layers: readonly StyledTable[], mediaType = kml, more: Partial<MapJob> = {}) =>
  drawTables(layers, mediaType, { ...frame, ...more })
const text = async (...args: Parameters<typeof asked>) => Buffer.from(await asked(...args)).toString()

function saved(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

interface Read {
  readonly driver: string
  readonly layers: Record<
    string,
    { fields: string[]; features: Record<string, { name: string; kind: string; size: number; valid: boolean; style: string }> }
  >
}

/** What GDAL reads: for each layer its fields with their types, and for each feature its geometry in metres and its style. */
const readByGdal = `
from osgeo import ogr, osr
gdal.SetConfigOption('LIBKML_RESOLVE_STYLE', 'YES')
ds = gdal.OpenEx(sys.argv[1], gdal.OF_VECTOR)
def srs(code):
    made = osr.SpatialReference(); made.SetFromUserInput(code); made.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER); return made
to = osr.CoordinateTransformation(srs('EPSG:4326'), srs('EPSG:2154'))
def size(g):
    return g.Area() if g.GetDimension() == 2 else g.Length() if g.GetDimension() == 1 else max(1, g.GetGeometryCount())
layers = {}
for i in range(ds.GetLayerCount()):
    layer = ds.GetLayer(i)
    d = layer.GetLayerDefn()
    features = {}
    for f in layer:
        g = f.GetGeometryRef().Clone()
        valid = g.IsValid(); kind = g.GetGeometryName(); g.Transform(to)
        features[f.GetFieldAsString('id')] = {'name': f.GetFieldAsString('Name'), 'kind': kind, 'size': size(g), 'valid': valid, 'style': f.GetStyleString() or ''}
    layers[layer.GetName()] = {'fields': [d.GetFieldDefn(k).GetName() + ':' + d.GetFieldDefn(k).GetTypeName() for k in range(d.GetFieldCount())], 'features': features}
print(json.dumps({'driver': ds.GetDriver().ShortName, 'layers': layers}))`

const sizesByOgr = `
from osgeo import ogr
def size(g):
    return g.Area() if g.GetDimension() == 2 else g.Length() if g.GetDimension() == 1 else max(1, g.GetGeometryCount())
print(json.dumps([size(ogr.CreateGeometryFromWkb(bytes.fromhex(h))) for h in open(sys.argv[1]).read().split()]))`

t.test('a document of features is valid by the schema of OGC', { skip: withoutOgcSchemas }, async t => {
  t.equal(kmlFaults(await text(all)), '')
  const labelled = named(houses, ['A & B', '<c>', 'd\u0001'])
  t.equal(kmlFaults(await text([[labelled, styleOf({ kind: 'fill', color: '#ff0000', opacity: 0.5 }, label())]])), '')
  t.equal(kmlFaults(await text([])), '', 'nothing')
  t.equal(kmlFaults(await text(all, kml, { data: { ...data, mostFeatures: 0 } })), '', 'pictures')
  t.equal(kmlFaults(await text(all, kml, { data: { ...data, mostFeatures: 20 } })), '', 'a link')
})

t.test('GDAL reads every feature, whole, with its attributes', { skip }, async t => {
  const { driver, layers } = gdalPython<Read>(readByGdal, saved('town.kml', await asked(all)))
  t.match(driver, /KML/)
  for (const [name, { rows }] of Object.entries(town)) {
    const { features, fields } = layers[name]
    t.ok(fields.includes('id:String'), fields.join())
    t.equal(Object.keys(features).length, rows.length, name)
    const hexes = rows.map(([, shape]) => Buffer.from(shape as Uint8Array).toString('hex'))
    const sizes = gdalPython<number[]>(sizesByOgr, saved('sizes.txt', hexes.join('\n')))
    for (const [i, size] of sizes.entries()) {
      const found = features[String(i)]
      t.ok(found?.valid && Math.abs(found.size - size) < 1e-5 * size + 0.001, `${name} ${i}: ${found?.size}, ${size}`)
    }
  }
})

t.test('features look as on the map', { skip }, async t => {
  const rules: Style = {
    passes: [
      {
        rules: [
          {
            name: 'low',
            filter: { kind: 'compare', operator: '<', left: { kind: 'property', name: 'id' }, right: { kind: 'literal', value: 10 } },
            symbolizers: [{ kind: 'fill', color: '#102030', opacity: 0.5, outline: { color: '#c0a080', opacity: 1, width: 3 } }],
          },
          {
            name: 'next',
            filter: { kind: 'compare', operator: '=', left: { kind: 'property', name: 'id' }, right: { kind: 'literal', value: 10 } },
            symbolizers: [{ kind: 'line', stroke: { color: '#00ff00', opacity: 1, width: 2 } }],
          },
        ],
      },
    ],
  }
  const { layers } = gdalPython<Read>(readByGdal, saved('rules.kml', await asked([[parcels, rules]])))
  const { features } = layers.parcels
  t.same(
    Object.keys(features)
      .map(Number)
      .sort((a, b) => a - b),
    Array.from({ length: 11 }, (_, i) => i),
    'no rule, no placemark',
  )
  t.match(features[3].style, /PEN\(c:#C0A080FF,w:3/i)
  t.match(features[3].style, /BRUSH\(fc:#10203080\)/i)
  t.match(features[10].style, /PEN\(c:#00FF00FF,w:2/i)
  t.equal(features[3].name, 'parcels.3')
  const labelled = await text([
    [
      named(trees, ['Érable & Co']),
      styleOf({ kind: 'point', graphic: { shapes: [{ kind: 'mark', shape: 'circle', color: '#0000ff' }], size: 16 } }, label()),
    ],
  ])
  t.match(labelled, '<name>Érable &amp; Co</name>', 'the text of the label is the name')
  t.match(labelled, '<LabelStyle><color>ff402010</color>')
  t.match(
    labelled,
    '<IconStyle><color>ffff0000</color><scale>0.5</scale></IconStyle>',
    'the pin of the client, in the colour of the symbol',
  )
})

t.test('a KMZ has its symbols and pictures beside it', { skip }, async t => {
  const disc = styleOf({ kind: 'point', graphic: { shapes: [{ kind: 'mark', shape: 'circle', color: '#0000ff' }], size: 16 } })
  const archive = saved(
    'map.kmz',
    await asked(
      [
        [parcels, townStyle(parcels)],
        [streets, townStyle(streets)],
        [trees, disc],
      ],
      kmz,
      { data: { mostFeatures: 60 } },
    ),
  )
  const files = gdalPython<{ bad: string | null; names: string[]; doc: string; first: string; symbol: string }>(
    `
import zipfile, base64
z = zipfile.ZipFile(sys.argv[1])
b = lambda name: base64.b64encode(z.read(name)).decode()
print(json.dumps({'bad': z.testzip(), 'names': z.namelist(), 'doc': z.read('doc.kml').decode(), 'first': b('files/map-1.png'), 'symbol': b('files/symbol-1.png')}))`,
    archive,
  )
  t.equal(files.bad, null)
  t.same(files.names, ['doc.kml', 'files/map-1.png', 'files/symbol-1.png'], '64 parcels are a picture, 10 streets and 60 trees are not')
  if (!withoutOgcSchemas) t.equal(kmlFaults(files.doc), '')
  t.same([...files.doc.matchAll(/<href>([^<]*)<\/href>/g)].map(match => match[1]).sort(), ['files/map-1.png', 'files/symbol-1.png'])
  const { layers } = gdalPython<Read>(readByGdal, archive)
  t.equal(Object.keys(layers.streets.features).length, 10)
  t.equal(Object.keys(layers.trees.features).length, 60)
  // the picture is the map, and lies where it says
  const [own, other] = await Promise.all([
    readPicture(Buffer.from(files.first, 'base64')),
    readPicture(await asked([[parcels, townStyle(parcels)]], 'image/png', { background: { color: 0xffffff, isTransparent: true } })),
  ])
  t.ok(own.pixels.equals(other.pixels))
  const edge = (name: string) => Number(new RegExp(`<${name}>([^<]*)<`).exec(files.doc)?.[1])
  const [minX, minY, maxX, maxY] = bbox
  t.same(
    [edge('west'), edge('south'), edge('east'), edge('north')].map(v => v.toFixed(9)),
    [minX, minY, maxX, maxY].map(v => v.toFixed(9)),
  )
  // a disc of 16 pixels in the middle of its picture
  const { data, info } = await sharp(Buffer.from(files.symbol, 'base64')).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  let [area, x, y] = [0, 0, 0]
  for (let i = 0; i < data.length; i += 4) {
    area += data[i + 3] / 255
    x += (data[i + 3] / 255) * (((i / 4) % info.width) + 0.5)
    y += (data[i + 3] / 255) * (Math.floor(i / 4 / info.width) + 0.5)
  }
  t.ok(Math.abs(area - Math.PI * 64) < 2, String(area))
  t.ok(Math.abs(x / area - info.width / 2) < 0.02 && Math.abs(y / area - info.height / 2) < 0.02)
})

t.test('KML names its pictures: a map of the same request, or the archive where there is more than pictures', async t => {
  const pictures = await text(all, kml, { data: { ...data, mostFeatures: 0 } })
  t.match(pictures, '<GroundOverlay>')
  t.match(pictures, '<href>https://maps.example.org/wms?A=1&amp;B=&lt;2&gt;</href>')
  t.notMatch(pictures, /Placemark/)
  const mixed = await text(all, kml, { data: { ...data, mostFeatures: 20 } })
  t.match(mixed, '<NetworkLink>')
  t.match(mixed, '<href>https://maps.example.org/wms?FORMAT=kmz</href>')
  await t.rejects(text(all, kml, { data: { mostFeatures: 0 } }), { message: /too long; FORMAT=kmz/ })
  t.notMatch(await text([all[0]], kml, { data: { ...data, hasAttributes: false } }), /ExtendedData/)
})

t.test('symbols of all sizes are some files, not one for each feature', { skip }, async t => {
  const many: MemoryTable = { ...trees, rows: Array.from({ length: 300 }, (_, i) => [i, point(west + 1 + i, south + 200)]) }
  const graded = styleOf({
    kind: 'point',
    graphic: { shapes: [{ kind: 'mark', shape: 'circle', color: '#0000ff' }], size: { kind: 'property', name: 'id' } },
  })
  const names = gdalPython<string[]>(
    'import zipfile\nprint(json.dumps(zipfile.ZipFile(sys.argv[1]).namelist()))',
    saved('graded.kmz', await asked([[many, graded]], kmz)),
  )
  t.equal(names.length, 201)
})

t.test('holes, parts, heights and what is empty', { skip: skip || withoutOgcSchemas }, async t => {
  const [x, y] = [west + 100, south + 100]
  const ring = (d: number) =>
    [
      [x + d, y + d],
      [x + 100 - d, y + d],
      [x + 100 - d, y + 100 - d],
      [x + d, y + 100 - d],
      [x + d, y + d],
    ] as [number, number][]
  const shapes = [
    polygon(ring(0), ring(20)),
    multi('MultiPolygon', polygon(ring(0)), polygon(ring(10))),
    multi('GeometryCollection', point(x, y), line([x, y], [x + 50, y + 50])),
    multi('MultiPolygon'),
    line([x - 300, y], [x + 900, y]),
  ]
  const table: MemoryTable = { ...parcels, table: 'odd', rows: shapes.map((shape, id) => [id, shape]) }
  const style = styleOf(
    { kind: 'fill', color: '#ff0000', opacity: 1 },
    { kind: 'line', stroke: { color: '#000000', opacity: 1, width: 1 } },
    { kind: 'point', graphic: { shapes: [{ kind: 'mark', shape: 'square', color: '#00ff00' }] } },
  )
  const document = await text([[table, style]])
  t.equal(kmlFaults(document), '')
  const { layers } = gdalPython<Read>(readByGdal, saved('odd.kml', document))
  t.same(
    Object.fromEntries(Object.entries(layers.odd.features).map(([id, { kind, size }]) => [id, [kind, Math.round(size)]])),
    { 0: ['POLYGON', 6400], 1: ['MULTIPOLYGON', 16400], 2: ['GEOMETRYCOLLECTION', 71], 4: ['LINESTRING', 1200] },
    'lines that leave the map are whole',
  )
})
