import type { FeatureChange } from '#core/ports.js'

/** A feature to be made, and its place among the changes, where there is more than one. */
export interface Creation {
  readonly change: Extract<FeatureChange, { readonly kind: 'create' }>
  readonly place: number | undefined
}

type Step =
  | { readonly kind: 'creations'; readonly all: readonly Creation[] }
  | { readonly kind: 'change'; readonly change: Exclude<FeatureChange, { readonly kind: 'create' }> }

/** Of one statement: a protocol has room for 65,535 values. */
const [mostRows, mostValues, mostBytes] = [200, 20_000, 4e6]

/** The changes in their order, features that are made with the same columns after each other together. */
export function* inBatches(changes: readonly FeatureChange[]): Generator<Step> {
  let batch: Creation[] = []
  let columns = ''
  let bytes = 0
  for (const [i, change] of changes.entries()) {
    const names = change.kind === 'create' ? JSON.stringify([...change.values.keys()]) : ''
    const size = change.kind === 'create' ? sizeOf(change) : 0
    const isFull =
      batch.length >= mostRows || bytes + size > mostBytes || (batch.length + 1) * (batch[0]?.change.values.size ?? 0) > mostValues
    if (batch.length > 0 && (change.kind !== 'create' || names !== columns || isFull)) {
      yield { kind: 'creations', all: batch }
      batch = []
      bytes = 0
    }
    if (change.kind !== 'create') yield { kind: 'change', change }
    else {
      batch.push({ change, place: changes.length > 1 ? i : undefined })
      columns = names
      bytes += size
    }
  }
  if (batch.length > 0) yield { kind: 'creations', all: batch }
}

function sizeOf({ values }: Creation['change']): number {
  let size = 0
  for (const value of values.values()) size += typeof value === 'string' || value instanceof Uint8Array ? value.length : 8
  return size
}
