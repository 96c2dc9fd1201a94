import { randomBytes } from 'node:crypto'
import t from 'tap'
import { openFeatureStore } from '#stores/index.js'
import { testDatabaseUrl, withoutDatabase } from '../support/postgres.js'
import { featureStoreContract } from './feature-store-contract.js'

t.test('native PostGIS', { skip: withoutDatabase }, t =>
  featureStoreContract(t, async () => {
    const schema = `contract ${randomBytes(4).toString('hex')} "é"`
    t.teardown(async () => {
      const store = openFeatureStore({ kind: 'postgis', id: 'native', url: testDatabaseUrl! })
      for (const table of await store.discover({ schemas: [schema], withoutGeometry: true })) await store.drop?.(schema, table.table)
      await store.close()
    })
    return { store: openFeatureStore({ kind: 'postgis', id: 'native', url: testDatabaseUrl! }), schema }
  }),
)
