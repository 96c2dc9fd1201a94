import type { Geometry } from './geometry.js'

/** The rings of every polygon in a geometry, holes among them; all else has none. */
export function ringsOf(geometry: Geometry): readonly Float64Array[] {
  if ('rings' in geometry) return geometry.rings.map(ring => flat(ring, geometry.dimensions.length))
  return 'parts' in geometry ? geometry.parts.flatMap(ringsOf) : []
}

const flat = (ring: Float64Array, stride: number) =>
  stride === 2 ? ring : Float64Array.from({ length: (ring.length / stride) * 2 }, (_, i) => ring[(i >> 1) * stride + (i & 1)])

/**
 * The columns of a row of pixels whose centres lie inside of rings by the even-odd rule: first and last (exclusive) in turn, ascending. Rings are x,y in
 * pixels, where whole numbers are edges.
 */
export function spansOfRow(rings: readonly Float64Array[], row: number): readonly number[] {
  const y = row + 0.5
  const crossings: number[] = []
  for (const ring of rings)
    for (let i = 2; i < ring.length; i += 2) {
      const [ax, ay, bx, by] = [ring[i - 2], ring[i - 1], ring[i], ring[i + 1]]
      if (ay > y !== by > y) crossings.push(ax + ((y - ay) * (bx - ax)) / (by - ay))
    }
  return crossings.sort((a, b) => a - b).map(x => Math.ceil(x - 0.5))
}
