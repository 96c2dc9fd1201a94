import type { FeatureStore, RasterStore, Stores } from '#core/ports.js'
import { Problem } from '#core/problem.js'
import type { OwnPixelMemory } from '#render/pixel-memory.js'
import { type BlockSharing, createBlockCache } from '#stores/cog/block-cache.js'
import { openCogStore } from '#stores/cog/cog-store.js'
import type { BlockLender } from '#stores/cog/lent-blocks.js'
import { openFeatureStore, type StoreAddress } from '#stores/index.js'

/** The stores of one thread: opened when first asked for, replaced when their address changes. */
export interface OpenStores extends Stores {
  /** Lends decoded blocks to other threads, where it does. */
  readonly lender?: BlockLender
  /** Where decoded blocks lie, if they are in one. */
  readonly memory?: OwnPixelMemory
  /** From now on these addresses count. Stores that are no longer among them are closed by `closeRetired`. */
  update(addresses: readonly StoreAddress[]): void
  /** Closes what `update` replaced; call when nothing uses it any more. */
  closeRetired(): Promise<void>
  close(): Promise<void>
}

/** For programs that only describe rasters. */
const defaultBlockBytes = 64e6

type Entry = { readonly address: StoreAddress; features?: FeatureStore; raster?: RasterStore }

/** Blocks of all rasters share `blockBytes` of memory. */
export function openStores(addresses: readonly StoreAddress[], blockBytes = defaultBlockBytes, sharing: BlockSharing = {}): OpenStores {
  const cache = createBlockCache(blockBytes, sharing)
  let entries = new Map<string, Entry>()
  let retired: Entry[] = []
  const update = (next: readonly StoreAddress[]) => {
    const before = entries
    entries = new Map(next.map(address => [address.id, keptEntry(before.get(address.id), address)]))
    retired = [...retired, ...[...before.values()].filter(entry => entries.get(entry.address.id) !== entry)]
  }
  const entryOf = (id: string) => {
    const entry = entries.get(id)
    if (!entry) throw new Problem('unavailable', `The store ${id} is not open.`)
    return entry
  }
  const closeAll = async (all: readonly Entry[]) => {
    await Promise.allSettled(all.flatMap(({ features, raster }) => [features?.close(), raster?.close()]))
  }
  update(addresses)
  return {
    ...(sharing.lender && { lender: sharing.lender }),
    ...(sharing.memory && { memory: sharing.memory }),
    update,
    features(id) {
      const entry = entryOf(id)
      if (entry.address.kind === 'cog') throw new Problem('internal', `The store ${id} holds rasters, not features.`)
      entry.features ??= openFeatureStore(entry.address)
      return entry.features
    },
    raster(id) {
      const entry = entryOf(id)
      if (entry.address.kind !== 'cog') throw new Problem('internal', `The store ${id} holds features, not rasters.`)
      entry.raster ??= openCogStore({ ...entry.address, cache })
      return entry.raster
    },
    async closeRetired() {
      const all = retired
      retired = []
      await closeAll(all)
    },
    async close() {
      await closeAll([...retired, ...entries.values()])
      retired = []
      entries = new Map()
    },
  }
}

/** The entry itself where its address says the same as before; a port is always a new one. */
function keptEntry(before: Entry | undefined, address: StoreAddress): Entry {
  const isSame = before && address.kind !== 'embedded' && JSON.stringify(before.address) === JSON.stringify(address)
  return isSame ? before : { address }
}
