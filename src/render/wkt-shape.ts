import type { Contour } from './mark-shapes.js'

/** Longest text that is read, in characters. */
const longest = 4000

/** Whether paths of these kinds are lines, or else areas. */
const kinds: Readonly<Record<string, boolean>> = { linestring: true, multilinestring: true, polygon: false, multipolygon: false }

/**
 * The shape of GeoServer's `wkt://LINESTRING(…)`, also of POLYGON, MULTILINESTRING and MULTIPOLYGON: y up, from -0.5 to 0.5 as high as the mark. Undefined
 * when it is none.
 */
export function wktShape(name: string): readonly Contour[] | undefined {
  if (name.length > longest) return undefined
  const [, kind, body] = /^wkt:\/\/\s*([a-z]+)\s*(\(.*\))\s*$/s.exec(name.toLowerCase()) ?? []
  if (kind === undefined || !Object.hasOwn(kinds, kind)) return undefined
  const isOpen = kinds[kind]
  const paths = [...body.matchAll(/\(([^()]+)\)/g)].map(([, path]) => path.split(',').map(pointOf))
  // Everything is in some pair of brackets, and every point is one.
  const isWhole = body.replaceAll(/\([^()]+\)/g, '').replaceAll(/[\s(),]/g, '') === ''
  const contours = paths.map(points => ({ points: points.filter(point => point !== undefined), isOpen }))
  if (!isWhole || contours.length === 0 || contours.some(({ points }, i) => points.length !== paths[i].length || points.length < 2))
    return undefined
  return contours.map(({ points }) => ({ points, ...(isOpen && { isOpen }) }))
}

function pointOf(text: string): readonly [number, number] | undefined {
  const numbers = text.trim().split(/\s+/).map(Number)
  if (numbers.length !== 2 || !numbers.every(value => Math.abs(value) <= 100)) return undefined
  return [numbers[0] * 2, -numbers[1] * 2]
}
