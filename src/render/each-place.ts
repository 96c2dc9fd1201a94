import type { WarpPiece } from './warp.js'

/**
 * Calls `visit` for every pixel of a piece's box that lies inside its source: `column` and `row` in the box, `x` and `y` in source pixels (0,0 the outer corner
 * of the first). `hair` is added to both before anything else. For values that are not drawn by the kernel.
 */
export function eachPlace(
  { cells, extent: [minX, minY, maxX, maxY] }: Pick<WarpPiece, 'cells' | 'extent'>,
  hair: number,
  visit: (column: number, row: number, x: number, y: number) => void,
): void {
  for (const { left, top, width, height, corners } of cells) {
    const [ax, ay, bx, by, cx, cy, dx, dy] = corners
    for (let j = 0; j < height; j++) {
      const v = (j + 0.5) / height
      const [x0, y0, x1, y1] = [ax + (cx - ax) * v, ay + (cy - ay) * v, bx + (dx - bx) * v, by + (dy - by) * v]
      for (let i = 0; i < width; i++) {
        const u = (i + 0.5) / width
        const [x, y] = [x0 + (x1 - x0) * u + hair, y0 + (y1 - y0) * u + hair]
        if (x >= minX && x < maxX && y >= minY && y < maxY) visit(left + i, top + j, x, y)
      }
    }
  }
}
