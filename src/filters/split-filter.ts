import type { Filter } from './filter.js'

/** What of a filter a store does, and what is left to be evaluated over the rows it finds. Absent: nothing. */
export interface SplitFilter {
  /** True for every row that the whole filter is true for. */
  readonly pushed?: Filter
  /** The rows of `pushed` for which this is true are the rows of the whole. */
  readonly rest?: Filter
}

/** Splits a filter for a store that can do the filters for which `canPush` is true. A count or a page of `pushed` alone is wrong while there is a rest. */
export function splitFilter(filter: Filter, canPush: (filter: Filter) => boolean): SplitFilter {
  if (canPush(filter)) return { pushed: filter }
  const parts = filter.kind === 'and' ? filter.all : [filter]
  const rest = parts.filter(part => !canPush(part))
  const pushed = parts.map(part => (rest.includes(part) ? loosened(part, canPush, true) : part)).filter(part => !isTrue(part))
  return {
    ...(pushed.length && { pushed: pushed.length === 1 ? pushed[0] : { kind: 'and', all: pushed } }),
    rest: rest.length === 1 ? rest[0] : { kind: 'and', all: rest },
  }
}

/** Whatever cannot be pushed replaced by what makes the whole true at least as often (`isWider`), or at most as often. */
function loosened(filter: Filter, canPush: (filter: Filter) => boolean, isWider: boolean): Filter {
  if (canPush(filter)) return filter
  switch (filter.kind) {
    case 'and': {
      const all = filter.all.map(part => loosened(part, canPush, isWider)).filter(part => !isTrue(part))
      return all.length === 1 ? all[0] : all.length ? { kind: 'and', all } : { kind: 'constant', value: true }
    }
    case 'or': {
      const any = filter.any.map(part => loosened(part, canPush, isWider))
      return any.some(isTrue) ? { kind: 'constant', value: true } : { kind: 'or', any }
    }
    case 'not': {
      const inner = loosened(filter.filter, canPush, !isWider)
      return inner.kind === 'constant'
        ? { kind: 'constant', value: inner.value === null ? null : !inner.value }
        : { kind: 'not', filter: inner }
    }
    default:
      return { kind: 'constant', value: isWider }
  }
}

const isTrue = (filter: Filter) => filter.kind === 'constant' && filter.value === true
