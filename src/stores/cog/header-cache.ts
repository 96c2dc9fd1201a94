/** Opened headers by path, the least recently used leaving first. */
export interface HeaderCache<T> {
  get(path: string): T | undefined
  /** Keeps a header, or notes that it was used: headers grow while they are read from, so it is measured anew. */
  keep(path: string, header: T): T
  readonly bytes: number
  clear(): void
}

/** A cache of headers of at most `maxBytes` by `sizeOf`, the one in use aside; those that leave are handed to `dropped`. */
export function createHeaderCache<T>(maxBytes: number, sizeOf: (header: T) => number, dropped: (header: T) => void): HeaderCache<T> {
  const entries = new Map<string, { readonly header: T; readonly bytes: number }>()
  let total = 0

  function remove(path: string): T | undefined {
    const entry = entries.get(path)
    total -= entry?.bytes ?? 0
    entries.delete(path)
    return entry?.header
  }

  return {
    get: path => entries.get(path)?.header,
    keep(path, header) {
      remove(path)
      const bytes = sizeOf(header)
      total += bytes
      entries.set(path, { header, bytes })
      for (const [oldest, { header: old }] of entries) {
        if (total <= maxBytes || old === header) break
        remove(oldest)
        dropped(old)
      }
      return header
    },
    get bytes() {
      return total
    },
    clear() {
      entries.clear()
      total = 0
    },
  }
}
