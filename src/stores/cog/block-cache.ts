import type { Block } from './decode-block.js'

/** Decoded blocks by key, the least recently used leaving first; a block wanted twice at once is loaded once. */
export interface BlockCache {
  get(key: string, load: () => Promise<Block>): Promise<Block>
  readonly stats: { readonly bytes: number; readonly hits: number; readonly misses: number }
  clear(): void
}

/** A cache of at most `maxBytes` of samples. Failed loads are not kept. */
export function createBlockCache(maxBytes: number): BlockCache {
  const blocks = new Map<string, Block>()
  const loading = new Map<string, Promise<Block>>()
  const stats = { bytes: 0, hits: 0, misses: 0 }

  function keep(key: string, block: Block) {
    const bytes = bytesOf(block)
    if (bytes > maxBytes) return
    blocks.set(key, block)
    stats.bytes += bytes
    for (const [oldKey, old] of blocks) {
      if (stats.bytes <= maxBytes) break
      blocks.delete(oldKey)
      stats.bytes -= bytesOf(old)
    }
  }

  return {
    stats,
    async get(key, load) {
      const known = blocks.get(key)
      if (known) {
        stats.hits++
        blocks.delete(key)
        blocks.set(key, known)
        return known
      }
      const running = loading.get(key)
      if (running) return running
      stats.misses++
      const promise = load()
      loading.set(key, promise)
      try {
        const block = await promise
        keep(key, block)
        return block
      } finally {
        loading.delete(key)
      }
    },
    clear() {
      blocks.clear()
      stats.bytes = 0
    },
  }
}

function bytesOf(block: Block): number {
  return block.bands.reduce((sum, band) => sum + band.byteLength, 0)
}
