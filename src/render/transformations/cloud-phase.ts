import type { MapFrame } from '../place-source.js'

/** A grid of tiles: the upper left corner of tile 0,0 in the CRS of the map, and units of it in a pixel. */
export interface PixelGrid {
  readonly origin: readonly [x: number, y: number]
  readonly cellSize: number
}

/**
 * Absolute position of a map in whole pixels of its scale, y down: from the corner of the tiles where it is one of a grid, else from the origin of its
 * CRS. Maps that lie whole pixels apart, as tiles of a WMS do, get numbers as far apart: rounding is turned away from 0 and 1/2, which are the usual ones.
 */
export function cloudPhase({ bbox: [minX, minY, maxX, maxY], width, height }: MapFrame, grid?: PixelGrid): readonly [number, number] {
  if (grid) return [Math.round((minX - grid.origin[0]) / grid.cellSize), Math.round((grid.origin[1] - maxY) / grid.cellSize)]
  return [Math.floor((minX * width) / (maxX - minX) + 0.3), Math.floor((-maxY * height) / (maxY - minY) + 0.3)]
}
