import t from 'tap'
import type { Dimension, DimensionCarrier } from '#core/dimension.js'
import { featureHead } from '#core/find-features.js'
import { collectionOf } from '../support/collections.js'
import type { MemoryTable } from '../support/memory-store.js'

const columns = (['le', 'de', 'a', 'annee'] as const).map(name => ({
  name,
  kind: name === 'annee' ? 'integer' : 'date',
  nativeType: name === 'annee' ? 'integer' : 'date',
  isNullable: true,
})) as MemoryTable['columns']
const table: MemoryTable = { schema: 'public', table: 'faits', columns, geometries: [], rows: [] }

function timeOf(carrier: DimensionCarrier, wanted?: readonly string[]) {
  const dimension: Dimension = {
    name: 'time',
    kind: 'time',
    units: 'ISO8601',
    carrier,
    extent: [],
    takesSeveral: true,
    takesNearest: false,
  }
  const collection = collectionOf(table, { dimensions: [dimension] })
  return featureHead({ collection, languages: ['fr'], ...(wanted && { columns: wanted }) }).time
}

t.test('time is what the columns of the dimension say, where they hold moments and are written', async t => {
  const instant: DimensionCarrier = { kind: 'column', column: 'le', as: 'day' }
  const interval: DimensionCarrier = { kind: 'columns', start: 'de', end: 'a', as: ['day', 'day'] }
  t.same(timeOf(instant), { kind: 'instant', column: 'le' })
  t.same(timeOf(interval), { kind: 'interval', start: 'de', end: 'a' })
  t.equal(timeOf(instant, ['de', 'a']), undefined)
  t.equal(timeOf(interval, ['de']), undefined)
  t.equal(timeOf({ kind: 'column', column: 'annee', as: 'year' }), undefined)
  t.equal(featureHead({ collection: collectionOf(table), languages: [] }).time, undefined)
})
