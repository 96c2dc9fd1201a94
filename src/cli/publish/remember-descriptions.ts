import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { RasterStore } from '#core/ports.js'

type Described = ReturnType<RasterStore['describe']>

/** Remembers what was read of each raster's head, and what kept it from being read, until its size or time changes. */
export type DescriptionMemory = Map<string, { readonly fingerprint: string; readonly described: Described }>

/** `store`, whose unchanged files are described out of `memory`. */
export function rememberDescriptions(store: RasterStore, root: string | undefined, memory: DescriptionMemory): RasterStore {
  return {
    ...store,
    async describe(path, signal) {
      const full = resolve(root ?? '.', path)
      const fingerprint = await fingerprintOf(full)
      const known = memory.get(full)
      if (known && fingerprint !== undefined && known.fingerprint === fingerprint) return known.described
      const described = store.describe(path, signal)
      if (fingerprint !== undefined) memory.set(full, { fingerprint, described })
      described.catch(() => signal?.aborted && memory.delete(full))
      return described
    },
  }
}

async function fingerprintOf(path: string): Promise<string | undefined> {
  try {
    const { size, mtimeMs, ctimeMs, ino } = await stat(path)
    return [size, mtimeMs, ctimeMs, ino].join(' ')
  } catch {
    return undefined
  }
}
