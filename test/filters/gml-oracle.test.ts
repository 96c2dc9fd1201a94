import t from 'tap'
import type { SpatialFilter } from '#filters/filter.js'
import { parseFilter } from '#filters/ogc/parse-filter.js'
import { gdalPython, withoutGdal } from '../support/gdal.js'

const ring = (pairs: string) => `<gml:LinearRing><gml:posList>${pairs}</gml:posList></gml:LinearRing>`
const old = (pairs: string) => `<gml:LinearRing><gml:coordinates>${pairs}</gml:coordinates></gml:LinearRing>`

/** Geometries without the name of a system, which goes where `@` is. */
const geometries = [
  '<gml:Point@><gml:coordinates>48.5,2.25</gml:coordinates></gml:Point>',
  '<gml:Point@><gml:coord><gml:X>48.5</gml:X><gml:Y>2.25</gml:Y></gml:coord></gml:Point>',
  '<gml:Point@><gml:pos>48.5 2.25</gml:pos></gml:Point>',
  '<gml:Point@><gml:coordinates decimal="," cs=";" ts="|">48,5;2,25</gml:coordinates></gml:Point>',
  '<gml:LineString@><gml:coordinates>1,2 3,4 5,6.5</gml:coordinates></gml:LineString>',
  '<gml:LineString@><gml:coord><gml:X>1</gml:X><gml:Y>2</gml:Y></gml:coord><gml:coord><gml:X>3</gml:X><gml:Y>4</gml:Y></gml:coord></gml:LineString>',
  '<gml:LineString@><gml:pos>1 2</gml:pos><gml:pos>3 4</gml:pos></gml:LineString>',
  '<gml:LineString@><gml:posList>1 2 3 4\n 5e0 -6.5</gml:posList></gml:LineString>',
  `<gml:Polygon@><gml:outerBoundaryIs>${old('0,0 0,10 10,10 10,0 0,0')}</gml:outerBoundaryIs><gml:innerBoundaryIs>${old('2,2 2,4 4,4 2,2')}</gml:innerBoundaryIs></gml:Polygon>`,
  `<gml:Polygon@><gml:exterior>${ring('0 0 0 10 10 10 10 0 0 0')}</gml:exterior><gml:interior>${ring('2 2 2 4 4 4 2 2')}</gml:interior></gml:Polygon>`,
  '<gml:MultiPoint@><gml:pointMember><gml:Point><gml:coordinates>1,2</gml:coordinates></gml:Point></gml:pointMember><gml:pointMember><gml:Point><gml:coordinates>3,4</gml:coordinates></gml:Point></gml:pointMember></gml:MultiPoint>',
  '<gml:MultiPoint@><gml:pointMembers><gml:Point><gml:pos>1 2</gml:pos></gml:Point><gml:Point><gml:pos>3 4</gml:pos></gml:Point></gml:pointMembers></gml:MultiPoint>',
  '<gml:MultiLineString@><gml:lineStringMember><gml:LineString><gml:coordinates>1,2 3,4</gml:coordinates></gml:LineString></gml:lineStringMember></gml:MultiLineString>',
  `<gml:MultiPolygon@><gml:polygonMember><gml:Polygon><gml:outerBoundaryIs>${old('0,0 0,1 1,1 0,0')}</gml:outerBoundaryIs></gml:Polygon></gml:polygonMember></gml:MultiPolygon>`,
]

/** What GDAL gives another kind than we do, for the same points. */
const alike = [
  '<gml:Curve@><gml:segments><gml:LineStringSegment><gml:posList>1 2 3 4 5 7</gml:posList></gml:LineStringSegment></gml:segments></gml:Curve>',
  `<gml:MultiSurface@><gml:surfaceMember><gml:Polygon><gml:exterior>${ring('0 0 0 10 10 10 10 0 0 0')}</gml:exterior></gml:Polygon></gml:surfaceMember></gml:MultiSurface>`,
  `<gml:Surface@><gml:patches><gml:PolygonPatch><gml:exterior>${ring('0 0 0 10 10 10 10 0 0 0')}</gml:exterior></gml:PolygonPatch></gml:patches></gml:Surface>`,
  '<gml:MultiCurve@><gml:curveMember><gml:LineString><gml:posList>1 2 3 4</gml:posList></gml:LineString></gml:curveMember></gml:MultiCurve>',
  '<gml:LineString@ srsDimension="3"><gml:posList>1 2 9 3 4 9</gml:posList></gml:LineString>',
  '<gml:LineString@><gml:coordinates>1,2,9 3,4,9</gml:coordinates></gml:LineString>',
]

