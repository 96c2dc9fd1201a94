// Reads blocks another thread lends until it has seen many, and tells how many were whole, were taken back meanwhile, or were torn unnoticed.
import { parentPort, workerData } from 'node:worker_threads'
import { borrowBlocks, type LentBlocks, type LentSlabs } from '#stores/cog/lent-blocks.js'

const { lent, keys, enough } = workerData as { lent: LentBlocks; keys: number; enough: number }
const borrower = borrowBlocks(lent)
const counts = { whole: 0, missed: 0, torn: 0 }
parentPort!.on('message', (slabs: LentSlabs) => borrower.update(slabs))
const look = () => {
  for (let value = 1; value <= keys; value++) {
    let isWhole = true
    const isLent = borrower.use(String(value), ({ rgba }) => {
      isWhole = rgba.every(byte => byte === value)
    })
    if (!isLent) counts.missed++
    else if (isWhole) counts.whole++
    else counts.torn++
  }
  if (counts.whole < enough) return void setImmediate(look)
  parentPort!.postMessage(counts)
  parentPort!.close()
}
look()
