import { type CollectionDocument, type Feature, positionsOf } from './world.js'

export type Box = readonly [west: number, south: number, east: number, north: number]

/** Boxes that the official suite asks every spatial collection for: its extent, Greenwich, the equator, the antimeridian, both poles. */
export const officialBoxes = ({ extent }: CollectionDocument): readonly Box[] => [
  (extent?.spatial?.bbox[0] ?? []) as unknown as Box,
  [-1.5, 50, 1.5, 53],
  [-80, -5, -70, 5],
  [177, 65, -177, 70],
  [-180, 85, 180, 90],
  [-180, -90, 180, -85],
]

/** Whether a geometry meets a box, in degrees; one that is null meets all. Exact for points and for rectangles along meridians and parallels. */
export function meetsBox(geometry: Feature['geometry'], [west, south, east, north]: Box): boolean {
  const positions = positionsOf(geometry)
  if (positions.length === 0) return true
  const [xs, ys] = [positions.map(([x]) => x), positions.map(([, y]) => y)]
  const [minX, maxX, minY, maxY] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const isBeside = west <= east ? maxX < west || minX > east : maxX < west && minX > east
  return !isBeside && maxY >= south && minY <= north
}
