import type { Bbox } from '#geo/bbox.js'
import { type TurnedMap, turnPixels } from '#geo/turned-map.js'
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
  /** Another CRS: pixel positions at the nodes of a grid, bilinear between; `locate` answers in cells that have a node of NaN. */
  | (GridOverSource & {
      readonly kind: 'grid'
      /** (columns + 1) * (rows + 1) pairs x, y, row by row from the least x and y. */
      readonly nodes: Float64Array
    })
  /** Another CRS that no grid follows closely enough: every vertex for itself; the cells say how finely long edges are followed. */
  | (GridOverSource & { readonly kind: 'exact' })

export interface GridOverSource {
  /** What shows of the source, with a margin: geometries are clipped to it first. */
  readonly box: Bbox
  readonly columns: number
  readonly rows: number
  readonly locate: Locate
}

/** Nodes of the largest control grid: some 128 by 128 cells. */
export const mostGridNodes = 16_384

/** The same on the map when it is turned: `box` is what shows of the source then, with a margin. Between nodes nothing bends, so grids stay as exact as they are. */
export function turned(placement: Placement, map: TurnedMap, box: Bbox): Placement {
  if (!map.angle) return placement
  const turn = turnPixels(map)
  const before: Locate =
    placement.kind === 'affine'
      ? (x, y) => [(x - placement.originX) * placement.pixelsPerX, (y - placement.originY) * placement.pixelsPerY]
      : placement.locate
  const locate: Locate = (x, y) => {
    const at = before(x, y)
    return at && turn(at[0], at[1])
  }
  if (placement.kind === 'exact') return { ...placement, locate }
  if (placement.kind === 'affine') {
    const [minX, minY, maxX, maxY] = box
    const corners = [locate(minX, minY), locate(maxX, minY), locate(minX, maxY), locate(maxX, maxY)]
    return { kind: 'grid', box, columns: 1, rows: 1, locate, nodes: Float64Array.from(corners.flatMap(at => at ?? [])) }
  }
  const nodes = placement.nodes.slice()
  for (let i = 0; i < nodes.length; i += 2) nodes.set(turn(nodes[i], nodes[i + 1]), i)
  return { ...placement, locate, nodes }
}

/** The same with all pixels `rows` higher. */
export function movedUp(placement: Placement, rows: number): Placement {
  if (rows === 0) return placement
  if (placement.kind === 'affine') return { ...placement, originY: placement.originY + rows / placement.pixelsPerY }
  const locate: Locate = (x, y) => {
    const at = placement.locate(x, y)
    return at && [at[0], at[1] - rows]
  }
  if (placement.kind === 'exact') return { ...placement, locate }
  return { ...placement, locate, nodes: placement.nodes.map((value, i) => (i % 2 === 0 ? value : value - rows)) }
}
