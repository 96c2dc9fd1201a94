/** An axis-aligned box `[minX, minY, maxX, maxY]`, always x (east, longitude) before y, in the units of the CRS that goes with it. */
export type Bbox = readonly [minX: number, minY: number, maxX: number, maxY: number]

/** True for four finite numbers that enclose a point, a line or an area: never NaN, infinite or inverted. */
export function isValidBbox(bbox: readonly number[]): bbox is Bbox {
  return bbox.length === 4 && bbox.every(Number.isFinite) && bbox[0] <= bbox[2] && bbox[1] <= bbox[3]
}

/** The smallest box around both; the other one where one is undefined. */
export function unionBbox(a: Bbox, b: Bbox | undefined): Bbox
export function unionBbox(a: Bbox | undefined, b: Bbox): Bbox
export function unionBbox(a: Bbox | undefined, b: Bbox | undefined): Bbox | undefined
export function unionBbox(a: Bbox | undefined, b: Bbox | undefined): Bbox | undefined {
  if (!a || !b) return a ?? b
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]
}

/** True when the boxes share at least a point of their edges. */
export function bboxesMeet(a: Bbox, b: Bbox): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}

/** What both boxes cover (perhaps a line or a point); undefined when they do not meet. */
export function intersectBbox(a: Bbox, b: Bbox): Bbox | undefined {
  if (!bboxesMeet(a, b)) return undefined
  return [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])]
}

/** True when `inner` lies in `outer`, edges included. */
export function containsBbox(outer: Bbox, inner: Bbox): boolean {
  return outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3]
}

/** The box with x and y exchanged: what a `y,x` box on the wire is made of, and back. */
export function flipBbox([minX, minY, maxX, maxY]: Bbox): Bbox {
  return [minY, minX, maxY, maxX]
}

/** The box grown by `x` to the left and right and by `y` (as `x` when absent) to the bottom and top; negative values shrink it to its centre at most. */
export function bufferBbox([minX, minY, maxX, maxY]: Bbox, x: number, y: number = x): Bbox {
  const [dx, dy] = [Math.max(x, (minX - maxX) / 2), Math.max(y, (minY - maxY) / 2)]
  return [minX - dx, minY - dy, maxX + dx, maxY + dy]
}
