import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { MapJob } from '#core/queries.js'
import type { Bbox } from '#geo/bbox.js'
import { line, multi, point, polygon } from '../support/drawing.js'
import { gdalPython, withoutGdal } from '../support/gdal.js'
import type { MemoryTable } from '../support/memory-store.js'
import { unlessAll } from '../support/programs.js'
import { smallTown, townStyle } from '../support/small-town.js'
import { drawTables } from '../support/vector-maps.js'

const skip = unlessAll(withoutGdal)
const folder = mkdtempSync(join(tmpdir(), 'arpent-geojson-'))
t.teardown(() => rmSync(folder, { recursive: true }))

const mediaType = 'application/json;type=geojson'
const [west, south] = [770_000, 6_279_000]
const town = Object.values(smallTown('EPSG:2154', (x, y) => [west + x, south + y]))

interface Feature {
  readonly id: string
  readonly geometry: { readonly type: string; readonly coordinates: unknown }
  readonly properties: Record<string, unknown>
}

async function asked(tables: readonly MemoryTable[], more: Partial<MapJob> = {}) {
  const bytes = await drawTables(
    tables.map(table => [table, townStyle(table)] as const),
    mediaType,
    // finer than where the database simplifies
    { scaleDenominator: 1000, ...more },
  )
  const text = Buffer.from(bytes).toString()
  return { text, ...(JSON.parse(text) as { crs?: unknown; features: Feature[]; numberReturned: number }) }
}

/** What OGR finds in a box of the source features, as area or length or number, and what it reads of ours. */
const compare = `
from osgeo import ogr, osr
source, answer, crs, to = sys.argv[1:5]
box = [float(v) for v in sys.argv[5:9]]
def srs(code):
    made = osr.SpatialReference(); made.SetFromUserInput(code); made.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER); return made
transform = osr.CoordinateTransformation(srs(crs), srs(to))
frame = ogr.CreateGeometryFromWkt('POLYGON((%r %r,%r %r,%r %r,%r %r,%r %r))' % (box[0],box[1],box[2],box[1],box[2],box[3],box[0],box[3],box[0],box[1]))
def size(g):
    kind = ogr.GT_Flatten(g.GetGeometryType())
    if g.GetDimension() == 2: return g.Area()
    if g.GetDimension() == 1: return g.Length()
    return max(1, g.GetGeometryCount())
wanted, found = {}, {}
for line in open(source):
    name, hexa = line.split()
    g = ogr.CreateGeometryFromWkb(bytes.fromhex(hexa)); g.Transform(transform)
    cut = g.Intersection(frame)
    if cut is not None and not cut.IsEmpty() and cut.GetDimension() == g.GetDimension(): wanted[name] = size(cut)
valid = True
for feature in json.load(open(answer))['features']:
    g = ogr.CreateGeometryFromJson(json.dumps(feature['geometry']))
    valid = valid and g.IsValid() and g.Within(frame.Buffer(1e-9 * (abs(box[0]) + abs(box[2])) + 0.001 * (1 if abs(box[2]) > 360 else 1e-6)))
    found[feature['id']] = found.get(feature['id'], 0) + size(g)
print(json.dumps({'wanted': wanted, 'found': found, 'valid': valid}))`

t.test('features are cut to the box of the map, in its CRS: as OGR cuts them', { skip }, async t => {
  const source = join(folder, 'source.txt')
  const shapes = town.flatMap(({ table, rows }) =>
    rows.map(([id, shape]) => `${table}.${id} ${Buffer.from(shape as Uint8Array).toString('hex')}`),
  )
  writeFileSync(source, shapes.join('\n'))
  const maps: Record<string, Bbox> = {
    'EPSG:2154': [west + 70, south + 95, west + 260, south + 333],
    'EPSG:4326': [3.8665, 43.6085, 3.8689, 43.6102],
    'EPSG:3857': [430_420, 5_405_060, 430_690, 5_405_320],
  }
  for (const [crs, bbox] of Object.entries(maps)) {
    const { text, features, crs: said } = await asked(town, { crs, bbox })
    const answer = join(folder, 'answer.json')
    writeFileSync(answer, text)
    type Sizes = Record<string, number>
    const args = [source, answer, 'EPSG:2154', crs, ...bbox]
    const { wanted, found, valid } = gdalPython<{ wanted: Sizes; found: Sizes; valid: boolean }>(compare, ...args)
    t.ok(valid, `${crs}: all valid and within`)
    t.same(Object.keys(found).sort(), Object.keys(wanted).sort(), `${crs}: ${features.length} features`)
    t.ok(features.length > 20, String(features.length))
    const off = Object.entries(wanted).filter(([id, size]) => Math.abs(found[id] - size) > 1e-4 * size)
    t.same(off, [], `${crs}: areas and lengths`)
    t.match(JSON.stringify(said), crs.slice(5), 'the CRS is named')
  }
})

