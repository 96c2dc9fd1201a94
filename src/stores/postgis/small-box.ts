import { type Bbox, intersectBbox } from '#geo/bbox.js'
import type { PartQuery } from './find-sql.js'

/** Rows up to which the index of the geometry is the right way to a box, whatever else a planner may know of it. */
const fewRows = 5000

/**
 * Whether a query asks for no more than a box that holds few rows, as far as one can tell from where the table lies and how many rows it has: then its plan is the same for all such boxes, and
 * making it anew (0.2 ms) would take as long as the rows of a light map. Boxes of crowded places hold more than that; their plan is still a good one.
 */
export function isSmallBox({ source, filter, narrow, search, segment, fence, sort }: PartQuery): boolean {
  if (filter?.kind !== 'bbox' || narrow || search || segment || fence || sort?.length || source.restriction) return false
  const column = source.geometries.find(({ name }) => name === filter.property)
  if (!(column?.isIndexed && column.extent && source.count)) return false
  const part = intersectBbox(filter.bbox, column.extent)
  if (!part) return true
  return source.count.value * area(part) <= fewRows * area(column.extent)
}

const area = ([minX, minY, maxX, maxY]: Bbox) => (maxX - minX) * (maxY - minY)
