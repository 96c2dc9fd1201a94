import { type Bbox, bufferBbox } from './bbox.js'
import { clipRings } from './clip-rings.js'
import type { Geometry } from './geometry.js'

/**
 * What of a geometry of two dimensions lies within a box; undefined where nothing does. Polygons of several pieces stay one, whose sides run along
 * the box between them (not valid, then); holes end a hair before the box, or they would share a side with their polygon, and be filled by what makes
 * it valid. Curves and surfaces are left as they are.
 */
export function clipGeometry(geometry: Geometry, box: Bbox): Geometry | undefined {
  switch (geometry.kind) {
    case 'Point': {
      const [x, y] = geometry.coordinates
      return x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] ? geometry : undefined
    }
    case 'LineString': {
      const parts = clippedLines(geometry.coordinates, box).map(
        (coordinates): Geometry => ({ kind: 'LineString', dimensions: 'xy', coordinates }),
      )
      return parts.length > 1 ? { kind: 'MultiLineString', dimensions: 'xy', parts } : parts[0]
    }
    case 'Polygon': {
      const inner = bufferBbox(box, -hair * (box[2] - box[0]), -hair * (box[3] - box[1]))
      const [outer, ...holes] = geometry.rings.map((ring, i) => clipRings([ring], i === 0 ? box : inner)[0])
      return outer && { kind: 'Polygon', dimensions: 'xy', rings: [outer, ...holes.filter(hole => hole !== undefined)].map(closed) }
    }
    case 'MultiPoint':
    case 'MultiPolygon':
    case 'MultiLineString':
    case 'GeometryCollection': {
      const clipped = geometry.parts.flatMap(part => clipGeometry(part, box) ?? [])
      const parts = geometry.kind === 'MultiLineString' ? clipped.flatMap(part => ('parts' in part ? part.parts : [part])) : clipped
      return parts.length > 0 ? { ...geometry, parts } : undefined
    }
    default:
      return geometry
  }
}

/** As a share of the box. */
const hair = 1e-7

/** Closed, and without the repetitions that cutting makes. */
function closed(ring: Float64Array): Float64Array {
  const path: number[] = []
  for (let i = 0; i < ring.length; i += 2) if (ring[i] !== path.at(-2) || ring[i + 1] !== path.at(-1)) path.push(ring[i], ring[i + 1])
  if (path[0] !== path.at(-2) || path[1] !== path.at(-1)) path.push(path[0], path[1])
  return Float64Array.from(path)
}

/** Pieces of a line, side by side by Liang and Barsky. */
function clippedLines(path: Float64Array, [minX, minY, maxX, maxY]: Bbox): Float64Array[] {
  const lines: number[][] = []
  for (let i = 2; i < path.length; i += 2) {
    const [x, y, dx, dy] = [path[i - 2], path[i - 1], path[i] - path[i - 2], path[i + 1] - path[i - 1]]
    let [from, to] = [0, 1]
    for (const [step, room] of [
      [-dx, x - minX],
      [dx, maxX - x],
      [-dy, y - minY],
      [dy, maxY - y],
    ] as const) {
      // biome-ignore format: short
      if (step === 0 && room < 0) to = -1
      else if (step < 0) from = Math.max(from, room / step)
      else if (step > 0) to = Math.min(to, room / step)
    }
    if (from > to) continue
    const [startX, startY, endX, endY] = [x + from * dx, y + from * dy, x + to * dx, y + to * dy]
    const last = lines.at(-1)
    if (from === 0 && last && last.at(-2) === startX && last.at(-1) === startY) last.push(endX, endY)
    else lines.push([startX, startY, endX, endY])
  }
  return lines.map(line => Float64Array.from(line))
}
