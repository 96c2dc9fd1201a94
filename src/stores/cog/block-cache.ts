import type { OwnPixelMemory, PixelMemory } from '#render/pixel-memory.js'
import { type Block, bytesOf } from './block.js'
import { createBlockRooms, type Room } from './block-rooms.js'
import type { BlockBorrower, BlockLender, Loan } from './lent-blocks.js'

/** Decoded blocks by key, the least recently used leaving first; a block wanted twice at once is loaded once. */
export interface BlockCache {
  /**
   * Calls `use` with the block, at once when it is in memory, else when it is loaded. Blocks that leave the cache lend their memory to those
   * that come, so nothing of a block may be kept beyond `use`; and it may be called twice, the second call putting right what the first one did.
   */
  use<B extends Block>(key: string, load: (room: BlockRoom) => Promise<B>, use: (block: B) => void): Promise<void> | undefined
  /** The same for a block that is in memory; false, and `use` not called or its work worth nothing, for any other. */
  useNow<B extends Block>(key: string, use: (block: B) => void): boolean
  /** Whether none of these blocks is in memory, being loaded, or was asked about lately: nobody looks at this place. */
  isNewPlace(keys: readonly string[]): boolean
  /** Resolves when nothing is being loaded: before, a process that ends could end under a decoder. */
  idle(): Promise<void>
  /** Where its colours lie, or those it borrows, if they are all in one. */
  readonly memory?: PixelMemory
  /** `bytes`: of memory that is kept, blocks and room for more. */
  readonly stats: { readonly bytes: number; readonly hits: number; readonly misses: number }
}

/** Memory for a block to be decoded into: `bytes` long, of undefined content. */
export type BlockRoom = (bytes: number) => Uint8Array

interface Kept {
  readonly block: Block
  readonly rooms: readonly Room[]
  /** Bytes that are not in rooms. */
  readonly bytes: number
  readonly loan?: Loan | undefined
}

/** What a cache has to do with those of other threads. */
export interface BlockSharing {
  /** Lends the colours it keeps. */
  readonly lender?: BlockLender
  /** Looks here for what it does not keep itself. */
  readonly borrower?: BlockBorrower
  /** Where colours are kept, with room for all of them; of this cache alone. Absent: wherever the system gives memory. */
  readonly memory?: OwnPixelMemory
}

/** Keys that were asked about and are remembered: as many as there are blocks of 128 px in a cache of its usual size. */
const rememberedKeys = 4096

/** A cache of at most `maxBytes`, beside what it borrows. Failed loads are not kept. */
export function createBlockCache(maxBytes: number, { lender, borrower, memory }: BlockSharing = {}): BlockCache {
  const blocks = new Map<string, Kept>()
  const loading = new Map<string, Promise<Block>>()
  const asked = new Set<string>()
  const rooms = createBlockRooms(lender, memory)
  let [apart, hits, misses] = [0, 0, 0]

  function dropOldest(): boolean {
    for (const [key, { rooms: own, bytes, loan }] of blocks) {
      blocks.delete(key)
      if (loan !== undefined) lender?.takeBack(loan)
      apart -= bytes
      own.forEach(rooms.give)
      return true
    }
    return false
  }

  function roomFor(size: number): Room {
    for (;;) {
      const room = rooms.take(size, maxBytes - apart)
      if (room) return room
      if (size > maxBytes || !dropOldest()) return { bytes: new Uint8Array(size) }
    }
  }

  function keep(key: string, block: Block, own: readonly Room[]) {
    const slab = block.kind === 'colors' ? own.find(room => room.bytes === block.rgba)?.slab : undefined
    const bytes = slab ? 0 : bytesOf(block)
    while (bytes <= maxBytes && rooms.bytes + apart + bytes > maxBytes) if (!rooms.shrink() && !dropOldest()) break
    if (rooms.bytes + apart + bytes > maxBytes) return own.forEach(rooms.give)
    const loan = slab && block.kind === 'colors' ? lender?.lend(key, slab.number, block) : undefined
    blocks.set(key, { block, rooms: own, bytes, loan })
    apart += bytes
  }

  /** A loaded block is kept only after all who waited for it have used it, because keeping it may let it go again. */
  function started<B extends Block>(key: string, load: (room: BlockRoom) => Promise<B>): Promise<B> {
    misses++
    asked.delete(key)
    const own: Room[] = []
    const promise = load(size => {
      const room = roomFor(size)
      own.push(room)
      return room.bytes
    })
    loading.set(key, promise)
    const settle = (block?: Block) => {
      loading.delete(key)
      if (block) keep(key, block, own)
      else own.forEach(rooms.give)
    }
    promise.then(
      block => setImmediate(settle, block),
      () => settle(),
    )
    return promise
  }

  const isLent = (key: string) => borrower?.use(key, () => {}) ?? false

  function useNow<B extends Block>(key: string, use: (block: B) => void): boolean {
    const known = blocks.get(key)
    if (known) {
      blocks.delete(key)
      blocks.set(key, known)
      use(known.block as B)
    } else if (!borrower?.use(key, use as (block: Block) => void)) return false
    hits++
    return true
  }

  const seen = memory ?? borrower?.memory
  return {
    ...(seen && { memory: seen }),
    isNewPlace(keys) {
      if (keys.some(key => blocks.has(key) || loading.has(key) || asked.has(key) || isLent(key))) return false
      for (const key of keys) asked.add(key)
      for (const oldest of asked) {
        if (asked.size <= rememberedKeys) break
        asked.delete(oldest)
      }
      return true
    },
    get stats() {
      return { bytes: rooms.bytes + apart, hits, misses }
    },
    async idle() {
      await Promise.allSettled(loading.values())
    },
    useNow,
    use<B extends Block>(key: string, load: (room: BlockRoom) => Promise<B>, use: (block: B) => void) {
      const coming = loading.get(key) as Promise<B> | undefined
      if (coming) return coming.then(use)
      return useNow(key, use) ? undefined : started(key, load).then(use)
    },
  }
}
