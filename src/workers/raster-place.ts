import type { RasterFile } from '#core/atlas.js'
import type { MapJob } from '#core/queries.js'
import type { Bbox } from '#geo/bbox.js'
import type { GroundCell } from '#render/raster-shade.js'
import type { MapToRaster } from '#render/warp.js'

/** What drawing rasters needs from `geo`. */
export interface RasterGeo {
  crsOf(code: string): { readonly metresPerUnit: number; readonly isDegrees: boolean } | undefined
  transformBetween(from: string, to: string): { point(x: number, y: number): readonly [number, number] | undefined }
  transformBbox(bbox: Bbox, from: string, to: string): Bbox | undefined
}

/** How positions of a map lead into a raster. */
export interface RasterPlace {
  readonly locate: MapToRaster
  /** `locate` is linear. */
  readonly isAffine: boolean
}

/** A hair beyond half a turn still counts as this side of the antimeridian. */
const halfTurn = 180.000001

/** From map pixels to full resolution pixels of `file`, through the CRS of both. Longitudes wrap around to where the file lies. */
export function placeRaster({ bbox, width, height, crs }: MapJob, file: RasterFile, geo: RasterGeo): RasterPlace {
  const [minX, , , maxY] = bbox
  const [perX, perY] = [(bbox[2] - bbox[0]) / width, (bbox[3] - bbox[1]) / height]
  const [t0, a, b, t3, d, e] = file.transform
  const determinant = a * e - b * d
  const toPixel = (x: number, y: number): readonly [number, number] => [
    (e * (x - t0) - b * (y - t3)) / determinant,
    (a * (y - t3) - d * (x - t0)) / determinant,
  ]
  const middle = geo.crsOf(file.crs)?.isDegrees ? (file.bbox[0] + file.bbox[2]) / 2 : undefined
  const wrap = (x: number) => (middle === undefined || Math.abs(x - middle) <= halfTurn ? x : x - 360 * Math.round((x - middle) / 360))
  const isSame = crs === file.crs
  if (isSame && wrap(bbox[0]) === bbox[0] && wrap(bbox[2]) === bbox[2])
    return { isAffine: true, locate: (x, y) => toPixel(minX + x * perX, maxY - y * perY) }
  if (isSame) return { isAffine: false, locate: (x, y) => toPixel(wrap(minX + x * perX), maxY - y * perY) }
  const transform = geo.transformBetween(crs, file.crs)
  return {
    isAffine: false,
    locate(x, y) {
      const place = transform.point(minX + x * perX, maxY - y * perY)
      return place && toPixel(wrap(place[0]), place[1])
    },
  }
}

/** Tells which files a map may touch. One box per CRS is computed, so that mosaics of many files cost little. */
export function reachOf({ bbox, crs }: MapJob, geo: RasterGeo): (file: RasterFile) => boolean {
  const boxes = new Map<string, Bbox | undefined>()
  return file => {
    if (!boxes.has(file.crs)) boxes.set(file.crs, crs === file.crs ? bbox : geo.transformBbox(bbox, crs, file.crs))
    const box = boxes.get(file.crs)
    if (!box) return false
    const [west, south, east, north] = file.bbox
    if (box[1] > north || box[3] < south) return false
    const turns = geo.crsOf(file.crs)?.isDegrees ? [-360, 0, 360] : [0]
    return turns.some(turn => box[0] + turn <= east && box[2] + turn >= west)
  }
}

/** Size on the ground of a pixel that is `columns` x `rows` full resolution pixels, in the middle of the file. */
export function groundCell({ transform, crs, bbox }: RasterFile, columns: number, rows: number, geo: RasterGeo): GroundCell {
  const known = geo.crsOf(crs)
  const metres = known?.metresPerUnit ?? 1
  const middle = (bbox[1] + bbox[3]) / 2
  const latitude = known?.isDegrees ? (middle * Math.PI) / 180 : crs === 'EPSG:3857' ? Math.atan(Math.sinh(middle / 6378137)) : 0
  const shrink = Math.max(0.01, Math.cos(latitude))
  return {
    x: transform[1] * columns * metres * shrink,
    y: transform[5] * rows * metres * (crs === 'EPSG:3857' ? shrink : 1),
  }
}
