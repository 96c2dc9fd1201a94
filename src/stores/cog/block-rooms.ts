import type { OwnPixelMemory } from '#render/pixel-memory.js'
import { freeRanges } from './free-ranges.js'
import type { BlockLender } from './lent-blocks.js'

/** Memory of one block: `bytes` of undefined content. `slab` is where it goes back to; absent where it belongs to nobody. */
export interface Room {
  readonly bytes: Uint8Array
  readonly slab?: Slab
}

/** Memory for several blocks of one size, allocated at once. */
export interface Slab {
  readonly size: number
  /** Address, where it is part of one memory. */
  readonly at: number
  readonly byteLength: number
  /** What a lender calls it; 0 where nothing is lent. */
  readonly number: number
  readonly free: Uint8Array[]
  used: number
}

/** A slab is a quarter of all, at most this many bytes; the system gives the pages of it only when they are written to. */
const mostSlabBytes = 64 << 20

/**
 * Memory for decoded blocks that is used again and again. A buffer for each would be zeroed, touched for the first time and collected too late
 * for every block, and would set off the collector itself: together a third of the time of a tile with nothing in the cache. It is shared memory,
 * so that other threads can read the blocks that `lender` lends; slabs are parts of `memory` where there is one.
 */
export function createBlockRooms(lender?: BlockLender, memory?: OwnPixelMemory) {
  const slabs = new Set<Slab>()
  const ranges = memory && freeRanges(memory.blocks)
  let bytes = 0

  function shrink(): boolean {
    for (const slab of slabs) {
      if (slab.used > 0) continue
      slabs.delete(slab)
      lender?.removeSlab(slab.number)
      ranges?.give(slab.at, slab.byteLength)
      bytes -= slab.byteLength
      return true
    }
    return false
  }

  function grow(size: number, most: number): Slab | undefined {
    const wanted = Math.max(1, Math.floor(Math.min(mostSlabBytes, most / 4) / size))
    if (size === 0 || wanted * size > most) return undefined
    const fitting = () => (ranges ? Math.min(wanted, Math.floor(ranges.largest() / size)) : wanted)
    while (bytes + wanted * size > most || fitting() === 0) if (!shrink()) return undefined
    const count = fitting()
    const byteLength = count * size
    const at = ranges?.take(byteLength) ?? 0
    const buffer = memory?.buffer ?? new SharedArrayBuffer(byteLength)
    const free = Array.from({ length: count }, (_, i) => new Uint8Array(buffer, at + i * size, size))
    const slab: Slab = { size, at, byteLength, number: lender?.addSlab(buffer) ?? 0, free, used: 0 }
    slabs.add(slab)
    bytes += slab.byteLength
    return slab
  }

  return {
    /** Bytes of all slabs, in use or not. */
    get bytes() {
      return bytes
    },
    /** A room of `size` bytes; new memory is taken while all of it stays within `most`. Undefined when something has to leave first. */
    take(size: number, most: number): Room | undefined {
      let slab: Slab | undefined
      for (const one of slabs) if (one.size === size && one.free.length > 0) slab = one
      slab ??= grow(size, most)
      const room = slab?.free.pop()
      if (!slab || !room) return undefined
      slab.used++
      return { bytes: room, slab }
    },
    /** Nobody may use the room any more. */
    give({ bytes: room, slab }: Room) {
      slab?.free.push(room)
      if (slab) slab.used--
    },
    /** Gives up a slab of which nothing is used; false when there is none. */
    shrink,
  }
}