t.test('ids, attributes and the order of layers', async t => {
  const { features, numberReturned } = await asked([town[0], town[3]])
  t.equal(features[0].id, 'parcels.0')
  t.same(features[0].properties, { id: 0 })
  t.equal(numberReturned, features.length)
  const kinds = features.map(({ id }) => id.split('.')[0])
  t.ok(kinds.lastIndexOf('parcels') < kinds.indexOf('trees'), 'layer by layer')
})

const tableOf = (crs: string, ...rows: readonly (readonly [string, Uint8Array | null])[]): MemoryTable => ({
  schema: 'a',
  table: 'a',
  columns: [{ name: 'name', kind: 'text', nativeType: 'text', isNullable: false }],
  geometries: [{ name: 'geom', type: 'GEOMETRY', dimensions: 'xy', crs, srid: Number(crs.slice(5)), isIndexed: true, isNullable: true }],
  rows,
})
const square = (x: number, y: number, side: number) =>
  polygon([
    [x, y],
    [x + side, y],
    [x + side, y + side],
    [x, y + side],
    [x, y],
  ])

t.test('what only touches, crosses itself, is empty or of many kinds', async t => {
  const [x, y] = [west, south]
  const table = tableOf(
    'EPSG:2154',
    ['outside', square(x + 500, y, 10)],
    [
      'bow tie',
      polygon([
        [x - 20, y + 20],
        [x + 60, y + 80],
        [x + 60, y + 20],
        [x - 20, y + 80],
        [x - 20, y + 20],
      ]),
    ],
    ['nothing', null],
    ['empty', multi('MultiPolygon')],
    ['line in and out', line([x - 10, y + 10], [x + 10, y + 10], [x + 10, y - 10], [x + 30, y - 10], [x + 30, y + 10])],
    ['points', multi('MultiPoint', point(x + 5, y + 5), point(x - 5, y + 5), point(x + 7, y + 7))],
  )
  const { features } = await asked([table])
  t.same(
    features.map(({ properties }) => properties.name),
    ['bow tie', 'line in and out', 'points'],
  )
  const [tie, pieces, points] = features.map(({ geometry }) => geometry)
  t.match(tie.type, /Polygon/)
  t.equal(pieces.type, 'MultiLineString')
  t.same(pieces.coordinates, [
    [
      [x, y + 10],
      [x + 10, y + 10],
      [x + 10, y],
    ],
    [
      [x + 30, y],
      [x + 30, y + 10],
    ],
  ])
  t.same(points.coordinates, [
    [x + 5, y + 5],
    [x + 7, y + 7],
  ])
})

t.test('over the date line the world goes on, and nothing comes twice', async t => {
  const islands = tableOf('EPSG:4326', ['west', square(178, -18, 1)], ['east', square(-179, -18, 1)], ['far', square(10, 50, 1)])
  const over = await asked([islands], { crs: 'EPSG:4326', bbox: [177, -20, 183, -15] })
  t.same(over.features.map(({ properties }) => properties.name).sort(), ['east', 'west'])
  t.same(over.crs, { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::4326' } })
  const twice = await asked([islands], { crs: 'OGC:CRS84', bbox: [-400, -90, 400, 90] })
  t.same(
    twice.features.map(({ properties }) => properties.name),
    ['west', 'east', 'far'],
  )
  t.equal(twice.crs, undefined, 'CRS84 needs no name (RFC 7946)')
})

t.test('more features than a map may have are refused', async t => {
  await t.rejects(asked([town[0]], { maxFeatures: 10 }), { kind: 'too-large', message: /more than 10 features/ })
})
