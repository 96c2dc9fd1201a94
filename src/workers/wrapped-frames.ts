import type { Bbox } from '#geo/bbox.js'
import { crsOf } from '#geo/crs.js'
import type { MapFrame } from '#render/place-source.js'

/** Half the way around the earth in spherical Mercator, metres. */
const mercatorHalf = 20037508.342789244
/** Worlds drawn side by side at most; beyond, a map shows nothing that can be told apart. */
const mostWorlds = 16

/**
 * The frames that together show a map which reaches over the date line: the same picture, with the box moved by whole turns of the earth
 * so that it meets longitudes from -180 to 180. Only in geographic systems and spherical Mercator; elsewhere the frame itself.
 */
export function wrappedFrames(crs: string, frame: MapFrame): readonly MapFrame[] {
  const half = halfTurn(crs)
  if (half === undefined) return [frame]
  const [minX, minY, maxX, maxY] = frame.bbox
  // turns t with [minX - t, maxX - t] meeting [-half, half]
  const first = Math.ceil((minX - half) / (2 * half))
  const last = Math.floor((maxX + half) / (2 * half))
  const turns = Array.from({ length: Math.max(0, Math.min(last - first + 1, mostWorlds)) }, (_, i) => first + i)
  return turns
    .map(turn => ({ ...frame, bbox: [minX - turn * 2 * half, minY, maxX - turn * 2 * half, maxY] as Bbox }))
    .filter(({ bbox }) => bbox[0] < half && bbox[2] > -half)
}

function halfTurn(code: string): number | undefined {
  const crs = crsOf(code)
  if (crs?.code === 'EPSG:3857') return mercatorHalf
  return crs?.isDegrees ? 180 : undefined
}
