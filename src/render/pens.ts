import type { DrawExports } from './kernels/draw-kernel.js'

/** Geometries a pen draws; the numbers are those of the kernel. */
export const points = 1
export const lines = 2
export const polygons = 4

/** What a symbolizer draws of one feature, all resolved: lengths in pixels of the map, colours premultiplied. */
export type Pen =
  | { readonly kind: 'fill'; readonly classes: number; readonly color: number }
  | { readonly kind: 'stroke'; readonly classes: number; readonly color: number; readonly width: number; readonly isRound: boolean }
  | { readonly kind: 'mark'; readonly classes: number; readonly color: number; readonly outline: readonly (readonly [number, number])[] }

const kinds = { fill: 0, stroke: 1, mark: 2 } as const
const unitsPerPixel = 256

/** What follows is drawn with `pen`, on `plane`. */
export function usePen(exports: DrawExports, pen: Pen, plane: number): void {
  exports.usePass(kinds[pen.kind], pen.classes, plane, pen.color)
  if (pen.kind === 'stroke') exports.setStroke((pen.width / 2) * unitsPerPixel, pen.isRound ? 1 : 0)
  if (pen.kind === 'mark') {
    exports.setMarkColors(pen.color, 0)
    for (const [x, y] of pen.outline) exports.addMarkPoint(0, Math.round(x * unitsPerPixel), Math.round(y * unitsPerPixel))
  }
}
