import { loadKernel } from './load-kernel.js'

/** What `assembly/draw.kernel.ts` exports. Addresses are bytes in `memory`; booleans come back as numbers. */
export interface DrawExports {
  readonly memory: WebAssembly.Memory
  layOut(width: number, height: number, planes: number, gridNodes: number): number
  layInput(bytes: number): number
  planeAt(index: number): number
  inputAt(): number
  gridAt(): number
  clear(plane: number, rgba: number): void
  compose(from: number, to: number, opacity: number): void
  straighten(plane: number): void
  useAffine(x: number, y: number, pixelsPerX: number, pixelsPerY: number): void
  useGrid(x: number, y: number, cellsPerX: number, cellsPerY: number, columns: number, rows: number): void
  useHost(x: number, y: number, cellsPerX: number, cellsPerY: number): void
  useClip(minX: number, minY: number, maxX: number, maxY: number): void
  setLocated(x: number, y: number): void
  usePass(kind: number, classes: number, plane: number, rgba: number): void
  setStroke(halfWidth: number, isRound: number): void
  setMarkColors(rgba: number, halo: number): void
  addMarkPoint(isHalo: number, x: number, y: number): void
  draw(at: number, length: number): number
  drawOutlines(at: number, length: number, halo: number, haloColor: number, rgba: number, plane: number): number
  paintMask(at: number, x: number, y: number, columns: number, rows: number, rgba: number, plane: number): void
}

/** Pixel position of a source point, or undefined where the map has none. */
export type Locate = (x: number, y: number) => readonly [number, number] | undefined

/** One instance with its own memory. It draws one canvas at a time; open the next when the last one is finished. */
export interface DrawKernel {
  readonly exports: DrawExports
  /** Answers the points that neither the affine map nor the control grid can place. */
  setLocate(locate: Locate | undefined): void
}

/** Starts the drawing kernel, from `module` where it has been compiled before. */
export function startDrawKernel(module: WebAssembly.Module = loadKernel('draw')): DrawKernel {
  let locate: Locate | undefined
  const imports = {
    askHost(x: number, y: number): number {
      const at = locate?.(x, y)
      if (!at) return 0
      exports.setLocated(at[0], at[1])
      return 1
    },
  }
  const exports = new WebAssembly.Instance(module, { locate: imports }).exports as unknown as DrawExports
  return {
    exports,
    setLocate(next) {
      locate = next
    },
  }
}
