import { loadKernel } from './kernels/load-kernel.js'
import { startWarpKernel, type WarpKernel } from './warp-kernel.js'

/**
 * One memory for decoded blocks and for the kernels that warp them in one thread: a kernel copies between them what JavaScript would copy row by
 * row, in half the time. Other threads may read it. The system gives pages of it only when they are written to.
 */
export interface PixelMemory {
  readonly buffer: SharedArrayBuffer
  /** Where blocks lie: address and bytes. */
  readonly blocks: { readonly at: number; readonly bytes: number }
  /** Copies rows of `bytes` bytes, one at least, between addresses; strides are from one row to the next. */
  copyRows(from: number, fromStride: number, to: number, toStride: number, bytes: number, rows: number): void
  /** A kernel for sources and outputs of `kernelPixels`; undefined when there is no room for one more. */
  startKernel(): WarpKernel | undefined
}

/** What kernels in such a memory have room for. */
export const kernelPixels = { source: 1 << 20, output: 1 << 17 }
/** Both images, with what the kernel leaves free around them. */
const kernelBytes = (kernelPixels.source + kernelPixels.output) * 4 + (1 << 17)
const mostKernels = 8
const page = 1 << 16
/** Addresses of blocks are told to other threads as numbers of 32 bits with a sign. */
const mostBytes = 2 ** 31 - page

interface Exports {
  copyRows(from: number, fromStride: number, to: number, toStride: number, bytes: number, rows: number): void
}

/** Room for `blockBytes` of blocks; undefined where that is too much for one memory, or for this machine. */
export function openPixelMemory(blockBytes: number): PixelMemory | undefined {
  // the first page is for the constants of the kernels, which are the same in all of them
  const at = page + mostKernels * kernelBytes
  if (at + blockBytes > mostBytes) return undefined
  const pages = Math.ceil((at + blockBytes) / page)
  const module = loadKernel('shared-warp')
  let memory: WebAssembly.Memory
  try {
    memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  } catch {
    return undefined
  }
  const { copyRows } = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports
  let started = 0
  return {
    buffer: memory.buffer as unknown as SharedArrayBuffer,
    blocks: { at, bytes: blockBytes },
    copyRows,
    startKernel() {
      if (started === mostKernels) return undefined
      const start = page + started++ * kernelBytes
      return startWarpKernel(module, { memory, start, end: start + kernelBytes })
    },
  }
}
