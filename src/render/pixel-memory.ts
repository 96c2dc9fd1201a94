import { loadKernel } from './kernels/load-kernel.js'
import { type KernelRoom, startWarpKernel, type WarpKernel } from './warp-kernel.js'

/**
 * One memory for decoded blocks and for the kernels that warp them: a kernel copies between them what JavaScript would copy row by
 * row, in half the time. Other threads may read it, and write where they are lent a room. The system gives pages of it only when they are written to.
 */
export interface PixelMemory {
  readonly buffer: SharedArrayBuffer
  /** Copies rows of `bytes` bytes, one at least, between addresses; strides are from one row to the next. */
  copyRows(from: number, fromStride: number, to: number, toStride: number, bytes: number, rows: number): void
  /** A kernel for sources and outputs of `kernelPixels`; undefined when there is no room for one more. */
  startKernel(): WarpKernel | undefined
}

/** In the thread that it belongs to. */
export interface OwnPixelMemory extends PixelMemory {
  /** Where blocks lie: address and bytes. */
  readonly blocks: { readonly at: number; readonly bytes: number }
  /** Room for a kernel of another thread, to be posted to it, for `joinPixelMemory`; undefined when there is none. */
  lendRoom(): KernelRoom | undefined
  /** The thread has ended. */
  takeBack(room: KernelRoom): void
}

/** What kernels in such a memory have room for. */
export const kernelPixels = { source: 1 << 20, output: 1 << 17 }
/** Both images, with what the kernel leaves free around them. */
const kernelBytes = (kernelPixels.source + kernelPixels.output) * 4 + (1 << 17)
const mostKernels = 8
/** Of other threads. */
const mostLent = 16
const page = 1 << 16
/** Addresses of blocks are told to other threads as numbers of 32 bits with a sign. */
const mostBytes = 2 ** 31 - page

interface Exports {
  copyRows(from: number, fromStride: number, to: number, toStride: number, bytes: number, rows: number): void
}

/** Room for `blockBytes` of blocks; undefined where that is too much for one memory, or for this machine. */
export function openPixelMemory(blockBytes: number): OwnPixelMemory | undefined {
  // the first page is for the constants of the kernels, which are the same in all of them
  const at = page + (mostKernels + mostLent) * kernelBytes
  if (at + blockBytes > mostBytes) return undefined
  const pages = Math.ceil((at + blockBytes) / page)
  const module = loadKernel('shared-warp')
  let memory: WebAssembly.Memory
  try {
    memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true })
  } catch {
    return undefined
  }
  const rooms = Array.from({ length: mostKernels + mostLent }, (_, i): KernelRoom => {
    const start = page + i * kernelBytes
    return { memory, start, end: start + kernelBytes }
  })
  const lent = rooms.splice(mostKernels)
  return {
    ...memoryWithRooms(module, memory, rooms),
    blocks: { at, bytes: blockBytes },
    lendRoom: () => lent.pop(),
    takeBack: room => void lent.push(room),
  }
}

/** The memory of another thread that has lent a room in it. */
export function joinPixelMemory(room: KernelRoom): PixelMemory {
  return memoryWithRooms(loadKernel('shared-warp'), room.memory, [room])
}

function memoryWithRooms(module: WebAssembly.Module, memory: WebAssembly.Memory, rooms: KernelRoom[]): PixelMemory {
  const { copyRows } = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Exports
  return {
    buffer: memory.buffer as unknown as SharedArrayBuffer,
    copyRows,
    startKernel() {
      const room = rooms.pop()
      return room && startWarpKernel(module, room)
    },
  }
}
