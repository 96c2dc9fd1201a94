import { geometryCodes } from '#geo/geometry.js'
import { type CloudPoint, unitsPerPixel } from './units.js'

/** Writes EWKB in pixels of a map whose upper left corner is `corner`, from whole absolute units. What it gives back is overwritten by the next. Hot. */
export function pixelEwkb(corner: CloudPoint): {
  point(at: CloudPoint): Uint8Array
  /** Of a closed ring, x and y in turn. */
  polygon(ring: readonly number[]): Uint8Array
} {
  const bytes = new Uint8Array(256)
  const view = new DataView(bytes.buffer)
  // little endian
  bytes[0] = 1
  const put = (at: number, x: number, y: number) => {
    view.setFloat64(at, (x - corner.x) / unitsPerPixel, true)
    view.setFloat64(at + 8, (y - corner.y) / unitsPerPixel, true)
  }
  return {
    point({ x, y }) {
      view.setUint32(1, geometryCodes.Point, true)
      put(5, x, y)
      return bytes.subarray(0, 21)
    },
    polygon(ring) {
      view.setUint32(1, geometryCodes.Polygon, true)
      view.setUint32(5, 1, true)
      view.setUint32(9, ring.length / 2, true)
      for (let i = 0; i < ring.length; i += 2) put(13 + 8 * i, ring[i], ring[i + 1])
      return bytes.subarray(0, 13 + 8 * ring.length)
    },
  }
}
