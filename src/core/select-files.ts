import { type Bbox, bufferBbox } from '#geo/bbox.js'
import { crsOf } from '#geo/crs.js'
import { transformBboxes } from '#geo/transform.js'
import type { RasterFile } from './atlas.js'
import type { Span } from './dimension.js'
import { groundResolution, type Mosaic, type MosaicPart } from './mosaic.js'

/** The place, detail and time a map asks a mosaic for. */
export interface MosaicQuery {
  readonly crs: string
  readonly bbox: Bbox
  /** Pixels of the map; 1 x 1 for a place. */
  readonly width: number
  readonly height: number
  /** Milliseconds since the epoch, the end excluded; files without a date are left out where it is given. */
  readonly times?: readonly Span[]
  /** Others are left out. */
  readonly isChosen?: (file: RasterFile) => boolean
}

/**
 * The files of a mosaic that a map touches, in drawing order: among files that are finer than the map can show the mosaic's own order
 * decides, otherwise the finer one is on top. Cheap: a look into the tree of each CRS.
 */
export function selectFiles(mosaic: Mosaic, query: MosaicQuery): readonly RasterFile[] {
  const found = mosaic.parts.flatMap(part => {
    const boxes = searchBoxes(part, query)
    if (boxes.length === 0) return []
    const shown = shownResolution(part, boxes, query)
    return positionsIn(part, boxes).map(position => {
      const file = mosaic.files[position]
      return { file, position, detail: Math.max(shown, groundResolution(file)) }
    })
  })
  const { times, isChosen = () => true } = query
  const isInTime = ({ time }: RasterFile) =>
    times === undefined || (time !== undefined && times.some(({ from, to }) => time >= from && time < to))
  return found
    .filter(({ file }) => isInTime(file) && isChosen(file))
    .sort((a, b) => (isSameDetail(a.detail, b.detail) ? a.position - b.position : b.detail - a.detail))
    .map(({ file }) => file)
}

/** Metres on the ground that a pixel of the map covers where a mosaic's storage CRS is; undefined where the map does not meet it. */
export function wantedResolution({ parts: [part] }: Mosaic, query: MosaicQuery): number | undefined {
  const boxes = searchBoxes(part, query)
  return boxes.length === 0 ? undefined : shownResolution(part, boxes, query)
}

function searchBoxes({ crs }: MosaicPart, { bbox, crs: from }: MosaicQuery): readonly Bbox[] {
  return crsOf(crs) ? transformBboxes(bbox, from, crs).map(grown) : []
}

/** Boxes are good to a thousandth of their size. */
const grown = (box: Bbox) => bufferBbox(box, (box[2] - box[0]) / 500, (box[3] - box[1]) / 500)

function positionsIn({ crs, tree, members }: MosaicPart, boxes: readonly Bbox[]): number[] {
  const turn = turnOf(crs)
  const shifts = turn === undefined ? [0] : [-turn, 0, turn]
  const found = boxes.flatMap(([west, south, east, north]) =>
    shifts.flatMap(shift => tree.search(west + shift, south, east + shift, north)),
  )
  return (found.length > 0 && (boxes.length > 1 || shifts.length > 1) ? [...new Set(found)] : found).map(i => members[i])
}

/** A whole turn of the earth in the x of a CRS; undefined where x does not go around. */
export function turnOf(code: string): number | undefined {
  const crs = crsOf(code)
  if (crs?.code === 'EPSG:3857') return 2 * 20037508.342789244
  return crs?.isDegrees ? 360 : undefined
}

/** The root of the area a map pixel covers, in metres of the part's CRS. */
function shownResolution({ crs }: MosaicPart, boxes: readonly Bbox[], { width, height }: MosaicQuery): number {
  const area = boxes.reduce((sum, [minX, minY, maxX, maxY]) => sum + (maxX - minX) * (maxY - minY), 0)
  return Math.sqrt(area / (width * height)) * (crsOf(crs)?.metresPerUnit ?? 1)
}

/** Pixel sizes of one production differ in their last digits. */
const isSameDetail = (a: number, b: number) => Math.abs(a - b) <= 1e-6 * a
