import type { RasterFile } from '#core/atlas.js'
import type { MapJob } from '#core/queries.js'
import { turnOf } from '#core/select-files.js'
import { affineOfMap } from '#geo/affine.js'
import { crsOf } from '#geo/crs.js'
import { transformBetween } from '#geo/transform.js'
import { uprightMap } from '#geo/turned-map.js'
import type { GroundCell } from '#render/raster-shade.js'
import type { MapToRaster } from '#render/warp.js'

/** How positions of a map lead into a raster. */
export interface RasterPlace {
  readonly locate: MapToRaster
  /** `locate` is linear. */
  readonly isAffine: boolean
}

/** A hair beyond half a turn of the earth still counts as this side of the antimeridian. */
const slack = 1 + 1e-8

/** From map pixels to full resolution pixels of `file`, through the CRS of both. What goes around the earth is wrapped to where the file lies. */
export function placeRaster(map: Pick<MapJob, 'bbox' | 'width' | 'height' | 'crs' | 'angle'>, file: RasterFile): RasterPlace {
  const [x0, dxColumn, dxRow, y0, dyColumn, dyRow] = affineOfMap(map.bbox, map.width, map.height, map.angle)
  const xAt = (column: number, row: number) => x0 + column * dxColumn + row * dxRow
  const yAt = (column: number, row: number) => y0 + column * dyColumn + row * dyRow
  const [west, , east] = uprightMap(map).bbox
  const [t0, a, b, t3, d, e] = file.transform
  const determinant = a * e - b * d
  const toPixel = (x: number, y: number): readonly [number, number] => [
    (e * (x - t0) - b * (y - t3)) / determinant,
    (a * (y - t3) - d * (x - t0)) / determinant,
  ]
  const turn = turnOf(file.crs)
  const middle = (file.bbox[0] + file.bbox[2]) / 2
  const wrap = (x: number) =>
    turn === undefined || Math.abs(x - middle) <= (turn / 2) * slack ? x : x - turn * Math.round((x - middle) / turn)
  const { isIdentity, point } = transformBetween(map.crs, file.crs)
  if (isIdentity && wrap(west) === west && wrap(east) === east) return { isAffine: true, locate: (x, y) => toPixel(xAt(x, y), yAt(x, y)) }
  if (isIdentity) return { isAffine: false, locate: (x, y) => toPixel(wrap(xAt(x, y)), yAt(x, y)) }
  return {
    isAffine: false,
    locate(x, y) {
      const place = point(xAt(x, y), yAt(x, y))
      return place && toPixel(wrap(place[0]), place[1])
    },
  }
}

/** Size on the ground of a pixel that is `columns` x `rows` full resolution pixels, in the middle of the file. */
export function groundCell({ transform, crs, bbox }: RasterFile, columns: number, rows: number): GroundCell {
  const known = crsOf(crs)
  const metres = known?.metresPerUnit ?? 1
  const middle = (bbox[1] + bbox[3]) / 2
  const latitude = known?.isDegrees ? (middle * Math.PI) / 180 : crs === 'EPSG:3857' ? Math.atan(Math.sinh(middle / 6378137)) : 0
  const shrink = Math.max(0.01, Math.cos(latitude))
  return {
    x: transform[1] * columns * metres * shrink,
    y: transform[5] * rows * metres * (crs === 'EPSG:3857' ? shrink : 1),
  }
}
