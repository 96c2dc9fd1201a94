import { type Block, bytesOf } from './block.js'

/** Decoded blocks by key, the least recently used leaving first; a block wanted twice at once is loaded once. */
export interface BlockCache {
  /**
   * Calls `use` with the block, at once when it is in memory, else when it is loaded. Blocks that leave the cache lend their memory to those
   * that come, so nothing of a block may be kept beyond `use`.
   */
  use<B extends Block>(key: string, load: (room: BlockRoom) => Promise<B>, use: (block: B) => void): Promise<void> | undefined
  has(key: string): boolean
  readonly stats: { readonly bytes: number; readonly hits: number; readonly misses: number }
}

/** Memory for a block to be decoded into: `bytes` long, of undefined content. */
export type BlockRoom = (bytes: number) => Uint8Array

/** Bytes of blocks that have left and wait to be filled again. Collecting them instead would come late, and pages fresh from the system are slow. */
const spareBytes = 16e6

/** A cache of at most `maxBytes` of samples. Failed loads are not kept. */
export function createBlockCache(maxBytes: number): BlockCache {
  const blocks = new Map<string, Block>()
  const loading = new Map<string, Promise<Block>>()
  const spare: Uint8Array[] = []
  const stats = { bytes: 0, hits: 0, misses: 0 }

  function room(bytes: number): Uint8Array {
    const at = spare.findIndex(({ byteLength }) => byteLength === bytes)
    return at < 0 ? new Uint8Array(new ArrayBuffer(bytes)) : spare.splice(at, 1)[0]
  }

  function recycle(block: Block) {
    if (block.kind !== 'colors') return
    spare.push(block.rgba)
    for (let sum = spare.reduce((all, { byteLength }) => all + byteLength, 0); sum > spareBytes; ) sum -= spare.shift()!.byteLength
  }

  function keep(key: string, block: Block) {
    const bytes = bytesOf(block)
    if (bytes > maxBytes) return
    blocks.set(key, block)
    stats.bytes += bytes
    for (const [oldKey, old] of blocks) {
      if (stats.bytes <= maxBytes) break
      blocks.delete(oldKey)
      stats.bytes -= bytesOf(old)
      recycle(old)
    }
  }

  /** A loaded block is kept only after all who waited for it have used it, because keeping it may let it go again. */
  function started<B extends Block>(key: string, load: (room: BlockRoom) => Promise<B>): Promise<B> {
    stats.misses++
    const promise = load(room)
    loading.set(key, promise)
    const settle = (block?: Block) => {
      loading.delete(key)
      if (block) keep(key, block)
    }
    promise.then(
      block => setImmediate(settle, block),
      () => settle(),
    )
    return promise
  }

  return {
    stats,
    has: key => blocks.has(key) || loading.has(key),
    use<B extends Block>(key: string, load: (room: BlockRoom) => Promise<B>, use: (block: B) => void) {
      const known = blocks.get(key)
      if (!known) return ((loading.get(key) as Promise<B> | undefined) ?? started(key, load)).then(use)
      stats.hits++
      blocks.delete(key)
      blocks.set(key, known)
      use(known as B)
      return undefined
    },
  }
}
