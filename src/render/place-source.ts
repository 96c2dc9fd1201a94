import { affineOfMap } from '#geo/affine.js'
import type { Bbox } from '#geo/bbox.js'
import { sourceToPixelGrid } from '#geo/control-grid.js'
import { requireCrs } from '#geo/crs.js'
import { transformBetween } from '#geo/transform.js'
import { turnLength } from '#geo/turn-length.js'
import type { Locate } from './kernels/draw-kernel.js'
import { mostGridNodes, type Placement } from './placement.js'

/** The map as coordinates see it: its box in its own CRS, and its size in pixels. */
export interface MapFrame {
  readonly crs: string
  readonly bbox: Bbox
  readonly width: number
  readonly height: number
  /** Degrees by which the map is turned clockwise around its middle; placements are turned by `turned`. */
  readonly angle?: number
}

/** Pieces into which long edges are cut where no grid says how finely. */
const pieces = 64

/** How coordinates in the CRS of the map become pixels. */
export function placeInMapCrs({ bbox: [minX, minY, maxX, maxY], width, height }: MapFrame): Placement {
  return { kind: 'affine', originX: minX, originY: maxY, pixelsPerX: width / (maxX - minX), pixelsPerY: -height / (maxY - minY) }
}

/**
 * How coordinates of the CRS `from` become pixels, within `box`: the part of the source that shows, with its margin. By a control grid exact
 * to 0.05 pixels where there is one; else (poles, whole worlds) every vertex is projected for itself. Throws CrsError.
 */
export function placeOtherCrs(frame: MapFrame, from: string, box: Bbox): Placement {
  const { crs, bbox, width, height } = frame
  const exact = exactly(frame, from, box)
  const targetPixels = affineOfMap(bbox, width, height)
  // where maps repeat, the grid runs on from its middle: that must lie in the turn that `exact` says, which is not always the nearest one
  const middle = exact.locate((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
  const rectangle = middle ? { left: middle[0], top: 0, width: 0, height } : { left: 0, top: 0, width, height }
  const grid = sourceToPixelGrid({ from, to: crs, targetPixels, bbox: box, rectangle }, { maxNodes: mostGridNodes })
  if (!grid) return exact
  const { columns, rows, nodes } = grid
  return { ...exact, kind: 'grid', columns, rows, nodes }
}

function exactly(frame: MapFrame, from: string, box: Bbox): Extract<Placement, { kind: 'exact' }> {
  const [minX, minY, maxX, maxY] = frame.bbox
  const { from: source, point } = transformBetween(from, frame.crs)
  const turn = source.isDegrees ? turnLength(requireCrs(frame.crs)) : undefined
  const middle = (box[0] + box[2]) / 2
  const atMiddle = turn && point(middle, (box[1] + box[3]) / 2)
  /** Where maps repeat, longitudes run on from the middle of the box, instead of jumping back at the antimeridian. */
  const unwrapped = (mapX: number, longitude: number) => {
    if (!turn || !atMiddle) return mapX
    const expected = atMiddle[0] + ((longitude - middle) * turn) / turnLength(source)!
    return mapX - turn * Math.round((mapX - expected) / turn)
  }
  const locate: Locate = (x, y) => {
    const at = point(x, y)
    return at && [((unwrapped(at[0], x) - minX) * frame.width) / (maxX - minX), ((maxY - at[1]) * frame.height) / (maxY - minY)]
  }
  return { kind: 'exact', box, columns: pieces, rows: pieces, locate }
}
