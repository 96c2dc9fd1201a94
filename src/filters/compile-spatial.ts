import { bboxesMeet, bufferBbox } from '#geo/bbox.js'
import { ewkbBbox, readEwkb, writeEwkb } from '#geo/ewkb.js'
import { mapPositions } from '#geo/reproject.js'
import type { RowView } from '#rows/row-view.js'
import type { Read } from './compile-expression.js'
import type { Truth } from './compile-filter.js'
import type { DistanceFilter, GeometriesFilter, GeometryLiteral, GeometryOperand, SpatialFilter } from './filter.js'
import { geos } from './geos.js'

/** A spatial operator as a function of a row, `column` being the geometry. Null where the geometry is null or too broken to tell. */
export function compileSpatial(filter: SpatialFilter | DistanceFilter, column: number): Read<Truth> {
  return filter.kind === 'distance' ? byDistance(filter, column) : byRelation(filter, column)
}

function byRelation({ operator, geometry }: SpatialFilter, column: number): Read<Truth> {
  const wkb = settled(geometry)
  const box = ewkbBbox(wkb)!
  const relate = geos().relate(wkb, operator)
  const isApart = operator === 'disjoint'
  return row => {
    const bytes = row.bytes(column)
    if (!bytes) return null
    const other = ewkbBbox(bytes)
    return other && bboxesMeet(box, other) ? relate(bytes) : isApart
  }
}

/** A relation of two columns, or of two geometries of the request, as a function of a row. */
export function compileGeometries({ operator, left, right }: GeometriesFilter, indexOf: (name: string) => number): Read<Truth> {
  const read = (side: GeometryOperand): Read<Uint8Array | undefined> => {
    if (side.kind === 'property') {
      const column = indexOf(side.name)
      return row => row.bytes(column)
    }
    const wkb = settled(side.geometry)
    return () => wkb
  }
  const [a, b] = [read(left), read(right)]
  const relate = geos().between(operator)
  const isApart = operator === 'disjoint'
  const truth: Read<Truth> = row => {
    const [x, y] = [a(row), b(row)]
    if (!x || !y) return null
    const [boxOfX, boxOfY] = [ewkbBbox(x), ewkbBbox(y)]
    return boxOfX && boxOfY && bboxesMeet(boxOfX, boxOfY) ? relate(x, y) : isApart
  }
  if (left.kind === 'property' || right.kind === 'property') return truth
  const known: { truth?: Truth } = {}
  return row => {
    if (known.truth === undefined) known.truth = truth(row)
    return known.truth
  }
}

function byDistance({ operator, geometry, distance, stretch }: DistanceFilter, column: number): Read<Truth> {
  const wkb = stretched(settled(geometry), stretch)
  const box = bufferBbox(ewkbBbox(wkb)!, distance)
  const isWithin = geos().isWithin(wkb, distance)
  const isBeyond = operator === 'beyond'
  return row => {
    const bytes = bytesOf(row, column, stretch)
    if (!bytes) return null
    const other = ewkbBbox(bytes)
    const truth = other && bboxesMeet(box, other) ? isWithin(bytes) : false
    return truth === null ? null : truth !== isBeyond
  }
}

const bytesOf = (row: RowView, column: number, stretch: DistanceFilter['stretch']) => {
  const bytes = row.bytes(column)
  return bytes && stretch ? stretched(bytes, stretch) : bytes
}

function settled({ wkb, crs }: GeometryLiteral): Uint8Array {
  if (crs) throw new Error(`A geometry of a filter is still in ${crs}; settleFilter brings it to the CRS of its column.`)
  return wkb
}

function stretched(wkb: Uint8Array, stretch: DistanceFilter['stretch']): Uint8Array {
  return stretch ? writeEwkb(mapPositions(readEwkb(wkb), (x, y) => [x * stretch[0], y * stretch[1]])!) : wkb
}
