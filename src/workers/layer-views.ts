import type { MapJob } from '#core/queries.js'
import { type Bbox, bufferBbox, intersectBbox } from '#geo/bbox.js'
import { transformBboxes, transformBetween } from '#geo/transform.js'
import { boxOfPixels, uprightMap } from '#geo/turned-map.js'
import { type MapFrame, placeInMapCrs, placeOtherCrs } from '#render/place-source.js'
import { movedUp, type Placement, turned } from '#render/placement.js'
import { type WrappedFrame, wrappedFrames } from './wrapped-frames.js'

/** Part of a source that shows on a map. */
export interface View {
  readonly placement: Placement
  /** What shows, in the CRS of the source, with the margin that symbols reach over. */
  readonly box: Bbox
  readonly unitsPerPixel: number
}

/** Rows of the map that are drawn, where not all are. */
type Band = Pick<NonNullable<MapJob['band']>, 'top' | 'height'>

/** Share of its size that a transformed box may be too small. */
const boxSlack = 0.001

/** The views of a source in `sourceCrs` that together fill a map: `reach` pixels more of it on all sides. */
export function layerViews(
  { crs, bbox, width, height, angle = 0 }: MapFrame,
  sourceCrs: string,
  reach: number,
  band?: Band,
): readonly View[] {
  return wrappedFrames({ crs, bbox, width, height, angle }).flatMap(frame => viewsOf(frame, sourceCrs, reach, band))
}

/**
 * One view, or several where the box of the map falls apart in the CRS of the source: at the antimeridian. A band is placed by what places the whole
 * map, so that it is the same.
 */
function viewsOf(frame: WrappedFrame, sourceCrs: string, reach: number, band: Band = { top: 0, height: frame.height }): readonly View[] {
  const { crs, width, height, world } = frame
  const boxOf = ({ top, height }: Band) =>
    boxOfPixels(frame, { left: -reach, top: top - reach, right: width + reach, bottom: top + height + reach })
  const all = { top: 0, height }
  const upright = uprightMap(frame)
  const pixelSize = (box: Bbox) => Math.min((box[2] - box[0]) / upright.width, (box[3] - box[1]) / upright.height)
  if (transformBetween(sourceCrs, crs).isIdentity) {
    const placement = turned(placeInMapCrs(frame), frame, boxOf(all))
    return [{ placement: movedUp(placement, band.top), box: boxOf(band), unitsPerPixel: pixelSize(upright.bbox) }]
  }
  // what lies beyond one world is drawn by the frame of the next
  const inWorld = (box: Bbox) => (world && intersectBbox(box, [world[0], box[1], world[1], box[3]])) ?? box
  // to the sides a hair more, which covers what the transform of boxes may be off
  const grown = (piece: Bbox) => bufferBbox(piece, (piece[2] - piece[0]) * boxSlack, (piece[3] - piece[1]) * boxSlack)
  const drawn = transformBboxes(inWorld(boxOf(band)), crs, sourceCrs).map(grown)
  return transformBboxes(inWorld(boxOf(all)), crs, sourceCrs).flatMap(piece => {
    const whole = grown(piece)
    const placement = movedUp(turned(placeOtherCrs(frame, sourceCrs, whole), frame, whole), band.top)
    const boxes = drawn.length === 1 ? [intersectBbox(drawn[0], whole)] : [whole]
    return boxes.flatMap(box => (box ? [{ placement, box, unitsPerPixel: pixelSize(piece) }] : []))
  })
}
