import { type DrawKernel, startDrawKernel } from '#render/kernels/draw-kernel.js'
import { loadKernel } from '#render/kernels/load-kernel.js'
import type { PixelMemory } from '#render/pixel-memory.js'
import { startWarpKernel, type WarpKernel } from '#render/warp-kernel.js'

export interface Kernels {
  readonly kernel: DrawKernel
  readonly warpKernel: WarpKernel
}

/** The kernels of one thread. Every job has its own: while one waits for its rows or blocks, another draws. */
export interface KernelPool {
  with<T>(work: (kernels: Kernels) => Promise<T>): Promise<T>
  /** For small maps that wait for nothing: one kernel is enough. */
  readonly nowKernel: () => WarpKernel
}

/** Kernels that huge maps have blown up are not kept: their memory never shrinks. */
const keptBytes = 64 << 20

/** Where warp kernels lie while there is room: those of jobs that all are small, and the one that is for small maps only. */
export interface KernelMemory {
  readonly forJobs?: PixelMemory | undefined
  readonly forNow?: PixelMemory | undefined
}

export function kernelPool({ forJobs, forNow }: KernelMemory = {}): KernelPool {
  const drawModule = loadKernel('draw')
  const warpModule = loadKernel('warp')
  const idle: Kernels[] = []
  const startWarp = (memory: PixelMemory | undefined) => memory?.startKernel() ?? startWarpKernel(warpModule)
  let nowKernel: WarpKernel | undefined
  return {
    nowKernel() {
      nowKernel ??= startWarp(forNow)
      return nowKernel
    },
    async with(work) {
      const kernels = idle.pop() ?? { kernel: startDrawKernel(drawModule), warpKernel: startWarp(forJobs) }
      try {
        return await work(kernels)
      } finally {
        if (kernels.kernel.exports.memory.buffer.byteLength + kernels.warpKernel.bytes() <= keptBytes) idle.push(kernels)
      }
    },
  }
}
