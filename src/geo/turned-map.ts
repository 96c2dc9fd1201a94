import { affineOfMap, cosineAndSine } from './affine.js'
import type { Bbox } from './bbox.js'

/** A map that may be turned: its box and size are those before it is. */
export interface TurnedMap {
  readonly bbox: Bbox
  readonly width: number
  readonly height: number
  /** Degrees by which what is drawn is turned clockwise around the middle; absent: not at all. */
  readonly angle?: number
}

/** A rectangle of pixels, by its edges. */
export interface PixelEdges {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The box, in the CRS of the map, around what shows in a rectangle of its pixels. */
export function boxOfPixels({ bbox, width, height, angle }: TurnedMap, { left, top, right, bottom }: PixelEdges): Bbox {
  const [x0, a, b, y0, c, d] = affineOfMap(bbox, width, height, angle)
  const xs = [left * a, right * a].flatMap(x => [x + top * b, x + bottom * b])
  const ys = [left * c, right * c].flatMap(y => [y + top * d, y + bottom * d])
  return [x0 + Math.min(...xs), y0 + Math.min(...ys), x0 + Math.max(...xs), y0 + Math.max(...ys)]
}

/** The least map that is not turned, of the same scale, in which all shows that a turned one shows; its size may have fractions. The same one where it is not turned. */
export function uprightMap<T extends TurnedMap>(map: T): T {
  if (!map.angle) return map
  const { bbox, width, height } = map
  const box = boxOfPixels(map, { left: 0, top: 0, right: width, bottom: height })
  const [perX, perY] = [(bbox[2] - bbox[0]) / width, (bbox[3] - bbox[1]) / height]
  return { ...map, bbox: box, width: (box[2] - box[0]) / perX, height: (box[3] - box[1]) / perY, angle: 0 }
}

/** Where a pixel position of the map before it is turned comes to lie. */
export function turnPixels({ width, height, angle = 0 }: Omit<TurnedMap, 'bbox'>): (x: number, y: number) => [x: number, y: number] {
  const [cos, sin] = cosineAndSine(angle)
  const [middleX, middleY] = [width / 2, height / 2]
  return (x, y) => [middleX + (x - middleX) * cos - (y - middleY) * sin, middleY + (x - middleX) * sin + (y - middleY) * cos]
}
