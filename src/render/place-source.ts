import type { Bbox } from '#geo/bbox.js'
import type { Locate } from './kernels/draw-kernel.js'
import type { GridOverSource, Placement } from './placement.js'

/** The map as coordinates see it: its box in its own CRS, and its size in pixels. */
export interface MapFrame {
  readonly bbox: Bbox
  readonly width: number
  readonly height: number
}

/** Pixels that the bilinear grid may be off, in the middle of its cells. */
const tolerance = 0.05
/** Cells a side of the finest grid. */
const finest = 64

/** How coordinates in the CRS of the map become pixels. */
export function placeInMapCrs({ bbox: [minX, minY, maxX, maxY], width, height }: MapFrame): Placement {
  return { kind: 'affine', originX: minX, originY: maxY, pixelsPerX: width / (maxX - minX), pixelsPerY: -height / (maxY - minY) }
}

/**
 * How coordinates of another CRS become pixels. `project` takes them to the CRS of the map; `sourceBox` is the part of the source that shows, with
 * its margin. The grid over it is halved until it is exact to 0.05 pixels, measured at the middles of cells and sides; where even 64 by 64
 * cells are not (poles, whole worlds), every vertex is projected for itself.
 */
export function placeOtherCrs(frame: MapFrame, sourceBox: Bbox, project: Locate): Placement {
  const [minX, , , maxY] = frame.bbox
  const scaleX = frame.width / (frame.bbox[2] - minX)
  const scaleY = frame.height / (maxY - frame.bbox[1])
  const locate: Locate = (x, y) => {
    const at = project(x, y)
    return at && [(at[0] - minX) * scaleX, (maxY - at[1]) * scaleY]
  }
  for (let cells = 1; cells <= finest; cells *= 2) {
    const grid = gridOver(sourceBox, cells, locate)
    if (isExact(grid, frame)) return { ...grid, kind: 'grid' }
  }
  return { kind: 'exact', box: sourceBox, columns: finest, rows: finest, locate }
}

type Grid = GridOverSource & { readonly nodes: Float64Array }

function gridOver(box: Bbox, cells: number, locate: Locate): Grid {
  const [minX, minY, maxX, maxY] = box
  const [cellWidth, cellHeight] = [(maxX - minX) / cells, (maxY - minY) / cells]
  const nodes = new Float64Array(2 * (cells + 1) ** 2)
  let at = 0
  for (let j = 0; j <= cells; j++) {
    for (let i = 0; i <= cells; i++) {
      const pixel = locate(minX + i * cellWidth, minY + j * cellHeight)
      nodes[at++] = pixel ? pixel[0] : Number.NaN
      nodes[at++] = pixel ? pixel[1] : Number.NaN
    }
  }
  return { box, columns: cells, rows: cells, nodes, locate }
}

/** Whether the grid is within tolerance at the middles of all cells near the map and of their sides; cells without a place do not count. */
function isExact({ box, columns, rows, nodes, locate }: Grid, frame: MapFrame): boolean {
  const [cellWidth, cellHeight] = [(box[2] - box[0]) / columns, (box[3] - box[1]) / rows]
  const node = (i: number, j: number) => {
    const at = 2 * (j * (columns + 1) + i)
    return [nodes[at], nodes[at + 1]] as const
  }
  const isOff = (x: number, y: number, corners: readonly (readonly [number, number])[]) => {
    const exact = locate(box[0] + x * cellWidth, box[1] + y * cellHeight)
    if (!exact) return true
    const mean = (axis: 0 | 1) => corners.reduce((sum, corner) => sum + corner[axis], 0) / corners.length
    return Math.hypot(exact[0] - mean(0), exact[1] - mean(1)) > tolerance
  }
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const [a, b, c, d] = [node(i, j), node(i + 1, j), node(i, j + 1), node(i + 1, j + 1)]
      const corners = [a, b, c, d]
      if (corners.some(([x]) => Number.isNaN(x)) || isFar(corners, frame)) continue
      if (isOff(i + 0.5, j + 0.5, corners) || isOff(i + 0.5, j, [a, b]) || isOff(i, j + 0.5, [a, c])) return false
      if (isOff(i + 0.5, j + 1, [c, d]) || isOff(i + 1, j + 0.5, [b, d])) return false
    }
  }
  return true
}

/** Whether a cell lies more than its own size beside the map. */
function isFar(corners: readonly (readonly [number, number])[], { width, height }: MapFrame): boolean {
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)]
  const [minX, maxX, minY, maxY] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const margin = Math.max(maxX - minX, maxY - minY)
  return minX - margin > width || maxX + margin < 0 || minY - margin > height || maxY + margin < 0
}
