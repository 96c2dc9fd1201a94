import type { ColumnKind } from '#rows/batch.js'
import type { Collection } from './atlas.js'
import type { DimensionCarrier } from './dimension.js'

/** What says when features are: what the operator named, else the only column of dates or times there is. */
export function timeOf({ dimensions = [], source }: Pick<Collection, 'dimensions' | 'source'>): DimensionCarrier | undefined {
  const named = dimensions.find(({ name }) => name === 'time')
  if (named || source.kind !== 'features') return named?.carrier
  const columns = source.columns.filter(({ kind }) => isTemporal(kind))
  return columns.length === 1 ? { kind: 'column', column: columns[0].name, as: columns[0].kind === 'date' ? 'day' : 'instant' } : undefined
}

const isTemporal = (kind: ColumnKind) => kind === 'date' || kind === 'timestamp' || kind === 'timestamptz'
