import type { RowView } from '#rows/row-view.js'

/** Something a style wants: the same for all features, or asked of each. */
export type Getter<T> = { readonly fixed: T } | { readonly of: (row: RowView) => T }

/** What is made of it. */
export function mapped<T, U>(getter: Getter<T>, make: (value: T) => U): Getter<U> {
  return 'fixed' in getter ? { fixed: make(getter.fixed) } : { of: row => make(getter.of(row)) }
}

/** What is made of several; the same for all features where each of them is. */
export function combined<P extends Readonly<Record<string, unknown>>, U>(
  parts: { readonly [K in keyof P]: Getter<P[K]> },
  make: (values: P) => U,
): Getter<U> {
  const entries: [string, Getter<unknown>][] = Object.entries(parts)
  const fixed = Object.fromEntries(entries.map(([key, getter]) => [key, 'fixed' in getter ? getter.fixed : undefined]))
  const asked = entries.flatMap(([key, getter]) => ('of' in getter ? [[key, getter.of] as const] : []))
  if (asked.length === 0) return { fixed: make(fixed as P) }
  return {
    of(row) {
      const values = { ...fixed }
      for (const [key, of] of asked) values[key] = of(row)
      return make(values as P)
    },
  }
}
