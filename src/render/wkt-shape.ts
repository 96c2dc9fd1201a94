import type { Contour } from './mark-shapes.js'

const most = 20_000

/**
 * The shape that GeoServer's `wkt://` marks spell out: lines and polygons in the box from -0.5 to 0.5, y up. Undefined for other types, for
 * more than 20,000 characters, and for what is not well-formed.
 */
export function wktShape(text: string): readonly Contour[] | undefined {
  const [, kind, body] = (text.length <= most && /^\s*(?:multi)?(linestring|polygon)\s*(\([\s\d.eE,()+-]+\))\s*$/i.exec(text)) || []
  if (!body) return undefined
  const isOpen = kind.toLowerCase() === 'linestring'
  const contours = [...body.matchAll(/(\(\s*)?\(([^()]+)\)/g)].map(([, opens, path]) => {
    const points = path.split(',').map(position => {
      const [x, y] = position.trim().split(/\s+/).map(Number)
      return [x * 2, -y * 2] as const
    })
    // shells wind one way and holes the other; a shell has the bracket of its polygon before it
    const isTurned = !isOpen && areaOf(points) > 0 === (opens === undefined)
    return { points: isTurned ? points.toReversed() : points, isOpen }
  })
  const isWhole = contours.every(({ points }) => points.length > 1 && points.every(([x, y]) => Math.abs(x) < 100 && Math.abs(y) < 100))
  return contours.length > 0 && isWhole ? contours : undefined
}

const areaOf = (points: readonly (readonly [number, number])[]) =>
  points.reduce((sum, [x, y], i) => {
    const [beforeX, beforeY] = points.at(i - 1)!
    return sum + beforeX * y - x * beforeY
  }, 0)
