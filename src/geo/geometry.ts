/** Which ordinates a position has, in the order they are stored. */
export type Dimensions = 'xy' | 'xyz' | 'xym' | 'xyzm'

/** A geometry of any PostGIS type. Positions lie flat in `Float64Array`s, `dimensions.length` numbers each; parts share the dimensions of the whole. */
export type Geometry = PathGeometry | RingGeometry | PartGeometry

export interface GeometryHead {
  readonly dimensions: Dimensions
  /** Only on the outermost geometry; absent when unknown (0). */
  readonly srid?: number
}

/** A point has one position or, empty, none. A circular string is a chain of arcs: start, a point on the arc, end, which starts the next. */
export interface PathGeometry extends GeometryHead {
  readonly kind: 'Point' | 'LineString' | 'CircularString'
  readonly coordinates: Float64Array
}

/** Rings are closed (the last position repeats the first); the first is the outer one. */
export interface RingGeometry extends GeometryHead {
  readonly kind: 'Polygon' | 'Triangle'
  readonly rings: readonly Float64Array[]
}

/** Everything made of other geometries, the rings of a curve polygon included. `partKinds` says which may stand where. */
export interface PartGeometry extends GeometryHead {
  readonly kind:
    | 'MultiPoint'
    | 'MultiLineString'
    | 'MultiPolygon'
    | 'GeometryCollection'
    | 'CompoundCurve'
    | 'CurvePolygon'
    | 'MultiCurve'
    | 'MultiSurface'
    | 'PolyhedralSurface'
    | 'Tin'
  readonly parts: readonly Geometry[]
}

export type GeometryKind = Geometry['kind']

/** The WKB type codes (OGC 06-103r4, table 7), without Z and M. */
export const geometryCodes = {
  Point: 1,
  LineString: 2,
  Polygon: 3,
  MultiPoint: 4,
  MultiLineString: 5,
  MultiPolygon: 6,
  GeometryCollection: 7,
  CircularString: 8,
  CompoundCurve: 9,
  CurvePolygon: 10,
  MultiCurve: 11,
  MultiSurface: 12,
  PolyhedralSurface: 15,
  Tin: 16,
  Triangle: 17,
} as const satisfies Record<GeometryKind, number>

/** The inverse of `geometryCodes`. */
export const kindOfCode: ReadonlyMap<number, GeometryKind> = new Map(
  Object.entries(geometryCodes).map(([kind, code]) => [code, kind as GeometryKind]),
)

/** What each composed kind may be made of. */
export const partKinds: Readonly<Record<PartGeometry['kind'], readonly GeometryKind[]>> = {
  MultiPoint: ['Point'],
  MultiLineString: ['LineString'],
  MultiPolygon: ['Polygon'],
  GeometryCollection: Object.keys(geometryCodes) as GeometryKind[],
  CompoundCurve: ['LineString', 'CircularString'],
  CurvePolygon: ['LineString', 'CircularString', 'CompoundCurve'],
  MultiCurve: ['LineString', 'CircularString', 'CompoundCurve'],
  MultiSurface: ['Polygon', 'CurvePolygon'],
  PolyhedralSurface: ['Polygon'],
  Tin: ['Triangle'],
}

/** Nothing in it: no position anywhere. */
export function isEmptyGeometry(geometry: Geometry): boolean {
  if ('coordinates' in geometry) return geometry.coordinates.length === 0
  if ('rings' in geometry) return geometry.rings.every(ring => ring.length === 0)
  return geometry.parts.every(isEmptyGeometry)
}

/** A deeper nesting of collections than this is taken for an attack on the stack. */
export const maxGeometryDepth = 64
