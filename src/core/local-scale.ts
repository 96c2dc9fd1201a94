import { affineOfMap } from '#geo/affine.js'
import { transformBetween } from '#geo/transform.js'
import type { MapQuery } from './queries.js'

type Place = Pick<MapQuery, 'crs' | 'bbox' | 'width' | 'height' | 'angle'>

/** WGS 84. */
const semiMajor = 6_378_137
const squaredEccentricity = 0.006_694_379_990_141_317
const radians = Math.PI / 180
/** Pixels of the stretch that is measured. */
const stretch = 16

/** Metres on the ground in a pixel of the map's middle, along its width; undefined where the map has no place on earth there. */
export function metresPerPixelAtMiddle(map: Place): number | undefined {
  const [x, y] = middleOf(map)
  const [, dx, , , dy] = affineOfMap(map.bbox, map.width, map.height, map.angle)
  const at = (pixels: number) => point(x + dx * pixels, y + dy * pixels)
  const { point } = transformBetween(map.crs, 'EPSG:4326')
  const [from, to] = [at(-stretch / 2), at(stretch / 2)]
  if (!from || !to || Math.abs(from[1]) >= 90) return undefined
  const turn = ((((to[0] - from[0]) % 360) + 540) % 360) - 180
  const latitude = ((from[1] + to[1]) / 2) * radians
  const root = Math.sqrt(1 - squaredEccentricity * Math.sin(latitude) ** 2)
  // radii of curvature along the parallel and the meridian
  const east = (semiMajor / root) * Math.cos(latitude) * turn * radians
  const north = ((semiMajor * (1 - squaredEccentricity)) / root ** 3) * (to[1] - from[1]) * radians
  const metres = Math.hypot(east, north) / stretch
  return metres > 0 && Number.isFinite(metres) ? metres : undefined
}

/** Where north is in the middle of the map: clockwise from the top, in radians; undefined where there is none. */
export function northAtMiddle(map: Place): number | undefined {
  const [x, y] = middleOf(map)
  const middle = transformBetween(map.crs, 'EPSG:4326').point(x, y)
  if (!middle || Math.abs(middle[1]) > 89.99) return undefined
  const north = transformBetween('EPSG:4326', map.crs).point(middle[0], middle[1] + 0.001)
  const south = transformBetween('EPSG:4326', map.crs).point(middle[0], middle[1] - 0.001)
  if (!north || !south) return undefined
  const [minX, minY, maxX, maxY] = map.bbox
  const right = ((north[0] - south[0]) * map.width) / (maxX - minX)
  const up = ((north[1] - south[1]) * map.height) / (maxY - minY)
  return right === 0 && up === 0 ? undefined : Math.atan2(right, up) + (map.angle ?? 0) * radians
}

const middleOf = ({ bbox: [minX, minY, maxX, maxY] }: Place) => [(minX + maxX) / 2, (minY + maxY) / 2] as const
