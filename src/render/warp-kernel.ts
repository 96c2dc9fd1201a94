import { loadKernel } from './kernels/load-kernel.js'
import { type Resampling, resamplings } from './resampling.js'

/** What `assembly/warp.kernel.ts` exports. Addresses are bytes in `memory`; booleans come back as numbers. */
interface WarpExports {
  readonly memory: WebAssembly.Memory
  setRoom(start: number, end: number): void
  layOut(width: number, height: number, outWidth: number, outHeight: number): number
  sourceAt(): number
  outputAt(): number
  isOpaque(): number
  setExtent(x0: number, y0: number, x1: number, y1: number): void
  warpCell(method: number, left: number, top: number, width: number, height: number, ...corners: number[]): void
}

/** One instance with its own memory. It holds one source image and one output image at a time, RGBA with premultiplied alpha. */
export interface WarpKernel {
  /** Makes room; false when there is not enough memory. The output is transparent then, the source undefined. */
  layOut(source: { width: number; height: number }, output: { width: number; height: number }): boolean
  /** The source pixels, to be filled. Valid until the next `layOut`. */
  source(): Uint32Array
  output(): Uint32Array
  /** Whether every pixel of the output has been written and is opaque. */
  isOpaque(): boolean
  /** Bytes of memory it holds, which never become fewer. */
  bytes(): number
  /**
   * Fills a rectangle of the output. `corners`: x,y in source pixels (0,0 the outer corner of the first) of its upper left, upper right,
   * lower left and lower right corner. What lies outside `extent` stays transparent.
   */
  warp(cell: WarpCell, extent: readonly [number, number, number, number], resampling: Resampling): void
}

/** A rectangle of output pixels and where its corners lie in the source. */
export interface WarpCell {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly corners: readonly number[]
}

/** Room for a kernel in a memory that is not its own: addresses. */
export interface KernelRoom {
  readonly memory: WebAssembly.Memory
  readonly start: number
  readonly end: number
}

/** Starts the warping kernel, from `module` where it has been compiled before; in `room` it is the module for shared memory. */
export function startWarpKernel(module: WebAssembly.Module = loadKernel('warp'), room?: KernelRoom): WarpKernel {
  const kernel = new WebAssembly.Instance(module, room && { env: { memory: room.memory } }).exports as unknown as WarpExports
  if (room) kernel.setRoom(room.start, room.end)
  let sizes = { source: 0, output: 0 }
  return {
    layOut(source, output) {
      sizes = { source: source.width * source.height, output: output.width * output.height }
      return kernel.layOut(source.width, source.height, output.width, output.height) !== 0
    },
    source: () => new Uint32Array(kernel.memory.buffer, kernel.sourceAt(), sizes.source),
    output: () => new Uint32Array(kernel.memory.buffer, kernel.outputAt(), sizes.output),
    isOpaque: () => kernel.isOpaque() !== 0,
    bytes: () => (room ? room.end - room.start : kernel.memory.buffer.byteLength),
    warp({ left, top, width, height, corners: c }, [x0, y0, x1, y1], resampling) {
      kernel.setExtent(x0, y0, x1, y1)
      // one by one: spread, they would go through an array, for every cell
      kernel.warpCell(resamplings.indexOf(resampling), left, top, width, height, c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7])
    },
  }
}
