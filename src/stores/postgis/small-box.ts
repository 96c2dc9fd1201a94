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
  return rowsInBox(query) <= fewRows
}

/** The query, in halves where its plan is made for no box in particular and would otherwise go from the index to the table row by row: see `filterSql`. */
export function inHalvesWhereMany(query: PartQuery): PartQuery {
  const rows = rowsInBox(query)
  return rows >= severalOnPage && rows <= Math.min(fewRows, query.limit ?? fewRows) ? { ...query, inHalves: true } : query
}

/** Rows that a query finds which asks for no more than a box, as far as one can tell; Infinity where one cannot. */
function rowsInBox({ source, filter, narrow, search, segment, fence, sort }: PartQuery): number {
  const unknown = Number.POSITIVE_INFINITY
  if (filter?.kind !== 'bbox' || narrow || search || segment || fence || sort?.length || source.restriction) return unknown
  const column = source.geometries.find(({ name }) => name === filter.property)
  if (!(column?.isIndexed && column.extent && source.count)) return unknown
  const part = intersectBbox(filter.bbox, column.extent)
  if (!part) return 0
  return area(part) > 0 ? (source.count.value * area(part)) / area(column.extent) : 0
}

const area = ([minX, minY, maxX, maxY]: Bbox) => (maxX - minX) * (maxY - minY)
