import type { PixelMemory } from '#render/pixel-memory.js'
import type { ColorsBlock } from './block.js'

/** What other threads need to find the blocks of the one that lends; it can be posted to them. */
export interface LentBlocks {
  /** Where the blocks lie, in shared memory. */
  readonly index: SharedArrayBuffer
  /** The memory they lie in, by number. */
  readonly slabs: LentSlabs
}
export type LentSlabs = ReadonlyMap<number, SharedArrayBuffer>

/** The thread that decodes and forgets. */
export interface BlockLender {
  readonly lent: LentBlocks
  /** `onSlabs` hears when there is other memory than before. */
  watch(onSlabs: (slabs: LentSlabs) => void): void
  /** Returns the number of the memory. */
  addSlab(memory: SharedArrayBuffer): number
  removeSlab(slab: number): void
  /** From now on others may read the block; nothing of it is written before it is taken back. Undefined when the index has no place for it. */
  lend(key: string, slab: number, block: ColorsBlock): Loan | undefined
  /** Who reads the block at this moment will notice, and not use it. */
  takeBack(loan: Loan): void
}
/** Place of an entry in the index. */
export type Loan = number

/** A thread that reads what the other one has. */
export interface BlockBorrower {
  /** The one memory in which all blocks lie, where it may be joined. */
  readonly memory?: PixelMemory
  update(slabs: LentSlabs): void
  /** Hands the block to `use`, if it is lent. False when it is not, or no longer when `use` has ended: what it made of the block is worth nothing then. */
  use(key: string, use: (block: ColorsBlock) => void): boolean
}

/** Numbers of an entry: its version (0: none), two halves of the hash of its key, slab, offset, width, height, and one for alignment. */
const fields = 8
/** Entries that a key may be at. */
const ways = 4
/** An entry for so many bytes of blocks: blocks of 128 px, which are four times as many as those of 256. */
const bytesAnEntry = 64 << 10

/**
 * Lends blocks of a cache of `maxBytes`. One thread writes, any number read, and nobody waits: an entry has another version each time it is written
 * (a sequence lock), so a reader that dies leaves nothing locked, and one that was overtaken reads again elsewhere. Keys are known by 64 bits
 * of their hash: among thousands of blocks two that share them are less likely than broken memory.
 */
export function lendBlocks(maxBytes: number): BlockLender {
  const entries = Math.max(ways, 2 ** Math.ceil(Math.log2(Math.max(1, maxBytes / bytesAnEntry))))
  const memory = new SharedArrayBuffer(entries * fields * Int32Array.BYTES_PER_ELEMENT)
  const index = new Int32Array(memory)
  const slabs = new Map<number, SharedArrayBuffer>()
  let [lastSlab, lastVersion] = [0, 0]
  let onChange: (slabs: LentSlabs) => void = () => {}
  return {
    lent: { index: memory, slabs },
    watch(onSlabs) {
      onChange = onSlabs
    },
    addSlab(slab) {
      slabs.set(++lastSlab, slab)
      onChange(slabs)
      return lastSlab
    },
    removeSlab(slab) {
      slabs.delete(slab)
      onChange(slabs)
    },
    lend(key, slab, { rgba, width, height }) {
      const [high, low] = hashOf(key)
      const first = firstEntry(index, low)
      for (let at = first; at < first + ways * fields; at += fields) {
        if (index[at] !== 0) continue
        index.set([high, low, slab, rgba.byteOffset, width, height], at + 1)
        lastVersion = (lastVersion + 1) | 0 || 1
        Atomics.store(index, at, lastVersion)
        return at
      }
      return undefined
    },
    takeBack(loan) {
      Atomics.store(index, loan, 0)
    },
  }
}

/** Reads what `lendBlocks` of another thread lends; `memory`, where all its blocks lie in that. */
export function borrowBlocks(lent: LentBlocks, pixels?: PixelMemory): BlockBorrower {
  const index = new Int32Array(lent.index)
  let { slabs } = lent
  return {
    ...(pixels && { memory: pixels }),
    update(next) {
      slabs = next
    },
    use(key, use) {
      const [high, low] = hashOf(key)
      const first = firstEntry(index, low)
      for (let at = first; at < first + ways * fields; at += fields) {
        const version = Atomics.load(index, at)
        if (version === 0 || index[at + 1] !== high || index[at + 2] !== low) continue
        const memory = slabs.get(Atomics.load(index, at + 3))
        const offset = Atomics.load(index, at + 4)
        const [width, height] = [Atomics.load(index, at + 5), Atomics.load(index, at + 6)]
        if (!memory || Atomics.load(index, at) !== version) return false
        use({ kind: 'colors', width, height, rgba: new Uint8Array(pixels?.buffer ?? memory, offset, width * height * 4) })
        // adding, because reading alone may happen before what was read above
        return Atomics.add(index, at, 0) === version
      }
      return false
    },
  }
}

const firstEntry = (index: Int32Array, hash: number) => ((hash >>> 0) % (index.length / (ways * fields))) * ways * fields

/** Two hashes of 32 bits that have nothing to do with each other. */
function hashOf(key: string): readonly [number, number] {
  let [high, low] = [0x2545f491, 0x1b873593]
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i)
    high = Math.imul(high ^ code, 0x9e3779b1)
    high ^= high >>> 15
    low = Math.imul(low ^ code, 0x85ebca6b)
    low ^= low >>> 13
  }
  return [high | 0, low | 0]
}
