import { type Bbox, intersectBbox } from '#geo/bbox.js'
import type { PartQuery } from './find-sql.js'

/** Rows up to which the index of the geometry is the right way to a box, whatever else a planner may know of it. */
const fewRows = 5000
/** Rows from which on several of them lie on each page of the table, mostly. */
const severalOnPage = 300

/**
 * Whether a query asks for no more than a box that holds few rows, as far as one can tell from where the table lies and how many rows it has: then its plan is the same for all such boxes, and
 * making it anew (0.2 ms) would take as long as the rows of a light map. Boxes of crowded places hold more than that; their plan is still a good one.
 */
export function isSmallBox(query: PartQuery): boolean {
  const place = placeOf(query)
  return place !== undefined && !(place.shown && place.rowsIn(place.shown) > fewRows)
}

/**
 * The query, in halves where its plan is made for no box in particular and would otherwise go from the index to the table row by row: see `filterSql`. By the size of the box
 * alone, wherever it lies: so the rows of neighbouring maps come in the same order.
 */
export function inHalvesWhereMany(query: PartQuery): PartQuery {
  const place = placeOf(query)
  if (!place || !isSmallBox(query)) return query
  const rows = place.rowsIn(place.bbox)
  return rows >= severalOnPage && rows <= (query.limit ?? rows) ? { ...query, inHalves: true } : query
}

/** The box of a query that asks for no more, the part of it where the table lies, and how many rows a box holds as a rule; undefined where one cannot tell. */
function placeOf({ source, filter, narrow, search, segment, fence, sort }: PartQuery) {
  if (filter?.kind !== 'bbox' || narrow || search || segment || fence || sort?.length || source.restriction) return undefined
  const column = source.geometries.find(({ name }) => name === filter.property)
  if (!(column?.isIndexed && column.extent && source.count)) return undefined
  const { bbox } = filter
  const { extent } = column
  const { value: rows } = source.count
  return { bbox, shown: intersectBbox(bbox, extent), rowsIn: (box: Bbox) => (rows * area(box)) / area(extent) }
}

const area = ([minX, minY, maxX, maxY]: Bbox) => (maxX - minX) * (maxY - minY)
