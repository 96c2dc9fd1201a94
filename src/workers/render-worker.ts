/**
 * The second composition root: what runs inside each render worker. It knows no atlas and no protocol; jobs are plain data, bytes go back.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { startImageFormats } from '#formats/images/index.js'
import { type DrawKernel, startDrawKernel } from '#render/kernels/draw-kernel.js'
import { loadKernel } from '#render/kernels/load-kernel.js'
import { startWarpKernel, type WarpKernel } from '#render/warp-kernel.js'
import { drawMapJob } from './draw-map-job.js'
import { type FromWorker, plainProblem, type ToWorker, type WorkerStart } from './messages.js'
import { openStores } from './open-stores.js'
import { untilStopped } from './stop.js'

if (!parentPort) throw new Error('render-worker.js is started by the pool, as a thread.')
const port = parentPort
const stores = openStores((workerData as WorkerStart).addresses)
const formats = startImageFormats()
const drawModule = loadKernel('draw')
const warpModule = loadKernel('warp')
/** Kernels of its own for every job: while one job waits for its rows or blocks, another draws. */
const idleKernels: { readonly kernel: DrawKernel; readonly warpKernel: WarpKernel }[] = []
const running = new Map<number, AbortController>()
/** A kernel that a huge map has blown up is not kept: its memory never shrinks. */
const keptBytes = 64 << 20

const answer = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)

async function draw({ id, job, left }: Extract<ToWorker, { kind: 'draw' }>): Promise<void> {
  const kernels = idleKernels.pop() ?? { kernel: startDrawKernel(drawModule), warpKernel: startWarpKernel(warpModule) }
  const controller = new AbortController()
  const flag = new Int32Array(left)
  running.set(id, controller)
  try {
    const stopWhen = { deadline: job.deadline, signal: controller.signal, isLeft: () => Atomics.load(flag, 0) === 1 }
    const image = await untilStopped(stopWhen, stop => drawMapJob(job, { stores, ...kernels, formats }, stop))
    // a copy that owns its memory can be handed over
    const bytes =
      image.bytes.byteLength === image.bytes.buffer.byteLength && !Buffer.isBuffer(image.bytes) ? image.bytes : new Uint8Array(image.bytes)
    answer({ kind: 'drawn', id, image: { ...image, bytes } }, [bytes.buffer as ArrayBuffer])
  } catch (error) {
    answer({ kind: 'failed', id, problem: plainProblem(error) })
  } finally {
    running.delete(id)
    if (kernels.kernel.exports.memory.buffer.byteLength + kernels.warpKernel.bytes() <= keptBytes) idleKernels.push(kernels)
    if (running.size === 0) await stores.closeRetired()
  }
}

port.on('message', async (message: ToWorker) => {
  switch (message.kind) {
    case 'draw':
      return draw(message)
    case 'leave':
      return running.get(message.id)?.abort()
    case 'stores':
      stores.update(message.addresses)
      if (running.size === 0) await stores.closeRetired()
      return
    case 'close':
      await stores.close()
      port.close()
      // whatever may still hold the thread: it has answered everything
      process.exit(0)
  }
})
