import { readEwkb } from '#geo/ewkb.js'
import type { Geometry } from '#geo/geometry.js'
import { linearise } from '#geo/linearise.js'
import type { GeometryChoice } from '#styles/style.js'
import type { LabelWish } from './brushes/label-brush.js'
import type { Locate } from './kernels/draw-kernel.js'
import type { LabelAnchor } from './labels/label-request.js'
import type { Placement } from './placement.js'

/** A geometry taken apart: points, lines and rings of x,y pairs in pixels of the map. */
interface Parts {
  readonly points: (readonly [number, number])[]
  readonly lines: Float64Array[]
  readonly rings: Float64Array[]
}

/** Where the labels of a geometry (EWKB) belong. Chords of its curves stay as close to them as `tolerance`, in its units. Throws `EwkbError`. */
export function labelAnchors(
  ewkb: Uint8Array,
  wish: LabelWish,
  part: GeometryChoice['part'],
  locate: Locate,
  tolerance: number,
): readonly LabelAnchor[] {
  const parts: Parts = { points: [], lines: [], rings: [] }
  take(readEwkb(linearise(ewkb, tolerance)), locate, parts)
  const { points, lines, rings } = chosen(parts, part)
  const at = (position: readonly [number, number]) => pointAnchor(position, wish)
  const along = wish.line
  const paths = along ? [...lines, ...rings] : lines
  return [
    ...points.map(at),
    ...paths.map((points): LabelAnchor => (along ? { kind: 'line', points, ...along } : at(middleOf(points)))),
    ...(rings.length > 0 && !along ? [{ kind: 'polygon', rings, ...wish.polygon } as const] : []),
  ]
}

function pointAnchor([x, y]: readonly [number, number], { point }: LabelWish): LabelAnchor {
  const { anchor, displacement, rotation, maxDisplacement } = point
  return { kind: 'point', x, y, anchor, displacement, rotation, maxDisplacement }
}

/** How coordinates become pixels, one position at a time; moved by `shift`. */
export function locateBy(placement: Placement, [shiftX, shiftY]: readonly [number, number] = [0, 0]): Locate {
  if (shiftX !== 0 || shiftY !== 0) {
    const locate = locateBy(placement)
    return (x, y) => {
      const at = locate(x, y)
      return at && [at[0] + shiftX, at[1] + shiftY]
    }
  }
  if (placement.kind !== 'affine') return placement.locate
  const { originX, originY, pixelsPerX, pixelsPerY } = placement
  return (x, y) => [(x - originX) * pixelsPerX, (y - originY) * pixelsPerY]
}

/** The same of the position in `place`, which becomes pixels there: nothing is made for it. False where the map does not have it. */
export function relocateBy(placement: Placement, shift: readonly [number, number] = [0, 0]): (place: Float64Array) => boolean {
  const [shiftX, shiftY] = shift
  if (placement.kind === 'affine') {
    const { originX, originY, pixelsPerX, pixelsPerY } = placement
    return place => {
      place[0] = (place[0] - originX) * pixelsPerX + shiftX
      place[1] = (place[1] - originY) * pixelsPerY + shiftY
      return true
    }
  }
  const locate = locateBy(placement, shift)
  return place => {
    const at = locate(place[0], place[1])
    if (at) [place[0], place[1]] = at
    return at !== undefined
  }
}

function take(geometry: Geometry, locate: Locate, parts: Parts): void {
  const stride = geometry.dimensions.length
  switch (geometry.kind) {
    case 'Point': {
      const at = geometry.coordinates.length > 0 && locate(geometry.coordinates[0], geometry.coordinates[1])
      if (at) parts.points.push(at)
      return
    }
    case 'LineString':
    case 'CircularString': {
      const line = located(geometry.coordinates, stride, locate)
      if (line.length >= 4) parts.lines.push(line)
      return
    }
    case 'Polygon':
    case 'Triangle':
      for (const ring of geometry.rings) {
        const points = located(ring, stride, locate)
        if (points.length >= 6) parts.rings.push(points)
      }
      return
    default:
      for (const part of geometry.parts) take(part, locate, parts)
  }
}

/** Positions that the map does not have are left out. */
function located(coordinates: Float64Array, stride: number, locate: Locate): Float64Array {
  const points = new Float64Array((coordinates.length / stride) * 2)
  let count = 0
  for (let i = 0; i + 1 < coordinates.length; i += stride) {
    const at = locate(coordinates[i], coordinates[i + 1])
    if (!at) continue
    points[count++] = at[0]
    points[count++] = at[1]
  }
  return points.subarray(0, count)
}

function chosen(parts: Parts, part: GeometryChoice['part']): Parts {
  const paths = [...parts.lines, ...parts.rings]
  switch (part) {
    case undefined:
    case 'interior':
      return parts
    case 'boundary':
      return { points: [], lines: paths, rings: [] }
    case 'centroid':
      return { points: [...parts.points, ...(paths.length > 0 ? [centroidOf(parts)] : [])], lines: [], rings: [] }
    case 'vertices':
      return { points: paths.flatMap(pairsOf), lines: [], rings: [] }
    default:
      return { points: [...parts.points, ...paths.map(path => placeOn(path, part))], lines: [], rings: [] }
  }
}

const pairsOf = (path: Float64Array) => Array.from({ length: path.length / 2 }, (_, i) => [path[2 * i], path[2 * i + 1]] as const)

function placeOn(path: Float64Array, part: 'start' | 'end' | 'middle'): readonly [number, number] {
  if (part === 'middle') return middleOf(path)
  const at = part === 'start' ? 0 : path.length - 2
  return [path[at], path[at + 1]]
}

/** Halfway along a line. */
function middleOf(path: Float64Array): readonly [number, number] {
  const step = (i: number) => Math.hypot(path[i + 2] - path[i], path[i + 3] - path[i + 1])
  let left = 0
  for (let i = 0; i + 3 < path.length; i += 2) left += step(i)
  left /= 2
  for (let i = 0; i + 3 < path.length; i += 2) {
    const length = step(i)
    if (length > 0 && left <= length) {
      const share = left / length
      return [path[i] + share * (path[i + 2] - path[i]), path[i + 1] + share * (path[i + 3] - path[i + 1])]
    }
    left -= length
  }
  return [path[0], path[1]]
}

/** Of the area where there is one, else of the lines. */
function centroidOf({ rings, lines }: Parts): readonly [number, number] {
  let [sumX, sumY, sum] = [0, 0, 0]
  for (const ring of rings)
    for (let i = 0; i + 3 < ring.length; i += 2) {
      const area = ring[i] * ring[i + 3] - ring[i + 2] * ring[i + 1]
      sumX += area * (ring[i] + ring[i + 2])
      sumY += area * (ring[i + 1] + ring[i + 3])
      sum += 3 * area
    }
  if (Math.abs(sum) > 1e-9) return [sumX / sum, sumY / sum]
  for (const line of [...lines, ...rings])
    for (let i = 0; i + 3 < line.length; i += 2) {
      const length = Math.hypot(line[i + 2] - line[i], line[i + 3] - line[i + 1])
      sumX += (length * (line[i] + line[i + 2])) / 2
      sumY += (length * (line[i + 1] + line[i + 3])) / 2
      sum += length
    }
  const [first] = [...rings, ...lines]
  return sum > 0 ? [sumX / sum, sumY / sum] : [first[0], first[1]]
}
