/** Values by key within a bound in bytes. */
export interface BoundedCache<K, V> {
  get(key: K): V | undefined
  set(key: K, value: V, bytes: number): void
  readonly bytes: number
}

/**
 * A cache of at most `maxBytes`, in two generations: what was not asked for while half of the bound came in leaves. That costs a look-up
 * nothing, where a list in order of use would be rewritten with each.
 */
export function createBoundedCache<K, V>(maxBytes: number): BoundedCache<K, V> {
  type Kept = { readonly value: V; readonly bytes: number }
  let young = new Map<K, Kept>()
  let old = new Map<K, Kept>()
  let youngBytes = 0
  let oldBytes = 0
  const keep = (key: K, kept: Kept) => {
    if (kept.bytes > maxBytes / 2) return
    if (youngBytes + kept.bytes > maxBytes / 2) {
      old = young
      oldBytes = youngBytes
      young = new Map()
      youngBytes = 0
    }
    youngBytes += kept.bytes - (young.get(key)?.bytes ?? 0)
    young.set(key, kept)
  }
  return {
    get bytes() {
      return youngBytes + oldBytes
    },
    get(key) {
      const known = young.get(key)
      if (known) return known.value
      const aged = old.get(key)
      if (!aged) return undefined
      old.delete(key)
      oldBytes -= aged.bytes
      keep(key, aged)
      return aged.value
    },
    set: (key, value, bytes) => keep(key, { value, bytes }),
  }
}
