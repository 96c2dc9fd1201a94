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
  /** For work that does not wait. */
  now<T>(work: (kernels: Kernels) => T): T
}

/** Kernels that huge maps have blown up are not kept: their memory never shrinks. */
const keptBytes = 64 << 20

/** `memory` holds the warp kernels it has room for. */
export function kernelPool(memory?: PixelMemory): KernelPool {
  const drawModule = loadKernel('draw')
  const warpModule = loadKernel('warp')
  const idle: Kernels[] = []
  const take = (): Kernels =>
    idle.pop() ?? { kernel: startDrawKernel(drawModule), warpKernel: memory?.startKernel() ?? startWarpKernel(warpModule) }
  const giveBack = (kernels: Kernels) => {
    if (kernels.kernel.exports.memory.buffer.byteLength + kernels.warpKernel.bytes() <= keptBytes) idle.push(kernels)
  }
  return {
    async with(work) {
      const kernels = take()
      try {
        return await work(kernels)
      } finally {
        giveBack(kernels)
      }
    },
    now(work) {
      const kernels = take()
      try {
        return work(kernels)
      } finally {
        giveBack(kernels)
      }
    },
  }
}
