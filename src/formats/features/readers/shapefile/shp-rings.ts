/** Positions `from` (inclusive) to `to` (exclusive) of a shape. */
export interface Ring {
  readonly from: number
  readonly to: number
}

interface MeasuredRing extends Ring {
  readonly minX: number
  readonly minY: number
  readonly maxX: number
  readonly maxY: number
  /** Twice the signed area: positive when counterclockwise. */
  readonly area: number
}

/** Steps of work spent on one shape before its holes are taken as they come; no honest shape gets there. */
const maxSteps = 2e8

/**
 * Puts the rings of a shapefile polygon together: clockwise ones are outer, the others holes of the smallest outer ring around them. A hole
 * that lies in none becomes a polygon of its own. Where all turn the other way round (some programs write so), they are outer all the same.
 * `xy` is the position of the first coordinate pair in `content`.
 */
export function assembleRings(content: Buffer, xy: number, rings: readonly Ring[]): Ring[][] {
  if (rings.length === 1) return [[rings[0]]]
  const view = new DataView(content.buffer, content.byteOffset + xy)
  const measured = rings.map(ring => measureRing(view, ring))
  const clockwise = measured.filter(ring => ring.area <= 0)
  const others = measured.filter(ring => ring.area > 0)
  if (clockwise.length === 0) return others.map(ring => [ring])
  const polygons: Ring[][] = clockwise.map(ring => [ring])
  if (clockwise.length === 1 && others.every(hole => isBoxWithin(hole, clockwise[0]))) {
    polygons[0].push(...others)
    return polygons
  }
  const budget = { steps: maxSteps }
  for (const hole of others) {
    const owner = findOwner(view, clockwise, hole, budget)
    if (owner < 0) polygons.push([hole])
    else polygons[owner].push(hole)
  }
  return polygons
}

function measureRing(view: DataView, { from, to }: Ring): MeasuredRing {
  let [minX, minY, maxX, maxY, area] = [Infinity, Infinity, -Infinity, -Infinity, 0]
  const originX = view.getFloat64(from * 16, true)
  const originY = view.getFloat64(from * 16 + 8, true)
  let previousX = 0
  let previousY = 0
  for (let i = from; i < to; i++) {
    const x = view.getFloat64(i * 16, true)
    const y = view.getFloat64(i * 16 + 8, true)
    if (x < minX) minX = x
    if (x > maxX) maxX = x
    if (y < minY) minY = y
    if (y > maxY) maxY = y
    area += previousX * (y - originY) - (x - originX) * previousY
    previousX = x - originX
    previousY = y - originY
  }
  return { from, to, minX, minY, maxX, maxY, area }
}

const isBoxWithin = (inner: MeasuredRing, outer: MeasuredRing) =>
  inner.minX >= outer.minX && inner.maxX <= outer.maxX && inner.minY >= outer.minY && inner.maxY <= outer.maxY

/** Index of the smallest outer ring around a hole; -1 when there is none. */
function findOwner(view: DataView, outers: readonly MeasuredRing[], hole: MeasuredRing, budget: { steps: number }): number {
  let owner = -1
  for (let i = 0; i < outers.length && budget.steps > 0; i++) {
    budget.steps--
    const outer = outers[i]
    if (!isBoxWithin(hole, outer) || (owner >= 0 && -outer.area >= -outers[owner].area)) continue
    if (isRingWithin(view, hole, outer, budget)) owner = i
  }
  return owner
}

/** Decided by the first vertex of the hole that is not on the outer ring. */
function isRingWithin(view: DataView, hole: Ring, outer: Ring, budget: { steps: number }): boolean {
  for (let i = hole.from; i < hole.to && budget.steps > 0; i++) {
    budget.steps -= outer.to - outer.from
    const side = sideOf(view, view.getFloat64(i * 16, true), view.getFloat64(i * 16 + 8, true), outer)
    if (side !== 0) return side > 0
  }
  return true
}

/** 1 when the point is inside the ring, 0 on it, -1 outside (ray casting). */
function sideOf(view: DataView, x: number, y: number, { from, to }: Ring): number {
  let isInside = false
  let x1 = view.getFloat64((to - 1) * 16, true)
  let y1 = view.getFloat64((to - 1) * 16 + 8, true)
  for (let i = from; i < to; i++) {
    const x2 = view.getFloat64(i * 16, true)
    const y2 = view.getFloat64(i * 16 + 8, true)
    const cross = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
    if (cross === 0 && Math.min(x1, x2) <= x && x <= Math.max(x1, x2) && Math.min(y1, y2) <= y && y <= Math.max(y1, y2)) return 0
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) isInside = !isInside
    x1 = x2
    y1 = y2
  }
  return isInside ? 1 : -1
}
