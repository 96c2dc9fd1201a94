import type { Locate } from './kernels/draw-kernel.js'

/** How coordinates of the rows become pixels of the map. */
export type Placement =
  /** Same CRS: pixel = (source - origin) * pixels per unit; `pixelsPerY` is negative where the map is north up. */
  | {
      readonly kind: 'affine'
      readonly originX: number
      readonly originY: number
      readonly pixelsPerX: number
      readonly pixelsPerY: number
    }
  /** Another CRS: pixel positions at the nodes of a grid over the source, bilinear between; `locate` answers outside it and where nodes are NaN. */
  | {
      readonly kind: 'grid'
      readonly originX: number
      readonly originY: number
      readonly cellWidth: number
      readonly cellHeight: number
      readonly columns: number
      readonly rows: number
      /** (columns + 1) * (rows + 1) pairs x, y, row by row. */
      readonly nodes: Float64Array
      readonly locate: Locate
    }
  /** Another CRS that no grid follows closely enough: every vertex for itself. */
  | { readonly kind: 'exact'; readonly locate: Locate }

/** Nodes of the largest control grid: 64 by 64 cells. */
export const mostGridNodes = 65 * 65
