import { crsOf } from '#geo/crs.js'
import { isFlipped, writeCrsName } from '#geo/crs-name.js'
import { readEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'
import type { XmlTree } from '#xml/write-element.js'
import type { GeometryLiteral } from '../filter.js'
import { ogcTree, UnsaidError } from './write-expression.js'

type FilterVersion = '1.0.0' | '1.1.0'

/**
 * A geometry in GML 2.1.2 for Filter 1.0.0 (its CRS named so that coordinates are x,y), in GML 3.1.1 for 1.1.0 (named by URN, in the order of the CRS).
 * The schema of GML 2.1.2 wants the CRS of geometries in parts named. Throws UnsaidError for curves and surfaces of arcs.
 */
export function writeGeometry({ wkb, crs: code }: GeometryLiteral, version: FilterVersion): XmlTree {
  const crs = code === undefined ? undefined : crsOf(code)
  const form = version === '1.0.0' ? 'epsg-xml' : 'urn'
  const srsName = crs ? writeCrsName(crs, form) : code
  const isYx = crs !== undefined && isFlipped(crs, form, 'other')
  return geometryNode(readEwkb(wkb), version, isYx, srsName === undefined ? {} : { srsName })
}

function geometryNode(geometry: Geometry, version: FilterVersion, isYx: boolean, attributes: Readonly<Record<string, string>>): XmlTree {
  const inner = (part: Geometry) => geometryNode(part, version, isYx, {})
  const stride = geometry.dimensions.length
  const places = (path: Float64Array) => positions(path, stride, version, isYx)
  switch (geometry.kind) {
    case 'Point':
    case 'LineString':
      return ogcTree(`gml:${geometry.kind}`, attributes, places(geometry.coordinates))
    case 'Polygon': {
      const [outer, hole] = version === '1.0.0' ? ['outerBoundaryIs', 'innerBoundaryIs'] : ['exterior', 'interior']
      const rings = geometry.rings.map((ring, i) => ogcTree(`gml:${i ? hole : outer}`, {}, ogcTree('gml:LinearRing', {}, places(ring))))
      return ogcTree('gml:Polygon', attributes, rings)
    }
    case 'MultiPoint':
    case 'MultiLineString':
    case 'MultiPolygon':
    case 'GeometryCollection': {
      const [name, member] = members[geometry.kind]
      return ogcTree(
        `gml:${name}`,
        attributes,
        geometry.parts.map(part => ogcTree(`gml:${member}`, {}, inner(part))),
      )
    }
    default:
      throw new UnsaidError(`a geometry of the kind ${geometry.kind} is not written as GML here`)
  }
}

const members = {
  MultiPoint: ['MultiPoint', 'pointMember'],
  MultiLineString: ['MultiLineString', 'lineStringMember'],
  MultiPolygon: ['MultiPolygon', 'polygonMember'],
  GeometryCollection: ['MultiGeometry', 'geometryMember'],
} as const

function positions(path: Float64Array, stride: number, version: FilterVersion, isYx: boolean): XmlTree {
  const pairs = Array.from({ length: path.length / stride }, (_, i) => {
    const [x, y] = [path[i * stride], path[i * stride + 1]]
    return isYx ? [y, x] : [x, y]
  })
  if (version === '1.0.0') return ogcTree('gml:coordinates', {}, pairs.map(pair => pair.join(',')).join(' '))
  return ogcTree(pairs.length === 1 ? 'gml:pos' : 'gml:posList', {}, pairs.flat().join(' '))
}
