import type { MapJob } from '#core/queries.js'
import { type Bbox, bufferBbox, intersectBbox } from '#geo/bbox.js'
import { transformBboxes, transformBetween } from '#geo/transform.js'
import { type MapFrame, placeInMapCrs, placeOtherCrs } from '#render/place-source.js'
import { movedUp, type Placement } from '#render/placement.js'
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
export function layerViews({ crs, bbox, width, height }: MapFrame, sourceCrs: string, reach: number, band?: Band): readonly View[] {
  return wrappedFrames({ crs, bbox, width, height }).flatMap(frame => viewsOf(frame, sourceCrs, reach, band))
}

/**
 * One view, or several where the box of the map falls apart in the CRS of the source: at the antimeridian. A band is placed by what places the whole
 * map, so that it is the same.
 */
function viewsOf(frame: WrappedFrame, sourceCrs: string, reach: number, band: Band = { top: 0, height: frame.height }): readonly View[] {
  const { crs, bbox, width, height, world } = frame
  const [minX, minY, maxX, maxY] = bbox
  const [perColumn, perRow] = [(maxX - minX) / width, (maxY - minY) / height]
  const boxOf = ({ top, height }: Band) =>
    bufferBbox([minX, maxY - (top + height) * perRow, maxX, maxY - top * perRow], reach * perColumn, reach * perRow)
  if (transformBetween(sourceCrs, crs).isIdentity)
    return [{ placement: movedUp(placeInMapCrs(frame), band.top), box: boxOf(band), unitsPerPixel: pixelSize(bbox, width, height) }]
  // what lies beyond one world is drawn by the frame of the next
  const inWorld = (box: Bbox) => (world && intersectBbox(box, [world[0], box[1], world[1], box[3]])) ?? box
  // to the sides a hair more, which covers what the transform of boxes may be off
  const grown = (piece: Bbox) => bufferBbox(piece, (piece[2] - piece[0]) * boxSlack, (piece[3] - piece[1]) * boxSlack)
  const drawn = transformBboxes(inWorld(boxOf(band)), crs, sourceCrs).map(grown)
  return transformBboxes(inWorld(boxOf({ top: 0, height })), crs, sourceCrs).flatMap(piece => {
    const whole = grown(piece)
    const placement = movedUp(placeOtherCrs(frame, sourceCrs, whole), band.top)
    const boxes = drawn.length === 1 ? [intersectBbox(drawn[0], whole)] : [whole]
    return boxes.flatMap(box => (box ? [{ placement, box, unitsPerPixel: pixelSize(piece, width, height) }] : []))
  })
}

const pixelSize = (box: Bbox, width: number, height: number) => Math.min((box[2] - box[0]) / width, (box[3] - box[1]) / height)
