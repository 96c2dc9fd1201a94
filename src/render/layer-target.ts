import type { StylePass } from '#styles/style.js'
import type { Canvas } from './canvas.js'
import { joinMarks } from './join-marks.js'
import { type DrawExports, type DrawKernel, mostPatches } from './kernels/draw-kernel.js'
import { blendModes, type Pen, usePen } from './pens.js'

/** Where the rows of a layer are drawn: on a map of pixels, or into a scene. Laid out for `mostPatches`. */
export interface LayerTarget {
  readonly kernel: DrawKernel
  /** What draws from now on, for the pass of that index. */
  use(pen: Pen, pass: number): void
  /** Draws a geometry that lies in the input of the kernel; the answers are those of `DrawExports.draw`. Hot path. */
  draw(at: number, length: number): number
  /** The same for many rows; see `DrawExports.drawRows`. */
  readonly drawRows?: DrawExports['drawRows']
  /** Fewer pens that draw the same, where there are some. */
  join?(pens: readonly Pen[]): readonly Pen[]
  /** Puts the passes on the map. */
  finish(): void
}

/**
 * A map of pixels. The first pass draws on the map itself where it can, each further one on a plane of its own that is laid over it at the end: so
 * memory is bounded by planes, not by rows. Throws `RenderError` when map and planes are more than drawing may take.
 */
export function rasterTarget({ kernel, reserve }: Canvas, passes: readonly StylePass[], hasGraphics: boolean): LayerTarget {
  const { exports } = kernel
  // what is faint or blended as a whole cannot be drawn on the map
  const isDirect = passes.length > 0 && (passes[0].opacity ?? 1) === 1 && (passes[0].blend ?? 'normal') === 'normal'
  const planeOf = (pass: number) => pass + (isDirect ? 0 : 1)
  reserve(isDirect ? passes.length - 1 : passes.length, mostPatches, hasGraphics)
  for (const index of passes.keys()) if (planeOf(index) > 0) exports.clear(planeOf(index), 0)
  return {
    kernel,
    use: (pen, pass) => usePen(kernel, pen, planeOf(pass)),
    draw: exports.draw,
    drawRows: exports.drawRows,
    join: joinMarks,
    finish() {
      for (const [index, { opacity = 1, blend = 'normal' }] of passes.entries())
        if (planeOf(index) > 0) exports.compose(planeOf(index), 0, Math.round(opacity * 255), blendModes[blend])
    },
  }
}
