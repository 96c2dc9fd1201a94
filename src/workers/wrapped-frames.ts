import { requireCrs } from '#geo/crs.js'
import { turnLength } from '#geo/turn-length.js'
import { uprightMap } from '#geo/turned-map.js'
import type { MapFrame } from '#render/place-source.js'

/** Worlds drawn side by side at most; beyond, a map shows nothing that can be told apart. */
const mostWorlds = 16

export interface WrappedFrame extends MapFrame {
  /** Least and greatest x of one world; absent where the map's system does not repeat. */
  readonly world?: readonly [least: number, greatest: number]
}

/**
 * The frames that together show a map which reaches over the date line: the same picture, with the box moved by whole turns of the earth
 * so that it meets the world. Where the map's system does not repeat, the frame itself.
 */
export function wrappedFrames(frame: MapFrame): readonly WrappedFrame[] {
  const crs = requireCrs(frame.crs)
  // systems cut open elsewhere than opposite Greenwich are drawn once
  const turn = crs.isDegrees || crs.code === 'EPSG:3857' ? turnLength(crs) : undefined
  if (turn === undefined) return [frame]
  const half = turn / 2
  const [minX, minY, maxX, maxY] = frame.bbox
  const [west, , east] = uprightMap(frame).bbox
  const first = Math.ceil((west - half) / turn)
  const last = Math.min(Math.floor((east + half) / turn), first + mostWorlds - 1)
  const turns = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * turn)
  return turns.map(shift => ({ ...frame, bbox: [minX - shift, minY, maxX - shift, maxY] as const, world: [-half, half] as const }))
}
