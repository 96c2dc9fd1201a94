import type { Bbox } from '#geo/bbox.js'
import { requireCrs } from '#geo/crs.js'
import { sharedPatches } from '#geo/patched-transform.js'
import { type Transform, transformBetween } from '#geo/transform.js'
import { turnLength } from '#geo/turn-length.js'
import type { AffinePlacement, PatchedPlacement } from './placement.js'

/** The map as coordinates see it: its box in its own CRS, and its size in pixels. */
export interface MapFrame {
  readonly crs: string
  readonly bbox: Bbox
  readonly width: number
  readonly height: number
  /** Degrees by which the map is turned clockwise around its middle; placements are turned by `turned`. */
  readonly angle?: number
}

/** Straight lines of one system bend in another about as those of this radius, in metres, or less: near poles more. */
const leastRadius = 500e3
/** Pixels that the pieces of an edge may lie beside it. */
const mostBeside = 0.02
/** Pixels of a piece: where lines bend more, nobody looks. And where they bend less, what lies outside the map would be drawn for nothing. */
const [leastPiece, mostPiece] = [8, 1024]

/** How coordinates in the CRS of the map become pixels. */
export function placeInMapCrs({ bbox: [minX, minY, maxX, maxY], width, height }: MapFrame): AffinePlacement {
  return { kind: 'affine', originX: minX, originY: maxY, pixelsPerX: width / (maxX - minX), pixelsPerY: -height / (maxY - minY) }
}

/**
 * How coordinates of the CRS `from` become pixels, within `box`: the part of the source that shows, with its margin; to 0.02 pixels, and the same on all maps
 * of this scale. Throws CrsError.
 */
export function placeOtherCrs({ crs, bbox, width, height }: MapFrame, from: string, box: Bbox): PatchedPlacement {
  const [minX, minY, maxX, maxY] = bbox
  const [perX, perY] = [width / (maxX - minX), height / (maxY - minY)]
  const transform = transformBetween(from, crs)
  const metresPerPixel = transform.to.metresPerUnit / Math.max(perX, perY)
  const piece = Math.sqrt(8 * leastRadius * mostBeside * metresPerPixel)
  const metres = Math.min(Math.max(piece, leastPiece * metresPerPixel), mostPiece * metresPerPixel)
  const turnsOf = turnsFrom(transform, box)
  const { point } = transform
  // powers of two: no rounding tells maps of one scale apart
  const step = 2 ** Math.floor(Math.log2(metres / transform.from.metresPerUnit))
  return {
    kind: 'patched',
    clip: grown(box, step, transform),
    step,
    patches: sharedPatches(transform, metresPerPixel),
    locate(x, y) {
      const at = point(x, y)
      return at && [(at[0] + (turnsOf?.(at[0], x) ?? 0) - minX) * perX, (maxY - at[1]) * perY]
    },
    origin: [minX, maxY],
    toPixels: [0, perX, 0, 0, 0, -perY],
    ...(turnsOf && { turnsOf }),
  }
}

/** The box with a step more on all sides but those beyond which there is nothing. */
function grown([minX, minY, maxX, maxY]: Bbox, step: number, { point }: Transform): Bbox {
  const [xs, ys] = [
    [minX, (minX + maxX) / 2, maxX],
    [minY, (minY + maxY) / 2, maxY],
  ]
  const beside = (x: number) => (ys.every(y => point(x, y)) ? x : undefined)
  const above = (y: number) => (xs.every(x => point(x, y)) ? y : undefined)
  return [beside(minX - step) ?? minX, above(minY - step) ?? minY, beside(maxX + step) ?? maxX, above(maxY + step) ?? maxY]
}

/** Where maps repeat, longitudes run on from the middle of the box, instead of jumping back at the antimeridian. */
function turnsFrom({ from, to, point }: Transform, box: Bbox): PatchedPlacement['turnsOf'] {
  const turn = from.isDegrees ? turnLength(requireCrs(to.code)) : undefined
  const middle = (box[0] + box[2]) / 2
  const atMiddle = turn && point(middle, (box[1] + box[3]) / 2)
  if (!turn || !atMiddle) return undefined
  const perDegree = turn / turnLength(from)!
  return (mapX, longitude) => -turn * Math.round((mapX - (atMiddle[0] + (longitude - middle) * perDegree)) / turn)
}