const names = [
  '',
  'EPSG:4326',
  'urn:ogc:def:crs:EPSG::4326',
  'http://www.opengis.net/gml/srs/epsg.xml#4326',
  'http://www.opengis.net/def/crs/EPSG/0/4326',
  'urn:ogc:def:crs:EPSG::2154',
  'urn:ogc:def:crs:OGC:1.3:CRS84',
  'urn:ogc:def:crs:EPSG::31467',
  'EPSG:31467',
]

/** The driver of GML files knows the axes of names, which `CreateGeometryFromGML` does not. */
const script = `
from osgeo import ogr
out = []
for n, group in enumerate(json.load(open(sys.argv[1]))):
    members = "".join('<gml:featureMember><o:f fid="f.%d"><o:g>%s</o:g></o:f></gml:featureMember>' % (i, g) for i, g in enumerate(group))
    path = "/vsimem/%d.gml" % n
    gdal.FileFromMemBuffer(path, ('<o:C xmlns:o="http://ogr.maptools.org/" xmlns:gml="http://www.opengis.net/gml">%s</o:C>' % members).encode())
    read = []
    dataset = gdal.OpenEx(path, gdal.OF_VECTOR)
    for feature in dataset.GetLayer(0):
        g = feature.GetGeometryRef()
        if g is None:
            read.append("")
            continue
        g = g.Clone()
        g.FlattenTo2D()
        kind = ogr.wkbLineString if g.GetGeometryType() == ogr.wkbCompoundCurve else ogr.GT_GetLinear(g.GetGeometryType())
        read.append(bytes(ogr.ForceTo(g, kind).ExportToWkb(ogr.wkbNDR)).hex())
    out.append(read)
print(json.dumps(out))
`

t.test('GDAL reads the same geometries, axes included', { skip: withoutGdal }, async t => {
  const all = [...geometries, ...alike]
  const groups = names.map(name => all.map(geometry => geometry.replace('@', name && ` srsName="${name}"`)))
  const file = `${t.testdir({ 'gml.json': JSON.stringify(groups) })}/gml.json`
  const theirs = gdalPython<string[][]>(script, file)
  for (const [n, group] of groups.entries()) {
    for (const [i, geometry] of group.entries()) {
      const document = `<Filter xmlns:gml="http://www.opengis.net/gml"><Intersects><PropertyName>g</PropertyName>${geometry}</Intersects></Filter>`
      const filter = parseFilter(document) as SpatialFilter
      const [ours, other] = [Buffer.from(filter.geometry.wkb).toString('hex'), theirs[n]![i]!]
      if (i < geometries.length) t.equal(ours, other, geometry)
      // A curve or a surface may begin elsewhere or be of another kind; its positions are the same.
      else t.same(positionsIn(ours), positionsIn(other), geometry)
    }
  }
})

/** The positions at the end of WKB, each once, in order. */
function positionsIn(hex: string): string[] {
  const bytes = Buffer.from(hex, 'hex')
  const pairs: string[] = []
  for (let at = bytes.length - 16; at >= 9; at -= 16) {
    const [x, y] = [bytes.readDoubleLE(at), bytes.readDoubleLE(at + 8)]
    if (Math.abs(x) > 1e3 || Math.abs(y) > 1e3 || (x !== 0 && Math.abs(x) < 1e-3)) break
    pairs.push(`${x} ${y}`)
  }
  return [...new Set(pairs)].sort()
}
