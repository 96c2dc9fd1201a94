import { close, open } from 'node:fs'
import { promisify } from 'node:util'

const openFile = promisify(open)
const closeFile = promisify(close)

/** Open file descriptors, few enough to keep, the least recently used leaving first. */
export interface Descriptors {
  /** Runs `use` with a descriptor of `path`, opened where it is not yet; it stays open meanwhile. */
  use<T>(path: string, use: (descriptor: number) => Promise<T>): Promise<T>
  /** A descriptor of `path` for this very moment, where one is open. */
  now(path: string): number | undefined
  /** The next use opens `path` anew. */
  drop(path: string): void
  /** How many are open. */
  readonly count: number
  close(): void
}

interface Entry {
  readonly opening: Promise<number>
  descriptor?: number
  users: number
  isDropped: boolean
}

/** Keeps at most `most` descriptors, beside those in use. */
export function openDescriptors(most: number): Descriptors {
  const entries = new Map<string, Entry>()
  let count = 0

  function enter(path: string): Entry {
    const known = entries.get(path)
    if (known) return refreshed(path, known)
    const entry: Entry = { opening: openFile(path, 'r'), users: 0, isDropped: false }
    entry.opening.then(
      descriptor => {
        count++
        entry.descriptor = descriptor
      },
      () => entries.get(path) === entry && entries.delete(path),
    )
    entries.set(path, entry)
    return entry
  }

  function refreshed(path: string, entry: Entry): Entry {
    entries.delete(path)
    entries.set(path, entry)
    return entry
  }

  function drop(path: string) {
    const entry = entries.get(path)
    if (!entry) return
    entries.delete(path)
    entry.isDropped = true
    release(entry)
  }

  function release(entry: Entry) {
    if (!entry.isDropped || entry.users > 0) return
    entry.opening.then(
      descriptor => {
        count--
        return closeFile(descriptor).catch(() => undefined)
      },
      () => undefined,
    )
  }

  function trim() {
    for (const [path, { users }] of entries) {
      if (entries.size <= most) return
      if (users === 0) drop(path)
    }
  }

  return {
    async use(path, use) {
      const entry = enter(path)
      entry.users++
      try {
        return await use(await entry.opening)
      } finally {
        entry.users--
        release(entry)
        trim()
      }
    },
    now(path) {
      const known = entries.get(path)
      return known && refreshed(path, known).descriptor
    },
    drop,
    get count() {
      return count
    },
    close() {
      for (const path of [...entries.keys()]) drop(path)
    },
  }
}
