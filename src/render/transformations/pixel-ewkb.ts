import { writeEwkb } from '#geo/ewkb.js'
import { type CloudPoint, unitsPerPixel } from './units.js'

/** EWKB in pixels of the map, from whole units. */
export function pointEwkb({ x, y }: CloudPoint): Uint8Array {
  return writeEwkb({ kind: 'Point', dimensions: 'xy', coordinates: Float64Array.of(x / unitsPerPixel, y / unitsPerPixel) })
}

/** As `pointEwkb`, of a closed ring, x and y in turn. */
export function polygonEwkb(ring: readonly number[]): Uint8Array {
  return writeEwkb({ kind: 'Polygon', dimensions: 'xy', rings: [Float64Array.from(ring, unit => unit / unitsPerPixel)] })
}
