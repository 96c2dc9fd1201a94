/**
 * The second composition root: what runs inside each render worker. It knows no atlas and no protocol; jobs are plain data, bytes go back.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { giveBackImageMemory, isImageMemory } from '#formats/images/image-memory.js'
import { joinPixelMemory } from '#render/pixel-memory.js'
import { borrowBlocks } from '#stores/cog/lent-blocks.js'
import { startJobDrawer } from './job-drawer.js'
import { type FromWorker, plainProblem, type ToWorker, type WorkerStart } from './messages.js'
import { openStores } from './open-stores.js'
import { quickMaps } from './quick-maps.js'
import { partKeeper } from './sent-parts.js'
import { warmUp } from './warm-up.js'

if (!parentPort) throw new Error('render-worker.js is started by the pool, as a thread.')
const port = parentPort
const { addresses, blockBytes, fonts, lent, room } = workerData as WorkerStart
const memory = room && joinPixelMemory(room)
const borrower = lent && borrowBlocks(lent, memory)
const stores = openStores(addresses, blockBytes, { ...(borrower && { borrower }) })
const drawer = startJobDrawer(fonts, { forNow: memory })
const quick = quickMaps(drawer, stores)
const running = new Map<number, AbortController>()
const answer = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)

const unpack = partKeeper()

async function draw({ id, packed, left, used }: Extract<ToWorker, { kind: 'draw' }>): Promise<void> {
  used.forEach(giveBackImageMemory)
  const job = unpack(packed)
  const controller = new AbortController()
  const flag = new Int32Array(left)
  running.set(id, controller)
  try {
    const stopWhen = { deadline: job.deadline, signal: controller.signal, isLeft: () => Atomics.load(flag, 0) === 1 }
    const image = (stopWhen.isLeft() ? undefined : quick.drawNow(job)) ?? (await drawer.draw(job, stores, stopWhen))
    const isReusable = isImageMemory(image.bytes.buffer)
    // a copy that owns its memory can be handed over
    const isOwn = isReusable || (image.bytes.byteLength === image.bytes.buffer.byteLength && !Buffer.isBuffer(image.bytes))
    const bytes = isOwn ? image.bytes : new Uint8Array(image.bytes)
    answer({ kind: 'drawn', id, image: { ...image, bytes }, isReusable }, [bytes.buffer as ArrayBuffer])
  } catch (error) {
    answer({ kind: 'failed', id, problem: plainProblem(error) })
  } finally {
    running.delete(id)
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
    case 'slabs':
      return borrower?.update(message.slabs)
    case 'close':
      await stores.close()
      port.close()
      // whatever may still hold the thread: it has answered everything
      process.exit(0)
  }
})

await warmUp((job, from) => drawer.draw(job, from, job))
answer({ kind: 'ready' })
